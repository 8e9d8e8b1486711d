import type { TextEdit } from '../../base/text/edits';
import type { CommentOperation } from '../../rule/fix/types';

/**
 * The edit of a comment operation. An empty text takes the comment away with the blanks before it, and with its whole line where
 * nothing else stands there.
 */
export function renderComment(text: string, { range, text: newText }: CommentOperation): TextEdit {
  if (newText !== '') return { range, newText };
  let start = range.start;
  while (start > 0 && (text[start - 1] === ' ' || text[start - 1] === '\t')) start--;
  const ownLine = start === 0 || text[start - 1] === '\n';
  let end = range.end;
  if (ownLine) {
    if (text[end] === '\r') end++;
    if (text[end] === '\n') end++;
    // The last line has no break of its own: take the one before.
    else if (start > 0) start -= text[start - 2] === '\r' ? 2 : 1;
  }
  return { range: { start, end }, newText: '' };
}
