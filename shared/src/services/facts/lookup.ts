import type { Cancellation } from '../../base/ports/cancellation';
import { decodeUtf8 } from '../registry/bytes';
import type { RegistryClient } from '../registry/client';
import { fail, type Outcome } from '../registry/failure';
import { endpointOf, lookupKey, type Endpoint } from '../registry/names';
import { requestsPerHost, type Resolver } from '../registry/resolver';
import { createTurns, type Turns } from '../registry/turns';
import { readChain, reading, type ImageChain, type ReadImage } from './chain';
import { chooseEntry, readManifest } from './manifests';

/** An image that was looked up. */
export interface FoundImage extends ReadImage {
  /** When the tag had this digest (milliseconds since 1970); `null`: the reference names the digest itself. */
  readonly at: number | null;
  /** The bytes that were read; `null`: they were not asked for again. */
  readonly chain: ImageChain | null;
  /** Who on this machine says so: an engine, or the name of an archive; absent: a registry does. */
  readonly by?: string;
}

/** Keeps what was read of images, by digest and platform. Never throws. */
export interface FactCache {
  get(digest: string, platform: string | null): ReadImage | null;
  set(digest: string, platform: string | null, image: ReadImage, chain: ImageChain): void;
}

/** Keeps nothing between runs. */
export function createMemoryFactCache(): FactCache {
  const kept = new Map<string, ReadImage>();
  const keyOf = (digest: string, platform: string | null): string => `${digest} ${platform ?? ''}`;
  return {
    get: (digest, platform) => kept.get(keyOf(digest, platform)) ?? null,
    set: (digest, platform, image) => void kept.set(keyOf(digest, platform), image),
  };
}

/** Who is asked. */
export type FactClient = Pick<RegistryClient, 'read' | 'blob' | 'limit'>;

/** What a look-up is made with. */
export interface FactLookupOptions {
  readonly client: FactClient;
  /** Tells the digests of tags; what it has kept is a tag's for as long as it says. */
  readonly resolver: Pick<Resolver, 'resolve' | 'recent'>;
  readonly cache: FactCache;
}

/** How an image is looked up. */
export interface FactQuestion {
  /** `linux/arm64`; `null`: the usual one. */
  readonly platform: string | null;
  /** Whether the bytes are needed, whatever is kept. */
  readonly chain: boolean;
}

/** How many requests go where, at most and without those to token services. */
export interface RequestPlan {
  readonly registry: string;
  readonly images: number;
  readonly requests: number;
}

/** Looks facts of images up. Never rejects. */
export interface FactLookup {
  lookUp(reference: string, question: FactQuestion, cancellation: Cancellation): Promise<Outcome<FoundImage>>;
  /** What looking images up would ask of whom, the registries sorted. Asks nothing. */
  plan(references: readonly string[], question: FactQuestion): readonly RequestPlan[];
}

/** Requests for an image: of its tag, its index, the manifest of a platform, the configuration. */
const requestsOfDigest = 3;

/** Creates a look-up. The same image is asked for once, however often it is named. */
export function createFactLookup({ client, resolver, cache }: FactLookupOptions): FactLookup {
  const hosts = new Map<string, Turns>();
  const running = new Map<string, Promise<Outcome<Fetched>>>();
  const turnsOf = (host: string): Turns => {
    let turns = hosts.get(host);
    if (!turns) hosts.set(host, (turns = createTurns(requestsPerHost)));
    return turns;
  };
  const fetchOnce = async (
    endpoint: Endpoint,
    digest: string,
    question: FactQuestion,
    cancellation: Cancellation,
  ): Promise<Outcome<Fetched>> => {
    const key = JSON.stringify([endpoint.host, endpoint.repository, digest, question]);
    let fetching = running.get(key);
    if (!fetching) {
      fetching = turnsOf(endpoint.host)(() => fetchImage(client, endpoint, digest, question.platform, cancellation));
      running.set(key, fetching);
    }
    const outcome = await fetching;
    if (outcome.ok) cache.set(digest, question.platform, outcome.value.image, outcome.value.chain);
    return outcome;
  };
  return {
    lookUp: async (reference, question, cancellation) => {
      const named = endpointOf(reference);
      if (!named.ok) return named;
      const endpoint = named.value;
      let { digest } = endpoint;
      let at: number | null = null;
      if (digest === null) {
        const outcome = await resolver.resolve(reference, cancellation);
        if (!outcome.ok) return outcome;
        ({ digest, at } = outcome.value);
      } else if (!digest.startsWith('sha256:')) return fail('unsupported', `${reference} has a digest that is not SHA-256`);
      // by a tag it is the registry's word which bytes are meant
      const level = at === null ? 'verified' : 'as-served';
      const found = ({ facts, claims }: ReadImage, chain: ImageChain | null): Outcome<FoundImage> => ({
        ok: true,
        value: { facts: { ...facts, level }, claims, at, chain },
      });
      const kept = question.chain ? null : cache.get(digest, question.platform);
      if (kept) return found(kept, null);
      const fetched = await fetchOnce(endpoint, digest, question, cancellation);
      return fetched.ok ? found(fetched.value.image, fetched.value.chain) : fetched;
    },
    plan: (references, question) => {
      const plans = new Map<string, RequestPlan>();
      const seen = new Set<string>();
      for (const reference of references) {
        const named = endpointOf(reference);
        if (!named.ok) continue;
        const { registry, digest: written } = named.value;
        const key = written === null ? lookupKey(named.value) : `${registry} ${written}`;
        if (seen.has(key)) continue;
        seen.add(key);
        const last = written === null ? resolver.recent(reference) : null;
        const digest = written ?? last?.digest ?? null;
        const isKept = digest !== null && !question.chain && cache.get(digest, question.platform) !== null;
        const requests = (digest === null ? 1 : 0) + (isKept ? 0 : requestsOfDigest);
        const other = plans.get(registry) ?? { registry, images: 0, requests: 0 };
        if (requests > 0) plans.set(registry, { registry, images: other.images + 1, requests: other.requests + requests });
      }
      return [...plans.values()].sort((a, b) => (a.registry < b.registry ? -1 : 1));
    },
  };
}

interface Fetched {
  readonly image: ReadImage;
  readonly chain: ImageChain;
}

/** Asks a registry for what leads from a digest to a configuration. Each part has the digest that the one before it names: the client sees to that, and so does who reads them. */
async function fetchImage(
  client: FactClient,
  endpoint: Endpoint,
  digest: string,
  platform: string | null,
  cancellation: Cancellation,
): Promise<Outcome<Fetched>> {
  const malformed = (problem: string): Outcome<never> => fail('unsupported', problem);
  const get = async (wanted: string): Promise<Outcome<string>> => {
    const limit = client.limit(endpoint);
    if (limit?.remaining === 0) return fail('rate-limited', `${endpoint.registry} gives no more manifests for now: its limit is used up`);
    const got = await client.read(endpoint, wanted, cancellation);
    if (!got.ok) return got;
    return got.value
      ? { ok: true, value: got.value.text }
      : fail('not-found', `${endpoint.registry} has no ${endpoint.repository}@${wanted}`);
  };
  const first = await get(digest);
  if (!first.ok) return first;
  const read = reading(() => readManifest(first.value));
  if (!read.ok) return malformed(read.problem);
  let parts = read.value;
  let manifest = first.value;
  if (parts.kind === 'index') {
    const { entries } = parts;
    const entry = reading(() => chooseEntry(entries, platform));
    if (!entry.ok) return malformed(entry.problem);
    const second = await get(entry.value.digest);
    if (!second.ok) return second;
    manifest = second.value;
    const inner = reading(() => readManifest(manifest));
    if (!inner.ok) return malformed(inner.problem);
    parts = inner.value;
    if (parts.kind === 'index') return malformed('its manifest is an index');
  }
  const blob = await client.blob(endpoint, parts.configuration, cancellation);
  if (!blob.ok) return blob;
  const configuration = decodeUtf8(blob.value);
  if (configuration === null) return malformed('its configuration is not UTF-8');
  const chain = { index: read.value.kind === 'index' ? first.value : null, manifest, configuration };
  const made = readChain(digest, chain, 'verified', platform);
  return made.ok ? { ok: true, value: { image: made.value, chain } } : malformed(made.problem);
}
