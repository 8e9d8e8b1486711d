import { createHash, randomBytes } from 'node:crypto';
import { readFileSync, renameSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { isPin } from '../../../src/services/registry/names';
import { userCacheFolder } from '../cache-folder';
import { makeFolder } from '../folders';
import type { Lookup, LookupCache } from '../../../src/services/registry/resolver';

/** The folder for look-ups under the user's cache folder. */
export function cacheFolder(env: NodeJS.ProcessEnv, platform?: NodeJS.Platform): string {
  return userCacheFolder('registry', env, platform);
}

/**
 * Keeps look-ups in files, one for each key, so that processes at work at the same time never write the same bytes: a file appears whole, by a rename, or not
 * at all. The key stands within, since the name is only its hash. What cannot be read or written is as if it were not there.
 */
export function createFileCache(folder: string): LookupCache {
  const pathOf = (key: string): string => join(folder, `${createHash('sha256').update(key).digest('hex').slice(0, 40)}.json`);
  return {
    get: key => {
      try {
        return readLookup(JSON.parse(readFileSync(pathOf(key), 'utf8')), key);
      } catch {
        return null;
      }
    },
    set: (key, lookup) => {
      const path = pathOf(key);
      const temporary = `${path}.${process.pid}.${randomBytes(4).toString('hex')}`;
      try {
        // names of private images are nobody else's business
        makeFolder(folder, 0o700);
        writeFileSync(temporary, JSON.stringify({ key, ...lookup }), { mode: 0o600, flag: 'wx' });
        renameSync(temporary, path);
      } catch {
        remove(temporary);
      }
    },
    clear: () => {
      try {
        rmSync(folder, { recursive: true, force: true });
      } catch {
        // somebody writes at this moment: those entries are new anyway
      }
    },
  };
}

function remove(path: string): void {
  try {
    rmSync(path, { force: true });
  } catch {
    // where a file stands in the place of a folder, there is nothing to remove
  }
}

function readLookup(value: unknown, key: string): Lookup | null {
  if (typeof value !== 'object' || value === null) return null;
  const { key: own, digest, mediaType, at, versions, contained } = value as Record<string, unknown>;
  if (own !== key || !isPin(digest) || typeof mediaType !== 'string' || typeof at !== 'number') return null;
  return {
    digest,
    mediaType,
    at,
    ...(Array.isArray(versions) && { versions: versions.filter(version => typeof version === 'string') }),
    ...(typeof contained === 'boolean' && { contained }),
  };
}
