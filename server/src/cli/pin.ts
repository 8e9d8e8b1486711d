import { resolve } from 'node:path';
import { masked, type MaskedText, printable, trusted } from '../../../shared/src/early';
import { pinJson, type PinnedFile, pinNotes, plural } from '../../../shared/src/formats';
import {
  asksForPin,
  createEngine,
  createGate,
  effectiveConfig,
  emptyWorkspace,
  type ImagePlace,
  lacksVersion,
  maskAlone,
  needsLookup,
  type OpenedFile,
  overlaps,
  parseAge,
  pinnedFile,
  type PinFacts,
  type PinPlan,
  planPins,
  rules,
} from '../../../shared/src/index';
import { systemClock } from '../../../shared/src/base/ports/clock';
import type { Outcome } from '../../../shared/src/services/registry/failure';
import type { Lookup, MoveDates, Resolver } from '../../../shared/src/services/registry/resolver';
import { version } from '../../../shared/host/version';
import type { Watch } from '../watch/watch';
import { watchEngine } from '../watch/watched-engine';
import type { Attempt } from './attempt';
import { configReports } from './config-report';
import { credentialNote, diffText } from './diff';
import { findInputs, guardedFolders, readInputs, shownPath, type Input } from './inputs';
import { guard } from './each-input';
import { sayIfAny, type Output } from './output';
import { createCliResolver } from './resolver';
import { createReading } from './reading';
import { sayProblems, writeInput } from './run';
import { createScopes } from './scopes';
import { UsageError, type Arguments } from './usage';

/** A file and the images that it names. */
interface Work {
  readonly input: Input;
  readonly opened: OpenedFile;
  readonly places: readonly ImagePlace[];
}

/** `bulkhead pin`. Gives the exit code. */
export async function pin(args: Arguments, output: Output, { watch, expect }: Attempt): Promise<number> {
  const write = args.has('write');
  if (write && args.has('check')) throw new UsageError('--check changes nothing and cannot be combined with --write');
  if (args.has('mask') && (write || args.has('check') || args.get('format') === 'json'))
    throw new UsageError('--mask is for the diff and cannot be combined with --write, --check or --format json');
  const minimumAge = ageOf(args.get('min-age'));
  const started = systemClock.now();
  const config = args.get('config');
  const reading = createReading(args.has('follow-links'), shownPath);
  const resolver = createCliResolver(args, guardedFolders(args.operands, reading), output);
  if (args.has('clear-cache')) resolver.clear();
  const findScope = createScopes(rules, config === undefined ? null : resolve(config), reading, watch);
  const inputs = readInputs(findInputs(args.operands, findScope, {}, reading, expect), reading);
  const trouble: MaskedText[] = [...configReports(inputs.inputs.map(input => input.scope)).problems];
  const engine = watchEngine(createEngine(rules), watch);
  const works = inputs.inputs.flatMap((input): Work[] => {
    // nobody may think that it names no image
    if (watch.refusal(input.file)) trouble.push(masked`${trusted(input.shown)}: not checked: the check took too long`);
    const opened = engine.open(input.file);
    const places = guard(input, trouble, () => opened.images()) ?? [];
    return places.length > 0 ? [{ input, opened, places }] : [];
  });
  const suppressed = args.has('no-suppress') ? () => () => false : createSuppressions(watch);
  const asked = works.flatMap(work => work.places.filter(place => needsLookup(place) && !suppressed(work.input)(place)));
  const lookups = await resolver.resolveAll(
    asked.map(place => place.reference),
    { progress: (done, total) => output.progress(done, total, 'images') },
  );
  const minAges = new Map(works.map(({ input }) => [input, minimumAge ?? input.config.pinMinAge ?? null]));
  const isAged = [...minAges.values()].some(age => age !== null);
  const [known, made] = [
    await factsOf(resolver, asked, lookups, args.has('version-tags')),
    isAged ? await agesOf(resolver, asked, lookups) : new Map<string, string>(),
  ];

  const planned = works.flatMap(({ input, opened }) => {
    const age = minAges.get(input) ?? null;
    const minimum = age === null ? {} : { minimum: { before: Date.now() - age, made: (reference: string) => made.get(reference) ?? null } };
    const facts = { ...known, ...minimum, suppressed: suppressed(input) };
    const plan = guard(input, trouble, () => planPins(pinnedFile(engine, opened), facts));
    return plan ? [{ input, plan }] : [];
  });
  // nothing is written before everything is planned: until then the run may have to start again
  const files = planned.map(({ input, plan }): PinnedFile => {
    const written = write && plan.edits.length > 0 && writeFile(input, plan, trouble);
    return { path: input.shown, text: input.file.text, plan, written };
  });
  print(files, args, output, systemClock.now() - started);
  const unreadable = sayProblems(inputs, reading, output);
  for (const line of trouble) output.say(masked`bulkhead: ${line}`);
  const items = files.flatMap(file => file.plan.items);
  if (unreadable || trouble.length > 0 || items.some(item => item.state === 'failed')) return 2;
  return args.has('check') && items.some(item => item.state === 'pin' || item.state === 'update') ? 1 : 0;
}

function print(files: readonly PinnedFile[], args: Arguments, output: Output, durationMs: number): void {
  if (args.get('format') === 'json') {
    output.print(pinJson({ version, durationMs: Math.round(durationMs), files }));
    return;
  }
  for (const { path, text, plan, written } of files) {
    const count = plan.items.filter(item => item.state === 'pin' || item.state === 'update').length;
    if (written) output.print(masked`${printable(trusted(path))}: ${plural(count, 'image')} pinned\n`);
    else if (!args.has('write') && !args.has('check')) {
      const change = { path, text, edits: plan.edits, gate: createGate({ text, findings: [] }) };
      output.print(diffText(change, output, args.has('mask')));
      sayIfAny(credentialNote(change, args.has('mask')), output);
    }
  }
  for (const line of pinNotes(files)) output.say(line);
}

function writeFile(input: Input, plan: PinPlan, trouble: MaskedText[]): boolean {
  const written = writeInput(input, plan.text);
  if (!written.ok) trouble.push(masked`${trusted(input.shown)}: not written: ${maskAlone(written.message)}`);
  return written.ok;
}

/** What look-ups gave, with what is asked for beside them. */
async function factsOf(
  resolver: Resolver,
  asked: readonly ImagePlace[],
  lookups: ReadonlyMap<string, Outcome<Lookup>>,
  hasTags: boolean,
): Promise<PinFacts> {
  const versions = hasTags ? await versionTags(resolver, asked, lookups) : new Map<string, string>();
  const dates = await moveDates(resolver, asked, lookups);
  return {
    lookup: reference => lookups.get(reference),
    versionTag: reference => versions.get(reference) ?? null,
    dates: reference => dates.get(reference) ?? null,
  };
}

/** Version tags by reference, of images without a fixed tag. */
async function versionTags(
  resolver: Resolver,
  places: readonly ImagePlace[],
  lookups: ReadonlyMap<string, Outcome<Lookup>>,
): Promise<ReadonlyMap<string, string>> {
  const found = new Map<string, string>();
  for (const reference of new Set(places.filter(place => place.digest === null && lacksVersion(place)).map(place => place.reference))) {
    const lookup = lookups.get(reference);
    const tag = lookup?.ok ? await resolver.versionTag(reference, lookup.value.digest) : null;
    if (tag?.ok && tag.value !== null) found.set(reference, tag.value);
  }
  return found;
}

/** An age in milliseconds; `null`: none is asked for. */
function ageOf(text: string | undefined): number | null {
  if (text === undefined) return null;
  const age = parseAge(text);
  if (age === null) throw new UsageError(`--min-age must be a number with h, d or w (hours, days, weeks), such as 7d, not "${text}"`);
  return age;
}

/** When what the look-ups gave was made, by reference. */
async function agesOf(
  resolver: Resolver,
  places: readonly ImagePlace[],
  lookups: ReadonlyMap<string, Outcome<Lookup>>,
): Promise<ReadonlyMap<string, string>> {
  const found = new Map<string, string>();
  await Promise.all(
    [...new Set(places.map(place => place.reference))].map(async reference => {
      const lookup = lookups.get(reference);
      const made = lookup?.ok ? await resolver.made(reference, lookup.value.digest) : null;
      if (made !== null) found.set(reference, made);
    }),
  );
  return found;
}

/** When old and new images were made, by reference, where the tag has moved. */
async function moveDates(
  resolver: Resolver,
  places: readonly ImagePlace[],
  lookups: ReadonlyMap<string, Outcome<Lookup>>,
): Promise<ReadonlyMap<string, MoveDates>> {
  const found = new Map<string, MoveDates>();
  await Promise.all(
    [...new Set(places.map(place => place.reference))].map(async reference => {
      const lookup = lookups.get(reference);
      const dates = lookup?.ok ? await resolver.dates(reference, lookup.value.digest) : null;
      if (dates) found.set(reference, dates);
    }),
  );
  return found;
}

/** Says which places a person has decided to leave: by a suppression of the rules that ask for pins. */
export function createSuppressions(watch: Watch): (input: Input) => (place: ImagePlace) => boolean {
  const asking = rules.filter(rule => asksForPin(rule.id));
  const engine = watchEngine(createEngine(asking), watch);
  const forced = Object.fromEntries(asking.map(rule => [rule.id, { severity: 'default' } as const]));
  const known = new Map<Input, (place: ImagePlace) => boolean>();
  return input => {
    let answer = known.get(input);
    if (!answer) {
      // the command itself asks for the pins, whatever the profile says of the rules
      const own = effectiveConfig(input.scope.config?.config ?? null, input.file.path, { profile: 'strict', rules: forced });
      const config = own === 'excluded' ? input.config : own;
      const context = { config, today: systemClock.today(), workspace: emptyWorkspace, digest: () => null };
      const findings = guard(input, [], () => engine.open(input.file).lint(context).findings) ?? [];
      const left = findings.filter(finding => finding.suppression !== null).map(finding => finding.range);
      known.set(input, (answer = place => left.some(range => overlaps(range, place.range))));
    }
    return answer;
  };
}
