import type { YamlDocument, YamlMap, YamlNode, YamlSequence } from '../../types';
import { lineStart } from '../../../../base/text/lines';
import type { Range } from '../../../../base/text/range';
import { firstIndex } from '../../../../base/text/search';
import type { Candidate } from './rounds';
import { slotOf, type Slot } from './spine';

/** What of a document no change comes near. */
export interface Pruned {
  /** Whole lines, sorted. */
  readonly cuts: readonly Range[];
  /** The places of the entries and items that stand there. */
  readonly slots: ReadonlySet<Slot>;
}

const nothing: Pruned = { cuts: [], slots: new Set() };

/** An anchor or alias, or what looks like one. */
const anchored = /(?:^|[\s,:?[{-])[&*][^\s"'&*,\]}]/;

/**
 * What can be left out of a document without a change to what changes do: entries and items of block collections, from the line on which
 * they begin to the one on which what follows them does. Such lines say the same wherever the collection that they belong to is open, and
 * what stands right above and below each edit is left. Nothing where there are anchors, which reach from one entry into another.
 */
export function prune(document: YamlDocument, round: readonly Candidate[]): Pruned {
  const { text, root } = document;
  if (!isBlock(root) || anchored.test(text)) return nothing;
  const edits = round.flatMap(candidate => candidate.edits.map(({ range }) => range)).sort((a, b) => a.start - b.start);
  // an edit may be longer than the one behind it
  let furthest = -1;
  const ends = edits.map(({ end }) => (furthest = Math.max(furthest, end)));
  const isTouched = ({ start, end }: Range): boolean => {
    const first = firstIndex(ends.length, i => ends[i]! >= start);
    return first < edits.length && edits[first]!.start <= end;
  };
  const passed = new Set<Slot>();
  for (const { effects } of round) for (const slot of effects.passed) passed.add(slot);
  const cuts: Range[] = [];
  const slots = new Set<Slot>();
  const visit = (node: YamlMap | YamlSequence, limit: number): void => {
    const ranges = node.kind === 'map' ? node.entries.map(({ range }) => range) : node.itemRanges;
    const starts = ranges.map(({ start }) => lineStart(text, start));
    for (const [index, { start }] of ranges.entries()) {
      const slot = slotOf(node, index);
      const lines = { start: starts[index]!, end: starts[index + 1] ?? limit };
      if (passed.has(slot)) {
        const value = node.kind === 'map' ? node.entries[index]!.value : node.items[index];
        if (isBlock(value)) visit(value, lines.end);
      } else if (!isTouched(lines) && text.slice(lines.start, start).trim() === '') {
        slots.add(slot);
        const last = cuts.at(-1);
        if (last?.end === lines.start) cuts[cuts.length - 1] = { start: last.start, end: lines.end };
        else cuts.push(lines);
      }
    }
  };
  visit(root, text.length);
  return { cuts, slots };
}

function isBlock(node: YamlNode | null | undefined): node is YamlMap | YamlSequence {
  return (node?.kind === 'map' || node?.kind === 'sequence') && !node.flow;
}
