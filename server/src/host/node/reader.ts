import type { Shortfall } from '../../../../shared/src/index';
import type { Stats } from 'node:fs';
import { dirname, isAbsolute, join, relative, sep } from 'node:path';
import { codeOf } from '../../../../shared/host/node/error-code';
import { decodeText } from './files';
import { disk, runNow, type Steps } from './steps';

/** Why something was not read; `shortfall` is `null` where nothing is there. The message goes on from the name of the file. */
export interface Unread {
  readonly ok: false;
  readonly shortfall: Shortfall | null;
  readonly message: string;
}

/** What reading gave. */
export type Read<T> = { readonly ok: true; readonly value: T } | Unread;

/** How far a reading may go. */
export interface Bounds {
  /** The folder that no link may lead out of; `null`: the user has said that links may lead anywhere. */
  readonly root: string | null;
  readonly maxBytes: number;
}

/** What stands at a path once the links on it are followed. */
export interface Located {
  /** Without links. */
  readonly path: string;
  readonly stat: Stats;
}

/** As many links on one path as Linux follows. */
const maxLinks = 40;

/** Says why something is not read. */
export function unread(shortfall: Shortfall): Unread {
  return { ok: false, shortfall, message: messageOf(shortfall) };
}

function messageOf(shortfall: Shortfall): string {
  switch (shortfall.id) {
    case 'unreadable':
    case 'not-utf8':
      return shortfall.problem;
    case 'not-regular':
      return 'is not a regular file';
    case 'outside':
      return 'is a link that leads out of the folder';
    case 'too-large':
      return `is over ${Math.round(shortfall.limit / (1 << 20))} MB, too large to read`;
    default:
      return 'cannot be read';
  }
}

/**
 * The text of a regular file, byte order mark kept. Devices, pipes and sockets are not opened; links are followed inside the root alone, one by one, so that nothing outside
 * is so much as looked at; the opening never waits; and no more than `maxBytes` are read, however large the file says it is. Never throws.
 */
export function* readText(path: string, bounds: Bounds): Steps<Read<string>> {
  const bytes = yield* readRegular(path, bounds);
  if (!bytes.ok) return bytes;
  const text = decodeText(bytes.value);
  return text.ok ? text : unread({ id: 'not-utf8', problem: text.message });
}

/** The bytes of a regular file: see `readText`. */
export function* readRegular(path: string, bounds: Bounds): Steps<Read<Buffer>> {
  try {
    const place = yield* locate(path, bounds.root);
    return place.ok ? yield* readLocated(place.value, bounds.maxBytes) : place;
  } catch (error) {
    return describeUnread(error);
  }
}

/**
 * The text of a regular file that a walk has come across, in as few calls as that takes: the walk has followed no link to its folder, and no link is opened here.
 * `null`: whatever it is, `readText` says.
 */
export function readWalked(path: string, maxBytes: number): string | null {
  try {
    const bytes = runNow(readOpened(path, maxBytes));
    const text = bytes.ok ? decodeText(bytes.value) : bytes;
    return text.ok ? text.value : null;
  } catch {
    return null;
  }
}

/** Follows the links on a path, as far as they stay inside the root. Never throws. */
export function* locate(path: string, root: string | null): Steps<Read<Located>> {
  try {
    if (root !== null) return yield* locateInside(path, root);
    const real = yield* disk.realpath(path);
    return { ok: true, value: { path: real, stat: yield* disk.lstat(real) } };
  } catch (error) {
    const failed = describeUnread(error);
    return failed.shortfall === null && (yield* isLink(path)) ? unread({ id: 'unreadable', problem: 'is a broken symbolic link' }) : failed;
  }
}

function* isLink(path: string): Steps<boolean> {
  try {
    return (yield* disk.lstat(path)).isSymbolicLink();
  } catch {
    return false;
  }
}

const outside = unread({ id: 'outside' });

function* locateInside(path: string, root: string): Steps<Read<Located>> {
  const top = yield* disk.realpath(root);
  const below = partsBelow(root, path) ?? partsBelow(top, path);
  if (!below) return outside;
  const parts = [...below].reverse();
  let at = top;
  let stat = parts.length === 0 ? yield* disk.lstat(top) : undefined;
  let links = 0;
  for (let part = parts.pop(); part !== undefined; part = parts.pop()) {
    if (part === '' || part === '.') continue;
    if (part === '..') {
      if (at === top) return outside;
      at = dirname(at);
      stat = undefined;
      continue;
    }
    // a link into the repository's own folder would show what no working tree holds: addresses with credentials, say
    if (links > 0 && part.toLowerCase() === '.git') return outside;
    const next = join(at, part);
    stat = yield* disk.lstat(next);
    if (!stat.isSymbolicLink()) {
      at = next;
      continue;
    }
    if (++links > maxLinks) return unread({ id: 'unreadable', problem: 'is a symbolic link that points back to itself' });
    const target = yield* disk.readlink(next);
    let onward: readonly string[] | null = target.split(/[\\/]/);
    if (process.platform !== 'win32') onward = target.split('/');
    if (isAbsolute(target)) {
      onward = partsBelow(top, target) ?? partsBelow(root, target);
      if (!onward) return outside;
      at = top;
    }
    for (let i = onward.length - 1; i >= 0; i--) parts.push(onward[i]!);
  }
  return { ok: true, value: { path: at, stat: stat ?? (yield* disk.lstat(at)) } };
}

/** The parts of a path below a folder; `null` where it lies outside. */
function partsBelow(folder: string, path: string): string[] | null {
  const below = relative(folder, path);
  if (below === '') return [];
  return below === '..' || below.startsWith(`..${sep}`) || isAbsolute(below) ? null : below.split(sep);
}

/** Reads what was located. Throws what the file system says. */
export function* readLocated({ path, stat }: Located, maxBytes: number): Steps<Read<Buffer>> {
  return refusal(stat, maxBytes) ?? (yield* readOpened(path, maxBytes));
}

/** Reads what stands at a path that is no link. Throws what the file system says. */
function* readOpened(path: string, maxBytes: number): Steps<Read<Buffer>> {
  const file = yield* disk.open(path);
  try {
    const opened = yield* disk.fstat(file);
    const changed = refusal(opened, maxBytes);
    if (changed) return changed;
    // a byte more than there should be shows that a file has grown; files of /proc say that they are empty
    let bytes = Buffer.allocUnsafe(Math.min(opened.size === 0 ? 1 << 16 : opened.size, maxBytes) + 1);
    for (let length = 0; ;) {
      const count = yield* disk.read(file, bytes, length);
      length += count;
      if (length > maxBytes) return unread({ id: 'too-large', size: length, limit: maxBytes });
      // a short read is the end of a file that has a size
      if (count === 0 || (opened.size > 0 && length <= opened.size && length < bytes.length))
        return { ok: true, value: bytes.subarray(0, length) };
      if (length < bytes.length) continue;
      const larger = Buffer.allocUnsafe(Math.min(2 * length, maxBytes + 1));
      bytes.copy(larger, 0, 0, length);
      bytes = larger;
    }
  } finally {
    yield* disk.close(file);
  }
}

/** Why something of this kind and size is not read. */
export function refusal(stat: Stats, maxBytes: number): Unread | null {
  if (stat.isDirectory()) return unread({ id: 'unreadable', problem: 'is a directory' });
  if (!stat.isFile()) return unread({ id: 'not-regular' });
  return stat.size > maxBytes ? unread({ id: 'too-large', size: stat.size, limit: maxBytes }) : null;
}

/** What a failed call says, in words. */
export function describeUnread(error: unknown): Unread {
  switch (codeOf(error)) {
    case 'ENOENT':
    case 'ENOTDIR':
      return { ok: false, shortfall: null, message: 'does not exist' };
    case 'EACCES':
    case 'EPERM':
      return unread({ id: 'unreadable', problem: 'cannot be read: permission denied' });
    case 'ELOOP':
      return unread({ id: 'unreadable', problem: 'is a symbolic link that points back to itself' });
    case 'EISDIR':
      return unread({ id: 'unreadable', problem: 'is a directory' });
    case 'ENAMETOOLONG':
      return unread({ id: 'unreadable', problem: 'has a name that is too long' });
    // a socket or a device without a driver, put there since it was looked at
    case 'ENXIO':
    case 'ENODEV':
      return unread({ id: 'not-regular' });
    // a file of /proc that would have to be waited for
    case 'EAGAIN':
      return unread({ id: 'unreadable', problem: 'has nothing to read' });
    default: {
      const message = (error instanceof Error ? error.message : String(error)).split('\n', 1)[0] ?? '';
      return unread({ id: 'unreadable', problem: `cannot be read: ${message}` });
    }
  }
}
