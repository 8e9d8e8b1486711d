import { createFactReader } from './fact-reader';
import { createFactStore } from './fact-tables';
import { keepSketches, type KeptBody, type KeptHead } from './kept-file';
import { keepBody } from './known-file';
import { createListedFiles, type FactSource } from './listed-files';
import { both, builders, forObjects, gaps } from './search';
import { filters } from './object-filters';
import type { FileFacts, WorkspaceIndex } from './types';
import { answerFrom, indexOf, questionOf } from './workspace-index';

/** The facts of a folder whose files are read when a question needs them, and parsed only where their words may answer it. */
export interface IndexOnDemand {
  readonly index: WorkspaceIndex;
  /** Lists the files, and reads none. */
  list(): void;
  /** Reads the files and parses none: what takes time in proportion to the folder, whatever is asked then about builds, or about objects. */
  prepare(about: 'builds' | 'objects'): void;
  /** Puts facts in the place of those that a file has. */
  update(path: string, facts: FileFacts): void;
  /** The files that may have facts, and what was learned of them that was not kept before: for a later index, while they have the same texts. */
  learned(): Iterable<readonly [path: string, learned: { readonly head: KeptHead; readonly body: KeptBody | null } | null]>;
}

/** Every object. */
const objects = forObjects(filters.objects);

/** Creates an index that has read nothing. It answers as one does that has read everything. */
export function createIndexOnDemand(source: FactSource): IndexOnDemand {
  const store = createFactStore(false);
  const files = createListedFiles(source, store);
  const reader = createFactReader(source, store, files);
  return {
    index: indexOf(
      question => {
        const [what, ...about] = question;
        if (what === 'complete') return reader.isComplete();
        questionOf(what)!.needs?.(reader, ...about);
        return answerFrom(store.facts, question);
      },
      (path, facts, run) => {
        reader.file(path);
        return store.assuming(path, facts, run);
      },
    ),
    list: () => void files.all,
    prepare: about => {
      // containers ask what builds their images: the folder is read once
      const search = about === 'builds' ? builders.mounts : both(files.isWhole() ? gaps : objects, builders.builds);
      for (const [path, known] of files.all) files.sketch(path, known, search);
    },
    update: (path, facts) => {
      const known = files.all.get(path);
      if (known) Object.assign(known, { loaded: true, news: 'foreign' });
      files.put(path, known, facts);
    },
    *learned() {
      for (const [path, known] of files.listed)
        yield [path, known.news === 'something' ? { head: keepSketches(known), body: keepBody(known) } : null];
    },
  };
}
