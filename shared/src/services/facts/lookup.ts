import type { Cancellation } from '../../base/ports/cancellation';
import type { LayerHost } from '../../base/ports/layer-host';
import type { FactLevel, ImageFacts } from '../../knowledge/image-facts';
import type { ImageFiles } from '../../knowledge/image-files';
import { decodeUtf8 } from '../registry/bytes';
import type { RegistryClient } from '../registry/client';
import { fail, type Outcome } from '../registry/failure';
import { endpointOf, lookupKey, type Endpoint } from '../registry/names';
import { requestsPerHost, type Resolver } from '../registry/resolver';
import { createTurns, type Turns } from '../registry/turns';
import { readChain, reading, type ImageChain, type ReadImage } from './chain';
import { mostStatements, readAttestations, type AttestedImage } from './attestations';
import { createFileReader } from './file-reader';
import type { LayerLimits } from './layers';
import { chooseEntry, readManifest } from './manifests';

/** An image that was looked up. */
export interface FoundImage extends ReadImage {
  /** When the tag had this digest (milliseconds since 1970); `null`: the reference names the digest itself. */
  readonly at: number | null;
  /** The bytes that were read; `null`: they were not asked for again. */
  readonly chain: ImageChain | null;
  /** Why its layers were not read, though that was asked for. */
  readonly unread?: string;
  /** What its attestations claim; absent: that was not asked for. */
  readonly attested?: AttestedImage;
  /** Who on this machine says so: an engine, or the name of an archive; absent: a registry does. */
  readonly by?: string;
}

/** Keeps what was read of images, by digest and platform. Never throws. */
export interface FactCache {
  get(digest: string, platform: string | null): ReadImage | null;
  set(digest: string, platform: string | null, image: ReadImage, chain: ImageChain): void;
  /** What layers said; absent: it is not kept. */
  readonly files?: FileCache;
  /** What attestations claim, by the digest of an index and platform; absent: it is not kept. */
  readonly attested?: AttestationCache;
}

/** Keeps what attestations claim. Never throws. */
export interface AttestationCache {
  get(digest: string, platform: string | null): AttestedImage | null;
  set(digest: string, platform: string | null, attested: AttestedImage, chain: ImageChain): void;
}

/** What the layers of an image were asked. */
export interface FilesKey {
  readonly digest: string;
  readonly platform: string | null;
  /** The registry that served them: what does not rest on whole layers is its word, and holds for a while. */
  readonly host: string;
  readonly paths: readonly string[];
}

/** Keeps what layers said. Never throws. */
export interface FileCache {
  get(key: FilesKey): ImageFiles | null;
  set(key: FilesKey, files: ImageFiles, chain: ImageChain): void;
}

/** Keeps nothing between runs. */
export function createMemoryFactCache(): FactCache {
  const kept = new Map<string, ReadImage>();
  const files = new Map<string, ImageFiles>();
  const attested = new Map<string, AttestedImage>();
  const keyOf = (digest: string, platform: string | null): string => `${digest} ${platform ?? ''}`;
  return {
    get: (digest, platform) => kept.get(keyOf(digest, platform)) ?? null,
    set: (digest, platform, image) => void kept.set(keyOf(digest, platform), image),
    files: { get: key => files.get(JSON.stringify(key)) ?? null, set: (key, value) => void files.set(JSON.stringify(key), value) },
    attested: {
      get: (digest, platform) => attested.get(keyOf(digest, platform)) ?? null,
      set: (digest, platform, value) => void attested.set(keyOf(digest, platform), value),
    },
  };
}

/** Who is asked; layers only of who can give a part of one. */
export type FactClient = Pick<RegistryClient, 'read' | 'blob' | 'limit'> & Partial<Pick<RegistryClient, 'part'>>;

/** What a look-up is made with. */
export interface FactLookupOptions {
  readonly client: FactClient;
  /** Tells the digests of tags; what it has kept is a tag's for as long as it says. */
  readonly resolver: Pick<Resolver, 'resolve' | 'recent'>;
  readonly cache: FactCache;
  /** What reads layers; absent: no layer is read. */
  readonly layers?: { readonly host: LayerHost; readonly limits?: LayerLimits };
}

/** How an image is looked up. */
export interface FactQuestion {
  /** `linux/arm64`; `null`: the usual one. */
  readonly platform: string | null;
  /** Whether the bytes are needed, whatever is kept. */
  readonly chain: boolean;
  /** Whether layers are read, and the paths whose owner is asked for besides those that the configuration names; absent: they are not. */
  readonly files?: { readonly paths: readonly string[] };
  /** Whether attestations are read. */
  readonly attestations?: boolean;
}

/** How many requests go where, at most and without those to token services. */
export interface RequestPlan {
  readonly registry: string;
  readonly images: number;
  readonly requests: number;
  /** Of how many of the images layers are read, which takes more requests; absent: of none. */
  readonly read?: number;
}

/** Looks facts of images up. Never rejects. */
export interface FactLookup {
  lookUp(reference: string, question: FactQuestion, cancellation: Cancellation): Promise<Outcome<FoundImage>>;
  /** What looking images up would ask of whom, the registries sorted. Asks nothing. */
  plan(references: readonly string[], question: FactQuestion): readonly RequestPlan[];
}

/** Requests for an image: of its tag, its index, the manifest of a platform, the configuration. */
const requestsOfDigest = 3;

/** Requests for what is said of it: the manifest of its attestations, the statements. */
const requestsOfAttestations = 1 + mostStatements;

/** Creates a look-up. The same image is asked for once, however often it is named. */
export function createFactLookup({ client, resolver, cache, layers }: FactLookupOptions): FactLookup {
  const hosts = new Map<string, Turns>();
  const running = new Map<string, Promise<Outcome<Fetched>>>();
  const reader = layers && client.part ? createFileReader({ part: client.part }, layers) : null;
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
    const key = JSON.stringify([endpoint.host, endpoint.repository, digest, question.platform]);
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
      let [digest, at]: [digest: string | null, at: number | null] = [endpoint.digest, null];
      if (digest === null) {
        const outcome = await resolver.resolve(reference, cancellation);
        if (!outcome.ok) return outcome;
        ({ digest, at } = outcome.value);
      } else if (!digest.startsWith('sha256:')) return fail('unsupported', `${reference} has a digest that is not SHA-256`);
      // by a tag it is the registry's word which bytes are meant
      const level: FactLevel = at === null ? 'verified' : 'as-served';
      const fetch = (): Promise<Outcome<Fetched>> => fetchOnce(endpoint, digest, question, cancellation);
      const kept = question.chain ? null : cache.get(digest, question.platform);
      const fetched: Outcome<Omit<Fetched, 'chain'> & { chain: ImageChain | null }> = kept
        ? { ok: true, value: { image: kept, chain: null } }
        : await fetch();
      if (!fetched.ok) return fetched;
      const { image, chain } = fetched.value;
      const getChain = async (): Promise<Outcome<ImageChain>> => {
        if (chain) return { ok: true, value: chain };
        const again = await fetch();
        return again.ok ? { ok: true, value: again.value.chain } : again;
      };
      const files = await filesOnce(
        { reader, files: cache.files },
        turnsOf(endpoint.host),
        endpoint,
        image,
        question,
        getChain,
        cancellation,
      );
      if (!files.ok && files.failure.kind === 'cancelled') return files;
      const attested = question.attestations
        ? await attestedOnce({ client, cache }, turnsOf(endpoint.host), endpoint, digest, question.platform, getChain, cancellation)
        : null;
      if (attested?.ok === false) return attested;
      const facts: ImageFacts = { ...image.facts, level, ...(files.ok && files.value && { files: files.value }) };
      return {
        ok: true,
        value: {
          facts,
          claims: image.claims,
          at,
          chain,
          ...(!files.ok && { unread: files.failure.message }),
          ...(attested?.ok && { attested: attested.value }),
        },
      };
    },
    plan: (references, question) => planOf(references, question, resolver, cache),
  };
}

function planOf(
  references: readonly string[],
  question: FactQuestion,
  resolver: FactLookupOptions['resolver'],
  cache: FactCache,
): readonly RequestPlan[] {
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
    const { files: asked, platform } = question;
    const filesKey = asked && digest !== null ? { digest, platform, host: registry, paths: [...asked.paths].sort() } : null;
    const read = asked && (filesKey === null || !cache.files?.get(filesKey)) ? 1 : 0;
    const isAttested = question.attestations !== true || (digest !== null && cache.attested?.get(digest, platform));
    const first = isKept && read === 0 && isAttested ? 0 : requestsOfDigest;
    const requests = (digest === null ? 1 : 0) + first + (isAttested ? 0 : requestsOfAttestations);
    const other = plans.get(registry) ?? { registry, images: 0, requests: 0 };
    const all = (other.read ?? 0) + read;
    if (requests > 0)
      plans.set(registry, { registry, images: other.images + 1, requests: other.requests + requests, ...(all > 0 && { read: all }) });
  }
  return [...plans.values()].sort((a, b) => (a.registry < b.registry ? -1 : 1));
}

/** What layers say, those of one image once. */
async function filesOnce(
  { reader, files }: { readonly reader: ReturnType<typeof createFileReader> | null; readonly files: FileCache | undefined },
  turns: Turns,
  endpoint: Endpoint,
  { facts }: ReadImage,
  { platform, files: asked }: FactQuestion,
  getChain: () => Promise<Outcome<ImageChain>>,
  cancellation: Cancellation,
): Promise<Outcome<ImageFiles | null>> {
  if (!reader || !asked) return { ok: true, value: null };
  const key = { digest: facts.digest, platform, host: endpoint.registry, paths: [...asked.paths].sort() };
  const kept = files?.get(key);
  if (kept) return { ok: true, value: kept };
  const chain = await getChain();
  if (!chain.ok) return chain;
  return await reader(endpoint, facts, chain.value, key, turns, cancellation, read => {
    if (read.isFinal) files?.set(key, read.files, chain.value);
  });
}

/** What attestations claim, asked for once. */
async function attestedOnce(
  { client, cache }: Pick<FactLookupOptions, 'client' | 'cache'>,
  turns: Turns,
  endpoint: Endpoint,
  digest: string,
  platform: string | null,
  getChain: () => Promise<Outcome<ImageChain>>,
  cancellation: Cancellation,
): Promise<Outcome<AttestedImage>> {
  const kept = cache.attested?.get(digest, platform);
  if (kept) return { ok: true, value: kept };
  const chain = await getChain();
  if (!chain.ok) return chain;
  const value = await turns(() => readAttestations(client, endpoint, chain.value, cancellation));
  // a registry may have by then what it did not show
  if (value.problems.length === 0) cache.attested?.set(digest, platform, value, chain.value);
  return { ok: true, value };
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
    if (limit?.remaining === 0)
      return fail('rate-limited', `${endpoint.registry} serves no more manifests for now: its rate limit has been reached`);
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
