import { parseUses } from '../../syntax/action/reference';
import { neverCancelled, type Cancellation } from '../../base/ports/cancellation';
import type { Timer } from '../../base/ports/timer';
import type { RegistryClient } from './client';
import type { Outcome } from './failure';
import { fail } from './failure';
import type { GithubClient } from './github';
import { endpointOf, keyOfReference, lookupKey, type Endpoint } from './names';
import { likelyVersions } from './tags';
import type { Turns } from './turns';
import { createTurns } from './turns';

/** What a look-up found, and when. */
export interface Lookup {
  /** Of an image `sha256:` and 64 hexadecimal digits, of an action the whole name of a commit. */
  readonly digest: string;
  /** Of an action empty. */
  readonly mediaType: string;
  /** Milliseconds since 1970. */
  readonly at: number;
  /** Of an action: versions that are tags of the commit, the one that says most first. */
  readonly versions?: readonly string[];
  /** Of an action that is named by its commit: whether the repository itself holds it; absent: not known. */
  readonly contained?: boolean;
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
  /** Asked about actions; absent: nobody is. */
  readonly github?: GithubClient;
  readonly cache: LookupCache;
  readonly timer: Timer;
  /** Milliseconds for which a look-up holds; 0: every one is done anew. */
  readonly maxAgeMs: () => number;
}

/** Looks digests up, each tag once. Never rejects. */
export interface Resolver {
  /** The digest that the tag of an image has, whatever digest it has itself; the commit that the ref of an action has. */
  resolve(reference: string, cancellation?: Cancellation): Promise<Outcome<Lookup>>;
  /** Looks many up at once: at most 8 at a time at one registry. Tells after each how many are done. */
  resolveAll(
    references: readonly string[],
    options?: { readonly cancellation?: Cancellation; readonly progress?: (done: number, total: number) => void },
  ): Promise<ReadonlyMap<string, Outcome<Lookup>>>;
  /** What the last look-up said, however old. Asks nobody. */
  last(reference: string): Lookup | null;
  /** The same where it still holds, so that no request is needed. */
  recent(reference: string): Lookup | null;
  /** A version tag that has this digest now, for a reference that has no fixed tag; `null` where none is found among the likely ones. */
  versionTag(reference: string, digest: string, cancellation?: Cancellation): Promise<Outcome<string | null>>;
  /** When the image that a reference is pinned to and the one with `digest` were made; `null`: the reference has no digest, or this one. */
  dates(reference: string, digest: string, cancellation?: Cancellation): Promise<MoveDates | null>;
  /**
   * When what a look-up of a reference gave was made (ISO 8601): the image by its configuration, the commit of an action by its committer. `null`: nothing says so; a
   * build that sets its dates to zero says nothing.
   */
  made(reference: string, digest: string, cancellation?: Cancellation): Promise<string | null>;
  clear(): void;
}

/** A registry sees no more connections than this at a time. */
export const requestsPerHost = 8;
/** Version tags that are compared with the digest of `latest`. */
const versionLookups = 8;

/** Something that a host is asked about a reference. */
type LookupQuestion = () => Promise<Outcome<Omit<Lookup, 'at'>>>;

/** Puts questions to hosts, those that are not known, a few at a time. */
interface Asker {
  readonly turnsOf: (host: string) => Turns;
  readonly askOnce: (key: string, host: string, question: LookupQuestion, cancellation: Cancellation) => Promise<Outcome<Lookup>>;
  /** What is kept under a key and still holds. */
  readonly recent: (key: string) => Lookup | null;
}

function createAsker({ cache, timer, maxAgeMs }: Pick<ResolverOptions, 'cache' | 'timer' | 'maxAgeMs'>): Asker {
  const pending = new Map<string, Promise<Outcome<Lookup>>>();
  const hosts = new Map<string, Turns>();
  const turnsOf = (host: string): Turns => {
    let turns = hosts.get(host);
    if (!turns) hosts.set(host, (turns = createTurns(requestsPerHost)));
    return turns;
  };

  const recent = (key: string): Lookup | null => {
    const kept = cache.get(key);
    if (!kept) return null;
    const age = timer.now() - kept.at;
    // an entry from the future tells of a clock that was set back
    return age >= 0 && age < maxAgeMs() ? kept : null;
  };

  /** Asks a host one thing, unless that is known. */
  const ask = async (key: string, host: string, question: LookupQuestion): Promise<Outcome<Lookup>> => {
    const kept = recent(key);
    if (kept) return { ok: true, value: kept };
    const outcome = await turnsOf(host)(question);
    if (!outcome.ok) return outcome;
    const lookup = { ...outcome.value, at: timer.now() };
    cache.set(key, lookup);
    return { ok: true, value: lookup };
  };

  /** Whoever asks what is being asked already gets the same answer. */
  const askOnce: Asker['askOnce'] = async (key, host, question, cancellation) => {
    for (;;) {
      let running = pending.get(key);
      if (!running) {
        running = ask(key, host, question).finally(() => pending.delete(key));
        pending.set(key, running);
      }
      const outcome = await running;
      if (cancellation.cancelled) return fail('cancelled', 'cancelled');
      // whoever started it went away; we have not
      if (outcome.ok || outcome.failure.kind !== 'cancelled') return outcome;
    }
  };
  return { turnsOf, askOnce, recent };
}

/** Asks when images were made. What a digest stands for never changes, so that this is asked once. */
function createDates(
  client: RegistryClient,
  turnsOf: Asker['turnsOf'],
): (endpoint: Endpoint, digest: string, cancellation: Cancellation) => Promise<string | null> {
  const made = new Map<string, string | null>();
  return async (endpoint, digest, cancellation) => {
    const key = `${endpoint.host}/${endpoint.repository}@${digest}`;
    const known = made.get(key);
    if (known !== undefined) return known;
    const outcome = await turnsOf(endpoint.host)(() => client.created(endpoint, digest, cancellation));
    // a date is good to have, and no reason to fail
    if (!outcome.ok) return null;
    made.set(key, outcome.value);
    return outcome.value;
  };
}

/** Creates a resolver. */
export function createResolver({ client, github, cache, timer, maxAgeMs }: ResolverOptions): Resolver {
  const { turnsOf, askOnce, recent } = createAsker({ cache, timer, maxAgeMs });
  /** What a reference is kept under: of an action with the server that is asked, since there are several. */
  const storeKey = (reference: string): string | null => {
    const key = keyOfReference(reference);
    return key?.startsWith('action ') ? `${github?.host ?? ''} ${key}` : key;
  };

  const createdOf = createDates(client, turnsOf);

  const resolveEndpoint = (endpoint: Endpoint, cancellation: Cancellation): Promise<Outcome<Lookup>> =>
    askOnce(lookupKey(endpoint), endpoint.host, () => client.manifest(endpoint, cancellation), cancellation);

  const resolve = async (reference: string, cancellation: Cancellation = neverCancelled): Promise<Outcome<Lookup>> => {
    const uses = parseUses(reference);
    if (uses.kind === 'action') {
      if (!github) return fail('unsupported', 'actions are not looked up');
      const question: LookupQuestion = async () => {
        const found = await github.commit(uses, cancellation);
        if (!found.ok) return found;
        const { commit, versions, contained } = found.value;
        return { ok: true, value: { digest: commit, mediaType: '', versions, ...(contained !== null && { contained }) } };
      };
      return await askOnce(storeKey(reference)!, github.host, question, cancellation);
    }
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
    last: reference => under(storeKey(reference), key => cache.get(key)),
    recent: reference => under(storeKey(reference), recent),
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
    made: async (reference, digest, cancellation = neverCancelled) => {
      const uses = parseUses(reference);
      if (uses.kind === 'action') {
        const found = github ? await turnsOf(github.host)(() => github.committed(uses, digest, cancellation)) : null;
        return found?.ok ? found.value : null;
      }
      const endpoint = endpointOf(reference);
      const created = endpoint.ok ? await createdOf(endpoint.value, digest, cancellation) : null;
      return created === null || created < '2000' ? null : created;
    },
    clear: () => cache.clear(),
  };
}

/** What is found under a key; `null` of what has none. */
function under(key: string | null, find: (key: string) => Lookup | null): Lookup | null {
  return key === null ? null : find(key);
}
