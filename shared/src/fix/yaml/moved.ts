import type { YamlDocument, YamlEntry, YamlNode, YamlScalar } from '../../model/yaml/types';
import type { Refusal } from '../types';
import type { DraftSource } from './draft';
import { columnOf, commentIn, lineEnd } from './lines';

/**
 * The text of an entry's value as it can stand elsewhere: with its anchor, tag and comments, and the comment behind it in block style.
 * `flow`: whether the entry stands in a flow map.
 */
export function sourceDraft(document: YamlDocument, entry: YamlEntry, flow: boolean): DraftSource | Refusal {
  const { text, comments } = document;
  if (entry.colon < 0 || entry.range.start !== entry.key?.range.start)
    return { reason: 'no-fix', detail: 'the key to be moved is written with "?"' };
  const start = entry.colon + 1;
  const end = flow ? entry.range.end : Math.max(lineEnd(text, entry.range.end), entry.range.end);
  if (flow && commentIn(comments, entry.range.start, end))
    return { reason: 'flow-comment', detail: 'a comment stands inside what is moved' };
  const last = lastBlockScalar(entry.value);
  if (last && text.slice(last.range.start, last.range.start + 3).includes('+')) {
    return { reason: 'no-fix', detail: 'the blank lines behind a block scalar belong to it' };
  }
  const column = flow ? 0 : columnOf(text, entry.range.start);
  const lines = text
    .slice(start, end)
    .split('\n')
    .map((line, index) => {
      const bare = line.endsWith('\r') ? line.slice(0, -1) : line;
      if (index === 0) return bare;
      let at = 0;
      while (at < column && bare[at] === ' ') at++;
      return bare.slice(at);
    });
  const { value } = entry;
  const simple = value === null || value.kind === 'alias' || (value.kind === 'scalar' ? isQuotable(value.style, value.source) : value.flow);
  const carried: number[] = [];
  for (let c = commentIn(comments, start, end); c; c = commentIn(comments, c.range.end, end)) carried.push(c.range.start);
  return { kind: 'source', lines, inline: simple && lines.length === 1 && carried.length === 0, greedy: last !== null, comments: carried };
}

function isQuotable(style: string, source: string): boolean {
  return style === 'single' || style === 'double' || (style === 'plain' && !/[,[\]{}]/.test(source));
}

/** The block scalar that a value ends in, if it does. */
function lastBlockScalar(value: YamlNode | null): YamlScalar | null {
  let node = value;
  while (node !== null) {
    if (node.kind === 'scalar') return node.style === 'literal' || node.style === 'folded' ? node : null;
    if (node.kind === 'map') node = node.entries[node.entries.length - 1]?.value ?? null;
    else if (node.kind === 'sequence') node = node.items[node.items.length - 1] ?? null;
    else return null;
  }
  return null;
}
