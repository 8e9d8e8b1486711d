import type { YamlOperation } from '../../operations';
import type { YamlDocument, YamlMap, YamlNode, YamlSequence } from '../../types';
import { sortEdits, type TextEdit } from '../../../text/edits';
import { lineEnd, lineStart, nextLine } from '../../../text/lines';
import type { Range } from '../../../text/range';
import { firstIndex } from '../../../text/search';
import { parseDocument } from '../../parse';
import { splitDocuments } from '../../split';
import { effectsOf, slotOf, type Added, type Effects, type Slot } from './spine';
import { firstDifference, treeOf } from './tree';
import { checkDocuments } from './verify-yaml';

/** What one fix is to do, and the edits that it comes to, sorted. */
export interface YamlChange {
  /** `null`: something that is not for this verification. */
  readonly operations: readonly YamlOperation[] | null;
  readonly edits: readonly TextEdit[];
}

/** A change that can be looked at together with others. */
interface Candidate {
  readonly index: number;
  readonly edits: readonly TextEdit[];
  readonly effects: Effects;
  /** The lines that it touches, by their starts. */
  readonly lines: TouchedLines;
}

/** Starts of lines: those within which something changes, those that go, and those that lines are put behind or before. */
interface TouchedLines {
  readonly changed: readonly number[];
  readonly gone: readonly number[];
  readonly beside: readonly number[];
}

/** How often what fails together is parted: one wrong change must not cost all others, and a hundred must not cost more than they did one by one. */
const maxPartings = 4;

/**
 * Which of many changes, by index, are proven to be, each alone, what their operations promised; about the others nothing is said.
 *
 * The edits of all are put into one text, and that is parsed once. It is sound to conclude from there to each change alone, since all
 * that is let in here are whole lines that turn out to be complete entries of a block collection, and values that change within their
 * line: such entries can be left out again, and such values be what they were, and the rest of the document still says the same. What
 * two changes add at one place stands there twice, and is told apart by where it stands.
 */
export function verifyTogether(before: YamlDocument, changes: readonly YamlChange[]): ReadonlySet<number> {
  const proven = new Set<number>();
  if (before.problems.length > 0 || before.templated || before.shortfalls) return proven;
  let waiting: Candidate[] = [];
  for (const [index, { operations, edits }] of changes.entries()) {
    if (operations === null) continue;
    if (operations.every(({ type }) => type === 'yaml.insert-document')) {
      if (addsDocuments(before, operations, edits)) proven.add(index);
      continue;
    }
    const lines = linesOf(before.text, edits);
    const effects = lines && effectsOf(before, operations);
    if (effects) waiting.push({ index, edits, effects, lines });
  }
  while (waiting.length > 1) {
    const { taken, left } = nextRound(waiting);
    // alone, a change is verified as usual
    if (taken.length === 1 && left.length === 0) break;
    prove(before, taken, proven, maxPartings);
    waiting = left;
  }
  return proven;
}

/** The lines that edits touch; `null` where an edit does something else than to add, change or take away whole lines or to change text within one. */
function linesOf(text: string, edits: readonly TextEdit[]): TouchedLines | null {
  const changed: number[] = [];
  const gone: number[] = [];
  const beside: number[] = [];
  for (const { range, newText } of edits) {
    const { start, end } = range;
    const line = lineStart(text, start);
    if (!text.slice(start, end).includes('\n')) {
      if (!newText.includes('\n')) changed.push(line);
      else if (start !== end) return null;
      else if (isLines(newText) && line === start) beside.push(line, lineStart(text, Math.max(0, start - 1)));
      else if (isLinesBehind(newText) && lineEnd(text, start) === start) beside.push(line, nextLine(text, start));
      else return null;
    } else if (newText === '' && line === start && lineStart(text, end) === end) {
      for (let at = start; at < end; at = nextLine(text, at)) gone.push(at);
    } else return null;
  }
  return { changed, gone, beside };
}

/** Whether text is whole lines with their ends. */
function isLines(text: string): boolean {
  return text.endsWith('\n') && !/^\r?\n/.test(text);
}

/** Whether text is a line break, and whole lines but for the end of the last. */
function isLinesBehind(text: string): boolean {
  return /^\r?\n/.test(text) && !text.endsWith('\n');
}

/** Changes that have nothing to do with each other, and those that have to wait for another round. */
function nextRound(waiting: readonly Candidate[]): { readonly taken: Candidate[]; readonly left: Candidate[] } {
  const claimed = new Set<Slot>();
  const passed = new Set<Slot>();
  const removed = new Set<Slot>();
  const losses = new Map<YamlNode, number>();
  const changed = new Set<number>();
  const gone = new Set<number>();
  const touched = new Set<number>();
  const taken: Candidate[] = [];
  const left: Candidate[] = [];
  for (const candidate of waiting) {
    const { effects, lines } = candidate;
    const own = [...lines.changed, ...lines.gone, ...lines.beside];
    const meets =
      [...effects.claims].some(slot => claimed.has(slot) || removed.has(slot)) ||
      [...effects.passed].some(slot => removed.has(slot)) ||
      [...effects.removed.keys()].some(slot => claimed.has(slot) || passed.has(slot) || removed.has(slot)) ||
      // together they would leave a collection empty, which is written in another way
      [...effects.removed.values()].some(node => (losses.get(node) ?? 0) + effects.removed.size >= sizeOf(node)) ||
      lines.changed.some(line => changed.has(line)) ||
      lines.gone.some(line => touched.has(line)) ||
      own.some(line => gone.has(line));
    (meets ? left : taken).push(candidate);
    if (meets) continue;
    for (const slot of effects.claims) claimed.add(slot);
    for (const slot of effects.passed) passed.add(slot);
    for (const [slot, node] of effects.removed) {
      removed.add(slot);
      losses.set(node, (losses.get(node) ?? 0) + 1);
    }
    for (const line of lines.changed) changed.add(line);
    for (const line of lines.gone) gone.add(line);
    for (const line of own) touched.add(line);
  }
  return { taken, left };
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
}

/** The changes of a round that are not what was promised; `null` where the text with all of them says nothing about any. */
function checkRound(before: YamlDocument, round: readonly Candidate[]): ReadonlySet<Candidate> | null {
  const { text, regions } = joinEdits(before.text, round);
  const after = parseDocument(text);
  if (after.text.length !== text.length || after.templated) return null;
  const ownerAt = (offset: number): Candidate | null => {
    const region = regions[firstIndex(regions.length, i => regions[i]!.end > offset)];
    return region && region.start <= offset ? region.owner : null;
  };
  // what two changes add at one place makes equal keys, and these are told of
  if (after.problems.some(({ code, range }) => code !== 'DUPLICATE_KEY' || ownerAt(range.start) === null)) return null;
  const { comments } = before;
  if (after.comments.length !== comments.length || comments.some((comment, i) => comment.text !== after.comments[i]!.text)) return null;

  const removed = new Set(round.flatMap(({ effects }) => [...effects.removed.keys()]));
  const replaced = new Set(round.flatMap(({ effects }) => effects.replaced.map(({ node, index }) => slotOf(node, index))));
  const joined = new Map<YamlNode, Joined>();
  if (!keeps({ replaced, removed, ownerAt, joined }, before.root, after.root)) return null;
  const counts = new Map<Candidate, number>();
  for (const { owned } of joined.values()) for (const [owner, list] of owned) counts.set(owner, (counts.get(owner) ?? 0) + list.length);
  return new Set(
    round.filter(candidate => (counts.get(candidate) ?? 0) !== candidate.effects.added.length || !hasEffects(after, joined, candidate)),
  );
}

function joinEdits(text: string, round: readonly Candidate[]): { readonly text: string; readonly regions: readonly Region[] } {
  const owners = new Map<TextEdit, Candidate>();
  for (const owner of round) for (const { range, newText } of owner.edits) owners.set({ range, newText }, owner);
  // of what goes in at one place, the innermost comes first: it would be taken for part of what stands above it
  const edits = [...owners.keys()].sort((a, b) => depthOf(b.newText) - depthOf(a.newText));
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
  const skipRemoved = (): void => {
    while (next < count && keeping.removed.has(slotOf(old, next))) next++;
  };
  for (const [index, { start }] of ranges.entries()) {
    skipRemoved();
    const owner = keeping.ownerAt(start);
    if (owner === null) {
      if (next === count) return false;
      own.set(next++, index);
      continue;
    }
    const place = { index, behind: next - 1 };
    const list = owned.get(owner);
    if (list) list.push(place);
    else owned.set(owner, [place]);
  }
  skipRemoved();
  if (next !== count) return false;
  keeping.joined.set(old, { node: now, own, owned });
  return [...own].every(([from, to]) => {
    if (old.kind === 'map' && now.kind === 'map' && old.entries[from]!.name !== now.entries[to]!.name) return false;
    return keeping.replaced.has(slotOf(old, from)) || keeps(keeping, valueAt(old, from), valueAt(now, to));
  });
}

function sizeOf(node: YamlMap | YamlSequence): number {
  return node.kind === 'map' ? node.entries.length : node.items.length;
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
    const same = list.every(({ behind, name, value }, i) => {
      const place = owned[i]!;
      if (place.behind !== behind || (at.node.kind === 'map' && at.node.entries[place.index]!.name !== name)) return false;
      return firstDifference(value, treeOf(after, valueAt(at.node, place.index))) === null;
    });
    if (!same) return false;
  }
  return true;
}

/** Whether a change does nothing but add documents behind this one, which is left as it is: documents are parsed each on its own. */
function addsDocuments(before: YamlDocument, operations: readonly YamlOperation[], edits: readonly TextEdit[]): boolean {
  const [edit, other] = edits;
  if (!edit || other || edit.range.start !== before.text.length || !edit.newText.startsWith('---')) return false;
  const text = before.text + edit.newText;
  const [first, ...rest] = splitDocuments(text);
  return first?.text === before.text && rest.length === operations.length && checkDocuments(text, operations) === null;
}
