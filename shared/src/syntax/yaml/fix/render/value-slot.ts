import type { Refusal } from '../../../../base/terms/reasons';
import type { YamlDocument, YamlEntry, YamlMap, YamlNode, YamlSequence } from '../../types';
import type { Draft } from './draft';
import { columnOf, isCommentLine, startsLine } from './lines';
import type { Changes } from './lines';
import { refuse } from './plan';
import { dashOf, stringStyle, styleOf, unitOf } from './style';
import { blockLines, indented, inlineText, isInline } from './value-text';
import type { Writing } from './value-text';

/** A place that holds a value: behind the colon of a key, or behind the dash of an item. */
export interface Slot {
  readonly value: YamlNode | null;
  /** Offset after the colon or dash, and behind an anchor or tag on its line. */
  readonly gap: number;
  /** What goes before a value that is put at `gap`. */
  readonly lead: string;
  /** Column of the key or dash. */
  readonly column: number;
  readonly item: boolean;
}

/** Skips anchors and tags on the line. */
function behindProperties(text: string, offset: number, limit: number): number {
  const found = /^(?:[ \t]+[&!][^\s,[\]{}]*)+/.exec(text.slice(offset, limit));
  return found ? offset + found[0].length : offset;
}

/** The place behind the colon of an entry. */
export function entrySlot(text: string, entry: YamlEntry): Slot {
  const { value, colon, range } = entry;
  const from = colon >= 0 ? colon + 1 : (entry.key?.range.end ?? range.end);
  const limit = value && value.range.end > value.range.start ? value.range.start : range.end;
  return {
    value: isEmpty(value) ? null : value,
    gap: behindProperties(text, from, limit),
    lead: colon >= 0 ? ' ' : ': ',
    column: columnOf(text, range.start),
    item: false,
  };
}

/** The place behind the dash of an item (block style), or the item itself (flow style). */
export function itemSlot(text: string, sequence: YamlSequence, index: number): Slot {
  const value = sequence.items[index] ?? null;
  const { start, end } = sequence.itemRanges[index]!;
  const limit = value && !isEmpty(value) ? value.range.start : end;
  const gap = sequence.flow ? start : behindProperties(text, start + 1, limit);
  return { value: isEmpty(value) ? null : value, gap, lead: ' ', column: columnOf(text, start), item: true };
}

function isEmpty(node: YamlNode | null): boolean {
  return node === null || node.range.start === node.range.end;
}

/** How new text is written in a map or sequence. */
export function writingIn(document: YamlDocument, node: YamlMap | YamlSequence): Writing {
  const style = styleOf(document);
  if (node.kind === 'sequence') {
    const strings = stringStyle(node, node.flow ? style.items : 'plain');
    return { style, unit: style.unit, dash: style.dash, strings, keys: 'plain', flow: node.flow };
  }
  const first = node.entries[0]?.key?.style;
  const keys = (first === 'single' || first === 'double') && node.entries.every(entry => entry.key?.style === first) ? first : 'plain';
  const { flow } = node;
  if (flow) {
    const braces = node.entries.length > 0 ? document.text[node.range.start + 1] === ' ' : style.braces;
    return { style: { ...style, braces }, unit: style.unit, dash: style.dash, strings: keys, keys, flow };
  }
  return { style, unit: unitOf(document, node), dash: dashOf(document, node), strings: 'plain', keys, flow };
}

/** Whether a value may be written inside a flow collection. */
export function fitsFlow(draft: Draft): boolean {
  if (draft.kind === 'source') return draft.inline;
  if (draft.kind === 'map') return [...draft.entries.values()].every(fitsFlow);
  return draft.kind === 'scalar' || draft.items.every(fitsFlow);
}

const lostComment = (): Refusal => refuse('flow-comment', 'there is a comment inside what is replaced');

/** Puts a value in the place of another. */
export function replaceValue(changes: Changes, slot: Slot, draft: Draft, given: Writing): Refusal | null {
  const { value } = slot;
  const writing: Writing = value?.kind === 'scalar' ? { ...given, strings: quotesOf(value.style, given) } : given;
  const block = value !== null && (value.kind === 'map' || value.kind === 'sequence') && !value.flow;
  if (given.flow && !fitsFlow(draft)) return lostComment();
  if (block) {
    replaceBlock(changes, slot, value, draft, writing);
    return null;
  }
  // A collection in flow style stays one, unless it was empty.
  const keepsFlow =
    (value?.kind === 'map' && value.entries.length > 0 && draft.kind === 'map') ||
    (value?.kind === 'sequence' && value.items.length > 0 && draft.kind === 'sequence');
  if (keepsFlow) {
    const strings = value.kind === 'sequence' ? stringStyle(value, writing.style.items) : writing.strings;
    return replaceInline(changes, slot, inlineText(draft, { ...writing, flow: true, strings }));
  }
  if (isInline(draft, writing)) return replaceInline(changes, slot, inlineText(draft, writing));
  return inlineToBlock(changes, slot, draft, writing);
}

function quotesOf(style: string, writing: Writing): Writing['strings'] {
  return style === 'single' || style === 'double' ? style : writing.flow ? writing.strings : 'plain';
}

function replaceInline(changes: Changes, slot: Slot, text: string): Refusal | null {
  const { value, gap, lead } = slot;
  if (value === null) {
    changes.replace(gap, gap, lead + text);
    return null;
  }
  const { start, end } = value.range;
  const comment = changes.commentIn(start, end);
  if (comment && value.kind !== 'scalar') return lostComment();
  changes.replace(start, end, comment ? `${text} ${changes.text.slice(comment.range.start, comment.range.end)}` : text);
  return null;
}

/** Puts a block collection where nothing, a scalar or a flow collection stood. */
function inlineToBlock(changes: Changes, slot: Slot, draft: Draft, writing: Writing): Refusal | null {
  const { value, gap, column, item } = slot;
  const end = value ? value.range.end : gap;
  if (changes.commentIn(gap, end)) return lostComment();
  const lines = blockLines(draft, writing);
  if (item) {
    const start = column + 2;
    const own = isCommentLine(lines[0]);
    changes.replace(gap, end, own ? '' : ` ${lines[0] ?? ''}`);
    // Behind an anchor the first key would stand further right than the others.
    if (columnOf(changes.text, gap) !== column + 1) return refuse('no-fix', 'an anchor or tag precedes the item');
    changes.addLinesAfter(end, indented(own ? lines : lines.slice(1), start));
    return null;
  }
  changes.replace(gap, end, '');
  changes.addLinesAfter(end, indented(lines, column + (draft.kind === 'sequence' ? writing.dash : writing.unit)));
  return null;
}

/** Replaces a block collection. Its comments stay. */
function replaceBlock(changes: Changes, slot: Slot, value: YamlMap | YamlSequence, draft: Draft, writing: Writing): void {
  const { text } = changes;
  const { start } = value.range;
  const end = changes.endOf(value.range.end);
  const column = columnOf(text, start);
  const commented = changes.commentIn(slot.gap, end) !== undefined;
  if (isInline(draft, writing)) {
    const inline = inlineText(draft, writing);
    if (!commented) changes.replace(slot.gap, end, slot.lead + inline);
    else {
      changes.replace(slot.gap, slot.gap, slot.lead + inline);
      changes.deleteBlock(changes.carriedStart(start, column), end, column);
    }
    return;
  }
  const lines = blockLines(draft, writing);
  const own = startsLine(text, start);
  const target = !own || column > slot.column || draft.kind === 'sequence' ? column : slot.column + writing.unit;
  if (!commented) {
    const [first, ...rest] = lines;
    changes.replace(start, end, [' '.repeat(target - column) + (first ?? ''), ...indented(rest, target)].join(changes.eol));
  } else if (own) {
    changes.addLinesBefore(start, indented(lines, target));
    changes.deleteBlock(changes.carriedStart(start, column), end, column);
  } else {
    changes.deleteBlock(start, end, column, lines[0]);
    changes.addLinesAfter(start, indented(lines.slice(1), column));
  }
}
