/** A piece of a word: literal text, or a variable with what its braces say. Offsets are in the scanned text. */
export type WordPart =
  | { readonly kind: 'literal'; readonly text: string; readonly start: number }
  | {
      readonly kind: 'variable';
      readonly name: string;
      /** `null` for a plain use. */
      readonly operator: '-' | ':-' | '+' | ':+' | '?' | ':?' | '#' | '##' | '%' | '%%' | '/' | '//' | null;
      readonly operand: readonly WordPart[];
      readonly replacement: readonly WordPart[];
      readonly start: number;
      readonly end: number;
    };

/** The parts of a word, or `null` where BuildKit's lexer gives up (an open quote, a bad substitution). */
export type Parts = readonly WordPart[] | null;

/** How deep `${a:-${b:-...}}` may nest; deeper text counts as malformed. */
const deepest = 50;

/** A reader over one text: BuildKit's shell word lexer, with places. */
interface Reader {
  readonly text: string;
  readonly end: number;
  readonly escape: string;
  at: number;
}

/** Parses `[start, end)` of a text as one word of BuildKit: quotes taken out, escapes resolved, variables found. */
export function parseParts(text: string, start: number, end: number, escape: string): Parts {
  const reader: Reader = { text, end, escape, at: start };
  return readUntil(reader, null, false, 0);
}

/** Reads the `$...` at `at` and gives its end; `null` where it is malformed. `operand` says whether the braces hold more than a name. */
export function readSubstitution(text: string, at: number): { readonly end: number; readonly operand: boolean } | null {
  const reader: Reader = { text, end: text.length, escape: '\\', at };
  const part = readDollar(reader, 0);
  return part && { end: reader.at, operand: part.kind === 'variable' && part.operator !== null };
}

/** Collects literal characters, joining those that stand next to each other. A class, since every word with quotes or variables makes one. */
class Collector {
  private readonly parts: WordPart[] = [];
  private text = '';
  private start = 0;

  add(character: string, at: number): void {
    if (this.text !== '' && this.start + this.text.length !== at) this.flush();
    if (this.text === '') this.start = at;
    this.text += character;
  }

  push(part: WordPart): void {
    this.flush();
    this.parts.push(part);
  }

  /** All that was collected. */
  finish(): WordPart[] {
    this.flush();
    return this.parts;
  }

  private flush(): void {
    if (this.text !== '') this.parts.push({ kind: 'literal', text: this.text, start: this.start });
    this.text = '';
  }
}

function readUntil(reader: Reader, stop: string | null, rawEscapes: boolean, depth: number): Parts {
  if (depth > deepest) return null;
  const { text, end, escape } = reader;
  const out = new Collector();
  while (reader.at < end) {
    const character = text[reader.at]!;
    if (character === stop) {
      reader.at++;
      return out.finish();
    }
    if (character === "'") {
      const close = text.indexOf("'", reader.at + 1);
      if (close < 0 || close >= end) return null;
      for (let i = reader.at + 1; i < close; i++) out.add(text[i]!, i);
      reader.at = close + 1;
    } else if (character === '"') {
      if (!readDoubleQuote(reader, out, depth)) return null;
    } else if (character === '$') {
      const part = readDollar(reader, depth);
      if (part === null) return null;
      out.push(part);
    } else if (character === escape) {
      if (rawEscapes) out.add(character, reader.at);
      reader.at++;
      if (reader.at < end) out.add(text[reader.at]!, reader.at++);
    } else {
      out.add(character, reader.at++);
    }
  }
  return stop === null ? out.finish() : null;
}

function readDoubleQuote(reader: Reader, out: Collector, depth: number): boolean {
  const { text, end, escape } = reader;
  reader.at++;
  while (reader.at < end) {
    const character = text[reader.at]!;
    if (character === '"') {
      reader.at++;
      return true;
    }
    if (character === '$') {
      const part = readDollar(reader, depth);
      if (part === null) return false;
      out.push(part);
      continue;
    }
    if (character === escape) {
      const next = reader.at + 1 < end ? text[reader.at + 1]! : '';
      if (next === '' || next === '"' || next === '$' || next === escape) reader.at++;
      if (next === '') continue;
    }
    out.add(text[reader.at]!, reader.at++);
  }
  return false;
}

function readName(reader: Reader): string {
  const { text, end } = reader;
  const start = reader.at;
  const first = text[start] ?? '';
  if (start < end && /[0-9]/.test(first)) {
    while (reader.at < end && /[0-9]/.test(text[reader.at]!)) reader.at++;
  } else if (start < end && '@*#?-$!'.includes(first)) reader.at++;
  else while (reader.at < end && /[\p{L}\p{Nd}_]/u.test(text[reader.at]!)) reader.at++;
  return text.slice(start, reader.at);
}

function readDollar(reader: Reader, depth: number): WordPart | null {
  const { text, end } = reader;
  const start = reader.at++;
  const make = (
    name: string,
    operator: (WordPart & { kind: 'variable' })['operator'],
    operand: Parts,
    replacement: Parts,
  ): WordPart | null => operand && replacement && { kind: 'variable', name, operator, operand, replacement, start, end: reader.at };
  if (text[reader.at] !== '{' || reader.at >= end) {
    const name = readName(reader);
    return name === '' ? { kind: 'literal', text: '$', start } : make(name, null, [], []);
  }
  reader.at++;
  if (reader.at >= end || '{}:'.includes(text[reader.at]!)) return null;
  const name = readName(reader);
  const operator = reader.at < end ? text[reader.at++]! : '';
  if (operator === '}') return make(name, null, [], []);
  if (operator === '/') {
    const all = text[reader.at] === '/' && reader.at < end;
    if (all) reader.at++;
    const pattern = readUntil(reader, '/', true, depth + 1);
    return make(name, all ? '//' : '/', pattern, pattern && readUntil(reader, '}', true, depth + 1));
  }
  if (operator === '#' || operator === '%') {
    const greedy = text[reader.at] === operator && reader.at < end;
    if (greedy) reader.at++;
    return make(name, greedy ? (operator === '#' ? '##' : '%%') : operator, readUntil(reader, '}', true, depth + 1), []);
  }
  const colon = operator === ':';
  const sign = colon ? (reader.at < end ? text[reader.at++]! : '') : operator;
  if (sign !== '-' && sign !== '+' && sign !== '?') return null;
  return make(name, colon ? `:${sign}` : sign, readUntil(reader, '}', false, depth + 1), []);
}
