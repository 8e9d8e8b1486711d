import { lstatSync } from 'node:fs';

/** What tells without reading it that a file is the one that it was. */
export type Stamp = readonly [size: number, mtimeMs: number, ctimeMs: number, inode: number];

/** A change within this of the last one may have the same time: of Linux it is a hundredth of a second, of FAT two. */
const coarseMs = 2000;

/** The stamp of a regular file; `null` where there is none, or where it has changed so lately that its next change may not show. */
export function stampOf(path: string, now: number): Stamp | null {
  try {
    const stat = lstatSync(path, { throwIfNoEntry: false });
    // what a link leads to may change, and the link stay
    if (!stat?.isFile() || Math.max(stat.mtimeMs, stat.ctimeMs) > now - coarseMs) return null;
    return [stat.size, stat.mtimeMs, stat.ctimeMs, stat.ino];
  } catch {
    return null;
  }
}

/** Whether two stamps are those of one state of a file. */
export function isSameStamp(a: Stamp | null, b: Stamp | null): boolean {
  return a !== null && b !== null && a.every((part, i) => part === b[i]);
}
