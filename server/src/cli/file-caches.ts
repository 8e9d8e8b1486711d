import { createHash } from 'node:crypto';
import {
  type AttestationCache,
  type FileCache,
  fileFactsIn,
  filesVersion,
  isAttestedImage,
  isImageFiles,
} from '../../../shared/src/formats';
import { createSieve, type ImageFiles } from '../../../shared/src/index';
import { readPrivate, writePrivate } from '../host/node/kept/private-files';

/** No entry is larger. */
const longestEntry = 1 << 20;

/** So long the word of a registry counts. */
const servedMs = 30 * 24 * 3_600_000;

/** What layers said. What rests on layers that hash is the same wherever they come from; all else is one registry's word, for a while. */
export function createLayerFactCache(folder: string): FileCache {
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

/** What attestations claim: an index names them by digest, so that they are the same wherever it comes from. */
export function createAttestationCache(folder: string): AttestationCache {
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
