import type { TextEdit } from '../../base/text/edits';
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
  const [gone, ...more] = commentsRemoved(document, operations);
  if (!gone || more.length > 0) return spaced(document, operations, renderYaml(document, operations));
  // the text without the comment is rendered, and the edits go back to where the comment was
  const { text } = document;
  let start = gone.start;
  while (start > 0 && (text[start - 1] === ' ' || text[start - 1] === '\t')) start--;
  const length = gone.end - start;
  const without = parseDocument(text.slice(0, start) + text.slice(gone.end));
  const rendered = spaced(without, operations, renderYaml(without, operations));
  if (!rendered.ok) return rendered;
  const back = ({ range, newText }: TextEdit): TextEdit => ({
    range: { start: range.start > start ? range.start + length : range.start, end: range.end >= start ? range.end + length : range.end },
    newText,
  });
  const edits = rendered.edits.map(back);
  const isCovered = edits.some(({ range }) => range.start <= start && range.end >= gone.end);
  const all = isCovered ? edits : [...edits, { range: { start, end: gone.end }, newText: '' }];
  return { ok: true, edits: [...all].sort((a, b) => a.range.start - b.range.start) };
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
