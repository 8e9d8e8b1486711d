import type { Cancellation } from '../../base/ports/cancellation';
import type { HttpResponse } from '../../base/ports/http-client';
import { isLoopback, originOf, parseAddress, type Address } from './address';
import { createAuthorizer } from './authorize';
import { decodeUtf8 } from './bytes';
import type { CredentialStore } from './credentials';
import { readDescriptors, type Descriptor, type Descriptors } from './descriptors';
import { fail, type Outcome } from './failure';
import { jsonObject } from '../../base/json';
import type { Endpoint } from './names';
import { followRedirects, type Arrival } from './redirects';
import { sha256 } from './sha256';
import { exchange, type Exchange, failureOf, hostOf, type TransportPorts } from './transport';
import { hasNextPage, nextPage, readTags } from './tags';
import { upTo } from '../../base/text/ends';

/** What a registry says of a tag. */
export interface ManifestInfo {
  /** `sha256:` and 64 hexadecimal digits: of the index, where the image has several platforms. */
  readonly digest: string;
  readonly mediaType: string;
}

/** A manifest or an index, whole. */
export interface Manifest extends ManifestInfo {
  readonly text: string;
}

/** Asks registries. Never rejects. */
export interface RegistryClient {
  /** The digest that a tag has now, as the registry says; of an endpoint without a tag, whether the digest is there. */
  manifest(endpoint: Endpoint, cancellation: Cancellation): Promise<Outcome<ManifestInfo>>;
  /** When an image was made, as its configuration says (ISO 8601); `null` where it does not. `digest` is that of a manifest or an index. */
  created(endpoint: Endpoint, digest: string, cancellation: Cancellation): Promise<Outcome<string | null>>;
  /** Tags of an image, of the first pages only. */
  tags(endpoint: Endpoint, cancellation: Cancellation): Promise<Outcome<readonly string[]>>;
  /** A manifest or an index by its tag or digest; `null`: the registry has none. */
  read(endpoint: Endpoint, reference: string, cancellation: Cancellation): Promise<Outcome<Manifest | null>>;
  /** The beginning of a blob, or what follows at an offset, in one request. What comes is hashed by nothing here. */
  part(endpoint: Endpoint, digest: string, asked: PartRequest, cancellation: Cancellation): Promise<Outcome<Part>>;
  /** The bytes of a blob, which have the digest that was asked for. */
  blob(endpoint: Endpoint, digest: string, cancellation: Cancellation): Promise<Outcome<Uint8Array>>;
  /**
   * What refers to a digest, as the registry lists it: of the first pages only. Where it has no such list, what stands behind the tag that takes
   * its place (distribution specification 1.1, "Referrers Tag Schema").
   */
  referrers(endpoint: Endpoint, digest: string, cancellation: Cancellation): Promise<Outcome<Descriptors>>;
  /** What the last answer of a registry said of its limit, as Docker Hub does; `null`: it said nothing. Asks nothing. */
  limit(endpoint: Endpoint): PullLimit | null;
}

/** What is asked for of a blob. */
export interface PartRequest {
  readonly start: number;
  readonly length: number;
  /** How much is taken where the registry sends all of it instead; where that starts elsewhere, nothing is. */
  readonly most: number;
  readonly timeoutMs: number;
}

/** A part of a blob. */
export interface Part {
  readonly bytes: Uint8Array;
  /** Whether the registry sends no parts: these are the first bytes, as many as were to be taken. */
  readonly isWhole: boolean;
}

/** How many manifests a registry still gives in some time. */
export interface PullLimit {
  readonly remaining: number;
  /** Of how many; `null`: it does not say. */
  readonly all: number | null;
  /** In how many seconds; `null`: it does not say. */
  readonly seconds: number | null;
}

/** Reads `ratelimit-remaining: 98;w=21600` and `ratelimit-limit`, which Docker Hub sends with every answer about a manifest. */
function limitIn(headers: HttpResponse['headers']): PullLimit | null {
  const [remaining, all] = ['ratelimit-remaining', 'ratelimit-limit'].map(name =>
    /^(\d{1,9})(?:;w=(\d{1,9}))?$/.exec(headers[name]?.trim() ?? ''),
  );
  if (!remaining) return null;
  const seconds = remaining[2] ?? all?.[2];
  return {
    remaining: Number(remaining[1]),
    all: all ? Number(all[1]) : null,
    seconds: seconds === undefined ? null : Number(seconds),
  };
}

/** Remembers what registries said of their limits last. */
function createLimits(): {
  readonly read: (endpoint: Endpoint, arrived: Outcome<Arrival>) => Outcome<Arrival>;
  readonly last: RegistryClient['limit'];
} {
  const limits = new Map<string, PullLimit>();
  return {
    read: ({ host }, arrived) => {
      const limit = arrived.ok ? limitIn(arrived.value.response.headers) : null;
      if (limit) limits.set(host, limit);
      return arrived;
    },
    last: ({ host }) => limits.get(host) ?? null,
  };
}

const indexTypes = ['application/vnd.oci.image.index.v1+json', 'application/vnd.docker.distribution.manifest.list.v2+json'] as const;
/** Without the index types a registry gives the digest of one platform, and of an OCI index nothing at all. */
const manifestTypes = [
  ...indexTypes,
  'application/vnd.oci.image.manifest.v1+json',
  'application/vnd.docker.distribution.manifest.v2+json',
].join(', ');
const digestPattern = /^sha256:[0-9a-f]{64}$/;
const maxPages = 3;
/** Scans and rebuilds leave something behind each time. */
const maxReferrerPages = 10;

/** Creates a client. Tokens and what it learned of registries live as long as it does. */
export function createRegistryClient(ports: TransportPorts, credentials: CredentialStore): RegistryClient {
  const authorizer = createAuthorizer(ports, credentials);
  const homes = new Map<string, Promise<Outcome<Address>>>();
  const limits = createLimits();

  /** HTTPS always, but on this machine, where HTTP comes second: as Docker has it. One request finds out for all. */
  const findHome = async (endpoint: Endpoint, cancellation: Cancellation): Promise<Outcome<Address>> => {
    const secure = parseAddress(`https://${endpoint.host}/`);
    if (secure === null) return fail('invalid-reference', `"${endpoint.host}" is not a host name`);
    if (!endpoint.loopback) return { ok: true, value: secure };
    const headers = { 'user-agent': ports.userAgent };
    const url = `${originOf(secure)}/v2/`;
    const result = await ports.http.send({ method: 'GET', url, headers, timeoutMs: 10_000, maxBytes: 1 << 16, cancellation });
    if (result.ok) return { ok: true, value: secure };
    const { kind } = result.failure;
    if (kind === 'protocol' || kind === 'reset') return { ok: true, value: parseAddress(`http://${endpoint.host}/`)! };
    return failureOf(result.failure, secure);
  };
  const homeOf = async (endpoint: Endpoint, cancellation: Cancellation): Promise<Outcome<Address>> => {
    for (;;) {
      let home = homes.get(endpoint.host);
      if (!home) homes.set(endpoint.host, (home = findHome(endpoint, cancellation)));
      const outcome = await home;
      if (!outcome.ok && homes.get(endpoint.host) === home) homes.delete(endpoint.host);
      // whoever started it went away; we have not
      if (outcome.ok || outcome.failure.kind !== 'cancelled' || cancellation.cancelled) return outcome;
    }
  };

  /** One request with its redirects; each origin gets its own authorization. */
  const request = async (
    endpoint: Endpoint,
    method: 'GET' | 'HEAD',
    path: string,
    accept: string,
    cancellation: Cancellation,
    more: { readonly headers?: Exchange['headers']; readonly limits?: Exchange['limits'] } = {},
  ): Promise<Outcome<Arrival>> => {
    const home = await homeOf(endpoint, cancellation);
    if (!home.ok) return home;
    const visit = async (address: Address): Promise<Outcome<HttpResponse>> => {
      const send = (authorization: string | null): Promise<Outcome<HttpResponse>> =>
        exchange(ports, {
          method,
          address,
          headers: { accept, ...more.headers, ...(authorization !== null && { authorization }) },
          cancellation,
          ...(more.limits && { limits: more.limits }),
        });
      const known = authorizer.known(address, endpoint);
      const first = await send(known);
      if (!first.ok || first.value.status !== 401) return first;
      if (known !== null) authorizer.forget(address, endpoint);
      const isHome = originOf(address) === originOf(home.value);
      const authorization = await authorizer.answer(first.value, address, endpoint, isHome, cancellation);
      if (!authorization.ok) return authorization;
      const second = await send(authorization.value);
      if (second.ok && second.value.status === 401) {
        authorizer.forget(address, endpoint);
        return fail('denied', `${hostOf(address)} rejects the credentials for ${endpoint.repository}`);
      }
      return second;
    };
    const start = path.startsWith('http') ? parseAddress(path) : parseAddress(originOf(home.value) + path);
    if (start === null) return fail('invalid-reference', `"${endpoint.repository}" does not form a valid URL`);
    const foreign = !isLoopback(home.value.host);
    return limits.read(endpoint, await followRedirects(start, visit, next => !(foreign && isLoopback(next.host))));
  };

  const getManifest = async (endpoint: Endpoint, reference: string, cancellation: Cancellation): Promise<Outcome<Manifest>> => {
    const got = await request(endpoint, 'GET', manifestPath(endpoint, reference), manifestTypes, cancellation);
    if (!got.ok) return got;
    const { response, address } = got.value;
    if (response.status !== 200) return statusFailure(response.status, address, endpoint, reference);
    if (response.truncated) return fail('too-large', `${hostOf(address)} sent more data than a manifest may contain`);
    const digest = `sha256:${sha256(response.body)}`;
    const said = response.headers['docker-content-digest'];
    for (const claim of [said, reference]) {
      if (claim?.startsWith('sha256:') && claim !== digest)
        return fail('mismatch', `${hostOf(address)} reports ${claim}, but the body has ${digest}`);
    }
    const mediaType = typeOf(response);
    const text = decodeUtf8(response.body);
    if (text === null || !looksLikeManifest(text))
      return fail('invalid-answer', `${hostOf(address)} sent something that is not a manifest`);
    return isOld(mediaType) ? old(endpoint) : { ok: true, value: { digest, mediaType, text } };
  };

  const getBlob = async (endpoint: Endpoint, digest: string, cancellation: Cancellation): Promise<Outcome<Uint8Array>> => {
    const got = await request(endpoint, 'GET', blobPath(endpoint, digest), '*/*', cancellation);
    if (!got.ok) return got;
    const { response, address } = got.value;
    if (response.status !== 200) return statusFailure(response.status, address, endpoint, digest);
    if (response.truncated) return fail('too-large', `${hostOf(address)} sends more than ${response.body.length} bytes for ${digest}`);
    if (`sha256:${sha256(response.body)}` !== digest)
      return fail('mismatch', `${hostOf(address)} sent content with a digest other than ${digest}`);
    return { ok: true, value: response.body };
  };

  const part: RegistryClient['part'] = async (endpoint, digest, { start, length, most, timeoutMs }, cancellation) => {
    const range = `bytes=${start}-${start + length - 1}`;
    const limits = { timeoutMs, maxBytes: length, maxWholeBytes: start === 0 ? most : 0 };
    // decompressed on the way its bytes would be others
    const headers = { range, 'accept-encoding': 'identity' };
    const got = await request(endpoint, 'GET', blobPath(endpoint, digest), '*/*', cancellation, { headers, limits });
    if (!got.ok) return got;
    return partOf(got.value, endpoint, digest, start);
  };

  const read = async (endpoint: Endpoint, reference: string, cancellation: Cancellation): Promise<Outcome<Manifest | null>> => {
    const got = await getManifest(endpoint, reference, cancellation);
    return !got.ok && got.failure.kind === 'not-found' ? { ok: true, value: null } : got;
  };

  return {
    read,
    part,
    blob: getBlob,
    limit: limits.last,
    referrers: (endpoint, digest, cancellation) => readReferrers({ request, read }, endpoint, digest, cancellation),
    manifest: async (endpoint, cancellation) => {
      const reference = endpoint.tag ?? endpoint.digest!;
      const head = await request(endpoint, 'HEAD', manifestPath(endpoint, reference), manifestTypes, cancellation);
      if (!head.ok) return head;
      const { response, address } = head.value;
      const digest = response.headers['docker-content-digest']?.trim();
      if (response.status === 200 && digest !== undefined && digestPattern.test(digest)) {
        if (endpoint.tag === null && digest !== reference)
          return fail('mismatch', `${hostOf(address)} returned ${digest} for ${reference}`);
        const mediaType = typeOf(response);
        return isOld(mediaType) ? old(endpoint) : { ok: true, value: { digest, mediaType } };
      }
      // 200 without a digest, and answers of servers that take no HEAD
      if (![200, 400, 405, 406, 501].includes(response.status)) return statusFailure(response.status, address, endpoint, reference);
      const got = await getManifest(endpoint, reference, cancellation);
      return got.ok ? { ok: true, value: { digest: got.value.digest, mediaType: got.value.mediaType } } : got;
    },
    created: async (endpoint, digest, cancellation) => {
      let manifest = await getManifest(endpoint, digest, cancellation);
      for (let depth = 0; depth < 3 && manifest.ok; depth++) {
        const parsed = jsonObject(manifest.value.text);
        const platform = firstPlatform(parsed);
        if (platform === null) {
          const config = digestIn(parsed?.['config']);
          if (config === null) return { ok: true, value: null };
          const blob = await getBlob(endpoint, config, cancellation);
          if (!blob.ok) return blob.failure.kind === 'too-large' ? { ok: true, value: null } : blob;
          const created = jsonObject(decodeUtf8(blob.value))?.['created'];
          return {
            ok: true,
            value: typeof created === 'string' && /^\d{4}-\d\d-\d\dT[\d:.]+(?:Z|[+-]\d\d:\d\d)$/.test(created) ? created : null,
          };
        }
        manifest = await getManifest(endpoint, platform, cancellation);
      }
      return manifest.ok ? { ok: true, value: null } : manifest;
    },
    tags: async (endpoint, cancellation) => {
      const tags: string[] = [];
      let path: string | null = `/v2/${endpoint.repository}/tags/list?n=1000`;
      for (let page = 0; page < maxPages && path !== null; page++) {
        const got: Outcome<Arrival> = await request(endpoint, 'GET', path, 'application/json', cancellation);
        if (!got.ok) return got;
        const { response, address } = got.value;
        if (response.status !== 200) return statusFailure(response.status, address, endpoint, 'tags');
        tags.push(...readTags(decodeUtf8(response.body)));
        path = nextPage(response.headers['link'], address);
      }
      return { ok: true, value: tags };
    },
  };
}

/** How a client asks for one address, with its redirects. */
type Request = (
  endpoint: Endpoint,
  method: 'GET' | 'HEAD',
  path: string,
  accept: string,
  cancellation: Cancellation,
) => Promise<Outcome<Arrival>>;

async function readReferrers(
  { request, read }: { readonly request: Request; readonly read: RegistryClient['read'] },
  endpoint: Endpoint,
  digest: string,
  cancellation: Cancellation,
): ReturnType<RegistryClient['referrers']> {
  const found: Descriptor[] = [];
  let whole = true;
  let path: string | null = `/v2/${endpoint.repository}/referrers/${digest}`;
  for (let page = 0; page < maxReferrerPages && path !== null; page++) {
    const got: Outcome<Arrival> = await request(endpoint, 'GET', path, indexTypes[0], cancellation);
    if (!got.ok) return got;
    const { response, address } = got.value;
    if (response.status === 401 || response.status === 403) return statusFailure(response.status, address, endpoint, digest);
    if (response.status !== 200) {
      const index = await read(endpoint, digest.replace(':', '-'), cancellation);
      return index.ok ? { ok: true, value: readDescriptors(index.value?.text ?? null, 'manifests') } : index;
    }
    if (response.truncated) return fail('too-large', `${hostOf(address)} sent more data than a referrers list may contain`);
    const { list, whole: isWhole } = readDescriptors(decodeUtf8(response.body) ?? '', 'manifests');
    found.push(...list);
    path = nextPage(response.headers['link'], address);
    whole &&= isWhole && (path !== null || !hasNextPage(response.headers['link']));
  }
  return { ok: true, value: { list: found, whole: whole && path === null } };
}

function partOf({ response, address }: Arrival, endpoint: Endpoint, digest: string, start: number): Outcome<Part> {
  if (response.status === 200 && start === 0) return { ok: true, value: { bytes: response.body, isWhole: true } };
  if (response.status === 200) return fail('unsupported', `${hostOf(address)} no longer sends partial content`);
  if (response.status !== 206) return statusFailure(response.status, address, endpoint, digest);
  const sent = /^bytes (\d{1,15})-/.exec(response.headers['content-range'] ?? '')?.[1];
  if (Number(sent) !== start || response.body.length === 0)
    return fail('invalid-answer', `${hostOf(address)} sent a different part of the content than requested`);
  return { ok: true, value: { bytes: response.body, isWhole: false } };
}

const blobPath = ({ repository }: Endpoint, digest: string): string => `/v2/${repository}/blobs/${digest}`;
const manifestPath = ({ repository }: Endpoint, reference: string): string => `/v2/${repository}/manifests/${reference}`;

function statusFailure(status: number, address: Address, { registry, repository }: Endpoint, reference: string): Outcome<never> {
  const image = `${repository}${reference.startsWith('sha256:') ? '@' : ':'}${reference}`;
  if (status === 404) return fail('not-found', `${registry} has no ${image}`);
  if (status === 401 || status === 403)
    return fail('denied', `${registry} denies access to ${repository}: it is private or does not exist`);
  return fail('invalid-answer', `${hostOf(address)} returned ${status}`);
}

function typeOf({ headers }: HttpResponse): string {
  return upTo(headers['content-type'] ?? '', ';')
    .trim()
    .toLowerCase();
}

/** Manifests of the first schema are signed anew for each answer. */
function isOld(mediaType: string): boolean {
  return mediaType.startsWith('application/vnd.docker.distribution.manifest.v1');
}

function old({ repository }: Endpoint): Outcome<never> {
  return fail('unsupported', `${repository} has a schema 1 manifest, which has no stable digest`);
}

function looksLikeManifest(text: string): boolean {
  return jsonObject(text)?.['schemaVersion'] !== undefined;
}

function digestIn(descriptor: unknown): string | null {
  const digest = typeof descriptor === 'object' && descriptor !== null ? (descriptor as Record<string, unknown>)['digest'] : null;
  return typeof digest === 'string' && digestPattern.test(digest) ? digest : null;
}

/** The digest of the first image of an index that is for a real platform; attestations say `unknown`. `null`: no index. */
function firstPlatform(manifest: Record<string, unknown> | null): string | null {
  const list = manifest?.['manifests'];
  if (!Array.isArray(list)) return null;
  const osOf = (item: unknown): unknown => ((item as { platform?: { os?: unknown } } | null)?.platform ?? {}).os;
  return digestIn(list.find(item => osOf(item) !== 'unknown') ?? list[0]);
}
