import type { Refusal } from '../../../../base/terms/reasons';
import type { Comment } from '../../../../base/text/comment';
import type { YamlDocument, YamlEntry, YamlNode, YamlScalar } from '../../types';
import type { DraftSource } from './draft';
import { columnOf, startWithComments, commentIn, startsLine } from './lines';
import { lineEnd } from '../../../../base/text/lines';

/** End of what moves with an entry: in block style the comment beside it is its own. */
function movedEnd(text: string, { range }: YamlEntry, flow: boolean): number {
  return flow ? range.end : Math.max(lineEnd(text, range.end), range.end);
}

/**
 * The comments that an entry takes along when it moves, in their order: those directly above it at its column, those in it, and the one
 * beside its end. A blank line parts a comment from the key below. `flow`: whether the entry is in a flow map.
 */
export function commentsOf(document: YamlDocument, entry: YamlEntry, flow: boolean): readonly Comment[] {
  const { text, comments } = document;
  const { start } = entry.range;
  const own = !flow && startsLine(text, start);
  const end = movedEnd(text, entry, flow);
  const found: Comment[] = [];
  let comment = commentIn(comments, own ? startWithComments(text, comments, start, columnOf(text, start)) : start, end);
  for (; comment; comment = commentIn(comments, comment.range.end, end)) found.push(comment);
  return found;
}

/**
 * The text of an entry's value as it can stand elsewhere: with its anchor, tag and comments, those above it among them.
 * `flow`: whether the entry is in a flow map.
 */
export function sourceDraft(document: YamlDocument, entry: YamlEntry, flow: boolean): DraftSource | Refusal {
  const { text, comments } = document;
  if (entry.colon < 0 || entry.range.start !== entry.key?.range.start)
    return { reason: 'no-fix', detail: 'the key to be moved is written with "?"' };
  const start = entry.colon + 1;
  const end = movedEnd(text, entry, flow);
  if (flow && commentIn(comments, entry.range.start, end))
    return { reason: 'flow-comment', detail: 'there is a comment inside what is moved' };
  const last = lastBlockScalar(entry.value);
  if (last && text.slice(last.range.start, last.range.start + 3).includes('+')) {
    return { reason: 'no-fix', detail: 'the blank lines after a block scalar belong to it' };
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
  const carried = commentsOf(document, entry, flow).map(comment => comment.range.start);
  const above = carried.filter(offset => offset < entry.range.start).map(offset => text.slice(offset, lineEnd(text, offset)));
  const inline = simple && lines.length === 1 && carried.length === 0;
  return { kind: 'source', above, lines, inline, greedy: last !== null, comments: carried };
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
