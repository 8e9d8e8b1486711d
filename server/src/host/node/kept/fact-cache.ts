import { createHash } from 'node:crypto';
import { readdirSync } from 'node:fs';
import { join } from 'node:path';
import { createSieve, type FactCache, isReadImage, maskAlone, readerVersion } from '../../../../../shared/src/index';
import { readPrivate, remove, writePrivate } from './private-files';

/** No entry is larger. */
const longestEntry = 1 << 20;

/** Entries of JSON in a folder of the user's own, each under what it is about. Never throws. */
export interface EntryStore {
  /** What is kept, of any shape; `null`: nothing that can be read. */
  readonly read: (about: unknown) => unknown;
  /** `text`: `null` where a credential would be left, so that nothing is kept. */
  readonly write: (about: unknown, text: string | null) => void;
}

/** Creates a store in a folder. */
export function createEntryStore(folder: string): EntryStore {
  const nameOf = (about: unknown): string => `${createHash('sha256').update(JSON.stringify(about)).digest('hex').slice(0, 40)}.json`;
  return {
    read: about => {
      const bytes = readPrivate(folder, nameOf(about), longestEntry);
      if (!bytes) return null;
      try {
        return JSON.parse(bytes.toString('utf8')) as unknown;
      } catch {
        return null;
      }
    },
    write: (about, text) => {
      if (text !== null && text.length < longestEntry) writePrivate(folder, nameOf(about), [Buffer.from(text)]);
    },
  };
}

/** Facts that are kept until somebody clears them. */
export interface KeptFacts extends FactCache {
  clear(): void;
}

/**
 * Keeps facts in files of a folder of the user's own, one for each image: what a digest leads to never changes, so that an entry holds until another reader would read
 * more. The history is masked, no value of a variable is kept, and nothing at all where a credential would be left.
 */
export function createFactCache(folder: string): KeptFacts {
  const entries = createEntryStore(folder);
  return {
    get: (digest, platform) => {
      const value = entries.read([readerVersion, digest, platform]);
      return isReadImage(value) && value.facts.digest === digest ? value : null;
    },
    set: (digest, platform, image, { configuration }) => {
      const history = image.claims.history.map(line => maskAlone(line) as string);
      entries.write([readerVersion, digest, platform], createSieve(configuration).json({ ...image, claims: { ...image.claims, history } }));
    },
    clear: () => {
      try {
        for (const name of readdirSync(folder)) if (/^[0-9a-f]{40}\.json$/.test(name)) remove(join(folder, name));
      } catch {
        // nothing is kept
      }
    },
  };
}
