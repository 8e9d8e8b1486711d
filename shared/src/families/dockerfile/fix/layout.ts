import { range, type Range } from '../../../base/text/range';
import type { TextEdit } from '../../../base/text/edits';
import { lineEnd, lineStart, nextLine } from '../../../base/text/lines';
import { firstIndex } from '../../../base/text/search';
import type { DockerfileModel, Instruction } from '../model/types';

/** Whether a character is a blank within a line. */
function isBlankAt(text: string, offset: number): boolean {
  return text[offset] === ' ' || text[offset] === '\t';
}

/** The first offset from `start` that holds no blank. */
export function skipBlanks(text: string, start: number, end: number = text.length): number {
  let at = start;
  while (at < end && isBlankAt(text, at)) at++;
  return at;
}

/** The offset after the last character before `end` that is not blank. */
export function trimBlanks(text: string, start: number, end: number): number {
  let at = end;
  while (at > start && isBlankAt(text, at - 1)) at--;
  return at;
}

/** The instruction whose text holds a range. */
export function instructionAt(model: DockerfileModel, place: Range): Instruction | null {
  const { instructions } = model;
  const instruction = instructions[firstIndex(instructions.length, i => instructions[i]!.range.start > place.start) - 1];
  return instruction && place.end <= instruction.range.end ? instruction : null;
}

/** A physical line of an instruction, or of the heredoc that its text is in. */
interface Line {
  readonly start: number;
  /** Behind the last character of its content: before a continuation mark and the blanks in front of it stay outside. */
  readonly contentEnd: number;
  /** Offset of the continuation mark; -1 where there is none. */
  readonly mark: number;
  readonly end: number;
  readonly removed: Range[];
}

/** The line at `start`, with its continuation mark. `own` says which comment lines and marks are the Dockerfile's. */
function readLine(model: DockerfileModel, instruction: Instruction, start: number): Line {
  const end = lineEnd(model.text, start);
  const trimmed = trimBlanks(model.text, start, end);
  const inHeredoc = instruction.heredocs.some(({ bodyRange }) => bodyRange.start <= start && start < bodyRange.end);
  const mark = inHeredoc
    ? trimmed > start && model.text[trimmed - 1] === '\\' && model.text[trimmed - 2] !== '\\'
      ? trimmed - 1
      : -1
    : (instruction.continuations.find(c => c.start >= start && c.start < trimmed)?.start ?? -1);
  return { start, contentEnd: mark < 0 ? trimmed : mark, mark, end, removed: [] };
}

/**
 * Edits that take pieces out of an instruction: with each goes the blank before it (behind it at the start of a line); a line that is
 * left with nothing but its continuation goes as a whole; where the last line goes, the line before it is no longer continued. Comment
 * lines between stay.
 */
export function removePieces(model: DockerfileModel, instruction: Instruction, pieces: readonly Range[]): TextEdit[] {
  const { text } = model;
  const isComment = new Set(model.comments.map(comment => lineStart(text, comment.range.start)));
  const lines: Line[] = [];
  for (let at = lineStart(text, instruction.range.start); at < instruction.range.end; at = nextLine(text, at)) {
    if (!isComment.has(at)) lines.push(readLine(model, instruction, at));
  }
  for (const piece of pieces) {
    for (const line of lines) {
      const start = Math.max(piece.start, line.start);
      const end = Math.min(piece.end, line.contentEnd);
      if (start < end) line.removed.push(range(start, end));
    }
  }

  const edits: TextEdit[] = [];
  const erase = (start: number, end: number): void => {
    if (start < end) edits.push({ range: range(start, end), newText: '' });
  };
  const kept: Line[] = [];
  const dropped: Line[] = [];
  lines.forEach((line, i) => {
    line.removed.sort((a, b) => a.start - b.start);
    if (line.removed.length === 0) kept.push(line);
    else if (i > 0 && isAllRemoved(text, line)) dropped.push(line);
    else {
      kept.push(line);
      for (const gap of widen(text, line)) erase(gap.start, gap.end);
    }
  });
  // Dropped lines at the end take the line break before them, and lines with nothing but a mark go with them; the line that now ends the
  // instruction must not be continued.
  const isFilled = (line: Line): boolean => skipBlanks(text, line.start, line.contentEnd) < line.contentEnd;
  const lastKept = kept.filter(isFilled).at(-1);
  const isTail = (line: Line): boolean => lastKept !== undefined && line.start > lastKept.start && !isHeredocLine(instruction, line.start);
  const spacers = dropped.some(isTail) ? kept.filter(line => isTail(line) && !isFilled(line)) : [];
  for (const line of [...dropped, ...spacers]) {
    if (isTail(line)) {
      const feed = line.start - 1;
      erase(text[feed - 1] === '\r' ? feed - 1 : feed, line.end);
    } else erase(line.start, nextLine(text, line.start));
  }
  if (lastKept && lastKept.mark >= 0 && dropped.some(isTail)) {
    const from = Math.max(lastKept.start, lastRemovedEnd(lastKept));
    erase(trimBlanks(text, from, lastKept.mark), lastKept.mark + 1);
  }
  return edits;
}

function isHeredocLine(instruction: Instruction, offset: number): boolean {
  return instruction.heredocs.some(({ bodyRange }) => bodyRange.start <= offset && offset < bodyRange.end);
}

function lastRemovedEnd(line: Line): number {
  return line.removed.reduce((end, piece) => Math.max(end, piece.end), line.start);
}

function isAllRemoved(text: string, line: Line): boolean {
  let at = line.start;
  for (const piece of line.removed) {
    if (skipBlanks(text, at, piece.start) < piece.start) return false;
    at = Math.max(at, piece.end);
  }
  return skipBlanks(text, at, line.contentEnd) >= line.contentEnd;
}

/** The removed pieces of a line with the blanks that go with them, merged. */
function widen(text: string, line: Line): Range[] {
  const merged: Range[] = [];
  for (const piece of line.removed) {
    const last = merged[merged.length - 1];
    // Pieces with only blanks between are one.
    if (last && skipBlanks(text, last.end, piece.start) >= piece.start)
      merged[merged.length - 1] = range(last.start, Math.max(last.end, piece.end));
    else merged.push(piece);
  }
  return merged.map(piece => {
    const before = trimBlanks(text, line.start, piece.start);
    // A continuation mark keeps the blank before it: without, it would belong to the word.
    if (before > line.start && piece.end === line.mark && before < piece.start) return range(before + 1, piece.end);
    if (before > line.start) return range(before, piece.end);
    return range(piece.start, skipBlanks(text, piece.end, line.contentEnd));
  });
}
