import { isAbsolute } from 'node:path';
import { parentPort } from 'node:worker_threads';
import { knownRegistries } from '../../../../../shared/host/node/registry/credentials';
import type { OpenScanner } from '../../../lookups/scanner';
import { createKeptScans, openScanPacks } from './kept-scans';
import { tellProcesses } from './processes';
import { pathOf } from '../workspace-files';
import { openScanner } from './scanner';

const timeoutMs = 5 * 60_000;

/** Runs the user's scanner for a language server on Node. Its supervisor hears of each process, and ends those that are left when the server ends. */
export const openServerScanner: OpenScanner = async ({ path, update, allowed, folders, cancellation, digestOf }) => {
  if (path !== null && !isAbsolute(path))
    return { ok: false, failure: { kind: 'not-installed', message: `${path} is not an absolute path (bulkhead.scan.path)` } };
  return await openScanner({
    path,
    scanner: null,
    env: process.env,
    outside: folders.flatMap(folder => pathOf(folder) ?? []),
    update,
    timeoutMs,
    allowed: [...allowed, ...knownRegistries(process.env, () => undefined)],
    cancellation,
    running: tellProcesses(news => parentPort?.postMessage(news)),
    kept: { scans: createKeptScans(openScanPacks(process.env)), digestOf },
  });
};
