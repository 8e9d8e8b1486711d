import type { CancellationToken, Connection } from 'vscode-languageserver';
import { createCancellation, type Cancellation } from '../../../shared/src/base/ports/cancellation';
import {
  clearCacheMethod,
  lookUpMethod,
  type LookUpParams,
  type LookUpResult,
  type ReadPartAnswer,
  readPartMethod,
  type ReadPartParams,
  type VerifyAnswer,
  verifyMethod,
  type VerifyParams,
} from '../../../shared/src/output/protocol/registry';
import { unknownVerdict } from '../../../shared/src/services/signature/verify';
import { fail, registryFailureKinds, type Outcome, type RegistryFailure } from '../../../shared/src/services/registry/failure';
import { parseImageReference, pinText } from '../../../shared/src/index';
import type { PartAnswer } from '../../../shared/src/services/registry/read-part';
import { isPin, keyOfReference } from '../../../shared/src/services/registry/names';
import type { Lookup, MoveDates, Resolver } from '../../../shared/src/services/registry/resolver';

/** A look-up with the version tag of the same digest, where that was asked for and found. */
export interface Answer {
  readonly outcome: Outcome<Lookup>;
  readonly versionTag: string | null;
  /** When the old and the new image were made, where that was asked for and the tag has moved. */
  readonly dates: MoveDates | null;
  /** When what was found was made, where that was asked for and something says so. */
  readonly made?: string | null;
}

/** Asks registries, by itself or through the client. Never rejects. */
export interface DigestSource {
  lookUp(params: LookUpParams, cancellation: Cancellation): Promise<Answer>;
  /** Who signed an image; asked anew each time. */
  verify(params: VerifyParams, cancellation: Cancellation): Promise<VerifyAnswer>;
  /** One part of what a registry has of an image; asked anew each time. */
  read(params: ReadPartParams, cancellation: Cancellation): Promise<PartAnswer>;
  clear(): void;
}

/** A source that remembers what it was told, for hover. */
export interface Digests extends DigestSource {
  /** The digest that a tag has now, for who only compares: nothing of it is remembered or shown. `null`: nobody can say. Never rejects. */
  ask(reference: string, cancellation: Cancellation): Promise<string | null>;
  /** What the last look-up of a reference said in this session, whatever digest the reference has itself. Asks nobody. */
  last(reference: string): Lookup | null;
  /** What was said of the commit that an action is pinned to, as rules are told of it; `null`: nothing was. Asks nobody. */
  pinned(reference: string): string | null;
  /** Why the last look-up of a reference failed, where it did. Asks nobody. */
  failure(reference: string): RegistryFailure | null;
  /** When the image of a digest was made, as far as a look-up has told. Asks nobody. */
  created(digest: string): string | null;
  /** Calls `listener` whenever there may be something else to say of a reference that was looked up. */
  onChange(listener: () => void): void;
  /** Whether nothing was looked up yet. */
  readonly empty: boolean;
}

/** More look-ups than this are of no more use to a hover. */
const remembered = 2000;

/** Makes a source remember. */
export function createDigests(source: DigestSource | null): Digests | null {
  if (source === null) return null;
  const last = new Map<string, Lookup>();
  const created = new Map<string, string>();
  const failures = new Map<string, RegistryFailure>();
  const listeners: (() => void)[] = [];
  const changed = (): void => listeners.forEach(listener => listener());
  return {
    lookUp: async (params, cancellation) => {
      const answer = await source.lookUp(params, cancellation);
      const key = keyOfReference(params.reference);
      if (key !== null && !answer.outcome.ok && answer.outcome.failure.kind !== 'cancelled') {
        remember(failures, key, answer.outcome.failure);
        changed();
      }
      if (key !== null && answer.outcome.ok) {
        if (failures.delete(key)) changed();
        remember(last, key, answer.outcome.value);
        const { dates, outcome } = answer;
        const reference = parseImageReference(params.reference);
        const old = reference.invalid === null ? reference.digest : null;
        if (dates?.from != null && old !== null) remember(created, old, dates.from);
        if (dates?.to != null) remember(created, outcome.value.digest, dates.to);
        if ((old !== null && old !== outcome.value.digest) || isOfCommit(params.reference, outcome.value)) changed();
      }
      return answer;
    },
    verify: (params, cancellation) => source.verify(params, cancellation),
    read: (params, cancellation) => source.read(params, cancellation),
    ask: async (reference, cancellation) => {
      const { outcome } = await source.lookUp({ reference, cacheMinutes: 0 }, cancellation);
      return outcome.ok ? outcome.value.digest : null;
    },
    clear: () => {
      last.clear();
      created.clear();
      failures.clear();
      source.clear();
      changed();
    },
    onChange: listener => void listeners.push(listener),
    get empty() {
      return last.size === 0 && failures.size === 0;
    },
    failure: reference => valueOf(failures, reference),
    created: digest => created.get(digest) ?? null,
    last: reference => valueOf(last, reference),
    pinned: reference => {
      const lookup = valueOf(last, reference);
      return lookup && isOfCommit(reference, lookup) ? pinText(lookup) : null;
    },
  };
}

/** Whether a look-up is one of the commit that an action is pinned to: rules say something of it. */
function isOfCommit(reference: string, { digest, versions }: Lookup): boolean {
  return versions !== undefined && reference.toLowerCase().endsWith(`@${digest}`);
}

/** What is known of a reference. Where nothing is known of any, its key is not worked out: every edit asks of each image in a file. */
function valueOf<Value>(map: ReadonlyMap<string, Value>, reference: string): Value | null {
  return map.size === 0 ? null : (map.get(keyOfReference(reference) ?? '') ?? null);
}

function remember<Value>(map: Map<string, Value>, key: string, value: Value): void {
  map.delete(key);
  if (map.size >= remembered) map.delete(map.keys().next().value!);
  map.set(key, value);
}

/** The server's own resolver, whose age of look-ups is set by each question: `setAge` hands it on. */
export function resolverSource(
  resolver: Resolver,
  setAge: (minutes: number) => void,
  others: Pick<DigestSource, 'verify' | 'read'>,
): DigestSource {
  return {
    ...others,
    lookUp: async ({ reference, cacheMinutes, versionTag, dates, made }, cancellation) => {
      setAge(cacheMinutes);
      const outcome = await resolver.resolve(reference, cancellation);
      if (!outcome.ok) return { outcome, versionTag: null, dates: null };
      const moved = dates === true ? await resolver.dates(reference, outcome.value.digest, cancellation) : null;
      const age = made === true ? { made: await resolver.made(reference, outcome.value.digest, cancellation) } : {};
      const tag = versionTag === true ? await resolver.versionTag(reference, outcome.value.digest, cancellation) : null;
      return { outcome, versionTag: tag?.ok === true ? tag.value : null, dates: moved, ...age };
    },
    clear: () => resolver.clear(),
  };
}

/** Look-ups through the client: in VS Code its extension host has the user's proxy and certificates, and the credentials stay there. */
export function clientSource(
  connection: Pick<Connection, 'sendRequest' | 'sendNotification'>,
  createToken: (cancellation: Cancellation) => CancellationToken,
): DigestSource {
  return {
    lookUp: async (params, cancellation) => {
      try {
        return readAnswer(await connection.sendRequest<LookUpResult>(lookUpMethod, params, createToken(cancellation)));
      } catch (error) {
        const kind = cancellation.cancelled ? 'cancelled' : 'unreachable';
        const message = error instanceof Error ? error.message : String(error);
        return { outcome: { ok: false, failure: { kind, message } }, versionTag: null, dates: null };
      }
    },
    verify: async (params, cancellation) => {
      try {
        return await connection.sendRequest<VerifyAnswer>(verifyMethod, params, createToken(cancellation));
      } catch (error) {
        return { verdict: unknownVerdict(null, error instanceof Error ? error.message : String(error)), signer: null };
      }
    },
    read: async (params, cancellation) => {
      try {
        const { text, failure, limit } = await connection.sendRequest<ReadPartAnswer>(readPartMethod, params, createToken(cancellation));
        return { outcome: typeof text === 'string' ? { ok: true, value: text } : readFailure(failure), limit };
      } catch (error) {
        const kind = cancellation.cancelled ? 'cancelled' : 'unreachable';
        return { outcome: fail(kind, error instanceof Error ? error.message : String(error)), limit: null };
      }
    },
    clear: () => void connection.sendNotification(clearCacheMethod),
  };
}

function readAnswer({ digest, mediaType, at, versionTag, dates, made, versions, contained, failure }: LookUpResult): Answer {
  if (isPin(digest)) {
    const ofAction = { ...(versions && { versions }), ...(contained !== undefined && { contained }) };
    return {
      outcome: { ok: true, value: { digest, mediaType, at, ...ofAction } },
      versionTag,
      dates: readDates(dates),
      made: readTime(made),
    };
  }
  return { outcome: readFailure(failure), versionTag: null, dates: null };
}

function readFailure(failure: LookUpResult['failure']): ReturnType<typeof fail> {
  const kind = registryFailureKinds.find(known => known === failure?.kind) ?? 'invalid-answer';
  return fail(kind, failure?.message ?? 'the editor did not respond');
}

function readDates(dates: LookUpResult['dates']): MoveDates | null {
  if (typeof dates !== 'object' || dates === null) return null;
  return { from: readTime(dates.from), to: readTime(dates.to) };
}

/** A time that is shown, so that it must be what it says it is. */
function readTime(value: unknown): string | null {
  return typeof value === 'string' && /^\d{4}-\d\d-\d\d[\dTZ:.+-]*$/.test(value) ? value : null;
}

/** One cancellation of several tokens of the protocol. */
export function cancellationOf(...tokens: readonly (CancellationToken | undefined)[]): Cancellation {
  const cancellation = createCancellation();
  for (const token of tokens) {
    if (token?.isCancellationRequested === true) cancellation.cancel();
    token?.onCancellationRequested(() => cancellation.cancel());
  }
  return cancellation;
}
