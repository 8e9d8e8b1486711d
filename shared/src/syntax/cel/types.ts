import type { Range } from '../../base/text/range';

/** A node of an expression in the Common Expression Language. Ranges are in the expression's text. */
export type Cel = { readonly range: Range } &
  /** `token`: as it is written, for the kind of a number and the escapes of a text. */
  (
    | { readonly is: 'literal'; readonly value: string | number | boolean | null; readonly token: string }
    | { readonly is: 'name'; readonly name: string }
    /** `of.name`, `of.?name`. */
    | { readonly is: 'select'; readonly of: Cel; readonly name: string; readonly nameRange: Range; readonly optional: boolean }
    /** `of[index]`, `of[?index]`. */
    | { readonly is: 'index'; readonly of: Cel; readonly index: Cel; readonly optional: boolean }
    /** `name(args)`, `of.name(args)`. */
    | { readonly is: 'call'; readonly of: Cel | null; readonly name: string; readonly nameRange: Range; readonly args: readonly Cel[] }
    /** `optional`: an item (an entry of a map) may be absent, `[?a]`. */
    | { readonly is: 'list'; readonly items: readonly Cel[]; readonly optional?: boolean }
    | { readonly is: 'map'; readonly entries: readonly (readonly [key: Cel, value: Cel])[]; readonly optional?: boolean }
    /** `Object.spec{field: value}`. */
    | { readonly is: 'message'; readonly of: Cel; readonly values: readonly Cel[] }
    | { readonly is: 'unary'; readonly operator: string; readonly operand: Cel }
    | { readonly is: 'binary'; readonly operator: string; readonly left: Cel; readonly right: Cel }
    | { readonly is: 'choice'; readonly condition: Cel; readonly then: Cel; readonly otherwise: Cel }
  );

/** What keeps an expression from being read. `instead`: text for the place, where one word or sign stands for another. */
export interface CelProblem {
  readonly range: Range;
  /** `text`: a string that does not end or has a bad escape. `close`: a bracket that is not closed. `operator`: one of another language. */
  readonly id: 'empty' | 'unexpected' | 'text' | 'close' | 'operator' | 'reserved' | 'macro';
  /** The token that stands there, or for `close` the bracket that is missing. */
  readonly found: string;
  readonly instead: string | null;
}

/** An expression as read: one of the two, or neither where it nests too deep for anybody to say. */
export interface ParsedCel {
  readonly tree: Cel | null;
  readonly problem: CelProblem | null;
}

/** A token: a sign stands for itself; `end` behind the last one. */
export interface CelToken extends Range {
  readonly is: 'name' | 'number' | 'string' | 'sign' | 'end';
  readonly text: string;
}
