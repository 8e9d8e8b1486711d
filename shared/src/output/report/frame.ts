import type { LineTable } from '../../base/text/line-table';
import type { Range } from '../../base/text/range';
import { firstIndex } from '../../base/text/search';
import { maskText } from '../../base/text/mask';
import type { MaskedText } from './masked-text';
import { columnsOf, printable } from './printable';

/** One line of source as a terminal shows it, and the columns that a finding covers in it. */
export interface Frame {
  /** From 1. */
  readonly line: number;
  readonly source: MaskedText;
  /** Columns from 0, half-open, at least one wide. */
  readonly start: number;
  readonly end: number;
}

const before = 60;
const width = 160;

/**
 * The first line of a range, secrets masked, control characters replaced, tabs as four blanks. A long line is cut around the range.
 * The time taken does not depend on the line's length.
 */
export function frameOf(text: string, lines: LineTable, range: Range, secrets: readonly Range[]): Frame {
  const { line } = lines.position(range.start);
  const lineStart = lines.lineStart(line);
  const lineEnd = lines.lineEnd(line);
  let from = Math.max(lineStart, range.start - before);
  if (from > lineStart && isLowSurrogate(text, from)) from--;
  let to = Math.min(lineEnd, from + width);
  if (to < lineEnd && isLowSurrogate(text, to)) to++;

  let source = from > lineStart ? '…' : '';
  let column = source.length;
  let start: number | null = null;
  let end: number | null = null;
  let secret = firstIndex(secrets.length, i => secrets[i]!.end > from);
  for (let at = from; at < to;) {
    const masked = secrets[secret];
    let next: number;
    let shown: string;
    let columns: number;
    if (masked && masked.start <= at && at < masked.end) {
      next = Math.min(masked.end, to);
      shown = maskText;
      columns = maskText.length;
      secret++;
    } else {
      const codePoint = text.codePointAt(at)!;
      const char = String.fromCodePoint(codePoint);
      next = at + char.length;
      shown = char === '\t' ? '    ' : printable(char);
      columns = char === '\t' ? 4 : columnsOf(codePoint);
    }
    if (start === null && range.start < next) start = column;
    if (start !== null && range.end > at) end = column + columns;
    source += shown;
    column += columns;
    at = next;
  }
  if (to < lineEnd) source += '…';
  start ??= column;
  return { line: line + 1, source: source as MaskedText, start, end: Math.max(end ?? start, start + 1) };
}

function isLowSurrogate(text: string, at: number): boolean {
  const code = text.charCodeAt(at);
  return code >= 0xdc00 && code <= 0xdfff;
}
