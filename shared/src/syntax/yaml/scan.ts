import type { Comment } from '../../base/text/comment';
import type { CST } from 'yaml';
import { budgets } from '../../base/limits/budgets';

/** What a walk over the tokens finds. */
export interface TokenScan {
  /** Offset of the first collection that nests too deep; -1 where none does. */
  readonly tooDeep: number;
  /** In the order of the text. */
  readonly comments: readonly Comment[];
}

type Frame = { readonly token: CST.Token; readonly depth: number };

function isOwnLine(text: string, offset: number): boolean {
  let at = offset - 1;
  while (at >= 0 && (text[at] === ' ' || text[at] === '\t')) at--;
  return at < 0 || text[at] === '\n' || text[at] === '\uFEFF';
}

/** Walks the tokens of a stream with a stack of its own, and gives its depth and its comments. `outside`: how many collections stand around it. */
export function scanTokens(text: string, tokens: readonly CST.Token[], outside = 0): TokenScan {
  const comments: Comment[] = [];
  let tooDeep = -1;
  const wanted = text.includes('#');
  const note = (list: readonly CST.Token[] | undefined): void => {
    if (list === undefined || !wanted) return;
    for (const token of list) {
      if (token.type !== 'comment') continue;
      const end = token.offset + token.source.length - (token.source.endsWith('\r') ? 1 : 0);
      comments.push({
        range: { start: token.offset, end },
        text: text.slice(token.offset + 1, end).trim(),
        ownLine: isOwnLine(text, token.offset),
      });
    }
  };
  note(tokens);
  const stack: Frame[] = [];
  for (const token of tokens) {
    if (token.type === 'doc-end') note(token.end);
    if (token.type !== 'document') continue;
    note(token.start);
    note(token.end);
    if (token.value) stack.push({ token: token.value, depth: outside });
    for (let frame = stack.pop(); frame !== undefined; frame = stack.pop()) {
      const { token: at, depth } = frame;
      if ('props' in at) note(at.props);
      if ('end' in at) note(at.end);
      if (!('items' in at)) continue;
      if (depth >= budgets.yamlDepth) {
        if (tooDeep < 0) tooDeep = at.offset;
        continue;
      }
      for (const item of at.items) {
        note(item.start);
        note(item.sep);
        if (item.key && hasInside(item.key)) stack.push({ token: item.key, depth: depth + 1 });
        if (item.value && hasInside(item.value)) stack.push({ token: item.value, depth: depth + 1 });
      }
    }
  }
  comments.sort((a, b) => a.range.start - b.range.start);
  return { tooDeep, comments };
}

/** Whether a token can hold a comment or a collection. */
function hasInside(token: CST.Token): boolean {
  return 'items' in token || 'props' in token || ('end' in token && token.end !== undefined);
}
