import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

/** Why there is no folder. */
export interface NoFolder {
  readonly kind: 'disk-full' | 'failed';
  /** A short English phrase. */
  readonly message: string;
}

/** Runs something in an empty folder that is nobody else's, and removes it. */
export async function inFolder<T>(run: (folder: string) => Promise<T>): Promise<T | NoFolder> {
  let folder: string;
  try {
    folder = mkdtempSync(join(tmpdir(), 'bulkhead-run-'));
  } catch (error) {
    return noFolder(error);
  }
  try {
    return await run(folder);
  } catch (error) {
    return noFolder(error);
  } finally {
    removeFolder(folder);
  }
}

function noFolder(error: unknown): NoFolder {
  const isFull = (error as NodeJS.ErrnoException).code === 'ENOSPC';
  return {
    kind: isFull ? 'disk-full' : 'failed',
    message: isFull ? 'the disk is full' : `a temporary directory could not be used: ${String(error)}`,
  };
}

/** Removes such a folder; what cannot be removed is left to the system. */
export function removeFolder(folder: string): void {
  try {
    rmSync(folder, { recursive: true, force: true });
  } catch {
    // somebody else works in it
  }
}
