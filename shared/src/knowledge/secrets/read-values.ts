import { expansionEnd } from './expansions';

/** A value as the file spells it, without its quotes. */
export interface FoundValue {
  readonly start: number;
  readonly text: string;
}

/** How far a value is read. */
const longest = 4000;
/** How far a word without quotes is read: whoever finds the start of one has found it. */
const longestWord = 600;
/** How many lines of a block, and how many items of a list, are values. */
const mostLines = 60;
const mostItems = 20;

const isBlank = (char: string): boolean => char === ' ' || char === '\t';
const isBreak = (char: string): boolean => char === '\n' || char === '\r' || char === '';

/** Behind blanks, and behind a line's end that a backslash or a backtick (of Windows) continues. */
export function skipBlanks(text: string, at: number): number {
  for (let lines = 0; lines < 4;) {
    while (isBlank(text.charAt(at))) at++;
    if (!/[\\`]/.test(text.charAt(at))) return at;
    const next = /^[\\`][ \t]{0,8}\r?\n/.exec(text.slice(at, at + 12));
    if (!next) return at;
    at += next[0].length;
    lines++;
  }
  return at;
}

/** The offset of the end of the line that `at` is in. */
export function lineEnd(text: string, at: number): number {
  const end = text.indexOf('\n', at);
  if (end < 0) return text.length;
  return text.charAt(end - 1) === '\r' && end > at ? end - 1 : end;
}

/** The offset of the first character of the line that `at` is in, as far as `bound` characters back. */
export function lineStart(text: string, at: number, bound = 400): number {
  const from = Math.max(0, at - bound);
  const start = text.slice(from, at).lastIndexOf('\n');
  return start < 0 ? from : from + start + 1;
}

/**
 * The values that may be meant at a place: what is in quotes, closed or not; the word; and where `wholeLine` says so, the rest of the line, for YAML's
 * plain scalars and settings without quotes.
 */
export function readValue(text: string, at: number, wholeLine = false): readonly FoundValue[] {
  // `$'...'` of a shell
  if (text.charAt(at) === '$' && /["']/.test(text.charAt(at + 1))) return readValue(text, at + 1, wholeLine);
  const quote = /^\\{0,3}["'`]/.exec(text.slice(at, at + 4))?.[0];
  if (quote !== undefined) {
    const next = text.charAt(at + quote.length);
    // a quote that ends what stands before it
    if ((isBlank(next) || isBreak(next) || /[);&|,}\]]/.test(next)) && closing(text, at + quote.length, quote) < 0) return [];
    return readQuoted(text, at + quote.length, quote);
  }
  if (isBreak(text.charAt(at))) return [];
  const all = /^[^\s"'`]{1,600}/.exec(text.slice(at, at + longestWord))?.[0] ?? '';
  const values: FoundValue[] = [];
  const add = (value: string): void => {
    if (value !== '' && values.every(known => known.text !== value)) values.push({ start: at, text: value });
  };
  if (wholeLine) {
    const rest = text.slice(at, Math.min(lineEnd(text, at), at + longest));
    const comment = rest.search(/\s#/);
    add((comment < 0 ? rest : rest.slice(0, comment)).trimEnd());
  }
  add(wholeWord(text, at));
  let end = all.length;
  while (end > 0 && /[,;)\]}]/.test(all.charAt(end - 1))) end--;
  add(all.slice(0, end));
  add(/^[^&;|,<>(){}[\]\\]*/.exec(all)![0]);
  return values;
}

/** A word of a shell: pieces in quotes and without, and lines that go on. */
function wholeWord(text: string, at: number): string {
  let end = at;
  for (let steps = 0; end < text.length && end - at < longestWord && steps < 50; steps++) {
    const plain = /^(?:[^\s"'`\\${]|\\\r?\n|\\[^\r\n])+/.exec(text.slice(end, Math.min(text.length, at + longestWord)))?.[0] ?? '';
    end += plain.length;
    const quote = text.charAt(end);
    if (/[`${]/.test(quote)) {
      // a backtick behind something is Markdown's
      const stop = quote === '`' && end > at ? null : expansionEnd(text, end);
      if (stop === null && quote === '`') break;
      end = stop ?? end + 1;
      continue;
    }
    if (quote !== '"' && quote !== "'") break;
    // the quote around the whole word ends here
    const stop = text.slice(end + 1, Math.min(lineEnd(text, end), end + 300)).indexOf(quote);
    if (stop < 0 || /^[\s,\]})]/.test(text.slice(end + 1, end + 2))) break;
    end += stop + 2;
  }
  // a line of settings goes on behind blanks; what follows a command does not stand alone
  if (text.charAt(end - 1) === '\\' || /\\\r?\n$/.test(text.slice(end - 3, end)))
    end += /^[ \t]{1,40}[^\s=:"'`\\-][^\s=:"'`\\]{0,200}(?=\r?\n|$)/.exec(text.slice(end, end + 260))?.[0].length ?? 0;
  return text.slice(at, end);
}

/** The offset of the quote that ends a text, within the line and those that it goes on in; -1 where there is none. */
function closing(text: string, from: number, quote: string): number {
  const end = Math.min(text.length, from + longest);
  for (let at = from; at < end; at++) {
    const char = text.charAt(at);
    if (char === '\n' && !/[\\`][ \t]*\r?$/.test(text.slice(Math.max(from, at - 10), at))) return -1;
    if (text.startsWith(quote, at)) {
      if (quote !== "'" || text.charAt(at + 1) !== "'") return at;
      at++;
    } else if (char === '\\' && quote === '"') at++;
    else if ((char === '$' || char === '{') && quote === '"') {
      // its quotes are its own
      const stop = expansionEnd(text, at);
      if (stop !== null && !text.slice(at, stop).includes('\n')) at = stop - 1;
    }
  }
  return -1;
}

function readQuoted(text: string, from: number, quote: string): readonly FoundValue[] {
  const end = closing(text, from, quote);
  const inner = text.slice(from, Math.max(from, end));
  // a command, whose words are no value
  if (quote === '`' && /\s/.test(inner)) return [{ start: from - 1, text: `\`${inner}\`` }];
  if (end >= 0) return [{ start: from, text: inner }];
  // left open: the line, those that a backslash continues, and up to a quote on one of the next lines, as YAML's quoted scalars may
  let stop = lineEnd(text, from);
  for (let lines = 0; lines < 10 && /[\\`][ \t]*$/.test(text.slice(Math.max(from, stop - 10), stop)) && stop < text.length; lines++)
    stop = lineEnd(text, text.indexOf('\n', stop) + 1);
  stop = Math.min(stop, from + longest);
  const values: FoundValue[] = [{ start: from, text: text.slice(from, stop) }];
  const first = text.slice(from, stop).trimEnd();
  const word = /^\S+/.exec(first)?.[0] ?? '';
  if (word !== first) values.push({ start: from, text: word });
  const later = text.slice(stop, stop + 1000).split('\n', 6);
  const last = later.findIndex(line => line.includes(quote));
  if (
    last > 0 &&
    later.slice(1, last).every(line => /^\s*\S/.test(line)) &&
    later.slice(1, last + 1).every(line => !/^\s*(?:- |[\w.-]+:(?:\s|$)|[A-Z]{3,}\s)/.test(line))
  )
    for (const line of later.slice(1, last + 1))
      values.push({ start: stop, text: line.slice(0, line.includes(quote) ? line.indexOf(quote) : undefined) });
  return values;
}

/** What follows a key of YAML whose line ends behind it, or has the sign of a block: deeper lines, or the items of a list. `indent` is the key's. */
export function readBlock(text: string, at: number, indent: number): readonly FoundValue[] {
  const values: FoundValue[] = [];
  const isScalar = /[|>]/.test(text.charAt(at));
  let line = text.indexOf('\n', at);
  for (let lines = 0; line >= 0 && lines < mostLines && values.length < mostLines; lines++) {
    const start = line + 1;
    const end = lineEnd(text, start);
    line = text.indexOf('\n', end);
    let first = start;
    while (isBlank(text.charAt(first)) && first < end) first++;
    if (first === end) continue;
    const isItem = text.startsWith('- ', first);
    if (first - start < indent || (first - start === indent && !isItem)) break;
    const shown = text.slice(first, Math.min(end, first + longest));
    if (!isScalar && (shown.startsWith('#') || /^(?:- )?[ \t]*["']?[\w./-]{1,200}["']?:(?:\s|$)/.test(shown))) {
      if (isItem || shown.startsWith('#')) continue;
      break;
    }
    if (isItem && !isScalar) {
      if (values.length < mostItems) values.push(...readValue(text, skipBlanks(text, first + 2), true));
    } else values.push({ start: first, text: shown });
  }
  // a file rather than a value: what is assigned in it tells for itself
  return values.length <= 2 ? values : values.filter(({ text: shown }) => !/\s/.test(shown.trim()) && /[A-Z\d]/.test(shown));
}

/**
 * The value of an option whose name ends at `at`: behind a blank, as the next item of a list in JSON or flow style, or as the next item of a list in
 * YAML. Nothing where another option or an operator follows.
 */
export function readOptionValue(text: string, at: number): readonly FoundValue[] {
  const tail = /^\\?["'`]?[ \t]{0,20}/.exec(text.slice(at, at + 24))![0];
  let next = at + tail.length;
  if (text.charAt(next) === ',') {
    next += /^,(?:\s|\\\r?\n){0,300}/.exec(text.slice(next, next + 400))![0].length;
    return isOption(text, next) ? [] : readValue(text, next);
  }
  if (isBreak(text.charAt(next))) {
    const item = /^(?:\r?\n[ \t]{0,100}#[^\r\n]{0,300}){0,3}\r?\n[ \t]{0,200}-[ \t]{1,20}/.exec(text.slice(next, next + 1500));
    if (!item || isOption(text, next + item[0].length)) return [];
    return readValue(text, next + item[0].length, true);
  }
  if (next === at) {
    const continued = skipBlanks(text, at);
    if (continued === at) return [];
    next = continued;
  } else next = skipBlanks(text, next);
  return isOption(text, next) ? [] : readValue(text, next);
}

function isOption(text: string, at: number): boolean {
  return /^\\?["'`]?(?:--?[A-Za-z]|[|&;<>)\]])/.test(text.slice(at, at + 6));
}
