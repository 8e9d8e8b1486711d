import type { YamlOperation } from '../../operations';
import type { YamlDocument, YamlMap, YamlNode, YamlSequence } from '../../types';
import { sortEdits, type TextEdit } from '../../../text/edits';
import type { Comment } from '../../../text/comment';
import type { Range } from '../../../text/range';
import { firstIndex } from '../../../text/search';
import { parseDocument } from '../../parse';
import { splitDocuments } from '../../split';
import { prune } from './prune';
import { candidateOf, nextRound, sizeOf, type Candidate } from './rounds';
import { effectsOf, slotOf, type Added, type Slot } from './spine';
import { firstDifference, treeOf } from './tree';
import { checkDocuments } from './verify-yaml';

/** What one fix is to do, and the edits that it comes to, sorted. */
export interface YamlChange {
  /** `null`: something that is not for this verification. */
  readonly operations: readonly YamlOperation[] | null;
  readonly edits: readonly TextEdit[];
}

/** How often what fails together is parted: one wrong change must not cost all others, and a hundred must not cost more than they did one by one. */
const maxPartings = 4;

/**
 * Which of many changes, by index, are proven to be, each alone, what their operations promised; about the others nothing is said.
 *
 * The edits of all are put into one text, and of that what they come near to is parsed, once. It is sound to conclude from there to each
 * change alone, since all that is let in here are whole lines that turn out to be complete entries of a block collection, entries of a
 * flow collection with their commas, and values that change within their line: such entries can be left out again, and such values be
 * what they were, and the rest of the document still says the same. What two changes add at one place stands there twice, and is told
 * apart by where it stands.
 */
export function verifyTogether(before: YamlDocument, changes: readonly YamlChange[]): ReadonlySet<number> {
  const proven = new Set<number>();
  if (before.problems.some(({ code }) => code !== 'DUPLICATE_KEY') || before.templated) return proven;
  let waiting: Candidate[] = [];
  for (const [index, { operations, edits }] of changes.entries()) {
    if (operations === null) continue;
    if (operations.every(({ type }) => type === 'yaml.insert-document')) {
      if (addsDocuments(before, operations, edits)) proven.add(index);
      continue;
    }
    const effects = effectsOf(before, operations);
    const candidate = effects && candidateOf(index, before.text, edits, effects);
    if (candidate) waiting.push(candidate);
  }
  while (waiting.length > 0) {
    const { taken, left } = nextRound(waiting);
    // one that meets itself, such as what empties a collection, is for who looks at it alone
    if (taken.length === 0) break;
    prove(before, taken, proven, maxPartings);
    waiting = left;
  }
  return proven;
}

function prove(before: YamlDocument, round: readonly Candidate[], proven: Set<number>, partings: number): void {
  const wrong = checkRound(before, round);
  if (wrong !== null) {
    for (const candidate of round) if (!wrong.has(candidate)) proven.add(candidate.index);
    return;
  }
  if (partings === 0 || round.length < 2) return;
  const middle = round.length >> 1;
  prove(before, round.slice(0, middle), proven, partings - 1);
  prove(before, round.slice(middle), proven, partings - 1);
}

/** A stretch of the joint text that one change brought in. */
interface Region extends Range {
  readonly owner: Candidate;
}

/** Entries or items of one collection that one change brought in: which of the joint collection, and behind which of the document's own. */
type Owned = { readonly index: number; readonly behind: number }[];

/** A collection of the document in the joint text. */
interface Joined {
  readonly node: YamlMap | YamlSequence;
  /** Where each of the document's own entries or items is, by its index in the document. */
  readonly own: ReadonlyMap<number, number>;
  readonly owned: ReadonlyMap<Candidate, Owned>;
  /** The document's own keys that stay. */
  readonly names: () => ReadonlySet<string>;
}

/** The changes of a round that are not what was promised; `null` where the text with all of them says nothing about any. */
function checkRound(before: YamlDocument, round: readonly Candidate[]): ReadonlySet<Candidate> | null {
  const { cuts, slots } = prune(before, round);
  const { text, regions } = joinEdits(before.text, round, cuts);
  const after = parseDocument(text);
  if (after.text.length !== text.length || after.templated) return null;
  const ownerAt = (offset: number): Candidate | null => {
    const region = regions[firstIndex(regions.length, i => regions[i]!.end > offset)];
    return region && region.start <= offset ? region.owner : null;
  };
  // what two changes add at one place makes equal keys: those that a change would make alone are looked for by their names
  if (after.problems.some(({ code }) => code !== 'DUPLICATE_KEY')) return null;
  const isCut = ({ range }: Comment): boolean => {
    const cut = cuts[firstIndex(cuts.length, i => cuts[i]!.end > range.start)];
    return cut !== undefined && cut.start <= range.start;
  };
  const comments = cuts.length > 0 ? before.comments.filter(comment => !isCut(comment)) : before.comments;
  if (after.comments.length !== comments.length || comments.some((comment, i) => comment.text !== after.comments[i]!.text)) return null;

  const removed = new Set(round.flatMap(({ effects }) => [...effects.removed.keys()]));
  const replaced = new Set(round.flatMap(({ effects }) => effects.replaced.map(({ node, index }) => slotOf(node, index))));
  const joined = new Map<YamlNode, Joined>();
  if (!keeps({ replaced, removed, pruned: slots, ownerAt, joined }, before.root, after.root)) return null;
  const counts = new Map<Candidate, number>();
  for (const { owned } of joined.values()) for (const [owner, list] of owned) counts.set(owner, (counts.get(owner) ?? 0) + list.length);
  const regionsOf = new Map<Candidate, Range[]>();
  for (const { owner, start, end } of regions) {
    const list = regionsOf.get(owner);
    if (list) list.push({ start, end });
    else regionsOf.set(owner, [{ start, end }]);
  }
  const isWrong = (candidate: Candidate): boolean =>
    (counts.get(candidate) ?? 0) !== candidate.effects.added.length ||
    !hasEffects(after, joined, candidate) ||
    !addsWholeEntries(after, joined, candidate, regionsOf.get(candidate) ?? []);
  return new Set(round.filter(isWrong));
}

function joinEdits(
  text: string,
  round: readonly Candidate[],
  cuts: readonly Range[],
): { readonly text: string; readonly regions: readonly Region[] } {
  const owners = new Map<TextEdit, Candidate>();
  for (const owner of round) for (const { range, newText } of owner.edits) owners.set({ range, newText }, owner);
  // of what goes in at one place, the innermost comes first: it would be taken for part of what stands above it
  const edits = [...owners.keys()].sort((a, b) => depthOf(b.newText) - depthOf(a.newText));
  for (const range of cuts) edits.push({ range, newText: '' });
  const regions: Region[] = [];
  const pieces: string[] = [];
  let at = 0;
  let length = 0;
  for (const edit of sortEdits(edits)) {
    const kept = text.slice(at, edit.range.start);
    const start = length + kept.length;
    pieces.push(kept, edit.newText);
    length = start + edit.newText.length;
    if (edit.newText !== '') regions.push({ start, end: length, owner: owners.get(edit)! });
    at = edit.range.end;
  }
  pieces.push(text.slice(at));
  return { text: pieces.join(''), regions };
}

/** How deep lines are indented; the items of a list deeper than a key at their column. */
function depthOf(lines: string): number {
  const [, blanks = '', first = ''] = /^(?:\r?\n)?( *)(.?)/.exec(lines) ?? [];
  return blanks.length + (first === '-' ? 0.5 : 0);
}

interface Keeping {
  readonly replaced: ReadonlySet<Slot>;
  readonly removed: ReadonlySet<Slot>;
  /** What was left out before it was parsed. */
  readonly pruned: ReadonlySet<Slot>;
  readonly ownerAt: (offset: number) => Candidate | null;
  /** Filled on the way. */
  readonly joined: Map<YamlNode, Joined>;
}

/** Whether a node is as it was, but for the values that the changes of the round replace. */
function keeps(keeping: Keeping, old: YamlNode | null, now: YamlNode | null): boolean {
  if (old === null || now === null) return old === now;
  if (old.kind !== now.kind || old.anchor !== now.anchor || old.tag !== now.tag) return false;
  if (old.kind === 'scalar') return now.kind === 'scalar' && Object.is(old.value, now.value) && old.source === now.source;
  if (old.kind === 'alias') return now.kind === 'alias' && old.name === now.name;
  if (now.kind !== 'map' && now.kind !== 'sequence') return false;
  const own = new Map<number, number>();
  const owned = new Map<Candidate, Owned>();
  const ranges = now.kind === 'map' ? now.entries.map(({ range }) => range) : now.itemRanges;
  const count = sizeOf(old);
  let next = 0;
  const skip = (absent: ReadonlySet<Slot>): void => {
    while (next < count && (keeping.removed.has(slotOf(old, next)) || absent.has(slotOf(old, next)))) next++;
  };
  for (const [index, { start }] of ranges.entries()) {
    skip(keeping.removed);
    const owner = keeping.ownerAt(start);
    if (owner === null) {
      skip(keeping.pruned);
      if (next === count) return false;
      own.set(next++, index);
      continue;
    }
    const place = { index, behind: next - 1 };
    const list = owned.get(owner);
    if (list) list.push(place);
    else owned.set(owner, [place]);
  }
  skip(keeping.pruned);
  if (next !== count) return false;
  let known: ReadonlySet<string> | undefined;
  const names = (): ReadonlySet<string> => (known ??= new Set(old.kind === 'map' ? [...own.keys()].map(i => old.entries[i]!.name) : []));
  keeping.joined.set(old, { node: now, own, owned, names });
  return [...own].every(([from, to]) => {
    if (old.kind === 'map' && now.kind === 'map' && old.entries[from]!.name !== now.entries[to]!.name) return false;
    return keeping.replaced.has(slotOf(old, from)) || keeps(keeping, valueAt(old, from), valueAt(now, to));
  });
}

function valueAt(node: YamlMap | YamlSequence, index: number): YamlNode | null {
  return (node.kind === 'map' ? node.entries[index]!.value : node.items[index]) ?? null;
}

/** Whether a change did in the joint text what it was to do. */
function hasEffects(after: YamlDocument, joined: ReadonlyMap<YamlNode, Joined>, candidate: Candidate): boolean {
  const { added, replaced } = candidate.effects;
  for (const { node, index, value } of replaced) {
    const at = joined.get(node);
    const place = at?.own.get(index);
    if (!at || place === undefined || firstDifference(value, treeOf(after, valueAt(at.node, place))) !== null) return false;
  }
  const byNode = new Map<YamlNode, Added[]>();
  for (const one of added) {
    const list = byNode.get(one.node);
    if (list) list.push(one);
    else byNode.set(one.node, [one]);
  }
  for (const [node, list] of byNode) {
    const at = joined.get(node);
    const owned = at?.owned.get(candidate);
    if (!at || owned?.length !== list.length) return false;
    // what would be a key of its map twice
    const names = at.node.kind === 'map' ? list.map(({ name }) => name) : [];
    if (names.some(name => at.names().has(name)) || new Set(names).size < names.length) return false;
    const same = list.every(({ behind, name, value }, i) => {
      const place = owned[i]!;
      if (place.behind !== behind || (at.node.kind === 'map' && at.node.entries[place.index]!.name !== name)) return false;
      return firstDifference(value, treeOf(after, valueAt(at.node, place.index))) === null;
    });
    if (!same) return false;
  }
  return true;
}

/**
 * Whether what a change puts into collections in flow style is entries or items and the commas that part them from the others: those can
 * be left out again.
 */
function addsWholeEntries(
  after: YamlDocument,
  joined: ReadonlyMap<YamlNode, Joined>,
  candidate: Candidate,
  regions: readonly Range[],
): boolean {
  const { effects, lines, adds } = candidate;
  if (!adds || lines.widened.length === 0) return true;
  const found = new Map<Range, Range[]>();
  for (const node of new Set(effects.added.map(added => added.node))) {
    const at = node.flow ? joined.get(node) : undefined;
    for (const { index } of at?.owned.get(candidate) ?? []) {
      const range = at!.node.kind === 'map' ? at!.node.entries[index]!.range : at!.node.itemRanges[index]!;
      const region = regions.find(({ start, end }) => start <= range.start && range.end <= end);
      if (!region) return false;
      const list = found.get(region);
      if (list) list.push(range);
      else found.set(region, [range]);
    }
  }
  return (
    found.size === lines.widened.length &&
    [...found].every(([region, ranges]) => {
      const gaps = [...ranges, { start: region.end, end: region.end }].map(({ start }, i) =>
        after.text.slice(ranges[i - 1]?.end ?? region.start, start).trim(),
      );
      const [first, last] = [gaps[0], gaps.at(-1)];
      // a comma before each, or one behind each
      return gaps.slice(1, -1).every(gap => gap === ',') && ((first === ',' && last === '') || (first === '' && last === ','));
    })
  );
}

/** Whether a change does nothing but add documents behind this one, which is left as it is: documents are parsed each on its own. */
function addsDocuments(before: YamlDocument, operations: readonly YamlOperation[], edits: readonly TextEdit[]): boolean {
  const [edit, other] = edits;
  if (!edit || other || edit.range.start !== before.text.length || !edit.newText.startsWith('---')) return false;
  const text = before.text + edit.newText;
  const [first, ...rest] = splitDocuments(text);
  return first?.text === before.text && rest.length === operations.length && checkDocuments(text, operations) === null;
}
