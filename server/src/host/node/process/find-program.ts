import { accessSync, constants, existsSync, realpathSync, statSync } from 'node:fs';
import { homedir } from 'node:os';
import { delimiter, dirname, isAbsolute, join, resolve, sep } from 'node:path';

/** A program on the path, absolute; `left`: the first that is there and lies in a folder of `outside`, or in a repository around one. */
export function findOnPath(
  name: string,
  env: NodeJS.ProcessEnv,
  outside: readonly string[],
): { readonly path: string | null; readonly left: string | null } {
  const checked = [...new Set(outside.map(wholeOf))];
  let left: string | null = null;
  for (const folder of (env['PATH'] ?? env['Path'] ?? '').split(delimiter).filter(one => isAbsolute(one))) {
    const candidate = join(folder, process.platform === 'win32' ? `${name}.exe` : name);
    if (!isProgram(candidate)) continue;
    if (!checked.some(own => isIn(folder, own) || isIn(candidate, own))) return { path: candidate, left };
    left ??= candidate;
  }
  return { path: null, left };
}

/**
 * The outermost repository around a folder, else the folder itself: a `.git` further in, which whoever filled the one around it may have made, parts nothing from
 * it. The user's home is a repository where one keeps settings so, and the programs in it are the user's.
 */
function wholeOf(folder: string): string {
  let whole = resolve(folder);
  for (let at = whole, parent = dirname(at); parent !== at; at = parent, parent = dirname(at))
    if (at !== homedir() && existsSync(join(at, '.git'))) whole = at;
  return whole;
}

/** Why a program of the path is not run. */
export function leftOut(path: string): string {
  return `${path} is not run: it lies in the folder that is checked; who trusts it names it`;
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

/** Whether a path lies in a folder, as written or where its links lead. */
function isIn(path: string, folder: string): boolean {
  const [place, real] = [path, folder].map(one => [resolve(one), realOf(one)]) as [string[], string[]];
  return place.some(own => real.some(outer => own === outer || own.startsWith(outer.endsWith(sep) ? outer : outer + sep)));
}

function realOf(path: string): string {
  try {
    return realpathSync(path);
  } catch {
    return resolve(path);
  }
}
