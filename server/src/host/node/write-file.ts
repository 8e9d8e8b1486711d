import {
  accessSync,
  closeSync,
  constants,
  fchmodSync,
  fchownSync,
  fsyncSync,
  openSync,
  readFileSync,
  realpathSync,
  renameSync,
  rmSync,
  statSync,
  writeSync,
} from 'node:fs';
import { basename, dirname, join } from 'node:path';
import { attempt, type Result } from './files';

/**
 * Replaces the text of a file in one step: readers see the old text or the new one, never a part. Permissions and, where the system lets us, the owner stay; a symbolic link
 * stays a link. Nothing is written where the file no longer holds `expected`, the text that it was read with.
 */
export function replaceFile(path: string, expected: string, text: string): Result<void> {
  const result = attempt(path, () => {
    const target = realpathSync(path);
    // a file that is read-only is meant to be, though a rename would not mind
    accessSync(target, constants.W_OK);
    if (!readFileSync(target).equals(Buffer.from(expected))) return 'was changed by something else meanwhile; nothing is written';
    writeThrough(target, Buffer.from(text));
    return null;
  });
  if (!result.ok) return result;
  return result.value === null ? { ok: true, value: undefined } : { ok: false, message: result.value };
}

function writeThrough(target: string, bytes: Buffer): void {
  const { mode, uid, gid } = statSync(target);
  const temporary = join(dirname(target), `.${basename(target)}.${process.pid}.${Date.now().toString(36)}.tmp`);
  const file = openSync(temporary, 'wx', 0o600);
  try {
    try {
      for (let at = 0; at < bytes.length;) at += writeSync(file, bytes, at);
      // owner first: changing it clears the set-user bits
      if (process.platform !== 'win32') attempt(temporary, () => fchownSync(file, uid, gid));
      fchmodSync(file, mode & 0o7777);
      fsyncSync(file);
    } finally {
      closeSync(file);
    }
    renameSync(temporary, target);
  } catch (error) {
    rmSync(temporary, { force: true });
    throw error;
  }
}
