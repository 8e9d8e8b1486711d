import { createHash } from 'node:crypto';
import { type FactCache, isReadImage, readerVersion, type ReadImage } from '../../../shared/src/formats';
import { createSieve, maskAlone } from '../../../shared/src/index';
import { readPrivate, writePrivate } from '../host/node/kept/private-files';

/** No entry is larger. */
const longestEntry = 1 << 20;

/** Keeps nothing between runs. */
export function createMemoryFactCache(): FactCache {
  const kept = new Map<string, ReadImage>();
  const keyOf = (digest: string, platform: string | null): string => `${digest} ${platform ?? ''}`;
  return {
    get: (digest, platform) => kept.get(keyOf(digest, platform)) ?? null,
    set: (digest, platform, image) => void kept.set(keyOf(digest, platform), image),
  };
}

/**
 * Keeps facts in files of a folder of the user's own, one for each image: what a digest leads to never changes, so that an entry holds until another reader would read
 * more. The history is masked, no value of a variable is kept, and nothing at all where a credential would be left.
 */
export function createFactCache(folder: string): FactCache {
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
  };
}
