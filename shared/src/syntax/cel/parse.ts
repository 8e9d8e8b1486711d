import { literalText, celTokens } from './tokens';
import type { Range } from '../../base/text/range';
import type { Cel, CelProblem, CelToken, ParsedCel } from './types';

/** Words that no name is (cel-spec, `RESERVED`); behind a dot all are allowed but the first four. */
const reserved = new Set(
  'true false null in as break const continue else for function if import let loop package namespace return var void while'.split(' '),
);
const notSelected = new Set(['true', 'false', 'null', 'in']);

/** Operators of other languages, and what they are here. */
export const foreign: Readonly<Record<string, string>> = { '===': '==', '!==': '!=', '&': '&&', '|': '||', and: '&&', or: '||', '=': '==' };

/** Binary operators, loosest first. */
const levels: readonly (readonly string[])[] = [['||'], ['&&'], ['<', '<=', '>=', '>', '==', '!=', 'in'], ['+', '-'], ['*', '/', '%']];

/** Brackets in brackets: nobody writes more, and each costs a few frames of the stack. */
const deepest = 60;

/** Macros whose first arguments are names, with how many arguments they take. */
const macros: Readonly<Record<string, readonly number[]>> = {
  all: [2, 3],
  exists: [2, 3],
  exists_one: [2, 3],
  existsOne: [2, 3],
  map: [2, 3],
  filter: [2],
};

class Stop extends Error {
  constructor(readonly problem: CelProblem | null) {
    super('stopped');
  }
}

/**
 * Reads an expression of the Common Expression Language as Kubernetes has it: with optional fields (`.?a`, `[?i]`, `{?k: v}`), names in backticks and
 * objects (`Object{...}`). Never throws; the first thing that cannot be read is the problem, and an expression that nests too deep has neither tree nor problem.
 */
export function parseCel(text: string): ParsedCel {
  const { tokens, problem } = celTokens(text);
  try {
    const tree = new Parser(tokens, problem).whole();
    return { tree, problem: null };
  } catch (stop) {
    if (!(stop instanceof Stop)) throw stop;
    return { tree: null, problem: stop.problem };
  }
}

class Parser {
  private at = 0;
  private depth = 0;

  constructor(
    private readonly tokens: readonly CelToken[],
    private readonly broken: CelProblem | null,
  ) {}

  whole(): Cel {
    if (this.now.is === 'end' && !this.broken) this.fail('empty', this.now);
    const tree = this.expression();
    if (this.now.is !== 'end' || this.broken) this.fail('unexpected', this.now);
    return tree;
  }

  private get now(): CelToken {
    return this.tokens[this.at]!;
  }

  /** Stops with what is wrong here. What could not be made a token is the problem where it is reached. */
  private fail(id: CelProblem['id'], { start, end, text, is }: CelToken, found = text): never {
    if (is === 'end' && this.broken) throw new Stop(this.broken);
    const instead = id === 'unexpected' && Object.hasOwn(foreign, text) ? foreign[text]! : null;
    throw new Stop({ range: { start, end }, id: instead === null ? id : 'operator', found, instead });
  }

  private is(sign: string): boolean {
    return this.now.is === 'sign' && this.now.text === sign;
  }

  private take(sign: string): boolean {
    if (!this.is(sign)) return false;
    this.at++;
    return true;
  }

  /** The bracket that closes what `open` has opened. */
  private close(sign: string, open: CelToken): number {
    if (this.take(sign)) return this.tokens[this.at - 1]!.end;
    if (this.now.is === 'end' && !this.broken) throw new Stop({ range: open, id: 'close', found: sign, instead: null });
    return this.fail('unexpected', this.now);
  }

  private within<T>(read: () => T): T {
    if (++this.depth > deepest) throw new Stop(null);
    const value = read();
    this.depth--;
    return value;
  }

  private expression(): Cel {
    return this.within(() => {
      const condition = this.binary(0);
      if (!this.take('?')) return condition;
      const then = this.binary(0);
      if (!this.take(':')) this.fail('unexpected', this.now);
      const otherwise = this.expression();
      return { is: 'choice', condition, then, otherwise, range: span(condition, otherwise) };
    });
  }

  private binary(level: number): Cel {
    const operators = levels[level];
    if (!operators) return this.unary();
    let left = this.binary(level + 1);
    while ((this.now.is === 'sign' || this.now.text === 'in') && operators.includes(this.now.text)) {
      const operator = this.now.text;
      this.at++;
      const right = this.binary(level + 1);
      left = { is: 'binary', operator, left, right, range: span(left, right) };
    }
    return left;
  }

  private unary(): Cel {
    const signs: CelToken[] = [];
    while (this.is('!') || this.is('-')) {
      signs.push(this.now);
      this.at++;
    }
    return signs.reduceRight<Cel>(
      (operand, { text: operator, start }) => ({ is: 'unary', operator, operand, range: { start, end: operand.range.end } }),
      this.member(),
    );
  }

  private member(): Cel {
    let of = this.primary();
    for (;;) {
      const open = this.now;
      if (this.take('.')) {
        const optional = this.take('?');
        const name = this.now;
        if (name.is !== 'name' || notSelected.has(name.text)) this.fail(name.is === 'name' ? 'reserved' : 'unexpected', name);
        this.at++;
        const bare = name.text.replace(/`/g, '');
        if (!optional && this.is('(')) of = this.call(of, name);
        else of = { is: 'select', of, name: bare, nameRange: name, optional, range: { start: of.range.start, end: name.end } };
      } else if (this.take('[')) {
        const optional = this.take('?');
        const index = this.expression();
        const end = this.close(']', open);
        of = { is: 'index', of, index, optional, range: { start: of.range.start, end } };
      } else if (this.is('{') && isTypeName(of)) of = this.message(of);
      else return of;
    }
  }

  private call(of: Cel | null, name: CelToken): Cel {
    const open = this.now;
    this.at++;
    const args = this.list(')', () => this.expression(), false);
    const end = this.close(')', open);
    const allowed = of !== null && Object.hasOwn(macros, name.text) ? macros[name.text]! : null;
    const isMacro = allowed !== null && allowed.includes(args.length) && args[0]?.is === 'name';
    const isHas = of === null && name.text === 'has';
    // `math.exists(...)` of a library would have a name in front, too: what has too few arguments is no function of any
    if ((allowed !== null && !isMacro && args.length < 2) || (allowed !== null && allowed.includes(args.length) && !isMacro))
      this.fail('macro', name);
    if (isHas && (args.length !== 1 || args[0]!.is !== 'select')) this.fail('macro', name);
    return { is: 'call', of, name: name.text, nameRange: name, args, range: { start: of?.range.start ?? name.start, end } };
  }

  private list<T>(end: string, read: () => T, trailing = true): readonly T[] {
    const items: T[] = [];
    while (!this.is(end)) {
      items.push(read());
      if (!this.take(',')) break;
      if (!trailing && this.is(end)) this.fail('unexpected', this.now);
    }
    return items;
  }

  private message(of: Cel): Cel {
    const open = this.now;
    this.at++;
    const values = this.list('}', () => {
      this.take('?');
      const name = this.now;
      if (name.is !== 'name') this.fail('unexpected', name);
      this.at++;
      if (!this.take(':')) this.fail('unexpected', this.now);
      return this.expression();
    });
    const end = this.close('}', open);
    return { is: 'message', of, values, range: { start: of.range.start, end } };
  }

  private primary(): Cel {
    const token = this.now;
    if (token.is === 'number' || token.is === 'string') {
      this.at++;
      const value = token.is === 'string' ? literalText(token.text) : Number(token.text.replace(/[uU]$/, ''));
      return { is: 'literal', value, token: token.text, range: token };
    }
    if (this.take('(')) {
      const inner = this.expression();
      const end = this.close(')', token);
      return { ...inner, range: { start: token.start, end } };
    }
    if (this.take('[')) {
      let optional = false as boolean;
      const items = this.list(']', () => {
        if (this.take('?')) optional = true;
        return this.expression();
      });
      return { is: 'list', items, ...(optional && { optional }), range: { start: token.start, end: this.close(']', token) } };
    }
    if (this.take('{')) {
      let optional = false as boolean;
      const entries = this.list('}', (): readonly [Cel, Cel] => {
        if (this.take('?')) optional = true;
        const key = this.expression();
        if (!this.take(':')) this.fail('unexpected', this.now);
        return [key, this.expression()];
      });
      return { is: 'map', entries, ...(optional && { optional }), range: { start: token.start, end: this.close('}', token) } };
    }
    this.take('.');
    const name = this.now;
    if (name.is !== 'name') return this.fail('unexpected', name);
    this.at++;
    if (name.text === 'true' || name.text === 'false') return { is: 'literal', value: name.text === 'true', token: name.text, range: name };
    if (name.text === 'null') return { is: 'literal', value: null, token: name.text, range: name };
    if (reserved.has(name.text)) return this.fail('reserved', name);
    if (this.is('(')) return this.call(null, name);
    return { is: 'name', name: name.text, range: { start: token.start, end: name.end } };
  }
}

/** Whether a node may name a type: names joined by dots. */
function isTypeName(node: Cel): boolean {
  return node.is === 'name' || (node.is === 'select' && !node.optional && isTypeName(node.of));
}

function span(from: Cel, to: Cel): Range {
  return { start: from.range.start, end: to.range.end };
}
