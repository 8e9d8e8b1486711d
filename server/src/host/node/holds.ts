import { keepsFolder } from '../../../../shared/src/index';
import { disk, list, type Steps } from './steps';

/** Names of files that are there so that their folder is, one after the other. */
const mostKeepers = 4;

/** Whether a file is at a path, or a folder with more in it than what keeps it: `.gitkeep` and its kin. A link counts as a file. Never throws. */
export function* holds(path: string): Steps<boolean> {
  try {
    const stats = yield* disk.lstat(path);
    if (!stats.isDirectory()) return true;
    const entries = yield* list(path, mostKeepers);
    return entries.some(({ name }) => !keepsFolder(name));
  } catch {
    return false;
  }
}
