import { familiarName, type ImageReference } from '../syntax/image/reference';
import { range, type Range } from '../base/text/range';
import data from './data/end-of-life.json';
import { asReference, knownName } from './image-profiles';

/** A release that an image is made of and that no longer gets fixes. */
export interface EndOfLife {
  /** The product's name for people: `Node.js`, `Debian`. */
  readonly product: string;
  /** The release line: `20`, `3.19`. */
  readonly cycle: string;
  /** When it ended (ISO); `null` where only that it did is known. */
  readonly date: string | null;
  /** `superseded`: a newer minor release of the same major took its place, as a matter of course. `ended`: the line was given up. */
  readonly kind: 'ended' | 'superseded';
  /** Whether the release is the operating system's rather than the product's. */
  readonly part: 'product' | 'os';
  /** The place in the reference's text that names the release: part of the tag, or of the repository (UBI). */
  readonly range: Range;
  /** Lines that are supported today, newest first; at most three. */
  readonly supported: readonly string[];
}

/**
 * A release line: its name, its last day of support (ISO), or whether it has ended, and the tag of its newest release, where images have none for the line.
 */
export type Cycle = readonly [name: string, end: string | boolean, tag?: string];

/** A product with its release lines. */
export interface Product {
  readonly title: string;
  /** Newest first. */
  readonly cycles: readonly Cycle[];
}

interface RawFile {
  readonly dataAsOf: string;
  readonly osTokens: Readonly<Record<string, readonly [product: string, cycle: string]>>;
  readonly images: Readonly<Record<string, string>>;
  readonly osImages: readonly string[];
  readonly superseding: readonly string[];
  readonly cycleNames: Readonly<Record<string, Readonly<Record<string, string>>>>;
  readonly products: Readonly<Record<string, Product>>;
}

const facts = data as unknown as RawFile;
/** The day (ISO) of the sources that the dates were taken from. */
export const endOfLifeDataDay = facts.dataAsOf;

const own = <T>(record: Readonly<Record<string, T>>, key: string): T | undefined => (Object.hasOwn(record, key) ? record[key] : undefined);

/** The release of one part of an image, and the token that names it. */
export interface Release {
  readonly id: string;
  readonly product: Product;
  readonly cycle: Cycle;
  readonly part: EndOfLife['part'];
  readonly range: Range;
}

interface Token {
  readonly text: string;
  readonly start: number;
}

function tokensOf(tag: string, base: number): Token[] {
  const tokens: Token[] = [];
  let at = base;
  for (const text of tag.split('-')) {
    tokens.push({ text: text.toLowerCase(), start: at });
    at += text.length + 1;
  }
  return tokens;
}

/** The cycle that a version belongs to: the longest prefix that is one, else the newest below it (`3` of Python floats to the newest 3.x). */
function findCycle(id: string, version: string): Cycle | null {
  const product = own(facts.products, id);
  if (!product) return null;
  const renamed = own(own(facts.cycleNames, id) ?? {}, version) ?? version;
  for (let rest = renamed; ; rest = rest.slice(0, rest.lastIndexOf('.'))) {
    const found = product.cycles.find(([name]) => name === rest);
    if (found) return found;
    if (!rest.includes('.')) break;
  }
  return product.cycles.find(([name]) => name.startsWith(`${renamed}.`)) ?? earlierCycle(product, renamed);
}

/** A line that is older than all that is known of a product, once the oldest of those has ended; not where lines are called after years. */
function earlierCycle({ cycles }: Product, version: string): Cycle | null {
  const major = /^\d{1,3}(?=\.|$)/.exec(version)?.[0];
  const oldest = cycles.reduce<Cycle | null>(
    (one, other) => (one && Number.parseInt(one[0]) <= Number.parseInt(other[0]) ? one : other),
    null,
  );
  if (major === undefined || !oldest || !hasEnded(oldest, endOfLifeDataDay)) return null;
  const first = Number.parseInt(oldest[0]);
  return first < 1000 && Number(major) < first ? [major, true] : null;
}

/** The product that an image is named after, by its familiar name. */
export function productOf(name: string): { readonly id: string; readonly product: Product } | null {
  const id = own(facts.images, name);
  const product = id === undefined ? undefined : own(facts.products, id);
  return id !== undefined && product ? { id, product } : null;
}

const prefixes: readonly (readonly [prefix: string, product: string])[] = [
  ['alpine', 'alpine-linux'],
  ['ubuntu', 'ubuntu'],
  ['debian', 'debian'],
  ['ubi', 'rhel'],
  ['oraclelinux', 'oracle-linux'],
  ['ltsc', 'windows-server-core'],
  ['stream', 'centos-stream'],
  ['centos', 'centos'],
  ['al', 'amazon-linux'],
];

/** The operating system that a token names: `bookworm`, `alpine3.19`, `ubi9`. */
function osRelease({ text, start }: Token, part: EndOfLife['part']): Release | null {
  const known = own(facts.osTokens, text);
  let found: readonly [string, string] | null = known ?? null;
  if (!found) {
    const prefix = prefixes.find(([word]) => text.startsWith(word) && /^\d[\d.]*$/.test(text.slice(word.length)));
    if (prefix) found = [prefix[1], text.slice(prefix[0].length)];
  }
  if (!found) return null;
  const product = own(facts.products, found[0]);
  const cycle = findCycle(found[0], found[1]);
  return product && cycle ? { id: found[0], product, cycle, part, range: range(start, start + text.length) } : null;
}

/** `registry.access.redhat.com/ubi8/ubi-minimal` and `redhat/ubi8`: the release is in the repository. */
function ubiRelease(reference: ImageReference): Release | null {
  const match = /^(?:registry\.(?:access\.)?redhat\.com|redhat)\/(ubi(\d+))(?=[-/]|$)/.exec(familiarName(reference));
  if (!match) return null;
  const product = facts.products['rhel'];
  const cycle = findCycle('rhel', match[2]!);
  const start = reference.ranges.repository.start + reference.repository.indexOf(match[1]!);
  return product && cycle ? { id: 'rhel', product, cycle, part: 'os', range: range(start, start + match[1]!.length) } : null;
}

function releasesOf(reference: ImageReference): Release[] {
  const ubi = ubiRelease(reference);
  if (ubi) return [ubi];
  if (reference.tag === null || !reference.ranges.tag) return [];
  const name = knownName(reference);
  const known = productOf(name);
  const isOs = facts.osImages.includes(name);
  const found: Release[] = [];
  const tokens = tokensOf(reference.tag, reference.ranges.tag.start);
  // images of an extension begin with its version: `pgvector/pgvector:0.8.5-pg16`
  const server = known?.id === 'postgresql' ? tokens.find(({ text }) => /^pg\d/.test(text)) : undefined;
  const version = server ?? tokens.find(({ text }) => /^v?\d/.test(text));
  const named = tokens.filter(token => token !== version).map(token => osRelease(token, isOs ? 'product' : 'os'));
  if (known && version && !(isOs && named.some(release => release))) {
    const digits = /^(?:v|pg)?(\d+(?:\.\d+)*)/.exec(version.text)![1]!;
    const cycle = findCycle(known.id, digits);
    if (cycle) found.push({ ...known, cycle, part: 'product', range: range(version.start, version.start + version.text.length) });
  }
  for (const release of named) if (release) found.push(release);
  return found;
}

/** Whether a day (ISO date) is after the last one of a line's support. */
export function hasEnded([, end]: Cycle, today: string): boolean {
  return typeof end === 'boolean' ? end : end < today;
}

/** The tags of an image's release lines that are supported on a day (ISO date), newest first, each with its last day as far as that is known; of a repository as it is written. */
export function supportedTags(repository: string, today: string): readonly { readonly tag: string; readonly until: string | null }[] {
  const reference = asReference(repository);
  const known = reference && productOf(knownName(reference));
  return (known?.product.cycles ?? [])
    .filter(cycle => !hasEnded(cycle, today))
    .map(([name, end, tag]) => ({ tag: tag ?? name, until: typeof end === 'string' ? end : null }));
}

const major = (cycle: string): string => cycle.split('.')[0]!;

/** The releases that an image is made of, and the first of them that is past its end of life on a day (ISO date). */
export function findRelease(
  reference: ImageReference,
  today: string,
): { readonly ended: Release | null; readonly all: readonly Release[] } {
  const all = releasesOf(reference);
  return { ended: all.find(({ cycle }) => hasEnded(cycle, today)) ?? null, all };
}

/**
 * The release of an image that is past its end of life on a day (ISO date): the product's, else that of the operating system that the tag
 * names. Where a vendor rebuilds the image for longer than the first end (Debian LTS), that later end counts. `null`: none is known. Floating
 * tags (`latest`, `lts`) never are; a short version (`3`) is judged by the newest line that it floats to.
 */
export function endOfLife(reference: ImageReference | string, today: string): EndOfLife | null {
  const image = asReference(reference);
  const release = image ? findRelease(image, today).ended : null;
  if (!release) return null;
  const { id, product, cycle, part, range: place } = release;
  const supported = product.cycles.filter(other => !hasEnded(other, today)).map(([name]) => name);
  const superseded = facts.superseding.includes(id) && supported.some(name => major(name) === major(cycle[0]));
  return {
    product: product.title,
    cycle: cycle[0],
    date: typeof cycle[1] === 'string' ? cycle[1] : null,
    kind: superseded ? 'superseded' : 'ended',
    part,
    range: place,
    supported: supported.slice(0, 3),
  };
}
