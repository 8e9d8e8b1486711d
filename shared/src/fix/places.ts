import type { SnippetPiece } from '../text/snippet';
import type { FixPlace, Operation } from './types';

/** How every mark begins; no file holds it, or its fixes with places are refused. */
export const markStart = 'bulkheadPlace';

/** The mark of a place, numbered from 1, in the values of operations: a word that no language of ours puts in quotes. */
export function markOf(place: number): string {
  return `${markStart}${place}z`;
}

const marks = /bulkheadPlace(\d)z/;

/** Operations with the marks in their values filled. */
export function fillOperations(operations: readonly Operation[], fill: (place: number) => string): readonly Operation[] {
  const filled = (value: unknown): unknown => {
    if (typeof value === 'string') return fillText(value, fill);
    if (Array.isArray(value)) return value.map(filled);
    if (typeof value !== 'object' || value === null) return value;
    return Object.fromEntries(Object.entries(value).map(([key, member]) => [key, filled(member)]));
  };
  return filled(operations) as readonly Operation[];
}

function fillText(text: string, fill: (place: number) => string): string {
  return text.includes(markStart)
    ? piecesOf(text, [])
        .map(piece => (typeof piece === 'string' ? piece : fill(piece.place)))
        .join('')
    : text;
}

/** A rendered text cut at its marks. */
export function piecesOf(text: string, places: readonly FixPlace[]): SnippetPiece[] {
  return text
    .split(marks)
    .map((piece, index) => (index % 2 === 0 ? piece : { place: Number(piece), text: places[Number(piece) - 1]?.text ?? '' }))
    .filter(piece => piece !== '');
}
