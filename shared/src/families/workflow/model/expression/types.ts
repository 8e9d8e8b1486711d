import type { Range } from '../../../../base/text/range';

// Ranges are half-open offsets in the document's text.

/** A step of a reference behind its context: a name (`.title`, `['title']`), all members (`.*`), or what an expression names. */
export type ReferenceStep =
  { readonly kind: 'name'; readonly name: string } | { readonly kind: 'all' } | { readonly kind: 'index'; readonly index: Expression };

/** A value that stands for itself. */
export interface Literal {
  readonly kind: 'literal';
  readonly value: string | number | boolean | null;
  readonly range: Range;
}

/** A context and what is taken out of it: `github.event.pull_request.title`. Names are in lower case, since GitHub compares them so. */
export interface Reference {
  readonly kind: 'reference';
  readonly root: string;
  readonly steps: readonly ReferenceStep[];
  readonly range: Range;
}

/** A call of a function; its name in lower case. */
export interface Call {
  readonly kind: 'call';
  readonly name: string;
  readonly args: readonly Expression[];
  readonly range: Range;
}

/** What is taken out of the result of something else than a context: `fromJSON(x).y`. */
export interface Access {
  readonly kind: 'access';
  readonly of: Expression;
  readonly steps: readonly ReferenceStep[];
  readonly range: Range;
}

/** `!x`. */
export interface Not {
  readonly kind: 'not';
  readonly of: Expression;
  readonly range: Range;
}

/** An operator between two expressions. */
export interface Binary {
  readonly kind: 'binary';
  readonly operator: '&&' | '||' | '==' | '!=' | '<' | '<=' | '>' | '>=';
  readonly left: Expression;
  readonly right: Expression;
  readonly range: Range;
}

/** An expression of GitHub Actions. */
export type Expression = Literal | Reference | Call | Access | Not | Binary;
