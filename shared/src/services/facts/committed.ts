import { betterFacts, type ImageFacts } from '../../knowledge/image-facts';
import { keyOfReference } from '../registry/names';
import { parseImageReference } from '../../syntax/image/reference';
import { readChain, reading, type ImageChain } from './chain';
import { isObject, listOf, Malformed, memberOf, textOf, type JsonObject } from './members';
import { parseObject } from './manifests';

/** Where facts of images are committed, relative to the folder that they are for. */
export const committedPath = '.bulkhead/images.json';

/** A longer file is not read: an image has some 20 kB there. */
const longestCommitted = 4 << 20;

/** An image of a committed file. */
export interface CommittedImage {
  /** As files name it, without its digest: the name that the digest was served for. */
  readonly reference: string;
  readonly digest: string;
  readonly chain: ImageChain;
}

/** Facts by what references name. */
export interface FactTable {
  /** By digest: whichever repository it is in, the bytes are the same. */
  readonly byDigest: ReadonlyMap<string, ImageFacts>;
  /** By the key of a look-up of a tag. */
  readonly byTag: ReadonlyMap<string, ImageFacts>;
}

/** A committed file that was read. */
export interface Committed extends FactTable {
  readonly images: readonly CommittedImage[];
  /** What is wrong with it, a sentence each; what is wrong is left out. */
  readonly problems: readonly string[];
}

/**
 * Reads a committed file. It came with the repository, so that nothing in it is believed but what hashes: facts of a digest are verified where the bytes lead from that
 * digest to them. Which digest a tag has is a claim, and so are the facts of a tag. Never throws.
 */
export function readCommitted(text: string): Committed {
  const byDigest = new Map<string, ImageFacts>();
  const byTag = new Map<string, ImageFacts>();
  const images: CommittedImage[] = [];
  const problems: string[] = [];
  const list = reading(() => {
    if (text.length > longestCommitted) throw new Malformed('it is too long');
    const root = parseObject(text, 'text');
    if (memberOf(root, 'schemaVersion') !== 1) throw new Malformed('its "schemaVersion" is not 1');
    return listOf(root, 'images');
  });
  if (!list.ok) return { images, byDigest, byTag, problems: [list.problem] };
  for (const [at, item] of list.value.entries()) {
    const made = reading(() => readItem(item));
    const read = made.ok ? readChain(made.value.digest, made.value.chain, 'verified') : made;
    if (!made.ok || !read.ok) {
      problems.push(`${made.ok ? made.value.reference : `image ${at + 1}`} does not count: ${read.ok ? '' : read.problem}`);
      continue;
    }
    const { reference, digest } = made.value;
    const { facts } = read.value;
    images.push(made.value);
    byDigest.set(digest, facts);
    const key = keyOfReference(reference);
    if (key !== null) byTag.set(key, { ...facts, level: 'claimed' });
  }
  return { images, byDigest, byTag, problems };
}

function readItem(item: unknown): CommittedImage {
  if (!isObject(item)) throw new Malformed('it is not an object');
  const text = (of: JsonObject, name: string): string => {
    const value = memberOf(of, name);
    if (typeof value !== 'string' || value === '') throw new Malformed(`"${name}" is not a text`);
    return value;
  };
  const reference = textOf(item, 'reference');
  const parsed = parseImageReference(reference);
  if (parsed.invalid !== null || parsed.digest !== null) throw new Malformed('"reference" is not the name of an image without its digest');
  const digest = textOf(item, 'digest');
  if (!/^sha256:[0-9a-f]{64}$/.test(digest)) throw new Malformed('"digest" is not a SHA-256 digest');
  const index = memberOf(item, 'index') === null ? null : text(item, 'index');
  return { reference, digest, chain: { index, manifest: text(item, 'manifest'), configuration: text(item, 'configuration') } };
}

/** The text of a committed file: sorted, so that two people write the same. */
export function printCommitted(images: readonly CommittedImage[]): string {
  const order = ({ reference, digest }: CommittedImage): string => `${reference} ${digest}`;
  const sorted = [...images].sort((a, b) => (order(a) < order(b) ? -1 : 1));
  const items = sorted.map(({ reference, digest, chain: { index, manifest, configuration } }) => ({
    reference,
    digest,
    ...(index !== null && { index }),
    manifest,
    configuration,
  }));
  return `${JSON.stringify({ schemaVersion: 1, images: items }, null, 2)}\n`;
}

/** The facts that tables have for a reference: of a digest that is written those of the digest alone, since that is what runs; `null`: none. */
export function factsIn(tables: readonly FactTable[], reference: string): ImageFacts | null {
  const parsed = parseImageReference(reference);
  if (parsed.invalid !== null) return null;
  const { digest } = parsed;
  const key = digest === null ? keyOfReference(reference) : null;
  return tables
    .map(({ byDigest, byTag }) => (digest !== null ? byDigest.get(digest) : byTag.get(key ?? '')) ?? null)
    .reduce(betterFacts, null);
}
