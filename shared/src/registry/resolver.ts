import { neverCancelled, type Cancellation } from '../ports/cancellation';
import type { Timer } from '../ports/timer';
import type { RegistryClient } from './client';
import type { Outcome } from './failure';
import { fail } from './failure';
import { endpointOf, lookupKey, type Endpoint } from './names';
import { likelyVersions } from './tags';

/** What a look-up found, and when. */
export interface Lookup {
  readonly digest: string;
  readonly mediaType: string;
  /** Milliseconds since 1970. */
  readonly at: number;
}

/** When two images were made, as their configurations say (ISO 8601); `null` where they do not, or the registry does not show them any more. */
export interface MoveDates {
  readonly from: string | null;
  readonly to: string | null;
}

/** Keeps look-ups by key (see `lookupKey`). Never throws. */
export interface LookupCache {
  get(key: string): Lookup | null;
  set(key: string, lookup: Lookup): void;
  clear(): void;
}

/** Creates a cache in memory. The oldest entries go where it has more than `limit`. */
export function createMemoryCache(limit = 5000): LookupCache {
  const entries = new Map<string, Lookup>();
  return {
    get: key => entries.get(key) ?? null,
    set: (key, lookup) => {
      entries.delete(key);
      entries.set(key, lookup);
      if (entries.size > limit) entries.delete(entries.keys().next().value!);
    },
    clear: () => entries.clear(),
  };
}

/** How look-ups are done. */
export interface ResolverOptions {
  readonly client: RegistryClient;
  readonly cache: LookupCache;
  readonly timer: Timer;
  /** Milliseconds for which a look-up holds; 0: every one is done anew. */
  readonly maxAgeMs: () => number;
}

/** Looks digests up, each tag once. Never rejects. */
export interface Resolver {
  /** The digest that the tag of a reference has. Whatever digest the reference has itself does not matter. */
  resolve(reference: string, cancellation?: Cancellation): Promise<Outcome<Lookup>>;
  /** Looks many up at once: at most 8 at a time at one registry. Tells after each how many are done. */
  resolveAll(
    references: readonly string[],
    options?: { readonly cancellation?: Cancellation; readonly progress?: (done: number, total: number) => void },
  ): Promise<ReadonlyMap<string, Outcome<Lookup>>>;
  /** What the last look-up said, however old. Asks nobody. */
  last(reference: string): Lookup | null;
  /** A version tag that has this digest now, for a reference that has no fixed tag; `null` where none is found among the likely ones. */
  versionTag(reference: string, digest: string, cancellation?: Cancellation): Promise<Outcome<string | null>>;
  /** When the image that a reference is pinned to and the one with `digest` were made; `null`: the reference has no digest, or this one. */
  dates(reference: string, digest: string, cancellation?: Cancellation): Promise<MoveDates | null>;
  clear(): void;
}

/** A registry sees no more connections than this at a time. */
export const requestsPerHost = 8;
/** Version tags that are compared with the digest of `latest`. */
const versionLookups = 8;

/** Creates a resolver. */
export function createResolver({ client, cache, timer, maxAgeMs }: ResolverOptions): Resolver {
  const pending = new Map<string, Promise<Outcome<Lookup>>>();
  const gates = new Map<string, Gate>();
  const gateOf = (host: string): Gate => {
    let gate = gates.get(host);
    if (!gate) gates.set(host, (gate = createGate(requestsPerHost)));
    return gate;
  };

  const ask = async (endpoint: Endpoint, key: string, cancellation: Cancellation): Promise<Outcome<Lookup>> => {
    const kept = cache.get(key);
    if (kept) {
      const age = timer.now() - kept.at;
      // an entry from the future tells of a clock that was set back
      if (age >= 0 && age < maxAgeMs()) return { ok: true, value: kept };
    }
    const outcome = await gateOf(endpoint.host)(() => client.manifest(endpoint, cancellation));
    if (!outcome.ok) return outcome;
    const lookup = { ...outcome.value, at: timer.now() };
    cache.set(key, lookup);
    return { ok: true, value: lookup };
  };

  /** What a digest stands for never changes, so that this is asked once. */
  const made = new Map<string, string | null>();
  const createdOf = async (endpoint: Endpoint, digest: string, cancellation: Cancellation): Promise<string | null> => {
    const key = `${endpoint.host}/${endpoint.repository}@${digest}`;
    const known = made.get(key);
    if (known !== undefined) return known;
    const outcome = await gateOf(endpoint.host)(() => client.created(endpoint, digest, cancellation));
    // a date is good to have, and no reason to fail
    if (!outcome.ok) return null;
    made.set(key, outcome.value);
    return outcome.value;
  };

  const resolveEndpoint = async (endpoint: Endpoint, cancellation: Cancellation): Promise<Outcome<Lookup>> => {
    const key = lookupKey(endpoint);
    for (;;) {
      let running = pending.get(key);
      if (!running) {
        running = ask(endpoint, key, cancellation).finally(() => pending.delete(key));
        pending.set(key, running);
      }
      const outcome = await running;
      if (cancellation.cancelled) return fail('cancelled', 'cancelled');
      // whoever started it went away; we have not
      if (outcome.ok || outcome.failure.kind !== 'cancelled') return outcome;
    }
  };

  const resolve = async (reference: string, cancellation: Cancellation = neverCancelled): Promise<Outcome<Lookup>> => {
    const endpoint = endpointOf(reference);
    return endpoint.ok ? await resolveEndpoint(endpoint.value, cancellation) : endpoint;
  };

  return {
    resolve,
    resolveAll: async (references, { cancellation = neverCancelled, progress = () => undefined } = {}) => {
      const unique = [...new Set(references)];
      const results = new Map<string, Outcome<Lookup>>();
      let done = 0;
      await Promise.all(
        unique.map(async reference => {
          results.set(reference, await resolve(reference, cancellation));
          progress(++done, unique.length);
        }),
      );
      return results;
    },
    last: reference => {
      const endpoint = endpointOf(reference);
      return endpoint.ok ? cache.get(lookupKey(endpoint.value)) : null;
    },
    versionTag: async (reference, digest, cancellation = neverCancelled) => {
      const endpoint = endpointOf(reference);
      if (!endpoint.ok) return endpoint;
      const tags = await client.tags(endpoint.value, cancellation);
      if (!tags.ok) return tags;
      for (const tag of likelyVersions(tags.value, versionLookups)) {
        const found = await resolveEndpoint({ ...endpoint.value, tag, digest: null }, cancellation);
        if (!found.ok && found.failure.kind === 'cancelled') return found;
        if (found.ok && found.value.digest === digest) return { ok: true, value: tag };
      }
      return { ok: true, value: null };
    },
    dates: async (reference, digest, cancellation = neverCancelled) => {
      const endpoint = endpointOf(reference);
      if (!endpoint.ok || endpoint.value.digest === null || endpoint.value.digest === digest) return null;
      const [from, to] = await Promise.all([endpoint.value.digest, digest].map(one => createdOf(endpoint.value, one, cancellation)));
      return { from: from ?? null, to: to ?? null };
    },
    clear: () => cache.clear(),
  };
}

/** Lets actions begin in order, at most some of them at a time. */
type Gate = <T>(action: () => Promise<T>) => Promise<T>;

function createGate(size: number): Gate {
  const waiting: (() => void)[] = [];
  let running = 0;
  return async action => {
    if (running >= size) await new Promise<void>(resolve => waiting.push(resolve));
    else running++;
    try {
      return await action();
    } finally {
      const next = waiting.shift();
      // whoever is next takes this place over
      if (next) next();
      else running--;
    }
  };
}
