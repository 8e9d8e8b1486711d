import { accessSync, constants, realpathSync, statSync } from 'node:fs';
import { delimiter, isAbsolute, join, resolve, sep } from 'node:path';

/** A program on the path, absolute; `left`: the first that is there and lies in a folder of `outside`. */
export function findOnPath(
  name: string,
  env: NodeJS.ProcessEnv,
  outside: readonly string[],
): { readonly path: string | null; readonly left: string | null } {
  let left: string | null = null;
  for (const folder of (env['PATH'] ?? env['Path'] ?? '').split(delimiter).filter(one => isAbsolute(one))) {
    const candidate = join(folder, process.platform === 'win32' ? `${name}.exe` : name);
    if (!isProgram(candidate)) continue;
    if (!outside.some(own => isIn(folder, own) || isIn(candidate, own))) return { path: candidate, left };
    left ??= candidate;
  }
  return { path: null, left };
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
