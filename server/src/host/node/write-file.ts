import { randomUUID } from 'node:crypto';
import {
  accessSync,
  closeSync,
  constants,
  fchmodSync,
  fchownSync,
  fstatSync,
  fsyncSync,
  ftruncateSync,
  lstatSync,
  openSync,
  renameSync,
  rmSync,
  type Stats,
} from 'node:fs';
import { dirname, join } from 'node:path';
import { attempt, type Result, writeAll } from './files';
import { locate, readLocated } from './reader';
import { runNow } from './steps';

const changed: Result<void> = { ok: false, message: 'was changed by something else in the meantime; nothing was written' };

/**
 * Replaces the text of a file in one step: readers see the old text or the new one, never a part. Permissions and owner stay; a symbolic link stays a link. Only a file of
 * somebody else, which lets us write to it, is written in place: a new one would be ours. Refused, with the reason, is a file
 * - behind a link that leads out of `root`,
 * - that its owner may not write: it is meant to stay as it is, though a rename would not mind, and root may do anything,
 * - with other names (hard links): a new file would leave those with the old text, and writing into the old one would reach whatever they are for,
 * - that no longer holds `expected`, the text that it was read with.
 */
export function replaceFile(path: string, expected: string, text: string, root: string): Result<void> {
  const place = runNow(locate(path, root));
  if (!place.ok) return place;
  const { stat } = place.value;
  if (!stat.isFile()) return { ok: false, message: 'is not a regular file' };
  if ((stat.mode & 0o200) === 0) return { ok: false, message: 'is read-only' };
  if (stat.nlink > 1) return { ok: false, message: `has ${stat.nlink} names (hard links), and a change would break the links` };
  const result = attempt(path, (): Result<void> => {
    accessSync(place.value.path, constants.W_OK);
    const was = Buffer.from(expected);
    const now = runNow(readLocated(place.value, was.length));
    if (!now.ok && now.shortfall?.id !== 'too-large') return now;
    if (!now.ok || !now.value.equals(was)) return changed;
    return writeThrough(place.value.path, stat, Buffer.from(text));
  });
  return result.ok ? result.value : result;
}

function writeThrough(target: string, old: Stats, bytes: Buffer): Result<void> {
  const { mode, uid, gid } = old;
  const temporary = join(dirname(target), `.bulkhead-${randomUUID()}.tmp`);
  const file = openSync(temporary, 'wx', 0o600);
  // another folder may have been put in the place of this one; a file of this name is in one of them alone
  const isHere = (): boolean => isAt(target, old) && isAt(temporary, fstatSync(file));
  const giveUp = (): Result<void> => {
    rmSync(temporary, { force: true });
    return changed;
  };
  try {
    try {
      if (!isHere()) return giveUp();
      writeAll(file, bytes);
      // owner first: changing it clears the set-user bits
      const owned = process.platform === 'win32' || attempt(temporary, () => fchownSync(file, uid, gid)).ok;
      if (!owned) {
        // by now it is known that there is room for the text
        rmSync(temporary, { force: true });
        return writeInPlace(target, old, bytes);
      }
      fchmodSync(file, mode & 0o7777);
      fsyncSync(file);
      if (!isHere()) return giveUp();
    } finally {
      closeSync(file);
    }
    renameSync(temporary, target);
    return { ok: true, value: undefined };
  } catch (error) {
    rmSync(temporary, { force: true });
    throw error;
  }
}

function isAt(path: string, { ino, dev }: Stats): boolean {
  const now = lstatSync(path, { throwIfNoEntry: false });
  return now?.ino === ino && now.dev === dev;
}

function writeInPlace(target: string, old: Stats, bytes: Buffer): Result<void> {
  const file = openSync(target, constants.O_WRONLY | (constants.O_NOFOLLOW ?? 0) | (constants.O_NONBLOCK ?? 0));
  try {
    const { ino, dev, nlink } = fstatSync(file);
    if (ino !== old.ino || dev !== old.dev || nlink !== 1) return changed;
    writeAll(file, bytes);
    ftruncateSync(file, bytes.length);
    fsyncSync(file);
    return { ok: true, value: undefined };
  } finally {
    closeSync(file);
  }
}
