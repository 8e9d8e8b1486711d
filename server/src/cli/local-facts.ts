import { masked, type MaskedText, trusted } from '../../../shared/src/early';
import { readInspected } from '../../../shared/src/formats';
import { type FactLookup, type FactQuestion, type FoundImage, maskAlone, parseImageReference } from '../../../shared/src/index';
import { neverCancelled } from '../../../shared/src/base/ports/cancellation';
import { keyOfReference } from '../../../shared/src/services/registry/names';
import { inspectImages, type EngineAnswer } from '../host/node/engines';
import { readArchiveAt, type ReadArchive } from './archives';
import { shownPath } from './inputs';
import type { Output } from './output';
import { createRunning } from './running';

/** What this machine has of images: archives that the command line names, and the engines. Nothing of it is kept. */
export interface LocalImages {
  /** Asks the engines about images that no archive has, once for all. Never rejects. */
  prepare(references: readonly string[], question: FactQuestion, output: Pick<Output, 'note'>): Promise<void>;
  /** `null`: nothing here says what an image is. */
  of(reference: string): FoundImage | null;
}

/** What is used of this machine. */
export interface LocalSources {
  readonly archives: readonly string[];
  /** Whether engines are asked. */
  readonly engines: boolean;
  /** Folders that may be anybody's. */
  readonly guarded: readonly string[];
}

/** Reads archives, and says what is wrong with them. */
export function createLocalImages({ archives, engines, guarded }: LocalSources, trouble: MaskedText[]): LocalImages {
  const byKey = new Map<string, FoundImage>();
  const byDigest = new Map<string, FoundImage>();
  for (const path of archives) {
    const { images } = archiveAt(path, null, guarded, trouble);
    for (const image of images) {
      if (image.found.facts.level === 'verified') byDigest.set(image.found.facts.digest, image.found);
      for (const name of image.names) byKey.set(keyOfReference(name)!, claimed(image.found));
    }
  }
  return {
    prepare: async (references, question, output) => {
      const asked = engines ? references.filter(reference => !byKey.has(keyOfReference(reference) ?? '')) : [];
      // none that the client would take for an option
      const names = asked.filter(reference => /^[a-z0-9]/i.test(reference));
      const options = { env: process.env, outside: guarded, cancellation: neverCancelled, running: createRunning() };
      const answers = await inspectImages(names, options, line => output.note(masked`bulkhead: ${maskAlone(line)}`));
      for (const answer of answers) for (const image of answer.images) takeInspected(answer.engine, image, question, { byKey, byDigest });
    },
    of: reference => {
      const parsed = parseImageReference(reference);
      if (parsed.invalid !== null) return null;
      return (parsed.digest === null ? byKey.get(keyOfReference(reference) ?? '') : byDigest.get(parsed.digest)) ?? null;
    },
  };
}

/** What is known of an image by a name that anybody can have given it. */
export const claimed = (found: FoundImage): FoundImage => ({ ...found, facts: { ...found.facts, level: 'claimed' } });

type Tables = { readonly byKey: Map<string, FoundImage>; readonly byDigest: Map<string, FoundImage> };

/** Takes in what an engine has: under its tags a claim, since anybody may have given it one; under the digests that it was pulled by, the engine's word. */
function takeInspected(
  engine: EngineAnswer['engine'],
  image: Readonly<Record<string, unknown>>,
  { platform }: FactQuestion,
  tables: Tables,
): void {
  const texts = (name: string): readonly string[] => {
    const list: unknown = image[name];
    return Array.isArray(list) ? list.filter((one): one is string => typeof one === 'string') : [];
  };
  const id = /^(?:sha256:)?([0-9a-f]{64})$/.exec(typeof image['Id'] === 'string' ? image['Id'] : '')?.[1];
  const digests = texts('RepoDigests').flatMap(name => /@(sha256:[0-9a-f]{64})$/.exec(name)?.[1] ?? []);
  const take = (digest: string, level: 'as-served' | 'claimed', put: (found: FoundImage) => void): void => {
    const read = readInspected(image, digest, level);
    if (!read.ok || (platform !== null && !`${read.value.facts.platform}/`.startsWith(`${platform}/`))) return;
    put({ ...read.value, at: null, chain: null, by: engine });
  };
  for (const digest of digests)
    take(digest, 'as-served', found => void (tables.byDigest.has(digest) || tables.byDigest.set(digest, found)));
  if (id === undefined) return;
  take(digests[0] ?? `sha256:${id}`, 'claimed', found => {
    for (const name of texts('RepoTags')) {
      const key = keyOfReference(name);
      if (key !== null && !tables.byKey.has(key)) tables.byKey.set(key, found);
    }
  });
}

/** The images of an archive, as a report has them. */
export function archiveAt(
  path: string,
  platform: string | null,
  guarded: readonly string[],
  trouble: MaskedText[],
): { readonly images: readonly { readonly names: readonly string[]; readonly found: FoundImage }[] } {
  const shown = shownPath(path);
  const read = readArchiveAt(path, platform, guarded);
  if (!read.ok) {
    trouble.push(masked`${trusted(shown)}: ${maskAlone(read.message)}`);
    return { images: [] };
  }
  for (const { names, problem } of read.value.problems)
    trouble.push(masked`${trusted(shown)}: ${maskAlone([...names, problem].join(': '))}`);
  return { images: imagesOf(read.value, shown) };
}

function imagesOf({ images, isInside }: ReadArchive, by: string): ReturnType<typeof archiveAt>['images'] {
  return images.map(({ names, facts, claims }) => {
    const found: FoundImage = { facts, claims, at: null, chain: null, by };
    return { names, found: isInside ? claimed(found) : found };
  });
}

/** Whether a question is one that only a registry answers: the bytes of a chain, layers, attestations. */
export function asksRegistry({ chain, files, attestations }: FactQuestion): boolean {
  return chain || files !== undefined || attestations === true;
}

/** A look-up that asks a registry only where this machine has no answer: of a digest, whose bytes a registry can prove, the engine is asked last. */
export function localFirst(lookup: FactLookup, local: LocalImages): FactLookup {
  const first = (reference: string, question: FactQuestion): FoundImage | null => {
    const found = asksRegistry(question) ? null : local.of(reference);
    return found && (found.facts.level === 'verified' || !reference.includes('@')) ? found : null;
  };
  return {
    lookUp: async (reference, question, cancellation) => {
      const found = first(reference, question);
      if (found) return { ok: true, value: found };
      const outcome = await lookup.lookUp(reference, question, cancellation);
      const other = outcome.ok || asksRegistry(question) ? null : local.of(reference);
      return other ? { ok: true, value: other } : outcome;
    },
    plan: (references, question) =>
      lookup.plan(
        references.filter(reference => !first(reference, question)),
        question,
      ),
  };
}
