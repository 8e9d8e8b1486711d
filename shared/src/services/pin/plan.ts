import type { Engine, OpenedFile } from '../../engine/engine';
import { printPin } from '../../syntax/action/reference';
import { namesOneOf } from '../../syntax/action/version';
import { applyEdits, sortEdits, type TextEdit } from '../../base/text/edits';
import { parseImageReference, printImageReference } from '../../syntax/image/reference';
import type { Outcome, RegistryFailure } from '../registry/failure';
import type { Lookup, MoveDates } from '../registry/resolver';
import type { ImagePlace, PinRefusal } from '../../syntax/image/places';

/**
 * What becomes of a place: `pin`: it gets a digest; `update`: the tag points elsewhere now; `current`: the digest is that of the tag; `fixed`: a digest without
 * a tag, which nothing can move; `refused`; `failed`: the registry gave no digest.
 */
export type PinState = 'pin' | 'update' | 'current' | 'fixed' | 'refused' | 'failed';

/** A place and what becomes of it. */
export interface PinItem {
  readonly place: ImagePlace;
  readonly state: PinState;
  /** What the registry said, where it was asked. */
  readonly lookup: Lookup | null;
  readonly refused: PinRefusal | null;
  readonly failure: RegistryFailure | null;
  /** The rule whose finding a failure is; `null`: nobody knows what is there. */
  readonly rule: string | null;
  /** The version tag that is written in place of none or `latest`. */
  readonly tag: string | null;
  /** Of an `update`: when the image of the old and that of the new digest were made, where somebody asked. */
  readonly dates: MoveDates | null;
}

/** A look-up as rules and fixes are told of it: an image's digest; an action's commit, with its versions (see `parsePin`). */
export function pinText({ digest, versions, contained }: Lookup): string {
  return printPin({ commit: digest, versions: versions ?? [], foreign: contained === false });
}

/** Whether findings of a rule ask for a pin, so that who suppresses one does not want it. */
export function asksForPin(rule: string): boolean {
  return /\/(?:missing-digest|latest-tag|unpinned-image|unpinned-action|branch-action|version-comment|impostor-commit)$/.test(rule);
}

/** What becomes of a file. */
export interface PinPlan {
  readonly items: readonly PinItem[];
  /** Sorted; against the text that the places came from. */
  readonly edits: readonly TextEdit[];
  readonly text: string;
}

/** What is known beside the file. */
export interface PinFacts {
  /** What a look-up of a reference gave; `undefined`: none was made. */
  readonly lookup: (reference: string) => Outcome<Lookup> | undefined;
  /** A version tag with the same digest, for a reference without a fixed tag. */
  readonly versionTag?: (reference: string) => string | null;
  /** When the image of the digest in a reference and that of its tag were made. */
  readonly dates?: (reference: string) => MoveDates | null;
  /** What has to be older than a moment (milliseconds since 1970) to be pinned; `created`: when what the look-up of a reference gave was made, as ISO 8601. */
  readonly minimum?: { readonly before: number; readonly made: (reference: string) => string | null };
  /** Whether somebody said that this place is to be left. */
  readonly suppressed?: (place: ImagePlace) => boolean;
}

/** Whether a registry must be asked about a place. */
export function needsLookup(place: ImagePlace): boolean {
  return place.refused === null && (place.kind === 'action' || place.digest === null || place.tag !== null);
}

/** Whether a place has no tag that names a release. */
export function lacksVersion(place: ImagePlace): boolean {
  if (place.kind === 'action') return false;
  return place.tag === null || place.tag === 'latest';
}

/** A file whose images are to be pinned. */
export interface PinnedFile {
  readonly text: string;
  /** The places of the text that name an image. */
  readonly places: readonly ImagePlace[];
  /** The places of another text of the file, to verify what was made of it. */
  readonly read: (text: string) => readonly ImagePlace[];
}

/** An opened file as `planPins` wants it. */
export function pinnedFile(engine: Engine, opened: OpenedFile): PinnedFile {
  const { file } = opened;
  return { text: file.text, places: opened.images(), read: text => engine.open({ ...file, text }).images() };
}

/** Says what becomes of each place of a file, and makes the edits. They are verified: read again, the file names the same images, with their digests. */
export function planPins({ text, places, read }: PinnedFile, facts: PinFacts): PinPlan {
  const first = places.map(place => aged(judge(place, facts), facts));
  for (const drop of [(): boolean => false, isElsewhere]) {
    const items = first.map(item => (changes(item) && drop(item.place, text) ? refuse(item) : item));
    const plan = makePlan(items, text);
    if (plan.edits.length === 0 || holds(read, plan, places)) return plan;
  }
  return makePlan(
    first.map(item => (changes(item) ? refuse(item) : item)),
    text,
  );
}

function judge(place: ImagePlace, { lookup, versionTag, dates, suppressed }: PinFacts): PinItem {
  const item = { place, lookup: null, refused: null, failure: null, rule: null, tag: null, dates: null } as const;
  if (place.refused !== null) return { ...item, state: 'refused', refused: place.refused };
  if (suppressed?.(place)) return { ...item, state: 'refused', refused: 'suppressed' };
  if (!needsLookup(place)) return { ...item, state: 'fixed' };
  const outcome = lookup(place.reference);
  if (!outcome?.ok) return { ...item, state: 'failed', failure: outcome?.failure ?? { kind: 'cancelled', message: 'not looked up' } };
  const found = outcome.value;
  if (place.kind === 'action') return { ...item, ...judgeAction(place, found) };
  if (place.digest === found.digest) return { ...item, state: 'current', lookup: found };
  const tag = place.digest === null && lacksVersion(place) ? (versionTag?.(place.reference) ?? null) : null;
  if (place.digest !== null) return { ...item, state: 'update', lookup: found, dates: dates?.(place.reference) ?? null };
  return { ...item, state: 'pin', lookup: found, tag };
}

/** The item, left where what it would be pinned to is younger than is asked for. */
function aged(item: PinItem, { minimum }: PinFacts): PinItem {
  // a comment that names another version is corrected at any age
  if (!minimum || !changes(item) || item.place.digest === item.lookup?.digest) return item;
  const made = minimum.made(item.place.reference);
  if (made !== null && Date.parse(made) <= minimum.before) return item;
  return { ...item, state: 'refused', refused: made === null ? 'age-unknown' : 'too-new', dates: { from: null, to: made } };
}

/** What becomes of an action. A commit that is written stays: where its comment names another version, the comment is wrong. */
function judgeAction(place: ImagePlace, lookup: Lookup): Pick<PinItem, 'state' | 'lookup' | 'tag' | 'failure' | 'rule'> {
  const { digest, versions = [], contained } = lookup;
  const [best = null] = versions;
  if (place.digest === null) return { state: 'pin', lookup, tag: best ?? place.tag, failure: null, rule: null };
  if (contained === false) {
    const message = `${digest.slice(0, 12)} is on no branch and no tag of ${nameOf(place.reference)}: only a fork has it`;
    return { state: 'failed', lookup: null, tag: null, failure: { kind: 'mismatch', message }, rule: 'workflow/impostor-commit' };
  }
  const isRight = place.tag !== null && namesOneOf(place.tag, versions);
  return { state: best === null || isRight ? 'current' : 'pin', lookup, tag: isRight ? null : best, failure: null, rule: null };
}

function changes({ state }: PinItem): boolean {
  return state === 'pin' || state === 'update';
}

function refuse(item: PinItem): PinItem {
  return { ...item, state: 'refused', refused: 'unverified' };
}

/** Whether a reference stands in an ARG, where other images may take parts of it. */
function isElsewhere(place: ImagePlace, text: string): boolean {
  const line = text.slice(text.lastIndexOf('\n', place.range.start - 1) + 1, place.range.start);
  return /^\s*ARG\s/i.test(line);
}

function makePlan(items: readonly PinItem[], text: string): PinPlan {
  const edits = sortEdits(
    items.flatMap(({ place, state, lookup, tag }) =>
      (state === 'pin' || state === 'update') && lookup ? place.edits({ digest: lookup.digest, ...(tag !== null && { tag }) }) : [],
    ),
  );
  return { items, edits, text: applyEdits(text, edits) };
}

/** Whether the changed file names what it should: nobody pins one image and moves another. */
function holds(read: PinnedFile['read'], { items, text }: PinPlan, before: readonly ImagePlace[]): boolean {
  const after = read(text);
  if (after.length !== before.length) return false;
  return items.every((item, i) => {
    const place = after[i]!;
    if (!changes(item)) return place.reference === item.place.reference && place.digest === item.place.digest;
    if (place.kind === 'action') return place.digest === item.lookup!.digest && nameOf(place.reference) === nameOf(item.place.reference);
    return place.digest === item.lookup!.digest && withoutPin(place.reference) === withoutPin(item.place.reference, item.tag);
  });
}

const nameOf = (action: string): string => action.slice(0, action.indexOf('@'));

/** The reference without its digest, as it is once `tag` is written. */
function withoutPin(text: string, tag: string | null = null): string {
  const reference = parseImageReference(text);
  return reference.invalid === null ? printImageReference({ ...reference, tag: tag ?? reference.tag, digest: null }) : text;
}
