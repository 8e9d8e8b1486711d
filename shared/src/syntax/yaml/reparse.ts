import { shift, type Range } from '../../base/text/range';
import type { Comment } from '../../base/text/comment';
import { firstIndex } from '../../base/text/search';
import { isMergeEntry, MapNode, SequenceNode } from './collections';
import type { YamlDocument, YamlEntry, YamlMap, YamlNode, YamlScalar, YamlSequence } from './types';

type Collection = YamlMap | YamlSequence;

/** An entry or item of a block collection, with the blank lines and comments that follow. */
interface Slot {
  readonly holder: Collection;
  /** Which of them. */
  readonly index: number;
  /** From the start of its first line to that of what follows it; `null` where something else stands before it on that line. */
  readonly range: Range | null;
  /** Where its text starts. */
  readonly start: number;
}

/**
 * Where a line starts that says something about others: a directive, which holds for what follows, the end of a document, or half of an explicit entry
 * (`? key`, `: value`), whose other half may stand anywhere.
 */
const reachesOut = /^(?:%|\.\.\.(?:\s|$)|[ \t-]*[?:](?:\s|$))/m;

/** How many UTF-16 units two texts have in common at their ends, and of the rest at their starts: what is put in behind a line belongs to that line. */
export function commonEnds(before: string, after: string): { readonly start: number; readonly end: number } {
  const most = Math.min(before.length, after.length);
  let end = 0;
  while (end < most && before.charCodeAt(before.length - 1 - end) === after.charCodeAt(after.length - 1 - end)) end++;
  let start = 0;
  while (start < most - end && before.charCodeAt(start) === after.charCodeAt(start)) start++;
  return { start, end };
}

/** Whether a document can be read again block by block: nothing in it is wrong or masked, and no block speaks of what another one names. */
export function isReparsable({ root, problems, templated, shortfalls, anchored, loose, text }: YamlDocument): boolean {
  const plain = !templated && !anchored && !loose && !shortfalls && problems.length === 0;
  // a byte order mark is read as a line
  return plain && isBlock(root) && !reachesOut.test(text) && text.charCodeAt(0) !== 0xfeff;
}

/**
 * The document that a text is after an edit of another, where it is enough to read again the block that the edit lies in: an entry of a map, or an item of a
 * sequence, in block style and on lines of its own. That is sound, since what comes before such a line is over wherever a line is indented no deeper, and a block
 * that is read by itself without an error leaves nothing open. `null`: the text must be read as a whole.
 * @param before a document that `isReparsable`
 * @param text has no template actions
 * @param read reads a block that stands so many collections deep; `null` where it is not one document, or anything is wrong with it
 */
export function reparse(
  before: YamlDocument,
  text: string,
  read: (block: string, depth: number) => YamlDocument | null,
): YamlDocument | null {
  const { start, end } = commonEnds(before.text, text);
  const changed = { start, end: before.text.length - end };
  const by = text.length - before.text.length;
  const around = slotsAround(before, changed);
  let tried = 0;
  for (let depth = around.length; depth > 0; depth--) {
    const slot = around[depth - 1]!;
    const { range } = slot;
    if (!range) continue;
    tried += range.end - range.start;
    if (2 * tried > before.text.length) return null;
    const block = text.slice(range.start, range.end + by);
    if (reachesOut.test(block)) return null;
    // what follows is to stand on a line of its own still
    if (range.end < before.text.length && !block.endsWith('\n')) continue;
    const inner = read(block, depth - 1);
    if (!inner || !fits(inner, slot)) continue;
    const root = replaced(around.slice(0, depth), inner.root as Collection, range.start, by);
    if (!root) return null;
    const nodes = (before.nodes ?? 0) - countNodes(valueOf(slot)) - (slot.holder.kind === 'map' ? 1 : 0) + (inner.nodes ?? 0) - 1;
    const moved = (comment: Comment, far: number): Comment => (far === 0 ? comment : { ...comment, range: shift(comment.range, far) });
    const comments = [
      ...before.comments.filter(comment => comment.range.start < range.start),
      ...inner.comments.map(comment => moved(comment, range.start)),
      ...before.comments.filter(comment => comment.range.start >= range.end).map(comment => moved(comment, by)),
    ];
    return { text, root, problems: [], comments, templated: false, nodes, memo: new Map() };
  }
  return null;
}

function isBlock(node: YamlNode | null): node is Collection {
  return (node?.kind === 'map' || node?.kind === 'sequence') && !node.flow && node.tag === undefined;
}

/** The slots that a change lies in, from the outside to the inside. */
function slotsAround({ text, root }: YamlDocument, changed: Range): readonly Slot[] {
  const found: Slot[] = [];
  let within = text.length;
  for (let node = root; isBlock(node);) {
    const holder: Collection = node;
    const places = holder.kind === 'map' ? holder.entries.map(({ range }) => range) : holder.itemRanges;
    const index = firstIndex(places.length, i => lineOf(text, places[i]!.start) > changed.start) - 1;
    const place = places[index];
    if (!place) break;
    const start = lineOf(text, place.start);
    const next = places[index + 1];
    const end = next ? lineOf(text, next.start) : within;
    if (changed.end > end) break;
    // the first entry of an item stands on the line of its dash
    const slot: Slot = { holder, index, range: isBlank(text, start, place.start) ? { start, end } : null, start: place.start };
    found.push(slot);
    node = valueOf(slot);
    within = end;
  }
  return found;
}

function valueOf({ holder, index }: Slot): YamlNode | null {
  return (holder.kind === 'map' ? holder.entries[index]?.value : holder.items[index]) ?? null;
}

/** As `build` counts them: what is empty counts, too. */
function countNodes(node: YamlNode | null): number {
  if (node?.kind === 'map') return node.entries.reduce((sum, { value }) => sum + 1 + countNodes(value), 1);
  return node?.kind === 'sequence' ? node.items.reduce((sum, item) => sum + countNodes(item), 1) : 1;
}

function lineOf(text: string, offset: number): number {
  return text.lastIndexOf('\n', offset - 1) + 1;
}

function isBlank(text: string, start: number, end: number): boolean {
  for (let at = start; at < end; at++) if (text.charCodeAt(at) !== 0x20) return false;
  return true;
}

/** Whether what was read can take the place of a slot: it is the same kind of collection, and its lines are indented as they were. */
function fits({ root, text, problems, shortfalls, anchored, loose }: YamlDocument, { holder, range, start }: Slot): boolean {
  const column = start - (range?.start ?? start);
  if (problems.length > 0 || shortfalls || anchored || loose || !isBlock(root) || root.kind !== holder.kind) return false;
  if (root.range.start !== column || !isBlank(text, 0, column)) return false;
  // a key without a value is the half of an entry that it was before
  return root.kind === 'sequence' || root.entries.every(({ key, colon }) => key && colon >= 0);
}

/** The outermost collection with what was read, from `base` on, in the place of the innermost slot; `null` where a key stands twice then. */
function replaced([slot, ...below]: readonly Slot[], inner: Collection, base: number, by: number): Collection | null {
  const { holder, index } = slot!;
  const value = below.length > 0 ? replaced(below, inner, base, by) : null;
  if (below.length > 0 && !value) return null;
  if (holder.kind === 'sequence') {
    const middle = value
      ? { items: [value], places: [{ start: holder.itemRanges[index]!.start, end: value.range.end }] }
      : movedItems((inner as YamlSequence).items, (inner as YamlSequence).itemRanges, base);
    const after = movedItems(holder.items.slice(index + 1), holder.itemRanges.slice(index + 1), by);
    const places = [...holder.itemRanges.slice(0, index), ...middle.places, ...after.places];
    const items = [...holder.items.slice(0, index), ...middle.items, ...after.items];
    return new SequenceNode({ start: places[0]!.start, end: places.at(-1)!.end }, false, items, places);
  }
  const { entries: before } = holder;
  const middle = value
    ? [{ ...before[index]!, value, range: { start: before[index]!.range.start, end: value.range.end } }]
    : (inner as YamlMap).entries.map(entry => moveEntry(entry, base));
  const entries = [...before.slice(0, index), ...middle, ...before.slice(index + 1).map(entry => moveEntry(entry, by))];
  const own = entries.filter(entry => !isMergeEntry(entry));
  if (new Set(own.map(({ name }) => name)).size < own.length) return null;
  return new MapNode({ start: entries[0]!.range.start, end: entries.at(-1)!.range.end }, false, entries);
}

function movedItems(items: readonly (YamlNode | null)[], places: readonly Range[], by: number) {
  return { items: items.map(item => item && move(item, by)), places: places.map(place => shift(place, by)) };
}

function moveEntry(entry: YamlEntry, by: number): YamlEntry {
  if (by === 0) return entry;
  const { key, name, value, range, colon } = entry;
  return {
    key: key && moveScalar(key, by),
    name,
    value: value && move(value, by),
    range: shift(range, by),
    colon: colon < 0 ? colon : colon + by,
  };
}

/** A node whose text stands so many UTF-16 units further on. */
function move(node: YamlNode, by: number): YamlNode {
  if (by === 0) return node;
  if (node.kind === 'scalar') return moveScalar(node, by);
  if (node.kind === 'alias') return { ...node, range: shift(node.range, by) };
  const moved =
    node.kind === 'map'
      ? new MapNode(
          shift(node.range, by),
          node.flow,
          node.entries.map(entry => moveEntry(entry, by)),
        )
      : new SequenceNode(
          shift(node.range, by),
          node.flow,
          node.items.map(item => item && move(item, by)),
          node.itemRanges.map(place => shift(place, by)),
        );
  if (node.tag !== undefined) moved.tag = node.tag;
  return moved;
}

function moveScalar({ kind, range, value, style, source, tag }: YamlScalar, by: number): YamlScalar {
  const moved = { kind, range: shift(range, by), value, style, source };
  return tag === undefined ? moved : { ...moved, tag };
}
