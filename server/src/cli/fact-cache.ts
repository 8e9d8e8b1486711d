import { createHash } from 'node:crypto';
import {
  type AttestationCache,
  type AttestedImage,
  type FactCache,
  type FileCache,
  fileFactsIn,
  filesVersion,
  isAttestedImage,
  isImageFiles,
  isReadImage,
  readerVersion,
  type ReadImage,
} from '../../../shared/src/formats';
import { createSieve, type ImageFiles, maskAlone } from '../../../shared/src/index';
import { readPrivate, writePrivate } from '../host/node/kept/private-files';

/** No entry is larger. */
const longestEntry = 1 << 20;

/** Keeps nothing between runs. */
export function createMemoryFactCache(): FactCache {
  const kept = new Map<string, ReadImage>();
  const files = new Map<string, ImageFiles>();
  const keyOf = (digest: string, platform: string | null): string => `${digest} ${platform ?? ''}`;
  return {
    get: (digest, platform) => kept.get(keyOf(digest, platform)) ?? null,
    set: (digest, platform, image) => void kept.set(keyOf(digest, platform), image),
    attested: createMemoryAttestations(),
    files: { get: key => files.get(JSON.stringify(key)) ?? null, set: (key, value) => void files.set(JSON.stringify(key), value) },
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
    attested: createAttestationCache(folder),
    files: createFileCache(folder),
  };
}

/** So long the word of a registry counts. */
const servedMs = 30 * 24 * 3_600_000;

/** What layers said. What rests on layers that hash is the same wherever they come from; all else is one registry's word, for a while. */
function createFileCache(folder: string): FileCache {
  const nameOf = ({ digest, platform, paths }: Parameters<FileCache['get']>[0], host: string): string =>
    `${createHash('sha256')
      .update(JSON.stringify(['files', filesVersion, digest, platform, paths, host]))
      .digest('hex')
      .slice(0, 40)}.json`;
  const read = (name: string, digest: string): { readonly at: number; readonly files: ImageFiles } | null => {
    const bytes = readPrivate(folder, name, longestEntry);
    if (!bytes) return null;
    try {
      const { at, files, of } = JSON.parse(bytes.toString('utf8')) as Readonly<Record<string, unknown>>;
      return typeof at === 'number' && of === digest && isImageFiles(files) ? { at, files } : null;
    } catch {
      return null;
    }
  };
  return {
    get: key => {
      const whole = read(nameOf(key, ''), key.digest);
      if (whole) return whole.files;
      const served = read(nameOf(key, key.host), key.digest);
      const age = served ? Date.now() - served.at : -1;
      return served && age >= 0 && age < servedMs ? served.files : null;
    },
    set: (key, files, { configuration }) => {
      const isWhole = fileFactsIn(files).every(({ whole, doubt }) => whole && doubt === null);
      const text = createSieve(configuration).json({ of: key.digest, at: Date.now(), files });
      if (text !== null && text.length < longestEntry) writePrivate(folder, nameOf(key, isWhole ? '' : key.host), [Buffer.from(text)]);
    },
  };
}

function createMemoryAttestations(): AttestationCache {
  const kept = new Map<string, AttestedImage>();
  return {
    get: (digest, platform) => kept.get(`${digest} ${platform}`) ?? null,
    set: (digest, platform, attested) => void kept.set(`${digest} ${platform}`, attested),
  };
}

/** What attestations claim: an index names them by digest, so that they are the same wherever it comes from. */
function createAttestationCache(folder: string): AttestationCache {
  const nameOf = (digest: string, platform: string | null): string =>
    `${createHash('sha256')
      .update(JSON.stringify(['attested', filesVersion, digest, platform]))
      .digest('hex')
      .slice(0, 40)}.json`;
  return {
    get: (digest, platform) => {
      const bytes = readPrivate(folder, nameOf(digest, platform), longestEntry);
      if (!bytes) return null;
      try {
        const value: unknown = JSON.parse(bytes.toString('utf8'));
        return isAttestedImage(value) ? value : null;
      } catch {
        return null;
      }
    },
    set: (digest, platform, attested, { configuration }) => {
      const text = createSieve(configuration).json(attested);
      if (text !== null && text.length < longestEntry) writePrivate(folder, nameOf(digest, platform), [Buffer.from(text)]);
    },
  };
}
