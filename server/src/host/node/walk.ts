import type { Dirent } from 'node:fs';
import { dirname, join, relative, sep } from 'node:path';
import type { Effort } from '../../../../shared/src/index';
import type { Tracked } from './git-index';
import { ignoreVerdict, parseIgnoreRules, type IgnoreRules } from './gitignore';
import { describeUnread, locate, unread, type Located, type Read, type Unread } from './reader';
import { readIgnoreText, readTracked } from './repository';
import { disk, list, pause, type Steps } from './steps';

/** A file that a walk came across, or something that it could not read. Paths are absolute. */
export interface Walked {
  readonly path: string;
  readonly unread: Unread | null;
}

/** How to walk a folder. */
export interface WalkOptions {
  /** The root of the repository that the folder is in: ignore files up to there count, and its index. */
  readonly top: string | null;
  /** The folder that links to files may not lead out of; `null`: anywhere. */
  readonly root: string | null;
  /** Which names are of interest. */
  readonly wanted: (name: string) => boolean;
  /** Whether the walk goes on behind a file. */
  readonly visit: (walked: Walked) => boolean;
  /** Hears of ignore files and indexes that could not be read: more is found then, or less. */
  readonly note: (path: string, what: string) => void;
  /** How many entries of folders are looked at; the walk then ends. */
  readonly maxEntries?: number;
}

/** Folders that hold other people's files or none that we check. */
const skipped = new Set(['.git', '.hg', '.svn', 'node_modules']);

/** A folder with more entries was made by a program; what it holds beyond them is said not to be read. */
const maxFolderEntries = 200_000;
/** What matching ignore patterns may take: this, and so much for each entry. Ordinary projects take a hundredth; beyond it nothing is ignored. */
const matchSteps = 20_000_000;
const matchStepsPerEntry = 5000;
/** Characters of the ignore files in force in one folder. */
const maxPatternLength = 1 << 20;

/** The rules of one `.gitignore`, which speak of paths below a folder. */
interface IgnoreFile {
  /** How many parts lead from the top to that folder. */
  readonly depth: number;
  readonly rules: IgnoreRules;
}

/** A working tree; what git tracks in it is read when something that it may track would be left out. */
interface Tree {
  readonly depth: number;
  readonly tracked: () => Steps<Tracked | null>;
}

/** A folder to be walked. */
interface Place {
  readonly folder: string;
  /** From the top. */
  readonly parts: readonly string[];
  readonly ignores: readonly IgnoreFile[];
  readonly trees: readonly Tree[];
  /** Whether the folder is ignored: only what git tracks counts in it. */
  readonly trackedOnly: boolean;
}

const ignoreCase = process.platform === 'win32' || process.platform === 'darwin';

/** Reads an ignore file. One with too many patterns uses up all effort: none counts from there on. */
function readPatterns(text: string, effort: Effort): IgnoreRules {
  const rules = parseIgnoreRules(text, ignoreCase);
  if (rules.tooMany) effort.left = -Infinity;
  return rules;
}

/**
 * Walks a folder and gives the files whose name is wanted. What `.gitignore` files name is left out, those above the folder included, unless git tracks it, or the folder
 * itself is one of the things they name: then it was asked for. Links to folders are not followed, so that no loop can be; links to files are, inside the root, once for each file.
 */
export function* walkSteps(folder: string, options: WalkOptions): Steps<void> {
  const { top, root, wanted, visit, note, maxEntries = Infinity } = options;
  const base = top ?? folder;
  const effort: Effort = { left: matchSteps };
  let isSpent = false;

  const isIgnored = (path: readonly string[], isFolder: boolean, files: readonly IgnoreFile[]): boolean => {
    const compared = ignoreCase ? path.map(part => part.toLowerCase()) : path;
    for (let i = files.length - 1; i >= 0 && effort.left >= 0; i--) {
      const { rules, depth } = files[i]!;
      const verdict = ignoreVerdict(rules, compared, depth, isFolder, effort);
      if (verdict !== null) return verdict;
    }
    if (effort.left < 0 && !isSpent) {
      isSpent = true;
      note(base, 'has so many ignore patterns that they no longer count');
    }
    return false;
  };

  function* readRules(at: string, path: string, depth: number, inForce: readonly IgnoreFile[]): Steps<readonly IgnoreFile[]> {
    const text = yield* readIgnoreText(at, path);
    if (text === null) return inForce;
    const room = maxPatternLength - inForce.reduce((sum, { rules }) => sum + rules.size, 0);
    if (text.ok && text.value.length <= room) return [...inForce, { depth, rules: readPatterns(text.value, effort) }];
    note(path, `${text.ok ? 'is too long' : text.message}; nothing is left out on its account`);
    return inForce;
  }

  const createTree = (at: string, depth: number): Tree => {
    let known: Tracked | null | undefined;
    return {
      depth,
      tracked: function* () {
        if (known !== undefined) return known;
        const { tracked, problem } = yield* readTracked(at, wanted);
        if (problem !== null) note(join(at, '.git', 'index'), `${problem}; what .gitignore names is left out, tracked or not`);
        return (known = tracked);
      },
    };
  };
  function* isTracked(path: readonly string[], trees: readonly Tree[], asked: keyof Tracked): Steps<boolean> {
    for (const { depth, tracked } of trees) if ((yield* tracked())?.[asked](path.slice(depth).join('/'))) return true;
    return false;
  }

  /** What holds in the folder that the walk begins with. */
  function* begin(): Steps<Place> {
    const parts = folder === base ? [] : relative(base, folder).split(sep);
    const start: Place = { folder, parts, ignores: [], trees: [], trackedOnly: false };
    if (top === null) return start;
    const trees = [createTree(top, 0)];
    let ignores = yield* readRules(join(top, '.git'), join(top, '.git', 'info', 'exclude'), 0, []);
    for (let depth = 0; depth < parts.length; depth++) {
      const at = join(top, ...parts.slice(0, depth));
      ignores = yield* readRules(at, join(at, '.gitignore'), depth, ignores);
      if (isIgnored(parts.slice(0, depth + 1), true, ignores)) return { ...start, trees };
    }
    return { ...start, ignores, trees };
  }

  const links: { path: string; parts: readonly string[] }[] = [];
  const seen = new Set<string>();
  const stack = [yield* begin()];
  let count = 0;
  for (let place = stack.pop(); place; place = stack.pop()) {
    const { folder: current, parts, trackedOnly } = place;
    let { ignores, trees } = place;
    let entries: readonly Dirent[];
    try {
      entries = yield* list(current, maxFolderEntries);
    } catch (error) {
      if (!visit({ path: current, unread: describeUnread(error) })) return;
      continue;
    }
    if (entries.length > maxFolderEntries) {
      entries = entries.slice(0, maxFolderEntries);
      const problem = `holds more than ${maxFolderEntries} files`;
      if (!visit({ path: current, unread: unread({ id: 'unreadable', problem }) })) return;
    }
    let hasIgnoreFile = false;
    let hasRepository = false;
    const candidates: Dirent[] = [];
    for (const entry of entries) {
      if (++count % 256 === 0) yield* pause();
      const { name } = entry;
      hasIgnoreFile ||= name === '.gitignore';
      hasRepository ||= name === '.git';
      if (entry.isDirectory() ? !skipped.has(name) : wanted(name)) candidates.push(entry);
    }
    if (count > maxEntries) {
      visit({ path: current, unread: unread({ id: 'unreadable', problem: 'contains more files than Bulkhead checks' }) });
      return;
    }
    if (hasRepository && !(top !== null && parts.length === 0)) {
      trees = [...trees, createTree(current, parts.length)];
      ignores = yield* readRules(join(current, '.git'), join(current, '.git', 'info', 'exclude'), parts.length, ignores);
    }
    if (hasIgnoreFile && !trackedOnly) ignores = yield* readRules(current, join(current, '.gitignore'), parts.length, ignores);
    for (const [i, entry] of candidates.sort(byName).entries()) {
      if (i % 128 === 127) yield* pause();
      const { name } = entry;
      const isFolder = entry.isDirectory();
      effort.left += matchStepsPerEntry;
      const path = join(current, name);
      const own = [...parts, name];
      let only = trackedOnly;
      if (trackedOnly || isIgnored(own, isFolder, ignores)) {
        if (!(yield* isTracked(own, trees, isFolder ? 'within' : 'has'))) continue;
        only = isFolder && !(yield* isTracked(own, trees, 'isModule'));
      }
      if (name.includes('\ufffd') && !(yield* isThere(path))) {
        if (!visit({ path, unread: unread({ id: 'unreadable', problem: 'has a name that is not valid UTF-8' }) })) return;
      } else if (isFolder) stack.push({ folder: path, parts: own, ignores, trees, trackedOnly: only });
      else if (entry.isFile()) {
        seen.add(path);
        if (!visit({ path, unread: null })) return;
      } else if (entry.isSymbolicLink()) links.push({ path, parts: own });
      else if (!visit({ path, unread: unread({ id: 'not-regular' }) })) return;
    }
  }
  if (links.length === 0) return;
  const real = yield* locate(folder, null);
  for (const [i, { path }] of links.entries()) {
    if (i % 32 === 31) yield* pause();
    const target = yield* locate(path, root);
    const walked = followed(path, target, folder, real, seen);
    if (walked && !visit(walked)) return;
  }
}

function byName(a: Dirent, b: Dirent): number {
  return a.name < b.name ? -1 : a.name > b.name ? 1 : 0;
}

/** What a link comes to; `null` for a folder, and for a file that the walk has met already. */
function followed(path: string, target: Read<Located>, folder: string, real: Read<Located>, seen: Set<string>): Walked | null {
  if (!target.ok) return { path, unread: target };
  const { stat } = target.value;
  if (stat.isDirectory()) return null;
  if (!stat.isFile()) return { path, unread: unread({ id: 'not-regular' }) };
  // the path under which the walk would have met the file
  const inside = real.ok ? join(folder, relative(real.value.path, target.value.path)) : target.value.path;
  if (seen.has(inside)) return null;
  seen.add(inside);
  return { path, unread: null };
}

/** Whether a name that Node has read from a folder leads back to its file: names that are not UTF-8 do not. */
function* isThere(path: string): Steps<boolean> {
  try {
    yield* disk.lstat(path);
    return true;
  } catch {
    return false;
  }
}

/** The root of the repository that holds a folder. */
export function* gitRootSteps(folder: string): Steps<string | null> {
  for (let at = folder; ; at = dirname(at)) {
    if (yield* isThere(join(at, '.git'))) return at;
    if (at === dirname(at)) return null;
  }
}
