import type { TrialFolder, TrialMount, TrialObservation } from './contract';

/** What a path is in an image or a container: a folder with nothing in it, with folders alone, or with files at any depth. */
export type PathKind = 'file' | 'empty' | 'folders' | 'filled';

/** Where a container writes, as far as the difference to its image tells. */
export interface WrittenFolders {
  /** Each with whether it was only changed in place: contents of the image that an entry point edits, which many work without. */
  readonly folders: readonly (TrialFolder & { readonly edited: boolean })[];
  /** Files that it makes where nothing can be mounted: at the root of the file system. */
  readonly unmountable: readonly string[];
}

type Change = TrialObservation['changes'][number];

/** What engines write into every container, and what no image has. */
const noise: readonly string[] = [
  '/etc/hosts',
  '/etc/hostname',
  '/etc/resolv.conf',
  '/etc/mtab',
  '/etc/passwd',
  '/etc/group',
  '/dev',
  '/proc',
  '/sys',
  '/.dockerenv',
  '/run/.containerenv',
  '/run/secrets',
];

const isIn = (path: string, folder: string): boolean => path === folder || path.startsWith(`${folder}/`);

const parentOf = (path: string): string => path.slice(0, path.lastIndexOf('/')) || '/';

/** What Python keeps beside what it imports: where it may not, it says nothing and goes on without (PEP 3147). */
const ofPython = /\/__pycache__(?:\/|$)/;

/** The changes that the container itself made. */
function ownChanges(changes: readonly Change[], mounts: readonly Pick<TrialMount, 'path'>[]): readonly Change[] {
  const hidden = [...noise, ...mounts.map(({ path }) => path)];
  // the way to a mount is made by the engine
  const isWay = (path: string): boolean => mounts.some(mount => isIn(mount.path, path));
  return changes.filter(
    ({ path }) => path.startsWith('/') && !ofPython.test(path) && !isWay(path) && !hidden.some(folder => isIn(path, folder)),
  );
}

/** Paths without anything changed below them. */
function leavesOf(changes: readonly Change[]): readonly Change[] {
  const withChildren = new Set(changes.flatMap(({ path }) => ancestorsOf(path)));
  return changes.filter(({ path }) => !withChildren.has(path));
}

/** The folders above a path, the nearest first, without the root. */
function ancestorsOf(path: string): readonly string[] {
  const above: string[] = [];
  for (let at = parentOf(path); at !== '/'; at = parentOf(at)) above.push(at);
  return above;
}

/** The most paths that an engine is asked about: each costs a call. */
const mostAsked = 40;

/** The highest new folder around a path, or the path itself. */
function highestAdded(path: string, added: ReadonlySet<string>): string {
  let top = path;
  while (added.has(parentOf(top))) top = parentOf(top);
  return top;
}

const addedIn = (changes: readonly Change[]): ReadonlySet<string> =>
  new Set(changes.flatMap(({ kind, path }) => (kind === 'A' ? [path] : [])));

/** The paths whose kinds in the image `reduceChanges` goes by: what was changed, and where something was added. */
export function imagePathsToAsk(changes: readonly Change[], mounts: readonly Pick<TrialMount, 'path'>[]): readonly string[] {
  const changed = ownChanges(changes, mounts);
  const added = addedIn(changed);
  const asked = leavesOf(changed).flatMap(({ kind, path }) =>
    kind === 'D' ? [] : [kind === 'C' ? path : parentOf(highestAdded(path, added))],
  );
  return [...new Set(asked)].filter(path => path !== '/etc' && path !== '/').slice(0, mostAsked);
}

/** The paths whose kinds in the container it goes by: what is new beside what the image has. */
export function containerPathsToAsk(
  changes: readonly Change[],
  mounts: readonly Pick<TrialMount, 'path'>[],
  image: ReadonlyMap<string, PathKind>,
): readonly string[] {
  const changed = ownChanges(changes, mounts);
  const added = addedIn(changed);
  const isUnclear = ({ kind, path }: Change): boolean =>
    kind === 'A' && !added.has(parentOf(path)) && image.get(parentOf(path)) !== 'empty';
  return leavesOf(changed)
    .filter(isUnclear)
    .map(({ path }) => path)
    .slice(0, mostAsked);
}

/**
 * From what an engine says to have changed to the folders that a read-only start has to make writable: the highest one that holds nothing of the image. `image` and
 * `container` have the kinds of what the two functions above give; what is missing there counts as a file, or as a folder with content.
 */
export function reduceChanges(
  changes: readonly Change[],
  kinds: { readonly image: ReadonlyMap<string, PathKind>; readonly container: ReadonlyMap<string, PathKind> },
  mounts: readonly Pick<TrialMount, 'path'>[],
): WrittenFolders {
  const changed = ownChanges(changes, mounts);
  const added = addedIn(changed);
  const hidesNothing = (folder: string): boolean => added.has(folder) || ['empty', 'folders'].includes(kinds.image.get(folder) ?? 'filled');
  /** The highest new folder, or the one of the image around it if that has nothing else. */
  const highest = (folder: string): string => {
    if (!added.has(folder)) return folder;
    const top = highestAdded(folder, added);
    return kinds.image.get(parentOf(top)) === 'empty' ? parentOf(top) : top;
  };
  const found = new Map<string, { edited: boolean }>();
  const unmountable: string[] = [];
  const note = (folder: string, path: string, edited: boolean): void => {
    if (folder === '/') {
      unmountable.push(path);
      return;
    }
    const top = highest(folder);
    const known = found.get(top);
    if (known) known.edited &&= edited;
    else found.set(top, { edited });
  };
  for (const { kind, path } of leavesOf(changed)) {
    // engines write to /etc in every container
    if (path === '/etc') continue;
    const isNewFolder = kind === 'A' && (kinds.container.get(path) ?? 'file') !== 'file';
    const isOldFolder = kind === 'C' && (kinds.image.get(path) ?? 'file') !== 'file';
    // an image's file that is changed or deleted; a folder of it in which something came and went, or whose owner changed
    note(isNewFolder || isOldFolder ? path : parentOf(path), path, kind !== 'A' && !(isOldFolder && hidesNothing(path)));
  }
  const all = [...found].map(([path, { edited }]) => ({
    path,
    kind: hidesNothing(path) ? ('memory' as const) : ('volume' as const),
    learned: 'diff' as const,
    edited: edited && !hidesNothing(path),
  }));
  // a folder of the image is not there in an empty one around it
  const isCovered = (path: string): boolean =>
    all.some(other => other.path !== path && !other.edited && isIn(path, other.path) && (added.has(path) || other.kind === 'volume'));
  return { folders: all.filter(({ path }) => !isCovered(path)).sort((a, b) => (a.path < b.path ? -1 : 1)), unmountable };
}
