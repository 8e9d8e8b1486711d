import type { BuildSketch, ObjectSketch } from './sketch';
import type { FileFacts } from './types';

// What an index knows of a file as plain data, so that whoever has a disk may keep it from one run to the next. All of it follows from the path and the text.

/** A sketch of objects; `null` for names where the sketch has that. */
interface KeptSketch {
  readonly kinds: readonly string[];
  readonly traits: readonly string[];
  readonly names: readonly string[] | null;
}

/** What searches go by before a file is read: small, and wanted of every file. */
export interface KeptHead {
  readonly objects: KeptSketch | null;
  readonly builds: readonly string[] | null;
  readonly gap: boolean | null;
}

/** A piece of a file, and whether its facts are among those of the body. */
interface KeptPiece extends KeptHead {
  readonly base: number;
  readonly end: number;
  readonly read: boolean;
}

/** What is taken from a file once a search has come upon it. */
export interface KeptBody {
  readonly pieces: readonly KeptPiece[];
  readonly facts: FileFacts;
}

/** What is known of a text from an earlier run. Both are asked for when they are needed; `null` for the body: the file was only looked at. */
export interface KeptFile {
  readonly head: () => KeptHead;
  readonly body: () => KeptBody | null;
}

/** What searches go by, of a file or a piece of one: `null` is what nobody has looked at. */
export interface Sketches {
  objects: ObjectSketch | null;
  builds: BuildSketch | null;
  gap: boolean | null;
}

/** Sketches as plain data. */
export function keepSketches({ objects, builds, gap }: Sketches): KeptHead {
  return {
    objects: objects && { kinds: [...objects.kinds], traits: [...objects.traits], names: objects.names && [...objects.names] },
    builds: builds && [...builds],
    gap,
  };
}

/** Sketches from what `keepSketches` has made of them. */
export function restoreSketches({ objects, builds, gap }: KeptHead): Sketches {
  let names: ReadonlySet<string> | null = null;
  const sketch = objects && {
    kinds: new Set(objects.kinds),
    traits: new Set(objects.traits),
    // few are asked for
    get names() {
      return objects.names && (names ??= new Set(objects.names));
    },
  };
  return { objects: sketch as ObjectSketch | null, builds: builds && (new Set(builds) as BuildSketch), gap };
}
