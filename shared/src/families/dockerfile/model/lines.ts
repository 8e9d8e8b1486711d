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

/** Splits a Dockerfile into logical lines as BuildKit does. Never throws, linear in the text. */
export function readLines(text: string): Lines {
  let escape: '\\' | '`' = '\\';
  let escapeCode = escape.charCodeAt(0);
  let directivesDone = false;
  let at = text.charCodeAt(0) === 0xfeff ? 1 : 0;
  const directives: Directive[] = [];
  const comments: Comment[] = [];
  const lines: LogicalLine[] = [];
  const problems: LineProblem[] = [];

  /** End of the line at `from`, before its line feed. */
  const lineFeedAt = (from: number): number => {
    const found = text.indexOf('\n', from);
    return found < 0 ? text.length : found;
  };
  const trimReturn = (from: number, end: number): number => {
    let stop = end;
    while (stop > from && text.charCodeAt(stop - 1) === carriageReturn) stop--;
    return stop;
  };
  const checkLength = (from: number, end: number): void => {
    if (end - from < longestLine / 3) return;
    let bytes = end - from + 1;
    for (let i = from; i < end; i++) {
      const code = text.charCodeAt(i);
      // A surrogate is half of four bytes, every other unit above U+07FF makes three.
      if (code > 0x7f) bytes += code < 0x800 || (code >= 0xd800 && code <= 0xdfff) ? 1 : 2;
    }
    if (bytes > longestLine) problems.push({ code: 'line-too-long', range: range(from, end), data: {}, line: null });
  };
  const addComment = (from: number, end: number): void => {
    comments.push({ range: range(from, end), text: text.slice(from + 1, end).trim(), ownLine: true });
  };

  /** Reads the comment at `from` as a parser directive; false where it is a plain comment. */
  const readDirective = (from: number, end: number): boolean => {
    const match = directivePattern.exec(text.slice(skipSpace(text, from + 1, end), end));
    const name = match?.[1]!.toLowerCase();
    if (name !== 'escape' && name !== 'syntax' && name !== 'check') return false;
    const value = match![2]!.trimEnd();
    const valueStart = end - match![2]!.length;
    const directive = { name, value, range: range(from, end), valueRange: range(valueStart, valueStart + value.length) } as const;
    if (directives.some(other => other.name === name)) {
      problems.push({ code: 'repeated-directive', range: directive.range, data: { name }, line: null });
    } else if (name === 'escape') {
      if (value === '`' || value === '\\') {
        escape = value;
        escapeCode = value.charCodeAt(0);
      } else problems.push({ code: 'invalid-escape', range: directive.valueRange, data: { value }, line: null });
    }
    directives.push(directive);
    return true;
  };

  /** Where the continuation character of `[from, end)` stands; -1 where the line is not continued. */
  const continuation = (from: number, end: number): number => {
    let last = end - 1;
    while (last >= from && (text.charCodeAt(last) === 32 || text.charCodeAt(last) === 9)) last--;
    return last >= from && text.charCodeAt(last) === escapeCode && (last === from || text.charCodeAt(last - 1) !== escapeCode) ? last : -1;
  };

  while (at < text.length) {
    const feed = lineFeedAt(at);
    checkLength(at, feed);
    const lineEnd = trimReturn(at, feed);
    const start = skipSpace(text, at, lineEnd);
    at = feed + 1;
    if (start < lineEnd && text.charCodeAt(start) === hash) {
      if (directivesDone || !readDirective(start, lineEnd)) {
        directivesDone = true;
        addComment(start, lineEnd);
      }
      continue;
    }
    directivesDone = true;
    if (start === lineEnd) continue;

    const starts: number[] = [];
    const sources: number[] = [];
    const parts: string[] = [];
    const continuations: Range[] = [];
    const blankLines: Range[] = [];
    let length = 0;
    let end: number;
    let lineAt = start;
    let textEnd = lineEnd;
    for (;;) {
      const mark = continuation(lineAt, textEnd);
      const partEnd = mark < 0 ? textEnd : mark;
      if (partEnd > lineAt || starts.length === 0) {
        starts.push(length);
        sources.push(lineAt);
        parts.push(text.slice(lineAt, partEnd));
        length += partEnd - lineAt;
      }
      end = mark < 0 ? textEnd : mark + 1;
      if (mark < 0) break;
      continuations.push(range(mark, Math.min(at, text.length)));
      // Comment and blank lines between continued lines vanish.
      let found = false;
      while (at < text.length && !found) {
        const nextFeed = lineFeedAt(at);
        checkLength(at, nextFeed);
        const nextEnd = trimReturn(at, nextFeed);
        const content = skipSpace(text, at, nextEnd);
        if (content === nextEnd) blankLines.push(range(at, nextEnd));
        else if (text.charCodeAt(content) === hash) addComment(content, nextEnd);
        else {
          lineAt = at;
          textEnd = nextEnd;
          found = true;
        }
        at = nextFeed + 1;
      }
      if (!found) break;
    }
    const logical: MappedText = { text: parts.length === 1 ? parts[0]! : parts.join(''), starts, sources };

    const heredocs: Heredoc[] = [];
    for (const word of findHeredocs(logical, escape)) {
      const bodyStart = Math.min(at, text.length);
      let terminated = false;
      let bodyEnd = bodyStart;
      while (at < text.length && !terminated) {
        const bodyFeed = lineFeedAt(at);
        checkLength(at, bodyFeed);
        const contentEnd = trimReturn(at, bodyFeed);
        let contentStart = at;
        if (word.stripTabs) while (contentStart < contentEnd && text.charCodeAt(contentStart) === 9) contentStart++;
        terminated = contentEnd - contentStart === word.name.length && text.startsWith(word.name, contentStart);
        if (terminated) end = contentEnd;
        else bodyEnd = Math.min(bodyFeed + 1, text.length);
        at = bodyFeed + 1;
      }
      if (!terminated) {
        end = trimReturn(bodyStart, text.charCodeAt(bodyEnd - 1) === lineFeed ? bodyEnd - 1 : bodyEnd);
        problems.push({ code: 'unterminated-heredoc', range: word.range, data: { name: word.name }, line: lines.length });
      }
      const { name, descriptor, expand, stripTabs } = word;
      heredocs.push({
        name,
        descriptor,
        expand,
        stripTabs,
        range: word.range,
        bodyRange: range(bodyStart, bodyEnd),
        content: text.slice(bodyStart, bodyEnd),
      });
    }
    lines.push({ logical, start, end, heredocs, continuations, blankLines });
  }
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
