import { range, type Range } from '../../../base/text/range';
import { applyPattern, type PatternOperator } from './shell-pattern';
import type { WordPart } from './substitution';

/** A text put together from pieces; `source` is where a piece is in the file, `null` where it was computed. */
export interface Expanded {
  readonly text: string;
  readonly pieces: readonly { readonly start: number; readonly source: number | null; readonly length: number }[];
  /** Nothing gives it a value: a plain use of it is empty, and an operator such as `-` takes it for unset. */
  readonly unset?: boolean;
}

/** What a name stands for: a value, nothing (`unset`), or something that the file does not say (`unknown`). */
export type Lookup = (name: string) => Expanded | 'unset' | 'unknown';

/** Longer values are not followed: a chain of `ENV A=$A$A` doubles with each step. */
export const maxValueLength = 4096;

type Piece = { readonly text: string; readonly source: number | null };

function join(pieces: readonly Piece[]): Expanded | null {
  let text = '';
  const joined: { start: number; source: number | null; length: number }[] = [];
  for (const piece of pieces) {
    if (piece.text === '') continue;
    if (text.length + piece.text.length > maxValueLength) return null;
    const last = joined[joined.length - 1];
    if (last && last.source !== null && piece.source === last.source + last.length) last.length += piece.text.length;
    else joined.push({ start: text.length, source: piece.source, length: piece.text.length });
    text += piece.text;
  }
  return { text, pieces: joined };
}

function piecesOf(expanded: Expanded): Piece[] {
  return expanded.pieces.map(({ start, source, length }) => ({ text: expanded.text.slice(start, start + length), source }));
}

/**
 * Expands the parts of a word as BuildKit does. `place` gives the file offset of an offset in the scanned text (`null`: not mapped).
 * `null` where a variable is not known, a plain one is unset, or the value grows too long.
 */
export function expandParts(parts: readonly WordPart[], lookup: Lookup, place: (offset: number) => number | null): Expanded | null {
  const pieces: Piece[] = [];
  for (const part of parts) {
    if (part.kind === 'literal') {
      pieces.push(...literalPieces(part.text, part.start, place));
      continue;
    }
    const value = expandVariable(part, lookup, place);
    if (value === null) return null;
    pieces.push(...piecesOf(value));
  }
  return join(pieces);
}

/** A literal may run over a continuation: it is cut where its source is not one piece. */
function literalPieces(text: string, start: number, place: (offset: number) => number | null): Piece[] {
  const first = place(start);
  if (first === null || place(start + text.length - 1) === first + text.length - 1) return [{ text, source: first }];
  return Array.from(text, (character, i) => ({ text: character, source: place(start + i) }));
}

function expandVariable(part: WordPart & { kind: 'variable' }, lookup: Lookup, place: (offset: number) => number | null): Expanded | null {
  const value = lookup(part.name);
  if (value === 'unknown') return null;
  const { operator } = part;
  if (operator === null) return value === 'unset' ? null : value;
  const set = value !== 'unset' && !value.unset;
  const filled = set && (value.text !== '' || !operator.startsWith(':'));
  if (operator.endsWith('-')) return filled ? value : expandParts(part.operand, lookup, place);
  if (operator.endsWith('+')) return filled ? expandParts(part.operand, lookup, place) : { text: '', pieces: [] };
  if (operator.endsWith('?')) return filled ? value : null;
  if (!set) return null;
  const pattern = expandParts(part.operand, lookup, () => null);
  const replacement = expandParts(part.replacement, lookup, () => null);
  if (pattern === null || replacement === null) return null;
  const text = applyPattern(value.text, operator as PatternOperator, pattern.text, replacement.text);
  return text === null ? null : join([{ text, source: null }]);
}

/** Where a part of an expanded text is in the file, if it is there in one piece. */
export function sourceOfExpanded(expanded: Expanded, part: Range): Range | null {
  if (part.start >= part.end) return null;
  for (const { start, source, length } of expanded.pieces) {
    if (part.start >= start && part.end <= start + length) {
      return source === null ? null : range(source + part.start - start, source + part.end - start);
    }
  }
  return null;
}
