/** What a `${...}` template comes to. */
export interface Substituted {
  readonly text: string;
  /** Whether a variable that is not set, and has no default, stands in it. */
  readonly unknown: boolean;
  /** Set where the loader refuses the text: it is no template, or a variable has to be set. */
  readonly error: { readonly code: 'template' | 'required'; readonly message: string } | null;
}

/** One `$NAME` or `${...}` of a text. Offsets count in the text. */
export interface Variable {
  readonly name: string;
  readonly start: number;
  readonly end: number;
  /** `:-`, `-`, `:?`, `?`, `:+`, `+`; `null` where only a name stands there. */
  readonly operator: string | null;
  /** Where the word behind the operator stands: the default, the message, or what replaces the value. */
  readonly word: { readonly start: number; readonly end: number } | null;
}

/** Looks up a variable; `undefined`: it is not set. */
export type Lookup = (name: string) => string | undefined;

/** How deep defaults may nest. The loader has no limit; nobody writes ten. */
const mostNested = 50;

const isNameStart = (c: string | undefined): boolean => c !== undefined && /[A-Za-z_]/.test(c);
const isName = (c: string | undefined): boolean => c !== undefined && /[A-Za-z0-9_]/.test(c);

function nameEnd(text: string, start: number): number {
  let at = start;
  while (isName(text[at])) at++;
  return at;
}

/** The index of the brace that closes the one at `open - 1`; -1 where none does. As the loader counts: any brace opens, and what follows it is passed over. */
function closingBrace(text: string, open: number, end: number): number {
  let depth = 1;
  for (let at = open; at < end; at++) {
    if (text[at] === '}' && --depth === 0) return at;
    if (text[at] === '{') {
      depth++;
      at++;
    }
  }
  return -1;
}

type Piece =
  | { readonly kind: 'dollar'; readonly at: number; readonly end: number }
  | { readonly kind: 'invalid'; readonly at: number; readonly end: number }
  | ({ readonly kind: 'variable'; readonly at: number; readonly end: number } & Pick<Variable, 'name' | 'operator' | 'word'>);

/** The next thing at or after `from` that a `$` begins; `null` where there is none. `$(`, `$1` and a `$` at the end are text. */
function nextPiece(text: string, from: number, end: number): Piece | null {
  for (let at = text.indexOf('$', from); at >= 0 && at < end; at = text.indexOf('$', at + 1)) {
    const next = at + 1 < end ? text[at + 1] : undefined;
    if (next === '$') return { kind: 'dollar', at, end: at + 2 };
    if (isNameStart(next)) {
      const stop = Math.min(nameEnd(text, at + 1), end);
      return { kind: 'variable', at, end: stop, name: text.slice(at + 1, stop), operator: null, word: null };
    }
    if (next === '{') return braced(text, at, end);
  }
  return null;
}

function braced(text: string, at: number, end: number): Piece {
  const close = closingBrace(text, at + 2, end);
  const stop = Math.min(isNameStart(text[at + 2]) ? nameEnd(text, at + 2) : at + 2, end);
  if (close < 0 || stop === at + 2) return { kind: 'invalid', at, end: close < 0 ? end : close + 1 };
  const name = text.slice(at + 2, stop);
  if (stop === close) return { kind: 'variable', at, end: close + 1, name, operator: null, word: null };
  const operator = /^:?[-+?]/.exec(text.slice(stop, stop + 2))?.[0];
  if (operator === undefined) return { kind: 'invalid', at, end: close + 1 };
  return { kind: 'variable', at, end: close + 1, name, operator, word: { start: stop + operator.length, end: close } };
}

/** The variables of a text in their order, those within defaults left out. */
export function variablesIn(text: string): readonly Variable[] {
  const found: Variable[] = [];
  for (let piece = nextPiece(text, 0, text.length); piece; piece = nextPiece(text, piece.end, text.length)) {
    if (piece.kind === 'variable')
      found.push({ name: piece.name, start: piece.at, end: piece.end, operator: piece.operator, word: piece.word });
  }
  return found;
}

/** Puts in what the variables of a text stand for, as Compose does: `$$` is a dollar, defaults may hold variables. */
export function substitute(text: string, lookup: Lookup): Substituted {
  return expand(text, 0, text.length, lookup, 0);
}

function expand(text: string, start: number, end: number, lookup: Lookup, depth: number): Substituted {
  let result = '';
  let unknown = false;
  let from = start;
  for (let piece = nextPiece(text, from, end); piece; piece = nextPiece(text, from, end)) {
    result += text.slice(from, piece.at);
    from = piece.end;
    if (piece.kind === 'dollar') result += '$';
    else if (piece.kind !== 'variable' || depth > mostNested) {
      const message = `Invalid template: ${text.slice(piece.at, piece.end)}`;
      return { text, unknown, error: { code: 'template', message } };
    } else {
      const { text: value, unknown: open, error } = valueOf(piece, text, lookup, depth);
      if (error) return { text, unknown, error };
      result += value;
      unknown ||= open;
    }
  }
  return { text: result + text.slice(from, end), unknown, error: null };
}

function valueOf(piece: Pick<Variable, 'name' | 'operator' | 'word'>, text: string, lookup: Lookup, depth: number): Substituted {
  const { name, operator, word } = piece;
  const value = lookup(name);
  const plain: Substituted = { text: value ?? '', unknown: value === undefined, error: null };
  if (operator === null || word === null) return plain;
  const inWord = (): Substituted => expand(text, word.start, word.end, lookup, depth + 1);
  const isThere = value !== undefined && (!operator.startsWith(':') || value !== '');
  switch (operator.at(-1)) {
    case '-':
      return isThere ? plain : inWord();
    case '+':
      return isThere ? inWord() : plain;
    default: {
      if (isThere) return plain;
      const reason = inWord();
      return reason.error
        ? reason
        : { text: '', unknown: true, error: { code: 'required', message: `required variable ${name} is missing a value: ${reason.text}` } };
    }
  }
}
