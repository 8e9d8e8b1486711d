import type { Range } from '../base/text/range';
import { applyEdits, type TextEdit } from '../base/text/edits';

/** A hunk, which is a stretch of the original text and what stands there now, with its place in the current text. */
interface Placed {
  readonly hunk: TextEdit;
  readonly start: number;
  readonly end: number;
}

function place(hunks: readonly TextEdit[]): Placed[] {
  let shift = 0;
  return hunks.map(hunk => {
    const start = hunk.range.start + shift;
    const end = start + hunk.newText.length;
    shift = end - hunk.range.end;
    return { hunk, start, end };
  });
}

/**
 * Puts a further round of edits behind the ones that led from an original to the current text.
 * @param hunks original to current: sorted, not overlapping
 * @param current the current text
 * @param edits current to next; not in conflict
 * @returns original to next, sorted. Where an edit works on text that a hunk wrote, the two become one hunk.
 */
export function compose(hunks: readonly TextEdit[], current: string, edits: readonly TextEdit[]): TextEdit[] {
  const placed = place(hunks);
  const items = [
    ...placed.map(p => ({ start: p.start, end: p.end, hunk: p.hunk, edit: null as TextEdit | null })),
    ...edits.map(edit => ({ start: edit.range.start, end: edit.range.end, hunk: null as TextEdit | null, edit })),
  ].sort((a, b) => a.start - b.start || a.end - b.end);
  const clusters: { start: number; end: number; hunks: TextEdit[]; edits: TextEdit[] }[] = [];
  for (const item of items) {
    const last = clusters.at(-1);
    const inside = last !== undefined && item.start < last.end && (item.start > last.start || item.end > item.start);
    const cluster = inside ? last : { start: item.start, end: item.end, hunks: [], edits: [] };
    if (!inside) clusters.push(cluster);
    cluster.end = Math.max(cluster.end, item.end);
    if (item.hunk) cluster.hunks.push(item.hunk);
    if (item.edit) cluster.edits.push(item.edit);
  }
  return clusters.map(({ start, end, hunks: own, edits: changes }) => {
    if (changes.length === 0) return own[0]!;
    const range = toOriginalRange(placed, { start, end });
    const local = changes.map(({ range: r, newText }) => ({ range: { start: r.start - start, end: r.end - start }, newText }));
    return { range, newText: applyEdits(current.slice(start, end), local) };
  });
}

/** Maps a range whose ends lie in unchanged text, or at the edge of a hunk, back to the original. */
function toOriginalRange(placed: readonly Placed[], { start, end }: Range): Range {
  const shiftAt = (offset: number, strict: boolean): number => {
    let shift = 0;
    for (const p of placed) {
      if (p.end > offset || (strict && p.start >= offset)) break;
      shift = p.hunk.range.end - p.end;
    }
    return shift;
  };
  const from = start + shiftAt(start, false);
  return start === end ? { start: from, end: from } : { start: from, end: end + shiftAt(end, true) };
}

/** The place in the original of an offset of the current text; text that a hunk wrote maps to the hunk's start. */
export function toOriginal(hunks: readonly TextEdit[], offset: number): number {
  let shift = 0;
  for (const { hunk, start, end } of place(hunks)) {
    if (offset < start) break;
    if (offset < end) return hunk.range.start;
    shift = hunk.range.end - end;
  }
  return offset + shift;
}
