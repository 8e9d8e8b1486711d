import { accessSync, constants, existsSync, statSync } from 'node:fs';
import { delimiter, dirname, isAbsolute, join, resolve } from 'node:path';
import { homeFolder } from './cache-folder';
import { liesIn } from './folders';

/**
 * A program on the path, absolute; `left`: the first that is there and lies in a folder of `outside`, or in a repository around one. Entries that are relative, or empty, do not count: what they
 * name depends on the working directory, which is the folder that is checked.
 */
export function findOnPath(
  name: string,
  env: NodeJS.ProcessEnv,
  outside: readonly string[],
): { readonly path: string | null; readonly left: string | null } {
  const checked = isIn(outside);
  let left: string | null = null;
  for (const folder of foldersOf(env['PATH'] ?? env['Path'] ?? '')) {
    const candidate = join(folder, process.platform === 'win32' ? `${name}.exe` : name);
    if (!isProgram(candidate)) continue;
    if (!checked(folder) && !checked(candidate)) return { path: candidate, left };
    left ??= candidate;
  }
  return { path: null, left };
}

/** The environment of a program that may look for others, as what asks registries does for `docker-credential-*`: none of a folder of `outside` is found by it. */
export function withoutFolders(env: NodeJS.ProcessEnv, outside: readonly string[]): NodeJS.ProcessEnv {
  const checked = isIn(outside);
  const own: NodeJS.ProcessEnv = { ...env };
  for (const name of ['PATH', 'Path']) {
    const folders = foldersOf(own[name] ?? '').filter(folder => !checked(folder));
    // an empty one would be the working directory
    if (folders.length > 0) own[name] = folders.join(delimiter);
    else delete own[name];
  }
  return own;
}

/** Whether a path lies in one of the folders, or in a repository around one. */
function isIn(folders: readonly string[]): (path: string) => boolean {
  const whole = [...new Set(folders.map(wholeOf))];
  return path => whole.some(folder => liesIn(path, folder));
}

/**
 * The outermost repository around a folder, else the folder itself: a `.git` further in, which whoever filled the one around it may have made, parts nothing from
 * it. The user's home is a repository where one keeps settings so, and the programs in it are the user's.
 */
function wholeOf(folder: string): string {
  const home = homeFolder(process.env);
  let whole = resolve(folder);
  for (let at = whole, parent = dirname(at); parent !== at; at = parent, parent = dirname(at))
    if (at !== home && existsSync(join(at, '.git'))) whole = at;
  return whole;
}

function foldersOf(path: string): readonly string[] {
  return path.split(delimiter).filter(folder => isAbsolute(folder));
}

/** Why a program of the path is not run. */
export function leftOut(path: string): string {
  return `${path} is not run: it lies in the folder that is checked`;
}

/** Whether a path is a file that may be run. */
export function isProgram(path: string): boolean {
  try {
    accessSync(path, constants.X_OK);
    return statSync(path).isFile();
  } catch {
    return false;
  }
}
