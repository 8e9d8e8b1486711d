import { dirname, resolve } from 'node:path';
import { masked, type MaskedText, plain, trusted } from '../../../shared/src/early';
import {
  factFailures,
  type FactPlace,
  factsJson,
  factsText,
  limitNote,
  planNote,
  plural,
  type ReportedImage,
} from '../../../shared/src/formats';
import {
  type CommittedImage,
  committedPath,
  createEngine,
  createSieve,
  type FactLookup,
  maskAlone,
  namesImage,
  parseImageReference,
  printCommitted,
  readCommitted,
  rules,
} from '../../../shared/src/index';
import { version } from '../../../shared/host/version';
import { neverCancelled } from '../../../shared/src/base/ports/cancellation';
import { systemClock } from '../../../shared/src/base/ports/clock';
import type { RegistryClient } from '../../../shared/src/services/registry/client';
import { endpointOf } from '../../../shared/src/services/registry/names';
import { createFolder } from '../host/node/output-file';
import { watchEngine } from '../watch/watched-engine';
import type { Attempt } from './attempt';
import { readIfThere, writeAnew } from './baseline';
import { configReports } from './config-report';
import { guard } from './each-input';
import { findInputs, guardedFolders, readInputs, shownPath } from './inputs';
import { sayIfAny, type Output } from './output';
import { readOperands } from './operands';
import { createReading, type Reading } from './reading';
import { createCliFacts } from './resolver';
import { sayProblems } from './run';
import { createScopes } from './scopes';
import { UsageError, type Arguments } from './usage';

type Found = ReportedImage & { readonly found: NonNullable<ReportedImage['found']> };

/** `bulkhead facts`. Gives the exit code. */
export async function facts(args: Arguments, output: Output, { watch, expect }: Attempt): Promise<number> {
  const started = systemClock.now();
  const [write, check, platform] = [args.has('write'), args.has('check'), args.get('platform') ?? null];
  if (write && check) throw new UsageError('--check changes nothing and cannot be combined with --write');
  if (platform !== null && (write || check))
    throw new UsageError('--platform cannot be combined with --write or --check: facts are those of the usual platform there');
  if (platform !== null && !/^[a-z0-9]+\/[a-z0-9]+(?:\/[a-z0-9]+)?$/.test(platform))
    throw new UsageError(`--platform must be a platform such as linux/arm64, not "${platform}"`);
  const config = args.get('config');
  const reading = createReading(args.has('follow-links'), shownPath);
  const findScope = createScopes(rules, config === undefined ? null : resolve(config), reading, watch);
  const { images: direct, paths } = readOperands(args.operands, 'facts');
  const nothing = { found: [], problems: [], excluded: [] };
  const inputs = readInputs(paths.length === 0 && direct.length > 0 ? nothing : findInputs(paths, findScope, {}, reading, expect), reading);
  const trouble: MaskedText[] = [...configReports(inputs.inputs.map(input => input.scope)).problems];
  const engine = watchEngine(createEngine(rules), watch);
  const places = new Map<string, FactPlace[]>(direct.map(reference => [reference, []]));
  for (const input of inputs.inputs) {
    if (watch.refusal(input.file)) trouble.push(masked`${trusted(input.shown)}: not checked: it takes too long`);
    const named = guard(input, trouble, () => engine.open(input.file).images()) ?? [];
    for (const { reference, range } of named.filter(place => namesImage(place) && isRemote(place.reference))) {
      const list = places.get(reference) ?? [];
      list.push({ path: input.shown, text: input.file.text, range });
      places.set(reference, list);
    }
  }

  const named = direct.flatMap(reference => registryOf(reference) ?? []);
  const guarded = guardedFolders(paths, reading);
  const registries = createCliFacts(args, guarded, output, { named, keeps: !args.has('no-cache') });
  const question = { platform, chain: write || check };
  const references = [...places.keys()].sort();
  const outcomes = await lookUpAll(references, question, registries, output);
  const images = references.map((reference): ReportedImage => {
    const outcome = outcomes.get(reference)!;
    const asked = { reference, places: places.get(reference)! };
    return outcome.ok ? { ...asked, found: outcome.value, failure: null } : { ...asked, found: null, failure: outcome.failure };
  });
  const report = { version, durationMs: Math.round(systemClock.now() - started), now: systemClock.now(), images };
  output.print(args.get('format') === 'json' ? factsJson(report) : write || check ? plain('') : factsText(report));
  trouble.push(...factFailures(report));
  const found = images.filter((image): image is Found => image.found !== null);
  const isDifferent = check && sayDifferences(found, reading, output, trouble);
  if (write) writeFacts(found, guarded, reading, output, trouble);
  const unreadable = sayProblems(inputs, reading, output);
  for (const line of trouble) output.say(masked`bulkhead: ${line}`);
  if (unreadable || trouble.length > 0) return 2;
  return isDifferent ? 1 : 0;
}

/** Whether a registry has the image: `scratch` is empty, and ko makes its own. */
export function isRemote(reference: string): boolean {
  return parseImageReference(reference).invalid === null && reference !== 'scratch';
}

function registryOf(reference: string): string | null {
  const endpoint = endpointOf(reference);
  return endpoint.ok ? endpoint.value.registry : null;
}

type Asked = { readonly lookup: FactLookup; readonly client: RegistryClient };
type FactOutcome = Awaited<ReturnType<FactLookup['lookUp']>>;

/** Looks images up, and says first how many requests go where, and after that what is left of limits. */
export async function lookUpAll(
  references: readonly string[],
  question: Parameters<FactLookup['lookUp']>[1],
  { lookup, client }: Asked,
  output: Output,
): Promise<ReadonlyMap<string, FactOutcome>> {
  sayIfAny(planNote(lookup.plan(references, question)), output);
  const outcomes = new Map<string, FactOutcome>();
  await Promise.all(
    references.map(async reference => {
      outcomes.set(reference, await lookup.lookUp(reference, question, neverCancelled));
      output.progress(outcomes.size, references.length, 'images');
    }),
  );
  const limited = new Map(references.flatMap(reference => limitOf(reference, client)));
  for (const [registry, limit] of limited) output.say(limitNote(registry, limit));
  return outcomes;
}

function limitOf(
  reference: string,
  client: RegistryClient,
): readonly (readonly [string, NonNullable<ReturnType<RegistryClient['limit']>>])[] {
  const endpoint = endpointOf(reference);
  const limit = endpoint.ok ? client.limit(endpoint.value) : null;
  return endpoint.ok && limit ? [[endpoint.value.registry, limit]] : [];
}

/** What a committed file has of an image: its name without a digest. */
function committedOf({ reference, found }: Found): readonly CommittedImage[] {
  const endpoint = endpointOf(reference);
  if (!endpoint.ok || !found.chain) return [];
  const { registry, repository, tag } = endpoint.value;
  return [{ reference: `${registry}/${repository}${tag === null ? '' : `:${tag}`}`, digest: found.facts.digest, chain: found.chain }];
}

const keyOf = ({ reference, digest }: Pick<CommittedImage, 'reference' | 'digest'>): string => `${reference}@${digest}`;

/** Each once: files may spell one image in several ways. */
function unique(images: readonly Found[]): readonly CommittedImage[] {
  return [...new Map(images.flatMap(committedOf).map(image => [keyOf(image), image])).values()];
}

/** Writes the committed file. The bytes of a configuration cannot be masked: an image that carries a credential is left out, and named. */
function writeFacts(found: readonly Found[], guarded: readonly string[], reading: Reading, output: Output, trouble: MaskedText[]): void {
  const images = unique(found).filter(({ reference, chain }) => {
    const isClean = createSieve(chain.configuration).json(chain) !== null;
    if (!isClean) trouble.push(masked`${maskAlone(reference)}: not written: its configuration holds what looks like a credential`);
    return isClean;
  });
  const path = resolve(committedPath);
  const folder = createFolder(dirname(path), guarded);
  const written = folder.ok ? writeAnew(path, guarded, readIfThere(committedPath, reading), printCommitted(images)) : folder;
  if (written.ok) output.say(masked`bulkhead: ${trusted(committedPath)}: ${plural(images.length, 'image')} written`);
  else trouble.push(masked`${trusted(committedPath)}: not written: ${maskAlone(written.message)}`);
}

/** Says where the committed file differs from what registries have now; gives whether it does. */
function sayDifferences(found: readonly Found[], reading: Reading, output: Output, trouble: MaskedText[]): boolean {
  const text = reading.sideText(resolve(committedPath));
  if (!text.ok) {
    trouble.push(masked`${trusted(committedPath)}: ${maskAlone(text.message)}`);
    return true;
  }
  const { images, problems } = readCommitted(text.value);
  const [there, now] = [new Map(images.map(image => [keyOf(image), image])), new Map(unique(found).map(image => [keyOf(image), image]))];
  const lines = [
    ...problems.map(problem => maskAlone(problem)),
    ...[...now].flatMap(([key]) => (there.has(key) ? [] : [masked`${maskAlone(key)} is not in it`])),
    ...[...there].flatMap(([key]) => (now.has(key) ? [] : [masked`${maskAlone(key)} is not what is named here, or has moved`])),
  ];
  for (const line of lines) output.say(masked`bulkhead: ${trusted(committedPath)}: ${line}`);
  return lines.length > 0;
}
