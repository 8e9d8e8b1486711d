import { closeSync, constants, fstatSync, ftruncateSync, lstatSync, openSync, readlinkSync, type Stats, statSync } from 'node:fs';
import { basename, dirname, isAbsolute, join, parse, relative, sep } from 'node:path';
import { isWithin, makeFolder, realOf } from '../../../../shared/host/node/folders';
import { attempt, type Result, writeAll } from './files';

// How files are made that a person asked for by name: reports, configurations, policies. The name is theirs; what stands in its place may be a repository's.

/** Streams that the shell has opened, and devices that are the same everywhere: no file of a project has such a path. */
const streams = /^\/dev\/(?:null|tty|stdout|stderr|fd\/\d{1,9})$|^\/proc\/self\/fd\/\d{1,9}$/;

/** As many links on one path as Linux follows. */
const maxLinks = 40;

/**
 * A path without links, though there may be nothing at it. Refused is a link of a folder in `guarded` that leads out of that folder, or into its `.git`: whoever
 * filled the folder does not say where else this user writes. Other links are the user's.
 */
export function realPath(path: string, guarded: readonly string[]): Result<string> {
  return attempt(path, () => follow(path, guarded));
}

function follow(path: string, guarded: readonly string[]): string {
  const parts = partsOf(path);
  const holders: string[] = [];
  let at = parse(path).root;
  for (let part = parts.pop(); part !== undefined; part = parts.pop()) {
    const next = join(at, part);
    const target = linkAt(next);
    if (target === null) at = next;
    else {
      if (holders.push(realOf(at)) > maxLinks) throw new Error('a link in front of it leads back to itself');
      parts.push(...partsOf(target));
      if (isAbsolute(target)) at = parse(target).root;
    }
  }
  for (const folder of guarded.map(realOf)) {
    if (!holders.some(holder => isWithin(folder, holder))) continue;
    if (!isInside(folder, at)) throw new Error(leadsOut);
  }
  return at;
}

const leadsOut = 'a link in front of it leads out of the folder';

function isInside(folder: string, path: string): boolean {
  return isWithin(folder, path) && !relative(folder, path).toLowerCase().split(sep).includes('.git');
}

/** The parts of a path, the first one last. */
function partsOf(path: string): string[] {
  const parts = path.slice(parse(path).root.length).split(process.platform === 'win32' ? /[\\/]/ : '/');
  return parts.reverse();
}

function linkAt(path: string): string | null {
  const target = attempt(path, () => (lstatSync(path).isSymbolicLink() ? readlinkSync(path) : null));
  return target.ok ? target.value : null;
}

/** What a file is, whatever it is called; `null`: there is none, or it is a stream. */
export function identityOf(path: string): string | null {
  const found = attempt(path, () => (streams.test(path) ? undefined : statSync(path, { throwIfNoEntry: false })));
  return found.ok && found.value?.isFile() ? identity(found.value) : null;
}

function identity({ dev, ino }: Stats): string {
  return `${dev} ${ino}`;
}

/** Whether what a file holds goes, or stays; or there must be no file. */
type Manner = 'anew' | 'append' | 'new';

/** Writes a file. `guarded`: see `realPath`. */
export function writeOutput(path: string, guarded: readonly string[], manner: Manner, write: (file: number) => void): Result<void> {
  return attempt(path, () => {
    const file = streams.test(path) ? openSync(path, manner === 'append' ? 'a' : 'w') : openRegular(path, guarded, manner);
    try {
      write(file);
    } finally {
      closeSync(file);
    }
  });
}

/** Writes a file that is not there yet; `false`: something is. */
export function createFile(path: string, guarded: readonly string[], text: string): Result<boolean> {
  const isThere = attempt(path, () => lstatSync(path, { throwIfNoEntry: false }) !== undefined);
  if (!isThere.ok || isThere.value) return isThere.ok ? { ok: true, value: false } : isThere;
  const written = writeOutput(path, guarded, 'new', file => writeAll(file, Buffer.from(text)));
  return written.ok ? { ok: true, value: true } : written;
}

/** Makes a folder, and those around it, where they are missing. */
export function createFolder(path: string, guarded: readonly string[]): Result<void> {
  return attempt(path, () => makeFolder(follow(path, guarded), 0o777));
}

/** Opens what stands at a path, empty unless it is appended to. Neither the opening nor the writing can reach anything else: what was opened is looked at before it is touched. */
function openRegular(path: string, guarded: readonly string[], manner: Manner): number {
  const { place, stat } = placeOf(path, guarded);
  const { O_APPEND, O_CREAT, O_EXCL, O_NOFOLLOW = 0, O_NONBLOCK = 0, O_WRONLY } = constants;
  const own = (manner === 'append' ? O_APPEND : 0) | (stat && manner !== 'new' ? 0 : O_CREAT | O_EXCL);
  const file = openSync(place, O_WRONLY | O_NOFOLLOW | O_NONBLOCK | own, 0o666);
  try {
    const opened = fstatSync(file);
    const now = placeOf(path, guarded).stat;
    if (!now || identity(now) !== identity(opened)) throw new Error('it was changed by something else in the meantime');
    // a folder that keeps being exchanged for a link can pass both looks at the name; Linux says where the open file is
    const real = attempt(place, () => readlinkSync(`/proc/self/fd/${file}`));
    if (real.ok && guarded.map(realOf).some(folder => isInside(folder, place) && !isInside(folder, real.value))) throw new Error(leadsOut);
    if (manner === 'anew') ftruncateSync(file);
    return file;
  } catch (error) {
    closeSync(file);
    throw error;
  }
}

/** Where a file is to be written, and what is there. Throws where that is not to be written over. */
function placeOf(path: string, guarded: readonly string[]): { readonly place: string; readonly stat: Stats | undefined } {
  const folder = follow(dirname(path), guarded);
  if (!lstatSync(folder, { throwIfNoEntry: false })?.isDirectory()) throw new Error('its folder does not exist');
  const place = join(folder, basename(path));
  const stat = lstatSync(place, { throwIfNoEntry: false });
  if (stat?.isSymbolicLink()) throw new Error('it is a link');
  if (stat?.isDirectory()) throw new Error('it is a folder');
  if (stat && !stat.isFile()) throw new Error('it is not a regular file');
  if (stat && stat.nlink > 1) throw new Error(`it has ${stat.nlink} names (hard links)`);
  return { place, stat };
}
