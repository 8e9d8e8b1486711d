import { randomBytes } from 'node:crypto';
import { closeSync, constants, fstatSync, lstatSync, openSync, readSync, renameSync, rmSync, type Stats } from 'node:fs';
import { join } from 'node:path';
import { makeFolder } from '../../../../../shared/host/node/folders';
import { writeAll } from '../files';

/** Whether something is the user's own and nobody else may write to it. Windows keeps the user's folders private by itself. */
export function isPrivate({ uid, mode }: Pick<Stats, 'uid' | 'mode'>): boolean {
  return process.getuid === undefined || (uid === process.getuid() && (mode & 0o022) === 0);
}

/** Whether a folder is there, is the user's own, and takes files from nobody else. Never throws. */
export function isPrivateFolder(folder: string): boolean {
  try {
    const place = lstatSync(folder);
    return place.isDirectory() && isPrivate(place);
  } catch {
    return false;
  }
}

/** The bytes of a regular file of a private folder; `null` where it is not there, is not the user's alone, or is larger than `maxBytes`. Never throws. */
export function readPrivate(folder: string, name: string, maxBytes: number): Buffer | null {
  if (!isPrivateFolder(folder)) return null;
  try {
    const file = openSync(join(folder, name), constants.O_RDONLY | (constants.O_NOFOLLOW ?? 0) | (constants.O_NONBLOCK ?? 0));
    try {
      const stat = fstatSync(file);
      if (!stat.isFile() || !isPrivate(stat) || stat.size > maxBytes) return null;
      // of memory of its own: what V8 made of code has to stand at a multiple of eight
      const bytes = Buffer.allocUnsafeSlow(stat.size);
      for (let at = 0; at < bytes.length;) {
        const count = readSync(file, bytes, at, bytes.length - at, at);
        if (count === 0) return null;
        at += count;
      }
      return bytes;
    } finally {
      closeSync(file);
    }
  } catch {
    return null;
  }
}

/** Writes a file of a private folder, which is made where it is missing: whole or not at all, whoever writes it at the same time. Gives whether it was written; never throws. */
export function writePrivate(folder: string, name: string, parts: readonly Uint8Array[]): boolean {
  const temporary = join(folder, `${name}.${process.pid}.${randomBytes(4).toString('hex')}`);
  try {
    makeFolder(folder, 0o700);
    if (!isPrivateFolder(folder)) return false;
    const file = openSync(temporary, 'wx', 0o600);
    try {
      for (const part of parts) writeAll(file, part);
    } finally {
      closeSync(file);
    }
    renameSync(temporary, join(folder, name));
    return true;
  } catch {
    remove(temporary);
    return false;
  }
}

/** Removes a file, where it can be. Never throws. */
export function remove(path: string): void {
  try {
    rmSync(path, { force: true });
  } catch {
    // where a file stands in the place of a folder, there is nothing to remove
  }
}
