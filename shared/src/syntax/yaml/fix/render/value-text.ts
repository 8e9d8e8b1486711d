import type { Draft, DraftMap, DraftSequence } from './draft';
import { isCommentLine } from './lines';
import { literalText, stringText } from './scalar-text';
import type { ScalarStyle } from './scalar-text';
import type { Style } from './style';

/** How new text is written at one place. */
export interface Writing {
  readonly style: Style;
  /** Columns by which maps and dashes are indented below a key here. */
  readonly unit: number;
  readonly dash: number;
  /** How strings are written. */
  readonly strings: ScalarStyle;
  /** How keys are written. */
  readonly keys: ScalarStyle;
  readonly flow: boolean;
  /** Keys whose values stand on one line, whatever the file does. */
  readonly inline?: readonly string[];
}

/** A scalar on one line. */
export function scalarText(value: string | number | boolean | null, writing: Writing): string {
  return typeof value === 'string' ? stringText(value, writing.strings, writing.style.quote, writing.flow) : literalText(value);
}

/** A key. */
export function keyText(name: string, writing: Writing): string {
  return stringText(name, writing.keys, writing.style.quote, writing.flow);
}

/** Whether a value goes behind its key or dash on the same line. */
export function isInline(draft: Draft, writing: Writing): boolean {
  if (writing.flow || draft.kind === 'scalar') return true;
  if (draft.kind === 'sequence' && draft.block && draft.items.length > 0) return false;
  if (draft.kind === 'source') return draft.lines.length === 1;
  if (draft.kind === 'map') return draft.entries.size === 0;
  return draft.items.length === 0 || (writing.style.flow && draft.items.every(item => item.kind === 'scalar'));
}

/** A value on one line, in flow style where it is a collection. */
export function inlineText(draft: Draft, writing: Writing): string {
  if (draft.kind === 'scalar') return scalarText(draft.value, writing);
  if (draft.kind === 'source') return draft.lines.join('\n').trim();
  if (draft.kind === 'sequence') {
    const strings = writing.flow ? writing.strings : writing.style.items;
    const inner: Writing = { ...writing, flow: true, strings };
    return `[${draft.items.map(item => inlineText(item, inner)).join(', ')}]`;
  }
  if (draft.entries.size === 0) return '{}';
  const inner: Writing = { ...writing, flow: true };
  const blank = writing.style.braces ? ' ' : '';
  const members = [...draft.entries].map(([name, member]) => `${keyText(name, inner)}: ${inlineText(member, inner)}`);
  return `{${blank}${members.join(', ')}${blank}}`;
}

/** The lines of a map in block style, at column 0. */
function mapLines(draft: DraftMap, writing: Writing): string[] {
  return [...draft.entries].flatMap(([name, member]) => entryLines(name, member, writing));
}

/** The lines of a `key: value` in block style, at column 0. */
export function entryLines(name: string, draft: Draft, writing: Writing): string[] {
  const key = keyText(name, writing) + ':';
  if (draft.kind === 'source') return [...draft.above, key + draft.lines[0]!, ...draft.lines.slice(1)];
  if (isInline(draft, writing) || writing.inline?.includes(name)) return [`${key} ${inlineText(draft, writing)}`];
  const indent = draft.kind === 'sequence' ? writing.dash : writing.unit;
  return [key, ...indented(blockLines(draft, writing), indent)];
}

/** The lines of an item in block style, at column 0 of its dash; `gap` blanks follow the dash. */
export function itemLines(draft: Draft, gap: number, writing: Writing): string[] {
  const blanks = ' '.repeat(gap);
  if (isInline(draft, writing)) return [`-${blanks}${inlineText(draft, writing)}`];
  const lines = blockLines(draft, writing);
  if (isCommentLine(lines[0])) return ['-', ...indented(lines, gap + 1)];
  const [first, ...rest] = lines;
  return [`-${blanks}${first ?? ''}`, ...indented(rest, gap + 1)];
}

/** The lines of a map or sequence that is not empty, in block style, at column 0. */
export function blockLines(draft: Draft, writing: Writing): string[] {
  if (draft.kind === 'map') return mapLines(draft, writing);
  if (draft.kind === 'sequence') return sequenceLines(draft, writing);
  return draft.kind === 'source' ? [...draft.lines] : [scalarText(draft.value, writing)];
}

function sequenceLines(draft: DraftSequence, writing: Writing): string[] {
  return draft.items.flatMap(item => itemLines(item, 1, writing));
}

/** Lines moved to the right; empty ones stay empty. */
export function indented(lines: readonly string[], by: number): string[] {
  const blanks = ' '.repeat(by);
  return lines.map(line => (line === '' ? line : blanks + line));
}
