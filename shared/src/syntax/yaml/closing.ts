import { lineEnd, nextLine } from '../../base/text/lines';
import type { Range } from '../../base/text/range';
import { blockHeader, indentation, parentIndent } from './mask';
import type { YamlDocument, YamlProblem } from './types';

/**
 * What the parsers of Kubernetes, Compose and the forges (libyaml and its ports) read although YAML forbids it: quoted text and flow collections whose
 * later lines are less indented than their key. Our parser ends them there, and says the same of those that are never closed.
 */
const lessIndented = /^Missing closing (['"])quote|^Flow (?:map|sequence|collection)/;

/** Offset behind the closing quote of what is quoted from `at` on; -1 where there is none. */
function quoteEnd(text: string, at: number): number {
  const quote = text.charAt(at);
  for (let i = at + 1; i < text.length; i++) {
    const char = text.charAt(i);
    if (char === '\\' && quote === '"') i++;
    else if (char === quote) {
      if (quote === '"' || text.charAt(i + 1) !== quote) return i + 1;
      i++;
    }
  }
  return -1;
}

/** Whether a token may start at an offset: behind a blank or a sign of a flow collection. */
const startsToken = (text: string, at: number): boolean => at === 0 || ' \t\r\n[{,:'.includes(text.charAt(at - 1));

/** Where the quoted text starts that our parser ended at `end`; -1 where that is not plain. */
function openQuote(text: string, quote: string, end: number): number {
  let at = text.lastIndexOf(quote, Math.max(end - 1, 0));
  while (at > 0 && !startsToken(text, at)) at = text.lastIndexOf(quote, at - 1);
  return at;
}

/** Where the flow collection starts that our parser ended at `end`; -1 where that is not plain. */
function openBracket(text: string, end: number): number {
  let depth = 0;
  for (let at = end - 1; at >= 0; at--) {
    const char = text.charAt(at);
    if (char === ']' || char === '}') depth++;
    else if ((char === '[' || char === '{') && depth-- === 0) return at;
  }
  return -1;
}

/** Offset behind the flow collection that starts at `start`; -1 where it does not end, or something within it does not. */
function flowEnd(text: string, start: number): number {
  const open: string[] = [];
  for (let at = start; at < text.length; at++) {
    const char = text.charAt(at);
    if ((char === '"' || char === "'") && startsToken(text, at)) {
      const end = quoteEnd(text, at);
      if (end < 0) return -1;
      at = end - 1;
    } else if (char === '#' && at > 0 && ' \t\n'.includes(text.charAt(at - 1))) at = lineEnd(text, at);
    else if (char === '[' || char === '{') open.push(char === '[' ? ']' : '}');
    else if (char === ']' || char === '}') {
      if (open.pop() !== char) return -1;
      if (open.length === 0) return at + 1;
    }
  }
  return -1;
}

/** What our parser objects to and Kubernetes' may not, with the place where it starts if that is never closed. */
interface Unclosed {
  readonly problem: YamlProblem;
  /** `null`: it is closed, or where it starts is not plain. */
  readonly start: number | null;
}

/** Whether one of the problems may be one of our parser alone. */
export function mayBeLessIndented(problems: readonly Pick<YamlProblem, 'message'>[]): boolean {
  return problems.some(({ message }) => lessIndented.test(message));
}

/**
 * Whether quoted text or a flow collection may start at an offset of a line in block style: behind nothing but what leads to a value (`- `, `key: `, a tag
 * or an anchor). In the middle of a plain scalar brackets and quotes are text.
 */
function startsValue(text: string, line: number, at: number): boolean {
  let end = at;
  while (end > line && ' \t'.includes(text.charAt(end - 1))) end--;
  if (end === line) return true;
  if (end === at) return false;
  if ('-:?'.includes(text.charAt(end - 1))) return true;
  let word = end;
  while (word > line && !' \t'.includes(text.charAt(word - 1))) word--;
  return '&!'.includes(text.charAt(word));
}

/** The text between two offsets on one line, at equal length: comments between items are blank then. */
function joined(text: string, start: number, end: number): string {
  const isFlow = '[{'.includes(text.charAt(start));
  let out = '';
  let from = start;
  for (let at = start; isFlow && at < end; at++) {
    const char = text.charAt(at);
    if (!startsToken(text, at)) continue;
    if (char === '"' || char === "'") at = quoteEnd(text, at) - 1;
    else if (char === '#') {
      const stop = lineEnd(text, at);
      out += text.slice(from, at) + ' '.repeat(stop - at);
      at = from = stop;
    }
  }
  return (out + text.slice(from, end)).replace(/[\r\n]/g, ' ');
}

/** A line in block style, with the lines on which quoted text and flow collections that begin on it go on. */
export interface LogicalLine {
  /** In front of the line break behind all of it. */
  readonly end: number;
  /** What goes on beyond its own line. */
  readonly spans: readonly Range[];
  /** Where the header of its block scalar may stand: behind what spans lines, and in front of a comment. */
  readonly tail: Range;
  /** Whether something on it is never closed; the line ends there then. */
  readonly unclosed: boolean;
}

/** Reads the line at `line`, whose text starts at `content`. */
export function logicalLine(text: string, line: number, content: number): LogicalLine {
  let end = lineEnd(text, line);
  let from = line;
  const spans: Range[] = [];
  for (let at = content; at < end; at++) {
    const char = text.charAt(at);
    if (char === '#' && startsToken(text, at)) return { end, spans, tail: { start: from, end: at }, unclosed: false };
    if (!'"\'[{'.includes(char) || !startsValue(text, from, at)) continue;
    const close = '"\''.includes(char) ? quoteEnd(text, at) : flowEnd(text, at);
    if (close < 0) return { end, spans, tail: { start: from, end }, unclosed: true };
    if (close > end) {
      spans.push({ start: at, end: close });
      end = lineEnd(text, close);
      from = close;
    }
    at = close - 1;
  }
  return { end, spans, tail: { start: from, end }, unclosed: false };
}

/**
 * A text in which what is quoted or in brackets stands on one line, at equal length: our parser reads it then as libyaml does, however its lines are indented.
 * `null`: nothing spans lines, or something is never closed. Linear.
 */
export function joinLines(text: string): string | null {
  const pieces: string[] = [];
  let done = 0;
  let block: number | null = null;
  for (let line = 0; line < text.length;) {
    let end = lineEnd(text, line);
    const content = line + indentation(text, line, end);
    if (block === null || (content < end && content - line <= block)) {
      const { spans, tail, unclosed, ...whole } = logicalLine(text, line, content);
      if (unclosed) return null;
      for (const span of spans) {
        pieces.push(text.slice(done, span.start), joined(text, span.start, span.end));
        done = span.end;
      }
      end = whole.end;
      block = blockHeader.test(text.slice(tail.start, tail.end)) ? parentIndent(text.slice(line, end)) : null;
    }
    line = nextLine(text, end);
  }
  return done === 0 ? null : pieces.join('') + text.slice(done);
}

/** The first problem of a document that is one of our parser alone, or is something that is never closed. */
export function firstUnclosed({ text, problems }: YamlDocument): Unclosed | null {
  const problem = problems.find(({ message }) => lessIndented.test(message));
  if (!problem) return null;
  const quote = lessIndented.exec(problem.message)![1];
  const end = problem.range.start;
  const at = quote === undefined ? openBracket(text, end) : openQuote(text, quote, end);
  if (at < 0) return { problem, start: null };
  if (quote === undefined) return { problem, start: flowEnd(text, at) < 0 ? at : null };
  const close = quoteEnd(text, at);
  // behind a closing quote nothing may follow but a comment, or the next item of a flow collection
  const rest = close < 0 ? '' : text.slice(close, lineEnd(text, close));
  return { problem, start: close < 0 || !/^[ \t]*(?:$|[,\]}])|^[ \t]+#/.test(rest) ? at : null };
}
