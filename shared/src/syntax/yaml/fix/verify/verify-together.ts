import type { YamlOperation } from '../../operations';
import type { YamlDocument, YamlMap, YamlNode, YamlSequence } from '../../types';
import { sortEdits, type TextEdit } from '../../../../base/text/edits';
import type { Comment } from '../../../../base/text/comment';
import type { Range } from '../../../../base/text/range';
import { firstIndex } from '../../../../base/text/search';
import { parseDocument } from '../../parse';
import { splitDocuments } from '../../split';
import { prune } from './prune';
import { candidateOf, flowPlaces, nextRound, sizeOf, valueAt, type Candidate } from './rounds';
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
 * flow collection with their commas, and keys and values that change within their line: such entries can be left out again, and such keys and
 * values be what they were, and the rest of the document still says the same. What two changes add at one place stands there twice, and is told
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
  /** What of the document's text it stands for. */
  readonly replaced: Range;
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
  const regionAt = (offset: number): Region | null => {
    const region = regions[firstIndex(regions.length, i => regions[i]!.end > offset)];
    return region && region.start <= offset ? region : null;
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
  const renamed = new Map<Slot, Candidate>();
  for (const owner of round) for (const { node, index } of owner.effects.renamed) renamed.set(slotOf(node, index), owner);
  const joined = new Map<YamlNode, Joined>();
  if (!keeps({ replaced, renamed, removed, pruned: slots, regionAt, joined }, before.root, after.root)) return null;
  const counts = new Map<Candidate, number>();
  for (const { owned } of joined.values()) for (const [owner, list] of owned) counts.set(owner, (counts.get(owner) ?? 0) + list.length);
  const regionsOf = new Map<Candidate, Region[]>();
  for (const region of regions) {
    const list = regionsOf.get(region.owner);
    if (list) list.push(region);
    else regionsOf.set(region.owner, [region]);
  }
  const isWrong = (candidate: Candidate): boolean =>
    (counts.get(candidate) ?? 0) !== candidate.effects.added.length ||
    !hasEffects(after, joined, candidate) ||
    (candidate.shares && !keepsPlaces(joined, candidate, regionsOf.get(candidate) ?? [])) ||
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
    if (edit.newText !== '') regions.push({ start, end: length, owner: owners.get(edit)!, replaced: edit.range });
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
  readonly renamed: ReadonlyMap<Slot, Candidate>;
  readonly removed: ReadonlySet<Slot>;
  /** What was left out before it was parsed. */
  readonly pruned: ReadonlySet<Slot>;
  readonly regionAt: (offset: number) => Region | null;
  /** Filled on the way. */
  readonly joined: Map<YamlNode, Joined>;
}

/** Whether a node is as it was, but for the values that the changes of the round replace, and the keys that they rename. */
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
  const following = (absent: ReadonlySet<Slot>): number => {
    let at = next;
    while (at < count && (keeping.removed.has(slotOf(old, at)) || absent.has(slotOf(old, at)))) at++;
    return at;
  };
  for (const [index, { start }] of ranges.entries()) {
    const region = keeping.regionAt(start);
    const there = following(keeping.pruned);
    if (region === null || isNewKey(keeping, old, there, region, start)) {
      next = there;
      if (next === count) return false;
      own.set(next++, index);
      continue;
    }
    next = following(keeping.removed);
    const place = { index, behind: next - 1 };
    const list = owned.get(region.owner);
    if (list) list.push(place);
    else owned.set(region.owner, [place]);
  }
  if (following(keeping.pruned) !== count) return false;
  let known: ReadonlySet<string> | undefined;
  const names = (): ReadonlySet<string> => (known ??= new Set(old.kind === 'map' ? [...own.keys()].map(i => old.entries[i]!.name) : []));
  keeping.joined.set(old, { node: now, own, owned, names });
  return [...own].every(([from, to]) => {
    const isSame = old.kind !== 'map' || now.kind !== 'map' || old.entries[from]!.name === now.entries[to]!.name;
    if (!isSame && !keeping.renamed.has(slotOf(old, from))) return false;
    return keeping.replaced.has(slotOf(old, from)) || keeps(keeping, valueAt(old, from), valueAt(now, to));
  });
}

/** Whether what begins with a stretch of new text is an entry of the document all the same: the stretch is the new name of its key, where the old one began. */
function isNewKey({ renamed }: Keeping, old: YamlMap | YamlSequence, index: number, region: Region, start: number): boolean {
  if (old.kind !== 'map' || index >= old.entries.length) return false;
  const entry = old.entries[index]!;
  const isPlaced = region.start === start && region.replaced.start === entry.range.start && region.replaced.end > entry.range.start;
  return isPlaced && renamed.get(entry) === region.owner;
}

/** Whether a change did in the joint text what it was to do. */
function hasEffects(after: YamlDocument, joined: ReadonlyMap<YamlNode, Joined>, candidate: Candidate): boolean {
  const { added, replaced, renamed } = candidate.effects;
  for (const { node, index, value } of replaced) {
    const at = joined.get(node);
    const place = at?.own.get(index);
    if (!at || place === undefined || firstDifference(value, treeOf(after, valueAt(at.node, place))) !== null) return false;
  }
  for (const { node, index, name } of renamed) {
    const at = joined.get(node);
    const place = at?.own.get(index);
    if (at?.node.kind !== 'map' || place === undefined || at.node.entries[place]!.name !== name) return false;
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

/** Whether the keys and values that a change writes anew in collections in flow style are all that it writes there. */
function keepsPlaces(joined: ReadonlyMap<YamlNode, Joined>, { effects }: Candidate, regions: readonly Region[]): boolean {
  return flowPlaces(effects).every(({ node, index, rangeIn }) => {
    const at = joined.get(node)!;
    const [old, now] = [rangeIn(node, index), rangeIn(at.node, at.own.get(index)!)];
    return regions.some(({ replaced, start, end }) => replaced.start === old?.start && start === now?.start && end === now.end);
  });
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
  const { effects, insertions } = candidate;
  if (insertions === 0) return true;
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
    found.size === insertions &&
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
