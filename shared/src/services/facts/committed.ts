import { betterFacts, type ImageFacts } from '../../knowledge/image-facts';
import type { FileFact, ImageFiles } from '../../knowledge/image-files';
import { keyOfReference } from '../registry/names';
import { parseImageReference } from '../../syntax/image/reference';
import { readChain, reading, readMaskedChain, type ImageChain } from './chain';
import { isObject, listOf, Malformed, memberOf, textOf, type JsonObject } from './members';
import { isImageFiles } from './file-facts';
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
  /** Whether its configuration is not as the registry has it, since that holds what looks like a credential. */
  readonly isMasked?: boolean;
  /** What its layers said to who wrote the file; absent: they were not read. A claim, since they are not here to be hashed. */
  readonly files?: ImageFiles;
}

/** Facts by what references name. */
export interface FactTable {
  /** By digest: whichever repository it is in, the bytes are the same. */
  readonly byDigest: Pick<ReadonlyMap<string, ImageFacts>, 'get'>;
  /** By the key of a look-up of a tag. */
  readonly byTag: Pick<ReadonlyMap<string, ImageFacts>, 'get'>;
}

/**
 * Opens a committed file. It came with the repository, so that nothing in it is believed but what hashes: facts of a digest are verified where the bytes lead from that
 * digest to them. Which digest a tag has is a claim, and so are the facts of a tag, and a configuration that was masked. What an image is, is read when it is first asked
 * for. Never throws.
 * @param warn hears what is wrong with it, a sentence each; what is wrong does not count
 */
export function openCommitted(text: string, warn: (problem: string) => void): FactTable {
  const byDigest = new Map<string, Item[]>();
  const byTag = new Map<string, Item[]>();
  for (const item of itemsOf(text, warn)) {
    const { reference, digest } = item.image;
    put(byDigest, digest, item);
    const key = keyOfReference(reference);
    if (key !== null) put(byTag, key, item);
  }
  const read = (items: readonly Item[] | undefined): readonly ImageFacts[] => items?.flatMap(item => item.facts() ?? []) ?? [];
  return {
    byDigest: { get: digest => read(byDigest.get(digest)).reduce(betterFacts, null) ?? undefined },
    byTag: {
      get: key => {
        // a tag may be there with two digests, as two branches had it: one claim is as good as another
        const facts = read(byTag.get(key)).at(-1);
        return facts && { ...facts, level: 'claimed' };
      },
    },
  };
}

function put(items: Map<string, Item[]>, key: string, item: Item): void {
  const list = items.get(key);
  if (list) list.push(item);
  else items.set(key, [item]);
}

/** An image of a committed file whose bytes are read when somebody asks. */
interface Item {
  readonly image: CommittedImage;
  /** `null`: it does not count. */
  readonly facts: () => ImageFacts | null;
}

function itemsOf(text: string, warn: (problem: string) => void): readonly Item[] {
  const list = reading(() => {
    if (text.length > longestCommitted) throw new Malformed('it is too long');
    const root = parseObject(text, 'text');
    if (memberOf(root, 'schemaVersion') !== 1) throw new Malformed('its "schemaVersion" is not 1');
    return listOf(root, 'images');
  });
  if (!list.ok) {
    warn(list.problem);
    return [];
  }
  return list.value.flatMap((value, at): Item[] => {
    const made = reading(() => readItem(value));
    if (!made.ok) {
      warn(`image ${at + 1} does not count: ${made.problem}`);
      return [];
    }
    const image = made.value;
    let known: ImageFacts | null | undefined;
    const facts = (): ImageFacts | null => {
      if (known !== undefined) return known;
      const read = image.isMasked === true ? readMaskedChain(image.digest, image.chain) : readChain(image.digest, image.chain, 'verified');
      if (!read.ok) warn(`${image.reference} does not count: ${read.problem}`);
      return (known = read.ok ? { ...read.value.facts, ...(image.files && { files: image.files }) } : null);
    };
    return [{ image, facts }];
  });
}

/** The images of a committed file, each read; what is wrong is left out, with a sentence in `problems`. */
export function readCommitted(text: string): { readonly images: readonly CommittedImage[]; readonly problems: readonly string[] } {
  const problems: string[] = [];
  const items = itemsOf(text, problem => problems.push(problem));
  return { images: items.filter(({ facts }) => facts() !== null).map(({ image }) => image), problems };
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
  const isMasked = memberOf(item, 'masked') === true;
  const chain = { index, manifest: text(item, 'manifest'), configuration: text(item, 'configuration') };
  const files = memberOf(item, 'files');
  if (files !== null && !isImageFiles(files)) throw new Malformed('"files" is not what layers say');
  return { reference, digest, chain, isMasked, ...(files !== null && { files: claimedFiles(files) }) };
}

/** Files of which nothing is proven any more. What it took to read them is left out. */
function claimedFiles({ account, users, system, paths, programs, starts }: ImageFiles): ImageFiles {
  const claim = <T extends FileFact<unknown>>(fact: T): T => ({ ...fact, whole: false });
  const claimAll = <T extends FileFact<unknown>>(facts: Readonly<Record<string, T>>): Readonly<Record<string, T>> =>
    Object.fromEntries(Object.entries(facts).map(([name, fact]) => [name, claim(fact)]));
  return {
    account: claim(account),
    users: claim(users),
    system: claim(system),
    paths: claimAll(paths),
    programs: claimAll(programs),
    starts: starts.map(claim),
    read: { bytes: 0, layers: 0, problem: null },
  };
}

/** The text of a committed file: sorted, so that two people write the same. */
export function printCommitted(images: readonly CommittedImage[]): string {
  const order = ({ reference, digest }: CommittedImage): string => `${reference} ${digest}`;
  const sorted = [...images].sort((a, b) => (order(a) < order(b) ? -1 : 1));
  const items = sorted.map(({ reference, digest, chain: { index, manifest, configuration }, isMasked, files }) => ({
    reference,
    digest,
    ...(isMasked === true && { masked: true }),
    ...(index !== null && { index }),
    manifest,
    configuration,
    ...(files && { files: claimedFiles(files) }),
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
