import { basename, resolve } from 'node:path';
import { type ScanFailure, type ScannerName, scannerNames, scannerTitles } from '../../../../../shared/src/index';
import { findOnPath, isProgram, leftOut } from '../../../../../shared/host/node/find-program';

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
    if (!name)
      return failed(
        `${path}: the file name does not show which scanner the program is; the name must start with one of ${scannerNames.join(', ')}`,
      );
    const absolute = resolve(path);
    return isProgram(absolute) ? { scanner: name, path: absolute } : failed(`${path} is not an executable program`);
  }
  const wanted = scanner === null ? (['trivy', 'grype'] as const) : [scanner];
  const places = wanted.map(name => ({ name, ...findOnPath(name, env, outside) }));
  const found = places.find(place => place.path !== null);
  if (found) return { scanner: found.name, path: found.path! };
  const left = places.find(place => place.left !== null)?.left ?? null;
  if (left !== null) return failed(`${leftOut(left)}; specify it explicitly if you trust it`);
  return failed(
    `${wanted.map(name => scannerTitles[name]).join(' or ')} is not installed: no such program is on the PATH, and Bulkhead never downloads one`,
  );
}

function failed(message: string): ScanFailure {
  return { kind: 'not-installed', message };
}
