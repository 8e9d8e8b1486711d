import { mappedSlice } from '../../../../syntax/shell/mapped-text';
import { interpreterOf, shebangOf } from '../../../../syntax/shell/interpreter';
import { parseScript } from '../../../../syntax/shell/script';
import type { Comment } from '../../../../base/text/comment';
import { lineEnd } from '../../../../base/text/lines';
import type { PlacedScript } from '../types';

/** A shell script as one script; none where another program reads it. */
export function shellScripts(text: string): readonly PlacedScript[] {
  const start = text.charCodeAt(0) === 0xfeff ? 1 : 0;
  const interpreter = shebangOf(text.slice(start)) ?? interpreterOf(['sh']);
  if (interpreter.dialect !== 'posix') return [];
  const script = parseScript(mappedSlice(text.slice(start), start), interpreter);
  return [{ kind: 'shell', script, locked: null, range: { start, end: text.length }, lines: true }];
}

/** The comments that have a line of their own, of a text whose comments begin with `#`. */
export function lineComments(text: string, from = 0, to = text.length): readonly Comment[] {
  const comments: Comment[] = [];
  for (let start = from; start < to;) {
    const end = Math.min(lineEnd(text, start), to);
    let at = start;
    while (at < end && (text[at] === ' ' || text[at] === '\t')) at++;
    if (text[at] === '#') comments.push({ range: { start: at, end }, text: text.slice(at, end).replace(/^#+/, '').trim(), ownLine: true });
    const next = text.indexOf('\n', start);
    start = next < 0 ? to : next + 1;
  }
  return comments;
}
