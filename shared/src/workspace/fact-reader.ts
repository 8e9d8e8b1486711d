import { emptyFacts } from './fact-kind';
import type { FactStore } from './fact-tables';
import type { FactSource, ListedFiles } from './listed-files';
import type { FactReader } from './question';
import { builders, everything, forObjects, gaps, type Search } from './search';
import { named, filterOfKind, type ObjectFilter } from './object-filters';
import { folderOf } from './paths';

/** After so many names that were asked for one by one, all of their kind are read. */
const mostNames = 20;

/** What is kept of what was asked: each answer is worked out once. */
function once<K, V>(make: (key: K) => V): (key: K) => V {
  const made = new Map<K, V>();
  return key => {
    if (!made.has(key)) made.set(key, make(key));
    return made.get(key)!;
  };
}

/** Reads what questions need of the files of a source. */
export function createFactReader(source: FactSource, store: FactStore, files: ListedFiles): FactReader {
  const { facts } = store;
  const answered = new Set<Search>();
  const searchOf = once(forObjects);
  let isSettled = false;
  const seek = (wanted: Search, isEnough: (path: string) => boolean = () => false): void => {
    if (answered.has(wanted)) return;
    for (const [path, known] of files.all) if (files.read(path, known, wanted) && isEnough(path)) return;
    answered.add(wanted);
  };
  const file = (path: string): void => {
    const known = files.all.get(path);
    if (known) files.read(path, known, everything);
  };
  /** How many questions about single names have been asked of a search. */
  const counts = new Map<ObjectFilter, number>();
  /** The files of which a name says enough, each group found once: questions about them come with every container. */
  const groups = new Map<string, readonly string[]>();
  return {
    facts,
    isComplete: () => {
      if (!isSettled) {
        isSettled = true;
        if (files.isWhole()) {
          seek(gaps);
          store.settle(files.isReadable());
        }
      }
      return facts.complete;
    },
    objects: (wanted, isEnough) => seek(searchOf(wanted), isEnough),
    objectsOf: (folder, wanted) => {
      if (answered.has(searchOf(wanted))) return;
      for (const [path, known] of files.all) if (folderOf(path) === folder) files.read(path, known, searchOf(wanted));
    },
    named: (wanted, name, passes) => {
      if (answered.has(searchOf(wanted))) return;
      const count = (counts.get(wanted) ?? 0) + 1;
      counts.set(wanted, count);
      // of many names it is quicker to read all there is
      if (count > mostNames) return seek(searchOf(wanted));
      const own = forObjects(named(wanted, name, passes));
      for (const [path, known] of files.all) files.read(path, known, own);
    },
    ofKind: once(filterOfKind),
    builds: what => seek(builders[what]),
    file,
    program: once((path: string): void => {
      if (files.all.has(path)) return file(path);
      const text = source.program?.(path) ?? null;
      if (text !== null)
        store.set(
          path,
          source.facts(path, text, () => true),
        );
    }),
    look: path => {
      const isGone = source.holds?.(path) === false;
      const [known] = facts.at(path);
      if (isGone && !known) store.set(path, [{ type: 'absent', path, range: { start: 0, end: 0 } }]);
      else if (!isGone && known?.type === 'absent') store.set(path, emptyFacts);
    },
    files: (name, test) => {
      let paths = groups.get(name);
      if (!paths) groups.set(name, (paths = [...files.all.keys()].filter(test)));
      return paths;
    },
    give: (path, given) => {
      const known = files.all.get(path);
      if (known && !known.loaded) files.put(path, Object.assign(known, { loaded: true }), given);
    },
  };
}
