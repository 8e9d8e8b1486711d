import { next, type TrialVerdict } from '../../../shared/src/services/prove/search';
import type { PathKind } from '../../../shared/src/services/prove/reduce';
import { asksPlaces, type SearchContext } from '../../../shared/src/services/prove/settings';
import type { SeenStart } from '../../../shared/src/services/prove/search-steps';
import type { TrialObservation } from '../../../shared/src/services/prove/contract';
import { isRootUser, trialLabel, trialName } from '../../../shared/src/services/prove/arguments';
import { callEngine, imageOf, type TrialImage } from './engine';
import { placesOfImage } from './image-places';
import { kindsOf } from './look';
import { observe, type Watching } from './observe';
import { removeAll, type Starting } from './starts';

/** What a person may set of a trial. */
export interface TrialOptions extends Pick<Watching, 'readyMs' | 'watchMs' | 'exercise'> {
  readonly maxStarts: number;
  /** Milliseconds in all. */
  readonly mostMs: number;
  /** What harden would write, and what is known besides. */
  readonly candidateUser: string | null;
  readonly known: SearchContext['known'];
  /** Hears of each start before it is made, and of what was seen. */
  readonly progress: (news: {
    readonly at: number;
    readonly purpose: SeenStart['purpose'];
    readonly settings: SeenStart['settings'];
    readonly seen: SeenStart | null;
  }) => void;
}

/** What came of a trial, and how. */
export interface TrialOutcome {
  readonly verdict: TrialVerdict;
  readonly history: readonly SeenStart[];
  readonly image: TrialImage;
  readonly durationMs: number;
}

/** Proves a subject whose images are there. Never rejects for what containers do; gives `null` where it was cancelled. */
export async function prove(starting: Starting, options: TrialOptions): Promise<TrialOutcome | null> {
  const { tool, subject, nonce, images } = starting;
  const begun = Date.now();
  const reference = images.get(subject.container.name)?.id ?? '';
  const image = await imageOf(tool, reference);
  if (!image) throw new Error(`the engine has no ${reference}`);
  const still = createStill(starting, reference);
  const watching: Watching = { image, still: still.kinds, readyMs: options.readyMs, watchMs: options.watchMs, exercise: options.exercise };
  const history: SeenStart[] = [];
  const written = subject.container.user ?? image.user;
  // while it is started as it is written
  if (!isRootUser(written)) still.places().catch(() => undefined);
  const { candidateUser, known, maxStarts } = options;
  try {
    for (;;) {
      if (tool.cancellation.cancelled) return null;
      const isOver = Date.now() - begun > options.mostMs;
      const [first] = history;
      const places = first && (!isRootUser(written) || asksPlaces(first, known)) ? await still.places() : null;
      const step = next(history, {
        subject,
        imageUser: image.user,
        workdir: subject.container.workdir ?? image.workdir,
        candidateUser,
        known,
        places,
        imageVolumes: image.volumes,
        maxStarts,
        isOver,
      });
      if ('verdict' in step) return { verdict: step.verdict, history, image, durationMs: Date.now() - begun };
      const wish = { settings: step.start, purpose: step.purpose };
      const at = history.length + 1;
      options.progress({ at, ...wish, seen: null });
      const baseline: TrialObservation | null = history[0]?.observed ?? null;
      const seen = await observe(starting, watching, wish, baseline, at);
      if (tool.cancellation.cancelled) return null;
      history.push(seen);
      options.progress({ at, ...wish, seen });
    }
  } finally {
    await removeAll(tool, { containers: [trialName(nonce, 'image')], volumes: [] });
  }
}

/** The image as it is, in a container that is never started; made when it is first asked. */
function createStill(
  { tool, nonce, record }: Starting,
  reference: string,
): { readonly kinds: Watching['still']; readonly places: () => Promise<SearchContext['places']> } {
  const name = trialName(nonce, 'image');
  const known = new Map<string, PathKind | null>();
  let made: Promise<unknown> | null = null;
  const make = async (): Promise<void> => {
    record('container', name);
    await callEngine(tool, [
      'create',
      `--name=${name}`,
      `--label=${trialLabel}=${nonce}`,
      '--pull=never',
      '--network=none',
      reference,
      'true',
    ]);
  };
  const kinds = async (paths: readonly string[]): Promise<ReadonlyMap<string, PathKind>> => {
    const asked = paths.filter(path => !known.has(path));
    if (asked.length > 0) await (made ??= make());
    const found = await kindsOf(tool, name, asked);
    for (const path of asked) known.set(path, found.get(path) ?? null);
    return new Map(paths.flatMap(path => (known.get(path) ? [[path, known.get(path)!] as const] : [])));
  };
  let all: Promise<SearchContext['places']> | null = null;
  const places = async (): Promise<SearchContext['places']> => {
    await (made ??= make());
    return await (all ??= placesOfImage(tool, name));
  };
  return { kinds, places };
}
