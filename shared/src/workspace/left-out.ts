import { reason, type Reason } from '../base/terms/evidence';
import { isFilledAtRun } from '../knowledge/folders';
import { baseName } from './source/names';
import { folderOf, ignoreFile, keepsFolder } from './paths';
import type { KeptFolderFact, LeftOutFact } from './unkeyed-facts';

/** What an ignore file names that a program fills while it runs. */
export interface LeftOut {
  /** Folders, relative to the ignore file's own. */
  readonly folders: readonly string[];
  /** The first file that has no such folder of its own, as a pattern; `null`: none. */
  readonly file: string | null;
}

/** Files that a program keeps beside itself: databases and logs, not those of package managers. */
const kept = /^(?!(?:npm|yarn|pnpm|lerna)-)(?:\*|[\w-]+)\.(?:db|sqlite3?|rdb|log)$/;

/** What an ignore file holds that was taken from a collection, whatever the program does; and what is of no meaning then. */
const collected = /^(?:npm-debug\.log\*?|\*\.py\[co\w*\]|pip-log\.txt|hs_err_pid\*)\s*$/m;
const usual = /^(?:logs?|pids|\.cache|\.?te?mp|instance|\*\.log|db\.sqlite3)$/;

/** A line of an ignore file that names one folder or file, without the marks around it: `/log/*`, `**` before a slash. */
const plain = /^(?:\*\*\/|\.?\/)?((?:[\w.-]+\/){0,2})(\*\.\w+|[\w.-]+)(?:\/\*{0,2}|\/\*\.\w+)?$/;

/** Reads a `.gitignore` or `.dockerignore` for what a program writes beside its sources. */
export function readLeftOut(text: string): LeftOut {
  const isCollected = collected.test(text);
  const folders: string[] = [];
  let file: string | null = null;
  for (const line of text.split(/\r?\n/)) {
    const [, before = '', last = ''] = plain.exec(line.trim()) ?? [];
    if (last === '' || line.startsWith('#') || (isCollected && before === '' && usual.test(last))) continue;
    if (isFilledAtRun(last)) folders.push(before + last);
    else if (kept.test(last) && before !== '') {
      if (isFilledAtRun(before.slice(0, -1))) folders.push(before);
    } else if (kept.test(last)) file ??= last;
  }
  return { folders, file };
}

/** The fact of an ignore file that names what a program writes beside its sources without a folder of its own. */
export function leftOutFacts(text: string, path: string): readonly LeftOutFact[] {
  if (!ignoreFile.test(baseName(path).toLowerCase())) return [];
  const { file } = readLeftOut(text);
  return file === null ? [] : [{ type: 'left-out', path, range: { start: 0, end: 0 }, file }];
}

/** Whether an ignore file leaves out everything but itself. */
function keepsItself(text: string): boolean {
  const lines = text
    .slice(0, 400)
    .split('\n')
    .flatMap(line => (/^\s*(?:#|$)/.test(line) ? [] : line.trim().replace(/^(!?)\//, '$1')));
  return /^\*{1,2}$/.test(lines[0] ?? '') && lines.slice(1).every(line => line === '!.gitignore' || line === '!.gitkeep');
}

/** The fact of a file that is there so that its folder is, `.gitkeep` or a `.gitignore` that leaves out everything, where its name says that a program fills it. */
export function keptFolderFacts(text: string, path: string): readonly KeptFolderFact[] {
  const folder = folderOf(path);
  const isKept =
    keepsFolder(baseName(path)) && folder.split('/').some(isFilledAtRun) && (!path.endsWith('.gitignore') || keepsItself(text));
  return isKept ? [{ type: 'kept-folder', path, range: { start: 0, end: 0 }, folder }] : [];
}

/** What is seen of a program whose sources an ignore file leaves files out of. */
export function besideDoubt(path: string, file: string): Reason {
  return reason('left-out-beside', { path, file });
}
