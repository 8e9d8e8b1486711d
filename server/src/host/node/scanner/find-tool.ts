import { accessSync, constants, realpathSync, statSync } from 'node:fs';
import { basename, delimiter, isAbsolute, join, resolve, sep } from 'node:path';
import { type ScanFailure, type ScannerName, scannerNames, scannerTitles } from '../../../../../shared/src/index';

/** Which scanner is wanted, and where it may not come from. */
export interface ToolRequest {
  /** The program that a person named; `null`: it is looked for on the path. */
  readonly path: string | null;
  /** `null`: by the name of `path`, or the first that is found of those that know vulnerabilities. */
  readonly scanner: ScannerName | null;
  readonly env: NodeJS.ProcessEnv;
  /** Folders that somebody else may have filled: what lies in one is not run because it is on the path. */
  readonly outside: readonly string[];
}

/** A scanner of the user's. */
export interface Tool {
  readonly scanner: ScannerName;
  /** Absolute. */
  readonly path: string;
}

/** Finds the scanner that is to be run. Nothing is started. */
export function findTool({ path, scanner, env, outside }: ToolRequest): Tool | ScanFailure {
  if (path !== null) {
    const name = scanner ?? scannerNames.find(known => basename(path).toLowerCase().startsWith(known));
    if (!name) return failed(`${path}: which scanner it is cannot be told by its name: one of ${scannerNames.join(', ')}`);
    const absolute = resolve(path);
    return isProgram(absolute) ? { scanner: name, path: absolute } : failed(`${path} is no program that can be run`);
  }
  const wanted = scanner === null ? (['trivy', 'grype'] as const) : [scanner];
  const places = wanted.map(name => ({ name, ...findOnPath(name, env, outside) }));
  const found = places.find(place => place.path !== null);
  if (found) return { scanner: found.name, path: found.path! };
  const left = places.find(place => place.left !== null)?.left ?? null;
  if (left !== null) return failed(leftOut(left));
  return failed(
    `${wanted.map(name => scannerTitles[name]).join(' or ')} is not installed: no such program is on the path, and none is ever downloaded`,
  );
}

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

function failed(message: string): ScanFailure {
  return { kind: 'not-installed', message };
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
