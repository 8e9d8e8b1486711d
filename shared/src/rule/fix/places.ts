import type { SnippetPiece } from '../../base/text/snippet';
import type { FixPlace, Operation } from './types';

/** How every mark begins; no file holds it, or its fixes with places are refused. */
export const markStart = 'bulkheadPlace';

/** The mark of a place, numbered from 1, in the values of operations: a word that no language of ours puts in quotes. */
export function markOf(place: number): string {
  return `${markStart}${place}z`;
}

const marks = /bulkheadPlace(\d)z/;

/** Operations with the marks in their values filled; a number where a mark alone is the value stays one. */
export function fillOperations(operations: readonly Operation[], fill: (place: number) => string | number): readonly Operation[] {
  const filled = (value: unknown): unknown => {
    if (typeof value === 'string') return fillText(value, fill);
    if (Array.isArray(value)) return value.map(filled);
    if (typeof value !== 'object' || value === null) return value;
    return Object.fromEntries(Object.entries(value).map(([key, member]) => [key, filled(member)]));
  };
  return filled(operations) as readonly Operation[];
}

function fillText(text: string, fill: (place: number) => string | number): string | number {
  if (!text.includes(markStart)) return text;
  const [first = '', ...more] = piecesOf(text, []).map(piece => (typeof piece === 'string' ? piece : fill(piece.place)));
  return more.length === 0 ? first : [first, ...more].join('');
}

/** A rendered text cut at its marks. */
export function piecesOf(text: string, places: readonly FixPlace[]): SnippetPiece[] {
  return text
    .split(marks)
    .map((piece, index) => (index % 2 === 0 ? piece : { place: Number(piece), text: places[Number(piece) - 1]?.text ?? '' }))
    .filter(piece => piece !== '');
}
