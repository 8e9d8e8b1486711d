import type { MaskedText } from '../../../shared/src/early';
import { limitNote, planNote } from '../../../shared/src/formats';
import { type FactLookup, type ImageFacts, type ImagePlace, maskAlone, namesImage, parseImageReference } from '../../../shared/src/index';
import { neverCancelled } from '../../../shared/src/base/ports/cancellation';
import type { RegistryClient } from '../../../shared/src/services/registry/client';
import { endpointOf, keyOfReference } from '../../../shared/src/services/registry/names';
import { guard } from './each-input';
import { readInput } from './inputs';
import { sayIfAny, type Output } from './output';
import { localFirst, type LocalImages } from '../lookups/local-images';
import { engineAsker, readArchives } from './local-facts';
import { createCliFacts, describeFailure } from './resolver';
import type { Run } from './run';
import type { Arguments } from './usage';

/** Whether a registry has the image: `scratch` is empty, and ko makes its own. */
function isRemote(reference: string): boolean {
  return parseImageReference(reference).invalid === null && reference !== 'scratch';
}

/** What is looked up for a place: its image, and what could take its place, where `--alternatives` asks for that. */
export function referencesOf({ reference, alternatives = [] }: ImagePlace, args: Arguments): readonly string[] {
  return [reference, ...(args.has('alternatives') ? alternatives : [])].filter(isRemote);
}

type Asked = { readonly lookup: FactLookup; readonly client: RegistryClient };
type FactOutcome = Awaited<ReturnType<FactLookup['lookUp']>>;

/** Looks images up, and says first how many requests go where, and after that what is left of limits. */
export async function lookUpAll(
  references: readonly string[],
  question: Parameters<FactLookup['lookUp']>[1],
  { lookup: registries, client }: Asked,
  local: LocalImages,
  ask: ReturnType<typeof engineAsker> | null,
  output: Output,
): Promise<ReadonlyMap<string, FactOutcome>> {
  if (ask) await local.prepare(references, question, ask);
  const lookup = localFirst(registries, local);
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

/** Looks the images up that the files of a run name; gives what could not be. */
export async function lookUpImages(run: Run, args: Arguments, output: Output): Promise<readonly MaskedText[]> {
  const archives = args.all('archive');
  const references = new Set<string>();
  for (const found of run.found.found) {
    const input = readInput(found, run.reading);
    if (!input || !('file' in input)) continue;
    const opened = run.engine.open(input.file);
    for (const place of guard(input, [], () => opened.images()) ?? [])
      for (const reference of namesImage(place) ? referencesOf(place, args) : []) references.add(reference);
    opened.forget();
  }
  const question = { platform: null, chain: false, ...(args.has('layers') && { files: { paths: [] } }) };
  const registries = createCliFacts(args, run.guarded, output, { named: [], keeps: !args.has('no-cache') });
  const failed: MaskedText[] = [];
  const local = readArchives(archives, run.guarded, failed);
  const ask = args.has('no-engine') ? null : engineAsker(run.guarded, output);
  const outcomes = await lookUpAll([...references].sort(), question, registries, local, ask, output);
  const byDigest = new Map<string, ImageFacts>();
  const byTag = new Map<string, ImageFacts>();
  for (const [reference, outcome] of outcomes) {
    if (!outcome.ok) {
      failed.push(maskAlone(`${reference}: ${describeFailure(outcome.failure)}`));
      continue;
    }
    const { facts, by } = outcome.value;
    const parsed = parseImageReference(reference);
    const digest = parsed.invalid === null ? parsed.digest : null;
    const key = digest === null ? keyOfReference(reference) : null;
    if (digest !== null) byDigest.set(digest, facts);
    else if (key !== null) byTag.set(key, facts);
    // what a registry sent hashes to its digest: a reference that is pinned to that has it verified
    if (digest === null && by === undefined && !byDigest.has(facts.digest)) byDigest.set(facts.digest, { ...facts, level: 'verified' });
  }
  run.images.add({ byDigest, byTag });
  return failed;
}
