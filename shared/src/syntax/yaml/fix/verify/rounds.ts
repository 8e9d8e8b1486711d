import { lineEnd, lineStart, nextLine } from '../../../../base/text/lines';
import type { TextEdit } from '../../../../base/text/edits';
import type { Range } from '../../../../base/text/range';
import type { YamlMap, YamlNode, YamlSequence } from '../../types';
import type { Effects, Slot } from './spine';

/** A change that can be looked at together with others. */
export interface Candidate {
  readonly index: number;
  /** Sorted; what goes in at one place is one edit. */
  readonly edits: readonly TextEdit[];
  readonly effects: Effects;
  /** The lines that it touches, by their starts. */
  readonly lines: TouchedLines;
  /** Whether all that it does to collections in flow style is to add to them, and to write other keys and values exactly where there are some. */
  readonly shares: boolean;
  /** How many of its edits add to collections in flow style, if it shares them. */
  readonly insertions: number;
}

/** Starts of lines: those within which something changes, those in which a collection in flow style does that is shared, those that go, and those that lines are put behind or before. */
interface TouchedLines {
  readonly changed: readonly number[];
  readonly shared: readonly number[];
  readonly gone: readonly number[];
  readonly beside: readonly number[];
}

/** A change as a candidate; `null` where an edit does something else than to change a collection in flow style in a way that can be shared, to add, change or take away whole lines, or to change text within one. */
export function candidateOf(index: number, text: string, all: readonly TextEdit[], effects: Effects): Candidate | null {
  const edits = joinInsertions(all);
  const flows = new Set(effects.added.flatMap(({ node }) => (node.flow ? [node] : [])));
  const isWithin = (node: YamlNode, { range }: TextEdit): boolean =>
    range.start === range.end && node.range.start < range.start && range.end < node.range.end;
  const places = flowPlaces(effects).map(({ node, index: at, rangeIn }) => rangeIn(node, at));
  const isPlaced = ({ range, newText }: TextEdit): boolean =>
    !newText.includes('\n') && places.some(place => place?.start === range.start && place.end === range.end);
  const shares =
    [...flows].every(node => sizeOf(node) > 0 && edits.some(edit => isWithin(node, edit))) &&
    places.every(place => place && edits.some(({ range }) => place.start === range.start && place.end === range.end)) &&
    ![...effects.removed.values()].some(({ flow }) => flow);
  const insertions = shares ? edits.filter(edit => [...flows].some(node => isWithin(node, edit))) : [];
  const shared = shares ? edits.filter(edit => insertions.includes(edit) || isPlaced(edit)) : [];
  const lines = linesOf(
    text,
    edits.filter(edit => !shared.includes(edit)),
  );
  return (
    lines && {
      index,
      edits,
      effects,
      lines: { ...lines, shared: shared.map(({ range }) => lineStart(text, range.start)) },
      shares,
      insertions: insertions.length,
    }
  );
}

/** A key or value of a collection in flow style that is written anew. */
interface FlowPlace {
  readonly node: YamlMap | YamlSequence;
  readonly index: number;
  /** Where the key or value stands that a collection has at an index; `undefined` for one that is not there. */
  readonly rangeIn: (node: YamlMap | YamlSequence, index: number) => Range | undefined;
}

/** What changes write anew in collections in flow style. */
export function flowPlaces({ replaced, renamed }: Effects): readonly FlowPlace[] {
  const value: FlowPlace['rangeIn'] = (node, index) => valueAt(node, index)?.range;
  const key: FlowPlace['rangeIn'] = (node, index) => (node.kind === 'map' ? node.entries[index]!.key?.range : undefined);
  const places = [...replaced.map(one => ({ ...one, rangeIn: value })), ...renamed.map(one => ({ ...one, rangeIn: key }))];
  return places.filter(({ node }) => node.flow);
}

/** The value of an entry, or an item; `null` for an empty one. */
export function valueAt(node: YamlMap | YamlSequence, index: number): YamlNode | null {
  return (node.kind === 'map' ? node.entries[index]!.value : node.items[index]) ?? null;
}

/** Edits in which all that is inserted at one place is one. */
function joinInsertions(edits: readonly TextEdit[]): readonly TextEdit[] {
  const joined: TextEdit[] = [];
  for (const edit of edits) {
    const last = joined.at(-1);
    const { start, end } = edit.range;
    if (last?.range.start === start && last.range.end === start && end === start)
      joined[joined.length - 1] = { range: edit.range, newText: last.newText + edit.newText };
    else joined.push(edit);
  }
  return joined;
}

/** The lines that edits touch; `null` where an edit does something else than to add, change or take away whole lines or to change text within one. */
function linesOf(text: string, edits: readonly TextEdit[]): Omit<TouchedLines, 'shared'> | null {
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
export function nextRound(waiting: readonly Candidate[]): { readonly taken: Candidate[]; readonly left: Candidate[] } {
  const claimed = new Set<Slot>();
  const passed = new Set<Slot>();
  const removed = new Set<Slot>();
  const losses = new Map<YamlNode, number>();
  const changed = new Set<number>();
  const shared = new Set<number>();
  const gone = new Set<number>();
  const touched = new Set<number>();
  const taken: Candidate[] = [];
  const left: Candidate[] = [];
  for (const candidate of waiting) {
    const { effects, lines, shares } = candidate;
    const own = [...lines.changed, ...lines.shared, ...lines.gone, ...lines.beside];
    // what shares a collection in flow style shares it with others that do
    const claims = shares ? effects.claims : [...effects.claims, ...effects.flows];
    const passes = shares ? [...effects.passed, ...effects.flows] : effects.passed;
    const meets =
      [...claims].some(slot => claimed.has(slot) || removed.has(slot) || passed.has(slot)) ||
      [...passes].some(slot => removed.has(slot) || claimed.has(slot)) ||
      [...effects.removed.keys()].some(slot => claimed.has(slot) || passed.has(slot) || removed.has(slot)) ||
      // together they would leave a collection empty, which is written in another way
      [...effects.removed.values()].some(node => (losses.get(node) ?? 0) + effects.removed.size >= sizeOf(node)) ||
      lines.changed.some(line => changed.has(line) || shared.has(line)) ||
      lines.shared.some(line => changed.has(line)) ||
      lines.gone.some(line => touched.has(line)) ||
      own.some(line => gone.has(line));
    (meets ? left : taken).push(candidate);
    if (meets) continue;
    for (const slot of claims) claimed.add(slot);
    for (const slot of passes) passed.add(slot);
    for (const [slot, node] of effects.removed) {
      removed.add(slot);
      losses.set(node, (losses.get(node) ?? 0) + 1);
    }
    for (const line of lines.changed) changed.add(line);
    for (const line of lines.shared) shared.add(line);
    for (const line of lines.gone) gone.add(line);
    for (const line of own) touched.add(line);
  }
  return { taken, left };
}

/** How many entries or items a collection has. */
export function sizeOf(node: YamlMap | YamlSequence): number {
  return node.kind === 'map' ? node.entries.length : node.items.length;
}
