import {
  type AttestationCache,
  type FileCache,
  fileFactsIn,
  filesVersion,
  isAttestedImage,
  isImageFiles,
} from '../../../shared/src/formats';
import { createSieve, type ImageFiles } from '../../../shared/src/index';
import { createEntryStore } from '../host/node/kept/fact-cache';

/** So long the word of a registry counts. */
const servedMs = 30 * 24 * 3_600_000;

type Key = Parameters<FileCache['get']>[0];

/** What layers said. What rests on layers that hash is the same wherever they come from; all else is one registry's word, for a while. */
export function createLayerFactCache(folder: string): FileCache {
  const entries = createEntryStore(folder);
  const about = ({ digest, platform, paths }: Key, host: string): unknown => ['files', filesVersion, digest, platform, paths, host];
  const read = (key: Key, host: string): { readonly at: number; readonly files: ImageFiles } | null => {
    const { at, files, of } = (entries.read(about(key, host)) ?? {}) as Readonly<Record<string, unknown>>;
    return typeof at === 'number' && of === key.digest && isImageFiles(files) ? { at, files } : null;
  };
  return {
    get: key => {
      const whole = read(key, '');
      if (whole) return whole.files;
      const served = read(key, key.host);
      const age = served ? Date.now() - served.at : -1;
      return served && age >= 0 && age < servedMs ? served.files : null;
    },
    set: (key, files, { configuration }) => {
      const isWhole = fileFactsIn(files).every(({ whole, doubt }) => whole && doubt === null);
      entries.write(about(key, isWhole ? '' : key.host), createSieve(configuration).json({ of: key.digest, at: Date.now(), files }));
    },
  };
}

/** What attestations claim: an index names them by digest, so that they are the same wherever it comes from. */
export function createAttestationCache(folder: string): AttestationCache {
  const entries = createEntryStore(folder);
  return {
    get: (digest, platform) => {
      const value = entries.read(['attested', filesVersion, digest, platform]);
      return isAttestedImage(value) ? value : null;
    },
    set: (digest, platform, attested, { configuration }) =>
      entries.write(['attested', filesVersion, digest, platform], createSieve(configuration).json(attested)),
  };
}
