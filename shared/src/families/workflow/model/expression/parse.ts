import type { Range } from '../../../../base/text/range';
import type { Binary, Expression, ReferenceStep } from './types';

/** Longer expressions GitHub refuses. */
const longest = 21_000;
/** More brackets and operators within each other are not followed. */
const deepest = 60;

interface Token {
  readonly kind: 'name' | 'number' | 'string' | 'operator' | 'end';
  /** A string without its quotes; else as written. */
  readonly text: string;
  readonly start: number;
  readonly end: number;
}

const pattern =
  /\s+|([A-Za-z_][\w-]*)|(-?(?:0x[0-9a-fA-F]+|\d+(?:\.\d+)?(?:[eE][-+]?\d+)?|\.\d+|Infinity\b)|NaN\b)|'((?:[^']|'')*)'|(&&|\|\||[=!<>]=|[!<>()[\].,*])/y;

/** Cuts a text into tokens; `null` where something is no token. */
function tokenize(text: string, base: number): readonly Token[] | null {
  const tokens: Token[] = [];
  pattern.lastIndex = 0;
  while (pattern.lastIndex < text.length) {
    const start = pattern.lastIndex;
    const match = pattern.exec(text);
    if (!match) return null;
    const [all, name, number, string, operator] = match;
    const place = { start: base + start, end: base + start + all.length };
    if (name !== undefined) tokens.push({ kind: 'name', text: name, ...place });
    else if (number !== undefined) tokens.push({ kind: 'number', text: number, ...place });
    else if (string !== undefined) tokens.push({ kind: 'string', text: string.replaceAll("''", "'"), ...place });
    else if (operator !== undefined) tokens.push({ kind: 'operator', text: operator, ...place });
  }
  const end = base + text.length;
  tokens.push({ kind: 'end', text: '', start: end, end });
  return tokens;
}

/** What binds the operands of a binary operator, loosest first. */
const levels: readonly (readonly string[])[] = [['||'], ['&&'], ['==', '!='], ['<', '<=', '>', '>=']];

/** Something that is no expression: caught where parsing began. One for all, since nobody looks at its stack. */
const notAnExpression = new Error('not an expression');

/**
 * Parses an expression, without the marks around it.
 * @param base where the text begins in the document
 * @returns `null` for what is none: half typed, or too long or deep
 */
export function parseExpression(text: string, base: number): Expression | null {
  if (text.length > longest) return null;
  const tokens = tokenize(text, base);
  if (!tokens) return null;
  let at = 0;
  let depth = 0;
  const next = (): Token => tokens[at]!;
  const isNext = (operator: string): boolean => next().kind === 'operator' && next().text === operator;
  const fail = (): never => {
    throw notAnExpression;
  };
  const take = (operator: string): Token => (isNext(operator) ? tokens[at++]! : fail());
  const within = <T>(parse: () => T): T => {
    if (++depth > deepest) fail();
    const value = parse();
    depth--;
    return value;
  };
  const between = (from: Range, to: Range): Range => ({ start: from.start, end: to.end });

  const binary = (level: number): Expression => {
    const operators = levels[level];
    if (!operators) return unary();
    let left = binary(level + 1);
    for (let count = 0; next().kind === 'operator' && operators.includes(next().text); count++) {
      // what leans to the left is as deep as it is long
      if (count > deepest) fail();
      const operator = tokens[at++]!.text as Binary['operator'];
      const right = binary(level + 1);
      left = { kind: 'binary', operator, left, right, range: between(left.range, right.range) };
    }
    return left;
  };
  const unary = (): Expression => {
    if (!isNext('!')) return postfix();
    const { start } = take('!');
    const of = within(unary);
    return { kind: 'not', of, range: { start, end: of.range.end } };
  };
  const steps = (): { readonly steps: readonly ReferenceStep[]; readonly end: number } => {
    const found: ReferenceStep[] = [];
    for (;;) {
      if (isNext('.')) {
        at++;
        if (isNext('*')) found.push({ kind: 'all' });
        else if (next().kind === 'name') found.push({ kind: 'name', name: next().text.toLowerCase() });
        else fail();
        at++;
      } else if (isNext('[')) {
        at++;
        if (isNext('*')) {
          at++;
          found.push({ kind: 'all' });
        } else {
          const index = within(() => binary(0));
          const isName = index.kind === 'literal' && typeof index.value === 'string';
          found.push(isName ? { kind: 'name', name: String(index.value).toLowerCase() } : { kind: 'index', index });
        }
        take(']');
      } else return { steps: found, end: tokens[at - 1]!.end };
    }
  };
  const postfix = (): Expression => {
    const token = next();
    if (token.kind === 'name' && !/^(?:true|false|null)$/i.test(token.text)) {
      at++;
      if (!isNext('(')) {
        const { steps: own, end } = steps();
        return { kind: 'reference', root: token.text.toLowerCase(), steps: own, range: { start: token.start, end } };
      }
    }
    const of = primary(token);
    const { steps: own, end } = steps();
    return own.length === 0 ? of : { kind: 'access', of, steps: own, range: { start: of.range.start, end } };
  };
  const primary = (token: Token): Expression => {
    const range = { start: token.start, end: token.end };
    if (token.kind === 'name' && isNext('(')) {
      at++;
      const args: Expression[] = [];
      while (!isNext(')')) {
        if (args.length > 0) take(',');
        args.push(within(() => binary(0)));
      }
      const close = take(')');
      return { kind: 'call', name: token.text.toLowerCase(), args, range: { start: token.start, end: close.end } };
    }
    if (isNext('(')) {
      at++;
      const inner = within(() => binary(0));
      const close = take(')');
      return { ...inner, range: { start: token.start, end: close.end } };
    }
    at++;
    if (token.kind === 'string') return { kind: 'literal', value: token.text, range };
    if (token.kind === 'number') return { kind: 'literal', value: Number(token.text), range };
    if (token.kind !== 'name') return fail();
    const word = token.text.toLowerCase();
    return { kind: 'literal', value: word === 'null' ? null : word === 'true', range };
  };
  try {
    const expression = binary(0);
    return next().kind === 'end' ? expression : null;
  } catch (error) {
    if (error !== notAnExpression) throw error;
    return null;
  }
}
