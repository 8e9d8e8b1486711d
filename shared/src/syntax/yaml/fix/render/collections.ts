import type { Refusal } from '../../../../base/terms/reasons';
import type { YamlDocument, YamlMap, YamlNode, YamlSequence } from '../../types';
import type { Range } from '../../../../base/text/range';
import { lineEnd } from '../../../../base/text/lines';
import type { Draft } from './draft';
import { columnOf, isCommentLine, startsLine } from './lines';
import type { Changes } from './lines';
import { refuse } from './plan';
import type { Addition, CollectionPlan } from './plan';
import { entrySlot, fitsFlow, itemSlot, replaceValue, writingIn } from './value-slot';
import { entryLines, indented, inlineText, itemLines, keyText } from './value-text';
import type { Writing } from './value-text';

/** What rendering needs to know. */
export interface Rendering {
  readonly document: YamlDocument;
  readonly changes: Changes;
}

/** Renders what happens to a map or sequence, and to what it holds. */
export function renderCollection(rendering: Rendering, plan: CollectionPlan): Refusal | null {
  const { node } = plan;
  let known: Writing | null = null;
  const writing = (): Writing => (known ??= writingIn(rendering.document, node));
  // From the inside out: of lines that go in at one place, those of the inner collection come first.
  for (const [index, part] of [...plan.parts].sort((a, b) => a[0] - b[0])) {
    let refusal: Refusal | null = null;
    if (part.inner) refusal = renderCollection(rendering, part.inner);
    else if (part.action === 'replace') refusal = replacePart(rendering, node, index, part.draft!, writing());
    refusal ??= part.name === null ? null : renameKey(rendering, node, index, part.name, writing());
    if (refusal) return refusal;
  }
  if (plan.additions.length === 0 && ![...plan.parts.values()].some(({ action }) => action === 'remove')) return null;
  const layout: Layout = {
    ...rendering,
    plan,
    writing: writing(),
    ranges: node.kind === 'map' ? node.entries.map(entry => entry.range) : node.itemRanges,
  };
  return node.flow ? renderFlow(layout) : renderBlock(layout);
}

interface Layout extends Rendering {
  readonly plan: CollectionPlan;
  readonly writing: Writing;
  /** Of entries or items. */
  readonly ranges: readonly Range[];
}

function replacePart(rendering: Rendering, node: YamlMap | YamlSequence, index: number, draft: Draft, writing: Writing): Refusal | null {
  const { text } = rendering.document;
  const slot = node.kind === 'map' ? entrySlot(text, node.entries[index]!) : itemSlot(text, node, index);
  return replaceValue(rendering.changes, slot, draft, writing);
}

function renameKey(rendering: Rendering, node: YamlMap | YamlSequence, index: number, name: string, writing: Writing): Refusal | null {
  const key = node.kind === 'map' ? node.entries[index]?.key : null;
  if (!key) return refuse('no-fix', 'the key is not a plain scalar');
  const keys = key.style === 'single' || key.style === 'double' ? key.style : 'plain';
  rendering.changes.replace(key.range.start, key.range.end, keyText(name, { ...writing, keys }));
  return null;
}

function isRemoved({ plan }: Layout, index: number): boolean {
  return plan.parts.get(index)?.action === 'remove';
}

/** Runs of neighbours that are removed: first and last index. */
function removedRuns(layout: Layout): readonly (readonly [number, number])[] {
  const runs: [number, number][] = [];
  for (let i = 0; i < layout.ranges.length; i++) {
    if (!isRemoved(layout, i)) continue;
    const run = runs[runs.length - 1];
    if (run && run[1] === i - 1) run[1] = i;
    else runs.push([i, i]);
  }
  return runs;
}

/** The last entry or item up to `index` (-1: of all) that stays; -1 where none does. */
function survivor(layout: Layout, index: number): number {
  let at = index < 0 ? layout.ranges.length - 1 : index;
  while (at >= 0 && isRemoved(layout, at)) at--;
  return at;
}

function additionsByPlace(layout: Layout): ReadonlyMap<number, readonly Addition[]> {
  const places = new Map<number, Addition[]>();
  // In the order of the entries that they go behind: where one of those is removed, several come to one place.
  const rank = ({ after }: Addition): number => (after === -1 ? Infinity : after);
  const sorted = [...layout.plan.additions].sort((a, b) => (rank(a) < rank(b) ? -1 : rank(a) > rank(b) ? 1 : 0));
  for (const addition of sorted) {
    const place = addition.after === -2 ? -1 : survivor(layout, addition.after);
    const list = places.get(place);
    if (list) list.push(addition);
    else places.set(place, [addition]);
  }
  return places;
}

function renderBlock(layout: Layout): Refusal | null {
  const { changes, ranges, plan } = layout;
  const { text } = changes;
  const first = ranges[0];
  if (!first) return null;
  const column = columnOf(text, first.start);
  const places = additionsByPlace(layout);
  const leading = places.get(-1)?.flatMap(addition => additionLines(layout, addition)) ?? [];
  const gone = removedRuns(layout);
  const whole = gone.length === 1 && gone[0]![1] - gone[0]![0] + 1 === ranges.length;
  const ownLine = startsLine(text, first.start);
  // Behind a dash a comment would no longer be above its key.
  const headed = isCommentLine(leading[0]);
  if (leading.length > 0 && !ownLine && gone[0]?.[0] !== 0) {
    const dash = headed ? text.slice(0, first.start).trimEnd().length : first.start;
    changes.replace(dash, first.start, [...(headed ? [''] : []), ...leading, ''].join(changes.eol + ' '.repeat(column)));
  }
  if (leading.length > 0 && ownLine) changes.addLinesBefore(changes.commentedStart(first.start, column), indented(leading, column));
  for (const [from, to] of gone) {
    const { start } = ranges[from]!;
    const next = ranges[to + 1];
    const compact = from === 0 && !ownLine;
    if (compact && leading.length > 0) {
      changes.deleteBlock(start, ranges[to]!.end, column, headed ? '' : leading[0]);
      changes.addLinesAfter(start, indented(headed ? leading : leading.slice(1), column));
    } else if (compact && next && !changes.commentIn(start, next.start)) {
      changes.replace(start, next.start, '');
    } else {
      const top = changes.carriedStart(start, column);
      changes.deleteBlock(top, ranges[to]!.end, column);
      if (!compact && layout.plan.parts.get(to)?.moved) changes.closeGap(top, ranges[to]!.end, from === 0 && next !== undefined);
    }
  }
  if (whole) return null;
  for (const [place, additions] of [...places].sort((a, b) => a[0] - b[0])) {
    if (place < 0) continue;
    const lines = additions.flatMap(addition => additionLines(layout, addition));
    if (additions.some(({ draft }) => isGreedy(draft)) && changes.deepCommentBelow(ranges[place]!.end, column)) {
      return refuse('conflict', 'the block scalar that is moved would take in a comment');
    }
    const lists = plan.node.kind === 'map' ? dashColumns(text, plan.node.entries[place]!.value) : [];
    changes.addLinesAfter(changes.innerEnd(ranges[place]!.end, column, lists), indented(lines, column));
  }
  return null;
}

/** Columns of the dashes of the lists in block style that end where a value ends. */
function dashColumns(text: string, value: YamlNode | null): readonly number[] {
  const columns: number[] = [];
  let at = value;
  while (at && (at.kind === 'map' || at.kind === 'sequence') && !at.flow) {
    if (at.kind === 'sequence') columns.push(columnOf(text, at.itemRanges[0]?.start ?? at.range.start));
    at = (at.kind === 'map' ? at.entries.at(-1)?.value : at.items.at(-1)) ?? null;
  }
  return columns;
}

function isGreedy(draft: Draft): boolean {
  return draft.kind === 'source' ? draft.greedy : draft.kind === 'map' && [...draft.entries.values()].some(isGreedy);
}

function additionLines(layout: Layout, addition: Addition): readonly string[] {
  const { writing, plan } = layout;
  if (plan.node.kind === 'map') return entryLines(addition.name, addition.draft, writing);
  return itemLines(addition.draft, dashGap(layout, plan.node), writing);
}

/** Blanks behind the dash of the last item. */
function dashGap({ changes }: Layout, sequence: YamlSequence): number {
  const index = sequence.items.length - 1;
  const item = sequence.items[index];
  const dash = sequence.itemRanges[index]?.start ?? 0;
  const between = item ? changes.text.slice(dash + 1, item.range.start) : '';
  return /^ +$/.test(between) ? between.length : 1;
}

function renderFlow(layout: Layout): Refusal | null {
  const { changes, plan, ranges } = layout;
  const { node, additions } = plan;
  if (!additions.every(addition => fitsFlow(addition.draft))) return refuse('flow-comment', 'what is moved does not fit a flow collection');
  const removed = ranges.filter((_, index) => isRemoved(layout, index)).length;
  if (removed === 0 && additions.length === 0) return null;
  if (removed === ranges.length) {
    const { start, end } = node.range;
    if (changes.commentIn(start, end)) return refuse('flow-comment', 'there is a comment inside what is replaced');
    const blank = node.kind === 'map' && additions.length > 0 && layout.writing.style.braces ? ' ' : '';
    changes.replace(start + 1, end - 1, blank + additions.map(addition => flowText(layout, addition)).join(', ') + blank);
    return null;
  }
  if (node.kind === 'sequence' && node.items.some((item, index) => isRemoved(layout, index) && (item?.anchor ?? item?.tag) !== undefined)) {
    return refuse('no-fix', 'an anchor or tag precedes the item');
  }
  for (const [from, to] of removedRuns(layout)) {
    const next = ranges[to + 1];
    const start = next ? ranges[from]!.start : ranges[from - 1]!.end;
    const end = next ? next.start : ranges[to]!.end;
    if (changes.commentIn(start, end)) return refuse('flow-comment', 'there is a comment next to what is removed');
    changes.replace(start, end, '');
  }
  for (const [place, list] of additionsByPlace(layout)) {
    const texts = list.map(addition => flowText(layout, addition));
    if (place < 0) {
      const stays = ranges.findIndex((_, index) => !isRemoved(layout, index));
      changes.replace(ranges[stays]!.start, ranges[stays]!.start, texts.map(text => text + comma(layout)).join(''));
    } else if (place !== survivor(layout, -1) || !addOnLines(layout, ranges[place]!, texts)) {
      changes.replace(ranges[place]!.end, ranges[place]!.end, texts.map(text => comma(layout) + text).join(''));
    }
  }
  return null;
}

function flowText({ plan, writing }: Layout, { name, draft }: Addition): string {
  const value = inlineText(draft, writing);
  return plan.node.kind === 'map' ? `${keyText(name, writing)}: ${value}` : value;
}

/** What stands between the parts of a flow collection. */
function comma({ changes, ranges }: Layout): string {
  const [first, second] = ranges;
  return first && second && changes.text.slice(first.end, second.start) === ',' ? ',' : ', ';
}

/** Adds to the end of a flow collection that has each part on a line of its own; `false` where it is not written so. */
function addOnLines({ changes, plan }: Layout, last: Range, texts: readonly string[]): boolean {
  const { text } = changes;
  const stop = lineEnd(text, last.end);
  const close = plan.node.range.end - 1;
  if (close <= stop || !startsLine(text, last.start)) return false;
  const comma = /^[ \t]*,/.exec(text.slice(last.end, stop));
  if (!comma) changes.replace(last.end, last.end, ',');
  const column = columnOf(text, last.start);
  const lines = texts.map((line, index) => (comma || index < texts.length - 1 ? line + ',' : line));
  changes.addLinesAfter(last.end, indented(lines, column));
  return true;
}
