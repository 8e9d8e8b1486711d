import { existsSync } from 'node:fs';
import { dirname, join, relative } from 'node:path';
import { isWithin } from '../../../shared/host/node/folders';
import { decideNow } from '../decisions/deciding';
import { findRepository } from '../decisions/find-scope';
import { ownerIn, type Repository } from '../../../shared/src/index';
import { readOwner } from '../host/node/repository';
import { readStream } from '../host/node/files';
import { locate, readRegular, readText, readWalked, unread, type Read, type Unread } from '../host/node/reader';
import { runNow } from '../host/node/steps';
import { walkSteps, type Walked } from '../host/node/walk';
import { maxSideBytes } from '../decisions/limits';

/** How a run reads files: regular ones, no more of them than is asked for, and behind no link that leads out of the tree unless the user has said so. */
export interface Reading {
  /** The bytes of a file of the user's choice, or of a stream that the shell has opened. */
  bytes(path: string): Read<Uint8Array>;
  /** The text of a file that others ask about. */
  sideText(path: string): Read<string>;
  /** The same of a file that a walk has come across. */
  walkedText(path: string): string | null;
  /** What stands at a path that was named. */
  kind(path: string): Read<'file' | 'folder'>;
  walk(folder: string, wanted: (name: string) => boolean, visit: (walked: Walked) => boolean, maxEntries?: number): void;
  gitRoot(folder: string): string | null;
  /** The repository that a folder is in; in GitHub's CI the owner is known without a remote. */
  repository(folder: string | null): Repository | null;
  /** The folder that links in a folder may not lead out of: the repository, else the working directory, else the folder itself. */
  root(folder: string): string;
  /** What was noticed that is no fault of the input, and changes what was read. */
  readonly notes: ReadonlySet<string>;
  /** Files that others ask about and that could not be read, by path. */
  readonly unread: Map<string, Unread>;
}

/** No file over this many bytes is read at all. What is under it and over the size limit of the engine is said by the engine. */
const maxBytes = 64 << 20;

/** A stream that the shell has opened for us and calls by its number, as in `<(...)`: no file of a project has such a path. */
function streamOf(path: string): number | null {
  if (path === '/dev/stdin') return 0;
  const number = /^\/(?:dev|proc\/self)\/fd\/(\d{1,9})$/.exec(path)?.[1];
  return number === undefined ? null : Number(number);
}

/** Creates the reading of a run; `followLinks` takes links wherever they lead, and those below `within` may not lead out of that. */
export function createReading(followLinks: boolean, shown: (absolute: string) => string, within?: string): Reading {
  const gitRoots = new Map<string, string | null>();
  const repositories = new Map<string, boolean>();
  const notes = new Set<string>();

  const isRepository = (folder: string): boolean => {
    let is = repositories.get(folder);
    if (is === undefined) repositories.set(folder, (is = existsSync(join(folder, '.git'))));
    return is;
  };
  const gitRoot = (folder: string): string | null => {
    let root = gitRoots.get(folder);
    if (root === undefined) gitRoots.set(folder, (root = decideNow(findRepository(folder, { parentOf: parentFolder, isRepository }))));
    return root;
  };
  const root = (folder: string): string => gitRoot(folder) ?? (isWithin(process.cwd(), folder) ? process.cwd() : folder);
  const bound = (folder: string): string | null => {
    if (followLinks) return null;
    return within !== undefined && isWithin(within, folder) ? within : root(folder);
  };
  const owners = new Map<string, string | null>();
  const ownerOf = (top: string): string | null => {
    let owner = owners.get(top);
    if (owner === undefined) owners.set(top, (owner = runNow(readOwner(top)) ?? ownerIn(process.env['GITHUB_REPOSITORY'] ?? '')));
    return owner;
  };
  const sideText = (path: string): Read<string> => runNow(readText(path, { root: bound(dirname(path)), maxBytes: maxSideBytes }));

  return {
    gitRoot,
    repository: folder => {
      const top = folder === null ? null : gitRoot(folder);
      if (folder === null || top === null) return null;
      const below = relative(top, folder).replaceAll('\\', '/');
      return { folder: below === '' ? '' : `${below}/`, owner: ownerOf(top) };
    },
    root,
    notes,
    unread: new Map(),
    bytes: path => {
      const stream = streamOf(path);
      if (stream === null) return runNow(readRegular(path, { root: bound(dirname(path)), maxBytes }));
      const read = readStream(stream, maxBytes);
      return read.ok ? read : unread({ id: 'unreadable', problem: read.message });
    },
    sideText,
    walkedText: path => {
      const text = readWalked(path, maxSideBytes);
      if (text !== null) return text;
      const read = sideText(path);
      return read.ok ? read.value : null;
    },
    kind: path => {
      if (streamOf(path) !== null) return { ok: true, value: 'file' };
      const parent = dirname(path);
      // where neither a repository nor the working directory has a say, a folder is where the user says that it is
      const isOurs = gitRoot(parent) !== null || isWithin(process.cwd(), path);
      const place = runNow(locate(path, isOurs ? bound(parent) : null));
      if (!place.ok) return place;
      const { stat } = place.value;
      return stat.isDirectory() || stat.isFile()
        ? { ok: true, value: stat.isDirectory() ? 'folder' : 'file' }
        : unread({ id: 'not-regular' });
    },
    walk: (folder, wanted, visit, maxEntries) => {
      const note = (path: string, what: string): void => void notes.add(`${shown(path)} ${what}`);
      const limit = maxEntries === undefined ? {} : { maxEntries };
      runNow(walkSteps(folder, { top: gitRoot(folder), root: bound(folder), wanted, visit, note, ...limit }));
    },
  };
}

/** The folder around a path; `null` at the root of a disk. */
export function parentFolder(path: string): string | null {
  const parent = dirname(path);
  return parent === path ? null : parent;
}
