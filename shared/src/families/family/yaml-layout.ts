import { applyEdits, type TextEdit } from '../../base/text/edits';
import type { Range } from '../../base/text/range';
import { renderYaml } from '../../syntax/yaml/fix/render/render-yaml';
import { nodeAt } from '../../syntax/yaml/lookup';
import type { YamlOperation } from '../../syntax/yaml/operations';
import { parseDocument } from '../../syntax/yaml/parse';
import type { YamlDocument } from '../../syntax/yaml/types';
import type { Rendered } from './part';

/** The comments that go with what operations remove: those behind it on its line, where that is asked for. */
export function commentsRemoved({ text, comments, ...document }: YamlDocument, operations: readonly YamlOperation[]): readonly Range[] {
  return operations.flatMap(operation => {
    if (operation.type !== 'yaml.remove' || !operation.comment) return [];
    const node = nodeAt({ text, comments, ...document }, operation.path);
    if (!node) return [];
    const end = text.indexOf('\n', node.range.end);
    const beside = comments.find(({ range }) => range.start >= node.range.end && range.end <= (end < 0 ? text.length : end));
    return beside ? [beside.range] : [];
  });
}

/** Renders operations, with what they say of comments and blank lines beside. */
export function renderLaidOut(document: YamlDocument, operations: readonly YamlOperation[]): Rendered {
  const { text } = document;
  // two findings may ask for the same
  const comments = [...new Set(commentsRemoved(document, operations))];
  const gone = comments.map(({ start, end }) => ({ start: startOfBlanks(text, start), end }));
  if (gone.length === 0) return spaced(document, operations, renderYaml(document, operations));
  gone.sort((a, b) => a.start - b.start);
  // the text without the comments is rendered, and the edits go back to where these were
  const without = parseDocument(applyEdits(text, removals(gone)));
  const rendered = spaced(without, operations, renderYaml(without, operations));
  if (!rendered.ok) return rendered;
  const back = (offset: number, ends: boolean): number =>
    gone.reduce((at, { start, end }) => (at > start || (ends && at === start) ? at + end - start : at), offset);
  const edits = rendered.edits.map(({ range, newText }) => ({
    range: { start: back(range.start, false), end: back(range.end, true) },
    newText,
  }));
  const left = gone.filter(({ start, end }) => !edits.some(({ range }) => range.start <= start && range.end >= end));
  return { ok: true, edits: [...edits, ...removals(left)].sort((a, b) => a.range.start - b.range.start) };
}

const removals = (ranges: readonly Range[]): readonly TextEdit[] => ranges.map(range => ({ range, newText: '' }));

/** The start of the blanks that end at an offset. */
function startOfBlanks(text: string, offset: number): number {
  let start = offset;
  while (start > 0 && (text[start - 1] === ' ' || text[start - 1] === '\t')) start--;
  return start;
}

function spaced({ text }: YamlDocument, operations: readonly YamlOperation[], rendered: Rendered): Rendered {
  if (!rendered.ok) return rendered;
  const eol = text.includes('\r\n') ? '\r\n' : '\n';
  const dropsBlank = operations.some(operation => operation.type === 'yaml.remove' && operation.blank);
  const apart = operations.flatMap(operation => (operation.type === 'yaml.set' && operation.apart ? [String(operation.path[0])] : []));
  const edits = rendered.edits.map((edit): TextEdit => {
    const { range, newText } = edit;
    if (dropsBlank && newText === '' && text.startsWith(eol, range.end) && (range.start === 0 || text[range.start - 1] === '\n'))
      return { range: { start: range.start, end: range.end + eol.length }, newText };
    const name = apart.find(key => newText.includes(`${eol}${key}:`) || newText.startsWith(`${key}:`));
    if (name === undefined) return edit;
    const at = newText.startsWith(`${name}:`) ? 0 : newText.indexOf(`${eol}${name}:`) + eol.length;
    const before = text.slice(0, range.start) + newText.slice(0, at);
    return before.endsWith(eol + eol) ? edit : { range, newText: newText.slice(0, at) + eol + newText.slice(at) };
  });
  return { ok: true, edits };
}
