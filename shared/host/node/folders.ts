import { existsSync, mkdirSync, realpathSync } from 'node:fs';
import { basename, dirname, isAbsolute, join, relative, resolve, sep } from 'node:path';
import { codeOf } from './error-code';

/** Whether a path lies in a folder, or is it: as written, no link is followed. */
export function isWithin(folder: string, path: string): boolean {
  const below = relative(folder, resolve(path));
  return below !== '..' && !below.startsWith(`..${sep}`) && !isAbsolute(below);
}

/** A path without links, as the disk spells it, as far as it is there. */
export function realOf(path: string): string {
  try {
    return realpathSync.native(path);
  } catch {
    const folder = dirname(path);
    return folder === path ? path : join(realOf(folder), basename(path));
  }
}

/** Whether a path lies in a folder, as written or where its links lead. */
export function liesIn(path: string, folder: string): boolean {
  return [resolve(folder), realOf(folder)].some(outer => isWithin(outer, path) || isWithin(outer, realOf(path)));
}

/** The top of the repository that a folder is in, else the folder. */
export function topOf(folder: string): string {
  for (let at = resolve(folder); ; at = dirname(at)) {
    if (existsSync(join(at, '.git'))) return at;
    if (dirname(at) === at) return resolve(folder);
  }
}

/**
 * Makes a folder, and those around it, where they are missing. Throws what the file system says. Node's own `recursive` tries for ever where a folder that is
 * there says of what is made in it that it is not, as `/proc` does: here each is tried twice.
 */
export function makeFolder(folder: string, mode: number, isLastTry = false): void {
  try {
    mkdirSync(folder, { mode });
  } catch (error) {
    if (codeOf(error) === 'EEXIST') return;
    if (codeOf(error) !== 'ENOENT' || isLastTry || dirname(folder) === folder) throw error;
    makeFolder(dirname(folder), mode);
    makeFolder(folder, mode, true);
  }
}
