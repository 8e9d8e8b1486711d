import { createHash } from 'node:crypto';
import { readdirSync } from 'node:fs';
import { join } from 'node:path';
import { createSieve, type FactCache, isReadImage, maskAlone, readerVersion } from '../../../../../shared/src/index';
import { readPrivate, remove, writePrivate } from './private-files';

/** No entry is larger. */
const longestEntry = 1 << 20;

/** Facts that are kept until somebody clears them. */
export interface KeptFacts extends FactCache {
  clear(): void;
}

/**
 * Keeps facts in files of a folder of the user's own, one for each image: what a digest leads to never changes, so that an entry holds until another reader would read
 * more. The history is masked, no value of a variable is kept, and nothing at all where a credential would be left.
 */
export function createFactCache(folder: string): KeptFacts {
  const nameOf = (digest: string, platform: string | null): string =>
    `${createHash('sha256')
      .update(JSON.stringify([readerVersion, digest, platform]))
      .digest('hex')
      .slice(0, 40)}.json`;
  return {
    get: (digest, platform) => {
      const bytes = readPrivate(folder, nameOf(digest, platform), longestEntry);
      if (!bytes) return null;
      try {
        const value: unknown = JSON.parse(bytes.toString('utf8'));
        return isReadImage(value) && value.facts.digest === digest ? value : null;
      } catch {
        return null;
      }
    },
    set: (digest, platform, image, { configuration }) => {
      const history = image.claims.history.map(line => maskAlone(line) as string);
      const text = createSieve(configuration).json({ ...image, claims: { ...image.claims, history } });
      if (text !== null && text.length < longestEntry) writePrivate(folder, nameOf(digest, platform), [Buffer.from(text)]);
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
