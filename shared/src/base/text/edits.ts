import type { Range } from './range';

/** Replaces the text in `range` by `newText`. An empty range inserts; an empty `newText` deletes. */
export interface TextEdit {
  readonly range: Range;
  readonly newText: string;
}

/** Sorts edits by start, then end. Insertions at one place keep the order in which they were given. */
export function sortEdits(edits: readonly TextEdit[]): TextEdit[] {
  return edits
    .map((edit, index) => ({ edit, index }))
    .sort((a, b) => a.edit.range.start - b.edit.range.start || a.edit.range.end - b.edit.range.end || a.index - b.index)
    .map(({ edit }) => edit);
}

/**
 * Whether two edits of a list cannot both be applied: their ranges share a character, or one inserts strictly inside the other.
 * Two insertions at one place do not conflict; an insertion at the edge of a replacement does not either.
 */
export function haveConflict(edits: readonly TextEdit[]): boolean {
  const sorted = sortEdits(edits);
  let end = -1;
  for (const { range } of sorted) {
    if (range.start < end) return true;
    end = Math.max(end, range.end);
  }
  return false;
}

/**
 * Applies edits to `text`.
 * @throws RangeError when edits conflict or lie outside the text: that is a defect of the caller, never of user input.
 */
export function applyEdits(text: string, edits: readonly TextEdit[]): string {
  let result = '';
  let at = 0;
  for (const { range, newText } of sortEdits(edits)) {
    if (range.start < at || range.end < range.start || range.end > text.length) {
      throw new RangeError(`edit ${range.start}-${range.end} overlaps or lies outside the text`);
    }
    result += text.slice(at, range.start) + newText;
    at = range.end;
  }
  return result + text.slice(at);
}
