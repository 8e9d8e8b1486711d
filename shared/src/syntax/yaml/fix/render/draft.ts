import type { YamlValue } from '../../operations';

/** A value that is going to be written. Maps and sequences can still grow while operations are put together. */
export type Draft = DraftScalar | DraftMap | DraftSequence | DraftSource;

/** A scalar. */
export interface DraftScalar {
  readonly kind: 'scalar';
  readonly value: string | number | boolean | null;
}

/** A map: keys in the order in which they are written. */
export interface DraftMap {
  readonly kind: 'map';
  readonly entries: Map<string, Draft>;
  /** Keys that were put behind another (`null`: first). */
  behind?: Map<string, string | null>;
}

/** A sequence. */
export interface DraftSequence {
  readonly kind: 'sequence';
  readonly items: Draft[];
  /** Whether it is in block style, whatever the file prefers. */
  readonly block?: boolean;
}

/** The text of a moved value: what stood behind the colon, with comments, its lines moved to column 0 of its key. */
export interface DraftSource {
  readonly kind: 'source';
  /** The comment lines that stand directly above the key, moved to column 0. */
  readonly above: readonly string[];
  /** The first line follows the colon directly. */
  readonly lines: readonly string[];
  /** Whether the text may stand inside a flow collection. */
  readonly inline: boolean;
  /** Whether the text ends in a block scalar, which takes in what stands below it and is indented as deep. */
  readonly greedy: boolean;
  /** Where the comments start that the text carries. */
  readonly comments: readonly number[];
}

/** A draft of a value; members that are `undefined` do not exist. */
export function draftOf(value: YamlValue): Draft {
  if (value === null || typeof value !== 'object') return { kind: 'scalar', value };
  if (Array.isArray(value)) return { kind: 'sequence', items: value.map(draftOf) };
  const entries = new Map<string, Draft>();
  for (const [name, member] of Object.entries(value as Readonly<Record<string, YamlValue | undefined>>)) {
    if (member !== undefined) entries.set(name, draftOf(member));
  }
  return { kind: 'map', entries };
}

/** Whether two drafts say the same, key order included. */
export function sameDraft(a: Draft, b: Draft): boolean {
  if (a.kind === 'scalar') return b.kind === 'scalar' && Object.is(a.value, b.value);
  if (a.kind === 'sequence') {
    return b.kind === 'sequence' && a.items.length === b.items.length && a.items.every((item, index) => sameDraft(item, b.items[index]!));
  }
  if (a.kind === 'source' || b.kind !== 'map') return a === b;
  const others = [...b.entries];
  return (
    a.entries.size === others.length &&
    [...a.entries].every(([name, member], index) => name === others[index]![0] && sameDraft(member, others[index]![1]))
  );
}

/** What a draft says, for comparison: two say the same where their keys are equal. `null` for what was moved, which equals itself alone. */
function keyOf(draft: Draft): string | null {
  if (draft.kind === 'scalar') return JSON.stringify(draft.value);
  if (draft.kind === 'source') return null;
  const members =
    draft.kind === 'map'
      ? [...draft.entries].map(([name, member]) => [JSON.stringify(name), keyOf(member)] as const)
      : draft.items.map(item => ['', keyOf(item)] as const);
  if (members.some(([, key]) => key === null)) return null;
  const list = members.map(([name, key]) => `${name}:${key}`).join();
  return draft.kind === 'map' ? `{${list}}` : `[${list}]`;
}

/** The keys of the drafts in a list: appending to a list of thousands must not compare with all of them. */
const keysOf = new WeakMap<readonly unknown[], Set<string | null>>();

/** Appends an item unless one of the list has a draft that says the same. What joins the list later joins it through here. */
export function appendOnce<T>(list: T[], item: T, draftIn: (item: T) => Draft): void {
  let keys = keysOf.get(list);
  if (!keys) keysOf.set(list, (keys = new Set(list.map(known => keyOf(draftIn(known))))));
  const key = keyOf(draftIn(item));
  if (key !== null && keys.has(key)) return;
  keys.add(key);
  list.push(item);
}
