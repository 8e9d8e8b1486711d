import type { Range } from './range';

/** Line and character, both from 0; characters are UTF-16 units. A byte order mark at the start of a file is no character. */
export interface Position {
  readonly line: number;
  readonly character: number;
}

/** A half-open span between two positions. */
export interface PositionRange {
  readonly start: Position;
  readonly end: Position;
}

/** Converts between offsets and positions of one text. */
export interface LineTable {
  /** How many lines the text has; a text that ends in a line break has an empty last line. */
  readonly lineCount: number;
  /** Offset of the first character of a line (behind a byte order mark in line 0); of the text's end for a line past the last. */
  lineStart(line: number): number;
  /** Offset behind the last character of a line, its line break not included. */
  lineEnd(line: number): number;
  /** Position of an offset; offsets outside the text are clamped. */
  position(offset: number): Position;
  /** Offset of a position; lines and characters past the end are clamped. */
  offset(position: Position): number;
  /** Both ends of a range as positions. */
  positions(range: Range): PositionRange;
}

/** Builds the line table of a text. `\n`, `\r\n` and a lone `\r` end a line, as in LSP. */
export function createLineTable(text: string): LineTable {
  const starts = [0];
  for (let i = 0; i < text.length; i++) {
    const code = text.charCodeAt(i);
    if (code === 10 || (code === 13 && text.charCodeAt(i + 1) !== 10)) starts.push(i + 1);
  }
  const bom = text.charCodeAt(0) === 0xfeff ? 1 : 0;
  const lineStart = (line: number): number => (line >= starts.length ? text.length : line <= 0 ? bom : starts[line]!);
  const lineEnd = (line: number): number => {
    let end = line + 1 < starts.length ? starts[line + 1]! : text.length;
    while (end > lineStart(line) && (text.charCodeAt(end - 1) === 10 || text.charCodeAt(end - 1) === 13)) end--;
    return end;
  };
  const position = (offset: number): Position => {
    const at = Math.min(Math.max(offset, bom), text.length);
    let low = 0;
    let high = starts.length - 1;
    while (low < high) {
      const middle = (low + high + 1) >> 1;
      if (starts[middle]! <= at) low = middle;
      else high = middle - 1;
    }
    return { line: low, character: at - lineStart(low) };
  };
  return {
    lineCount: starts.length,
    lineStart,
    lineEnd,
    position,
    offset: ({ line, character }) => {
      if (line < 0) return bom;
      const start = lineStart(line);
      return Math.min(start + Math.max(character, 0), line >= starts.length ? text.length : Math.max(lineEnd(line), start));
    },
    positions: r => ({ start: position(r.start), end: position(r.end) }),
  };
}
