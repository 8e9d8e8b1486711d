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

/** A look at tokens, from the first to the last. */
interface Cursor {
  next(): Token;
  isNext(operator: string): boolean;
  /** Goes on behind the next token. */
  pass(): Token;
  /** Goes on behind an operator, which has to be the next. */
  take(operator: string): Token;
  /** Where the last token ends that was passed. */
  end(): number;
  /** Parses something within something else. */
  within<T>(parse: (cursor: Cursor) => T): T;
}

const fail = (): never => {
  throw notAnExpression;
};

function cursorOf(tokens: readonly Token[]): Cursor {
  let at = 0;
  let depth = 0;
  const next = (): Token => tokens[at]!;
  const isNext = (operator: string): boolean => next().kind === 'operator' && next().text === operator;
  const cursor: Cursor = {
    next,
    isNext,
    pass: () => tokens[at++]!,
    take: operator => (isNext(operator) ? tokens[at++]! : fail()),
    end: () => tokens[at - 1]!.end,
    within: parse => {
      if (++depth > deepest) fail();
      const value = parse(cursor);
      depth--;
      return value;
    },
  };
  return cursor;
}

function binary(cursor: Cursor, level = 0): Expression {
  const operators = levels[level];
  if (!operators) return unary(cursor);
  let left = binary(cursor, level + 1);
  for (let count = 0; cursor.next().kind === 'operator' && operators.includes(cursor.next().text); count++) {
    // what leans to the left is as deep as it is long
    if (count > deepest) fail();
    const operator = cursor.pass().text as Binary['operator'];
    const right = binary(cursor, level + 1);
    left = { kind: 'binary', operator, left, right, range: { start: left.range.start, end: right.range.end } };
  }
  return left;
}

function unary(cursor: Cursor): Expression {
  if (!cursor.isNext('!')) return postfix(cursor);
  const { start } = cursor.take('!');
  const of = cursor.within(unary);
  return { kind: 'not', of, range: { start, end: of.range.end } };
}

const whole = (cursor: Cursor): Expression => binary(cursor);

function stepsOf(cursor: Cursor): readonly ReferenceStep[] {
  const found: ReferenceStep[] = [];
  for (;;) {
    if (cursor.isNext('.')) {
      cursor.pass();
      const step = cursor.isNext('*') || cursor.next().kind === 'name' ? cursor.pass() : fail();
      found.push(step.kind === 'name' ? { kind: 'name', name: step.text.toLowerCase() } : { kind: 'all' });
    } else if (cursor.isNext('[')) {
      cursor.pass();
      if (cursor.isNext('*')) {
        cursor.pass();
        found.push({ kind: 'all' });
      } else {
        const index = cursor.within(whole);
        const isName = index.kind === 'literal' && typeof index.value === 'string';
        found.push(isName ? { kind: 'name', name: String(index.value).toLowerCase() } : { kind: 'index', index });
      }
      cursor.take(']');
    } else return found;
  }
}

function postfix(cursor: Cursor): Expression {
  const token = cursor.next();
  if (token.kind === 'name' && !/^(?:true|false|null)$/i.test(token.text)) {
    cursor.pass();
    if (!cursor.isNext('(')) {
      const steps = stepsOf(cursor);
      return { kind: 'reference', root: token.text.toLowerCase(), steps, range: { start: token.start, end: cursor.end() } };
    }
  }
  const of = primary(cursor, token);
  const steps = stepsOf(cursor);
  return steps.length === 0 ? of : { kind: 'access', of, steps, range: { start: of.range.start, end: cursor.end() } };
}

/** @param token the next, or a name that was passed: then arguments follow */
function primary(cursor: Cursor, token: Token): Expression {
  const range = { start: token.start, end: token.end };
  if (token.kind === 'name' && cursor.isNext('(')) {
    cursor.pass();
    const args: Expression[] = [];
    while (!cursor.isNext(')')) {
      if (args.length > 0) cursor.take(',');
      args.push(cursor.within(whole));
    }
    const close = cursor.take(')');
    return { kind: 'call', name: token.text.toLowerCase(), args, range: { start: token.start, end: close.end } };
  }
  cursor.pass();
  if (token.kind === 'operator' && token.text === '(') {
    const inner = cursor.within(whole);
    return { ...inner, range: { start: token.start, end: cursor.take(')').end } };
  }
  if (token.kind === 'string') return { kind: 'literal', value: token.text, range };
  if (token.kind === 'number') return { kind: 'literal', value: Number(token.text), range };
  if (token.kind !== 'name') return fail();
  const word = token.text.toLowerCase();
  return { kind: 'literal', value: word === 'null' ? null : word === 'true', range };
}

/**
 * Parses an expression, without the marks around it.
 * @param base where the text begins in the document
 * @returns `null` for what is none: half typed, or too long or deep
 */
export function parseExpression(text: string, base: number): Expression | null {
  if (text.length > longest) return null;
  const tokens = tokenize(text, base);
  if (!tokens) return null;
  const cursor = cursorOf(tokens);
  try {
    const expression = whole(cursor);
    return cursor.next().kind === 'end' ? expression : null;
  } catch (error) {
    if (error !== notAnExpression) throw error;
    return null;
  }
}
