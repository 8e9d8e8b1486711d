import { jsonObject } from '../../base/json';

/** What a manifest or an index says of something else at the registry. */
export interface Descriptor {
  /** `sha256:` and 64 hexadecimal digits. */
  readonly digest: string;
  readonly mediaType: string;
  /** What kind of artifact it is, where it says so. */
  readonly artifactType: string;
  readonly annotations: Readonly<Record<string, string>>;
}

/** Descriptors of one list. */
export interface Descriptors {
  readonly list: readonly Descriptor[];
  /** Whether that is all there is. */
  readonly whole: boolean;
}

/** More of them than this are not read: a list of that length is nobody's. */
const maxDescriptors = 256;

/**
 * The descriptors under a key of a manifest's text, such as `layers`; those that have no digest are left out. Of no manifest (`null`) there are none, and a text
 * that has no such list has none that can be read. Never throws.
 */
export function readDescriptors(text: string | null, key: 'layers' | 'manifests'): Descriptors {
  if (text === null) return { list: [], whole: true };
  const all = jsonObject(text)?.[key];
  if (!Array.isArray(all)) return { list: [], whole: false };
  return { list: all.slice(0, maxDescriptors).flatMap(readDescriptor), whole: all.length <= maxDescriptors };
}

function readDescriptor(value: unknown): readonly Descriptor[] {
  if (typeof value !== 'object' || value === null) return [];
  const { digest, mediaType, artifactType, annotations } = value as Record<string, unknown>;
  if (typeof digest !== 'string' || !/^sha256:[0-9a-f]{64}$/.test(digest)) return [];
  const texts = typeof annotations === 'object' && annotations !== null ? Object.entries(annotations) : [];
  return [
    {
      digest,
      mediaType: typeof mediaType === 'string' ? mediaType : '',
      artifactType: typeof artifactType === 'string' ? artifactType : '',
      annotations: Object.fromEntries(texts.filter((entry): entry is [string, string] => typeof entry[1] === 'string')),
    },
  ];
}
