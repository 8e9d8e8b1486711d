import type { Known, Piece } from './known-file';
import { buildTraits, mayHaveGaps, sketchBuilds, sketchObjects, type BuildTrait } from './sketch';
import type { ObjectFilter } from './object-filters';

/** What is looked for: in files first, then in their pieces. */
export interface Search {
  /** Which sketches of a file tell whether it is worth a look, and fills in those that are missing. */
  readonly sketch: (path: string, known: Known, text: string) => void;
  readonly isSketched: (known: Known) => boolean;
  readonly file: (known: Known) => boolean;
  readonly piece: (piece: Piece, path: string, text: () => string) => boolean;
}

/** Whatever is there. */
export const everything: Search = { sketch: () => {}, isSketched: () => true, file: () => true, piece: () => true };

/** Objects. */
export function forObjects(wanted: ObjectFilter): Search {
  return {
    sketch: (path, known, text) => (known.objects ??= sketchObjects(path, text, false)),
    isSketched: known => known.objects !== null,
    file: ({ objects }) => objects !== null && wanted(objects),
    piece: ({ objects }) => objects !== null && wanted(objects),
  };
}

function forBuilds(what: BuildTrait): Search {
  return {
    sketch: (path, known, text) => (known.builds ??= sketchBuilds(path, text)),
    isSketched: known => known.builds !== null,
    file: ({ builds }) => builds?.has(what) === true,
    piece: (piece, path, text) => (piece.builds ??= sketchBuilds(path, text())).has(what),
  };
}

/** What parts of files may not be read. */
export const gaps: Search = {
  sketch: (path, known, text) => {
    known.objects ??= sketchObjects(path, text, false);
    known.gap ??= mayHaveGaps(text);
  },
  isSketched: known => known.objects !== null && known.gap !== null,
  file: ({ objects, gap }) => gap === true || objects?.traits.has('many') === true,
  piece: (piece, _, text) => piece.objects?.traits.has('many') === true || (piece.gap ??= mayHaveGaps(text())),
};

/** Two searches at once: a text is read for both. */
export function both(one: Search, other: Search): Pick<Search, 'sketch' | 'isSketched'> {
  return {
    sketch: (path, known, text) => {
      one.sketch(path, known, text);
      other.sketch(path, known, text);
    },
    isSketched: known => one.isSketched(known) && other.isSketched(known),
  };
}

/** What says something of builds, by what it is. */
export const builders = Object.fromEntries(buildTraits.map(trait => [trait, forBuilds(trait)])) as Record<BuildTrait, Search>;
