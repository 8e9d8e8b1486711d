import { join, resolve } from 'node:path';
import { masked, type MaskedText, plain, trusted } from '../../../shared/src/early';
import { factFailures, type FactPlace, factsJson, factsText, type ReportedImage } from '../../../shared/src/formats';
import { committedPath, createEngine, namesImage, rules } from '../../../shared/src/index';
import { version } from '../../../shared/host/version';
import { systemClock } from '../../../shared/src/base/ports/clock';
import { endpointOf } from '../../../shared/src/services/registry/names';
import { watchEngine } from '../watch/watched-engine';
import { isArchivePath } from '../host/node/archives';
import type { Attempt } from './attempt';
import { type CommittedRun, type FoundReference, sayDifferences, writeFacts } from './committed-facts';
import { configReports } from './config-report';
import { guard } from './each-input';
import { findInputs, guardedFolders, noInputs, readInputs, shownPath } from './inputs';
import { claimed, createLocalImages } from '../lookups/local-images';
import { archiveAt, engineAsker } from './local-facts';
import { lookUpAll, referencesOf } from './look-up-facts';
import type { Output } from './output';
import { readOperands } from './operands';
import { createReading } from './reading';
import { createCliFacts } from './resolver';
import { sayProblems } from './run';
import { createScopes } from './scopes';
import { UsageError, type Arguments } from './usage';

/** `bulkhead facts`. Gives the exit code. */
export async function facts(args: Arguments, output: Output, { watch, expect }: Attempt): Promise<number> {
  const started = systemClock.now();
  const [write, check, platform] = [args.has('write'), args.has('check'), args.get('platform') ?? null];
  if (write && check) throw new UsageError('--check changes nothing and cannot be combined with --write');
  if (platform !== null && (write || check))
    throw new UsageError('--platform cannot be combined with --write or --check, which use facts about the default platform');
  if (platform !== null && !/^[a-z0-9]+\/[a-z0-9]+(?:\/[a-z0-9]+)?$/.test(platform))
    throw new UsageError(`--platform must be a platform such as linux/arm64, not "${platform}"`);
  const ownerOf = args.all('path');
  if (ownerOf.length > 0 && !args.has('layers')) throw new UsageError('--path needs --layers');
  const unusable = ownerOf.find(path => !path.startsWith('/') || path.length > 1000);
  if (unusable !== undefined) throw new UsageError(`--path must be an absolute path, not "${unusable}"`);
  const config = args.get('config');
  const reading = createReading(args.has('follow-links'), shownPath);
  const findScope = createScopes(rules, config === undefined ? null : resolve(config), reading, watch);
  const { images: direct, paths: named } = readOperands(args.operands, 'facts');
  const archives = named.filter(isArchivePath);
  if (archives.length > 0 && (write || check)) throw new UsageError('--write and --check use what registries report, not archives');
  const paths = named.filter(path => !archives.includes(path));
  const isAlone = paths.length === 0 && direct.length + archives.length > 0;
  const inputs = readInputs(isAlone ? noInputs : findInputs(paths, findScope, {}, reading, expect), reading);
  const trouble: MaskedText[] = [...configReports(inputs.inputs.map(input => input.scope)).problems];
  const engine = watchEngine(createEngine(rules), watch);
  const places = new Map<string, FactPlace[]>(direct.map(reference => [reference, []]));
  for (const input of inputs.inputs) {
    if (watch.refusal(input.file)) trouble.push(masked`${trusted(input.shown)}: not checked: the check took too long`);
    const named = guard(input, trouble, () => engine.open(input.file).images()) ?? [];
    for (const place of named.filter(namesImage))
      for (const reference of referencesOf(place, args)) {
        const list = places.get(reference) ?? [];
        list.push({ path: input.shown, text: input.file.text, range: place.range });
        places.set(reference, list);
      }
  }

  const guarded = guardedFolders(paths, reading);
  const registries = createCliFacts(args, guarded, output, {
    named: direct.flatMap(reference => registryOf(reference) ?? []),
    keeps: !args.has('no-cache'),
  });
  const question = {
    platform,
    chain: write || check,
    ...(args.has('layers') && { files: { paths: ownerOf } }),
    attestations: args.has('attestations'),
  };
  const references = [...places.keys()].sort();
  const ask = args.has('no-engine') ? null : engineAsker(guarded, output);
  const outcomes = await lookUpAll(references, question, registries, createLocalImages(), ask, output);
  const archived = archives.flatMap(path =>
    archiveAt(path, platform, guarded, trouble).images.map(({ names, found }): ReportedImage => ({
      reference: names[0] ?? shownPath(path),
      places: [],
      found: claimed(found),
      failure: null,
    })),
  );
  const asked = references.map((reference): ReportedImage => {
    const outcome = outcomes.get(reference)!;
    const about = { reference, places: places.get(reference)! };
    return outcome.ok ? { ...about, found: outcome.value, failure: null } : { ...about, found: null, failure: outcome.failure };
  });
  const images = [...archived, ...asked];
  const report = { version, durationMs: Math.round(systemClock.now() - started), now: systemClock.now(), images };
  output.print(args.get('format') === 'json' ? factsJson(report) : write || check ? plain('') : factsText(report));
  trouble.push(...factFailures(report));
  const found = images.filter((image): image is ReportedImage & FoundReference => image.found !== null);
  const committed: CommittedRun = {
    path: join(findScope(process.cwd()).base ?? process.cwd(), committedPath),
    isPart: args.operands.length > 0,
    found,
    failed: images.flatMap(image => (image.failure ? [image.reference] : [])),
  };
  const isDifferent = check && sayDifferences(committed, reading, output, trouble);
  if (write) writeFacts(committed, guarded, reading, output, trouble);
  const unreadable = sayProblems(inputs, reading, output);
  for (const line of trouble) output.say(masked`bulkhead: ${line}`);
  if (unreadable || trouble.length > 0) return 2;
  return isDifferent ? 1 : 0;
}

function registryOf(reference: string): string | null {
  const endpoint = endpointOf(reference);
  return endpoint.ok ? endpoint.value.registry : null;
}
