import type { Comment } from '../../../base/text/comment';
import { range, type Range } from '../../../base/text/range';
import type { MappedText } from '../../../syntax/shell/mapped-text';
import { isBlank, skipSpace, trimEnd } from './characters';
import { heredocWords, type HeredocWord } from './heredoc-words';
import { isJsonArray } from './exec-form';
import { skipFlags } from './flags';
import type { Directive, Heredoc, ProblemCode } from './types';

/** A problem of the lexical layer; `line` is the index of the logical line that it belongs to, if any. */
export interface LineProblem {
  readonly code: ProblemCode;
  readonly range: Range;
  readonly data: Readonly<Record<string, string | number>>;
  readonly line: number | null;
}

/** A logical line: one instruction with its heredocs. */
export interface LogicalLine {
  readonly logical: MappedText;
  /** Offset in the file of the first character of its first physical line that is not blank. */
  readonly start: number;
  /** Offset after its last character, the heredocs' included, without the line break. */
  readonly end: number;
  readonly heredocs: readonly Heredoc[];
  readonly continuations: readonly Range[];
  readonly blankLines: readonly Range[];
}

/** What the lexical layer finds: BuildKit's `parser.Parse`, without giving up at the first error. */
export interface Lines {
  readonly escape: '\\' | '`';
  readonly directives: readonly Directive[];
  readonly comments: readonly Comment[];
  readonly lines: readonly LogicalLine[];
  readonly problems: readonly LineProblem[];
}

const lineFeed = 10;
const carriageReturn = 13;
const hash = 35;
/** The longest line that BuildKit's scanner takes, in bytes with its line break. */
const longestLine = 65_536;
const directivePattern = /^([a-zA-Z][a-zA-Z0-9]*)[\t\n\f\r ]*=[\t\n\f\r ]*([^\t\n\f\r ].*)$/;

/** What has been read of a file. */
interface Reader {
  readonly text: string;
  /** Start of the next line. */
  at: number;
  escape: Lines['escape'];
  readonly directives: Directive[];
  readonly comments: Comment[];
  readonly lines: LogicalLine[];
  readonly problems: LineProblem[];
}

/** A line of the text: from its start to its line feed, and to its end before that and carriage returns. */
interface PhysicalLine {
  readonly start: number;
  readonly feed: number;
  readonly end: number;
}

function trimReturn(text: string, from: number, end: number): number {
  let stop = end;
  while (stop > from && text.charCodeAt(stop - 1) === carriageReturn) stop--;
  return stop;
}

/** Goes on behind the next line; a line that BuildKit refuses for its length is a problem. */
function nextLine(reader: Reader): PhysicalLine {
  const { text, at: start } = reader;
  const found = text.indexOf('\n', start);
  const feed = found < 0 ? text.length : found;
  reader.at = feed + 1;
  checkLength(reader, start, feed);
  return { start, feed, end: trimReturn(text, start, feed) };
}

function checkLength({ text, problems }: Reader, from: number, end: number): void {
  if (end - from < longestLine / 3) return;
  let bytes = end - from + 1;
  for (let i = from; i < end; i++) {
    const code = text.charCodeAt(i);
    // A surrogate is half of four bytes, every other unit above U+07FF makes three.
    if (code > 0x7f) bytes += code < 0x800 || (code >= 0xd800 && code <= 0xdfff) ? 1 : 2;
  }
  if (bytes > longestLine) problems.push({ code: 'line-too-long', range: range(from, end), data: {}, line: null });
}

function addComment({ text, comments }: Reader, from: number, end: number): void {
  comments.push({ range: range(from, end), text: text.slice(from + 1, end).trim(), ownLine: true });
}

/** Reads the comment at `from` as a parser directive; false where it is a plain comment. */
function readDirective(reader: Reader, from: number, end: number): boolean {
  const { text, directives, problems } = reader;
  const match = directivePattern.exec(text.slice(skipSpace(text, from + 1, end), end));
  const name = match?.[1]!.toLowerCase();
  if (name !== 'escape' && name !== 'syntax' && name !== 'check') return false;
  const value = match![2]!.trimEnd();
  const valueStart = end - match![2]!.length;
  const directive = { name, value, range: range(from, end), valueRange: range(valueStart, valueStart + value.length) } as const;
  if (directives.some(other => other.name === name)) {
    problems.push({ code: 'repeated-directive', range: directive.range, data: { name }, line: null });
  } else if (name === 'escape') {
    if (value === '`' || value === '\\') reader.escape = value;
    else problems.push({ code: 'invalid-escape', range: directive.valueRange, data: { value }, line: null });
  }
  directives.push(directive);
  return true;
}

/** Where the continuation character of `[from, end)` stands; -1 where the line is not continued. */
function continuation({ text, escape }: Reader, from: number, end: number): number {
  const code = escape.charCodeAt(0);
  let last = end - 1;
  while (last >= from && (text.charCodeAt(last) === 32 || text.charCodeAt(last) === 9)) last--;
  return last >= from && text.charCodeAt(last) === code && (last === from || text.charCodeAt(last - 1) !== code) ? last : -1;
}

/** The next line that goes on with a continued one: comments and blank lines between them vanish. */
function nextContent(reader: Reader, blankLines: Range[]): PhysicalLine | null {
  const { text } = reader;
  while (reader.at < text.length) {
    const line = nextLine(reader);
    const content = skipSpace(text, line.start, line.end);
    if (content === line.end) blankLines.push(range(line.start, line.end));
    else if (text.charCodeAt(content) === hash) addComment(reader, content, line.end);
    else return line;
  }
  return null;
}

/** Reads a logical line whose first one has been passed, without its heredocs. */
function readLogical(reader: Reader, start: number, firstEnd: number): Omit<LogicalLine, 'heredocs'> {
  const { text } = reader;
  const starts: number[] = [];
  const sources: number[] = [];
  const parts: string[] = [];
  const continuations: Range[] = [];
  const blankLines: Range[] = [];
  let length = 0;
  let end = firstEnd;
  for (let line: Pick<PhysicalLine, 'start' | 'end'> | null = { start, end: firstEnd }; line;) {
    const mark = continuation(reader, line.start, line.end);
    const partEnd = mark < 0 ? line.end : mark;
    if (partEnd > line.start || starts.length === 0) {
      starts.push(length);
      sources.push(line.start);
      parts.push(text.slice(line.start, partEnd));
      length += partEnd - line.start;
    }
    end = mark < 0 ? line.end : mark + 1;
    if (mark < 0) break;
    continuations.push(range(mark, Math.min(reader.at, text.length)));
    line = nextContent(reader, blankLines);
  }
  const logical: MappedText = { text: parts.length === 1 ? parts[0]! : parts.join(''), starts, sources };
  return { logical, start, end, continuations, blankLines };
}

/** Reads the body of a heredoc; `end`: that of its terminator's line, or of the file. */
function readHeredoc(reader: Reader, word: HeredocWord): { readonly heredoc: Heredoc; readonly end: number } {
  const { text } = reader;
  const { name, descriptor, expand, stripTabs } = word;
  const bodyStart = Math.min(reader.at, text.length);
  let bodyEnd = bodyStart;
  let end = -1;
  while (reader.at < text.length && end < 0) {
    const line = nextLine(reader);
    let content = line.start;
    if (stripTabs) while (content < line.end && text.charCodeAt(content) === 9) content++;
    if (line.end - content === name.length && text.startsWith(name, content)) end = line.end;
    else bodyEnd = Math.min(line.feed + 1, text.length);
  }
  if (end < 0) {
    end = trimReturn(text, bodyStart, text.charCodeAt(bodyEnd - 1) === lineFeed ? bodyEnd - 1 : bodyEnd);
    reader.problems.push({ code: 'unterminated-heredoc', range: word.range, data: { name }, line: reader.lines.length });
  }
  const content = text.slice(bodyStart, bodyEnd);
  return { heredoc: { name, descriptor, expand, stripTabs, range: word.range, bodyRange: range(bodyStart, bodyEnd), content }, end };
}

/** Splits a Dockerfile into logical lines as BuildKit does. Never throws, linear in the text. */
export function readLines(text: string): Lines {
  const at = text.charCodeAt(0) === 0xfeff ? 1 : 0;
  const reader: Reader = { text, at, escape: '\\', directives: [], comments: [], lines: [], problems: [] };
  let directivesDone = false;
  while (reader.at < text.length) {
    const line = nextLine(reader);
    const start = skipSpace(text, line.start, line.end);
    if (start < line.end && text.charCodeAt(start) === hash) {
      if (!directivesDone && readDirective(reader, start, line.end)) continue;
      directivesDone = true;
      addComment(reader, start, line.end);
      continue;
    }
    directivesDone = true;
    if (start === line.end) continue;
    const logical = readLogical(reader, start, line.end);
    const bodies = findHeredocs(logical.logical, reader.escape).map(word => readHeredoc(reader, word));
    reader.lines.push({ ...logical, end: bodies.at(-1)?.end ?? logical.end, heredocs: bodies.map(({ heredoc }) => heredoc) });
  }
  const { escape, directives, comments, lines, problems } = reader;
  return { escape, directives, comments, lines, problems };
}

/** The heredoc words of a logical line; only ADD, COPY and RUN in shell form have any, also under ONBUILD. */
function findHeredocs(logical: MappedText, escape: string): readonly HeredocWord[] {
  const { text } = logical;
  if (!text.includes('<<')) return [];
  let start = 0;
  for (let depth = 0; depth < 2; depth++) {
    start = skipSpace(text, start, text.length);
    let end = start;
    while (end < text.length && !isBlank(text.charCodeAt(end))) end++;
    const keyword = text.slice(start, end).toUpperCase();
    const rest = skipSpace(text, skipFlags(text, end, escape), text.length);
    if (keyword === 'ADD' || keyword === 'COPY' || keyword === 'RUN') {
      return isJsonArray(text.slice(rest, trimEnd(text, rest, text.length))) ? [] : heredocWords(logical);
    }
    if (keyword !== 'ONBUILD') return [];
    start = rest;
  }
  return [];
}
