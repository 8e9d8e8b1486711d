import { lineEnd, lineStart } from '../../../base/text/lines';
import type { Range } from '../../../base/text/range';
import type { ClientCommand, RunModel } from './types';

/** A backslash that continues no line, since something stands behind it. */
export interface BrokenContinuation {
  /** What stands between the backslash and the end of its line. */
  readonly range: Range;
  /** Where the first line of the command begins. */
  readonly line: number;
  readonly hasComment: boolean;
}

/** A backslash with blanks behind it, and nothing else on its line but a comment. */
const broken = /\\[ \t]{1,200}(?:#|$)/;

/** The broken continuations of a command that makes a container, those of the lines that were meant to go on included. */
export function brokenContinuations({ shell, verb, placed }: ClientCommand, { text }: RunModel): readonly BrokenContinuation[] {
  if ((verb !== 'run' && verb !== 'create') || !placed.lines) return [];
  const found: BrokenContinuation[] = [];
  // an escaped blank, and nothing but a comment to the end of the line: `\ #` is a word as well
  const last = shell.args.find(({ range: { start } }) => {
    const tail = /^\\[ \t]/.test(text.slice(start, start + 2)) ? text.slice(start, lineEnd(text, start)) : '';
    return /^\\[ \t]{1,200}(?:#|$)/.test(tail);
  });
  if (!last) return [];
  const first = lineStart(text, shell.range.start);
  for (let line = lineStart(text, last.range.start); line < placed.range.end;) {
    const end = lineEnd(text, line);
    const content = text.slice(line, Math.min(end, line + 2000));
    const match = broken.exec(content);
    if (match) found.push({ range: { start: line + match.index + 1, end }, line: first, hasComment: match[0].endsWith('#') });
    else if (!content.endsWith('\\')) break;
    const next = text.indexOf('\n', end);
    if (next < 0) break;
    line = next + 1;
  }
  return found;
}
