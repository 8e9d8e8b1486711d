import { keepsFolder } from '../../../../shared/src/index';
import { disk, list, type Steps } from './steps';

/** Names of files that are there so that their folder is, one after the other. */
const mostKeepers = 4;

/**
 * Whether a file is at a path, or a folder with more in it than what keeps it: `.gitkeep` and its kin. A link counts as a file, and a folder that cannot be
 * looked into as one with files. Never throws.
 */
export function* holds(path: string): Steps<boolean> {
  try {
    if (!(yield* disk.lstat(path)).isDirectory()) return true;
  } catch {
    return false;
  }
  try {
    const entries = yield* list(path, mostKeepers);
    return entries.some(({ name }) => !keepsFolder(name));
  } catch {
    return true;
  }
}
