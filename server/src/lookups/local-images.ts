import { type FactLookup, type FactQuestion, type FoundImage, parseImageReference, readInspected } from '../../../shared/src/index';
import type { Cancellation } from '../../../shared/src/base/ports/cancellation';
import { keyOfReference } from '../../../shared/src/services/registry/names';

/** What an engine on this machine has of images. */
export interface EngineAnswer {
  readonly engine: 'Docker' | 'Podman';
  /** As `image inspect` prints them. */
  readonly images: readonly Readonly<Record<string, unknown>>[];
}

/** How the engines of this machine are asked. */
export interface EngineWish {
  /** Folders that somebody else may have filled, as the host names them: a program in one is not run. */
  readonly folders: readonly string[];
  readonly cancellation: Cancellation;
  /** Hears why an engine is not asked. */
  readonly note: (line: string) => void;
}

/** Asks which of some images the engines of this machine have; starts and pulls nothing. Never rejects. */
export type AskEngines = (references: readonly string[], wish: EngineWish) => Promise<readonly EngineAnswer[]>;

/** An image of an archive, and the names that it has there. */
export interface FoundHere {
  readonly names: readonly string[];
  readonly found: FoundImage;
}

/** Reads an archive of `docker save` or an OCI layout, by its URI; why it cannot be, as the end of a sentence. `folders`: those whose files are claims. */
export type OpenArchive = (
  uri: string,
  folders: readonly string[],
) => { readonly ok: true; readonly images: readonly FoundHere[] } | { readonly ok: false; readonly message: string };

/** What this machine has of images. Nothing of it is kept. */
export interface LocalImages {
  /** By a name, which anybody can have given it; by a digest, where that is one. */
  add(names: readonly string[], found: FoundImage): void;
  /** Asks the engines about images of which nothing is known here, where their answer counts. Never rejects. */
  prepare(references: readonly string[], question: FactQuestion, ask: (names: readonly string[]) => ReturnType<AskEngines>): Promise<void>;
  /** `null`: nothing here says what an image is. */
  of(reference: string): FoundImage | null;
}

/** Knows nothing yet. */
export function createLocalImages(): LocalImages {
  const byKey = new Map<string, FoundImage>();
  const byDigest = new Map<string, FoundImage>();
  return {
    add: (names, found) => {
      if (found.facts.level === 'verified') byDigest.set(found.facts.digest, found);
      for (const name of names) byKey.set(keyOfReference(name)!, claimed(found));
    },
    prepare: async (references, question, ask) => {
      if (asksRegistry(question)) return;
      // none that the client would take for an option
      const names = references.filter(name => !byKey.has(keyOfReference(name) ?? '') && /^[a-z0-9]/i.test(name));
      for (const answer of await ask(names))
        for (const image of answer.images) takeInspected(answer.engine, image, question, { byKey, byDigest });
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

/** Whether a question is one that only a registry answers: the bytes of a chain, layers, attestations. */
function asksRegistry({ chain, files, attestations }: FactQuestion): boolean {
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
