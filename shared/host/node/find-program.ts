import { accessSync, constants, statSync } from 'node:fs';
import { delimiter, isAbsolute, join } from 'node:path';
import { liesIn } from './folders';

/**
 * A program on the path, absolute; `left`: the first that is there and lies in a folder of `outside`. Entries that are relative, or empty, do not count: what they
 * name depends on the working directory, which is the folder that is checked.
 */
export function findOnPath(
  name: string,
  env: NodeJS.ProcessEnv,
  outside: readonly string[],
): { readonly path: string | null; readonly left: string | null } {
  let left: string | null = null;
  for (const folder of foldersOf(env['PATH'] ?? env['Path'] ?? '')) {
    const candidate = join(folder, process.platform === 'win32' ? `${name}.exe` : name);
    if (!isProgram(candidate)) continue;
    if (!outside.some(own => liesIn(folder, own) || liesIn(candidate, own))) return { path: candidate, left };
    left ??= candidate;
  }
  return { path: null, left };
}

/** The environment of a program that may look for others, as what asks registries does for `docker-credential-*`: none of a folder of `outside` is found by it. */
export function withoutFolders(env: NodeJS.ProcessEnv, outside: readonly string[]): NodeJS.ProcessEnv {
  const own: NodeJS.ProcessEnv = { ...env };
  for (const name of ['PATH', 'Path']) {
    const folders = foldersOf(own[name] ?? '').filter(folder => !outside.some(one => liesIn(folder, one)));
    // an empty one would be the working directory
    if (folders.length > 0) own[name] = folders.join(delimiter);
    else delete own[name];
  }
  return own;
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
