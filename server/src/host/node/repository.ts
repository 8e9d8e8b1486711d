import { isAbsolute, join, resolve } from 'node:path';
import { originIn, ownerIn } from '../../../../shared/src/index';
import { createTracked, parseIndex, type Tracked } from './git-index';
import { readRegular, readText, type Read } from './reader';
import { disk, type Steps } from './steps';

/** An index of more bytes is not read: that of a project with half a million files has half of it. */
const maxIndexBytes = 64 << 20;
/** `.git` files and `HEAD` hold one path or name. */
const maxPointerBytes = 8 << 10;
/** `.gitignore` files are written by people. */
const maxIgnoreBytes = 1 << 20;

/** What git tracks in a working tree; `problem` says why that is not known, where there is something to know. */
export interface TrackedFiles {
  readonly tracked: Tracked | null;
  readonly problem: string | null;
}

const nothing: TrackedFiles = { tracked: null, problem: null };

/**
 * Reads the index of the repository whose working tree is `folder`, without running git: files of a repository must not be able to run anything.
 * @param wanted which names are of interest
 */
export function* readTracked(folder: string, wanted: (name: string) => boolean): Steps<TrackedFiles> {
  let own: string | null;
  try {
    own = yield* repositoryFolder(folder);
  } catch {
    return nothing;
  }
  if (own === null) return unknown('is not where .git says');
  const main = yield* readRegular(join(own, 'index'), { root: own, maxBytes: maxIndexBytes });
  // a repository without a commit has none
  if (!main.ok) return main.shortfall === null ? nothing : unknown(main.message);
  const entries = yield* parseIndex(main.value, wanted);
  if (!entries) return unknown('is damaged');
  let { names } = entries;
  if (entries.shared !== null) {
    const path = join(own, `sharedindex.${entries.shared}`);
    const shared = yield* readRegular(path, { root: own, maxBytes: maxIndexBytes });
    const more = shared.ok ? yield* parseIndex(shared.value, wanted) : null;
    if (!more) return unknown('is damaged');
    // those that were taken out since are among them, which shows a file too many at worst
    names = [...names, ...more.names];
  }
  return { tracked: createTracked(names), problem: null };
}

function unknown(why: string): TrackedFiles {
  return { tracked: null, problem: why };
}

/** The folder in which a repository keeps its index: `.git`, or where a `.git` file points to, as in linked worktrees and submodules; `null`: none that looks like one. */
function* repositoryFolder(folder: string): Steps<string | null> {
  const path = join(folder, '.git');
  if ((yield* disk.stat(path)).isDirectory()) return path;
  const pointer = yield* readText(path, { root: folder, maxBytes: maxPointerBytes });
  const target = pointer.ok ? /^gitdir: ([^\0\r\n]+)\r?\n?$/.exec(pointer.value)?.[1] : undefined;
  // to ask another machine for a file is, on Windows, to tell it who asks
  if (target === undefined || /^(?:\\\\|\/\/)/.test(target)) return null;
  const at = isAbsolute(target) ? target : resolve(folder, target);
  const head = yield* readText(join(at, 'HEAD'), { root: at, maxBytes: maxPointerBytes });
  return head.ok && /^(?:ref: refs\/|[0-9a-f]{40})/.test(head.value) ? at : null;
}

/** Who has the repository whose working tree is `folder` on its forge, by the remote `origin`; `null`: that is not written there. */
export function* readOwner(folder: string): Steps<string | null> {
  try {
    const folderOfGit = yield* repositoryFolder(folder);
    if (folderOfGit === null) return null;
    const textIn = (at: string, name: string) => readText(join(at, name), { root: at, maxBytes: maxIgnoreBytes });
    // linked worktrees have the settings of the main one
    const common = yield* textIn(folderOfGit, 'commondir');
    const config = yield* textIn(common.ok ? resolve(folderOfGit, common.value.trim()) : folderOfGit, 'config');
    const origin = config.ok ? originIn(config.value) : null;
    return origin === null ? null : ownerIn(origin);
  } catch {
    return null;
  }
}

/** The text of an ignore file; git follows no link to one in a working tree. `null`: there is none. */
export function* readIgnoreText(folder: string, path: string): Steps<Read<string> | null> {
  try {
    if ((yield* disk.lstat(path)).isSymbolicLink())
      return { ok: false, shortfall: { id: 'not-regular' }, message: 'is a symbolic link, which git does not follow' };
  } catch {
    return null;
  }
  const text = yield* readText(path, { root: folder, maxBytes: maxIgnoreBytes });
  return text.ok || text.shortfall !== null ? text : null;
}
