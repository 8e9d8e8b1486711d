import { diffArrays, type StructuredPatchHunk } from 'diff';
import { applyEdits, sortEdits, type TextEdit } from '../../../shared/src/index';

/** Of more lines that one edit changes, nobody looks for those that it keeps in between: the time for that grows with the square of the changes. */
const mostCompared = 400;

interface Line {
  readonly kind: ' ' | '-' | '+';
  readonly text: string;
}

/**
 * The hunks of a unified diff that edits come to, with so many lines around each change. Only the lines of each edit are compared: of a file with a thousand edits, to
 * compare the whole takes seconds.
 */
export function hunksOf(text: string, edits: readonly TextEdit[], context: number): StructuredPatchHunk[] {
  return inHunks(inOrder(linesAfter(text, sortEdits(edits))), context);
}

function split(text: string): readonly string[] {
  return text === '' ? [] : text.split(/(?<=\n)/);
}

/** All lines of a text, those that edits remove and add among them. */
function linesAfter(text: string, edits: readonly TextEdit[]): readonly Line[] {
  const lines = split(text);
  const found: Line[] = [];
  let line = 0;
  let start = 0;
  const keep = (): void => {
    found.push({ kind: ' ', text: lines[line]! });
    start += lines[line++]!.length;
  };
  for (let i = 0; i < edits.length;) {
    const { range: at } = edits[i]!;
    while (line < lines.length && start + lines[line]!.length <= at.start && lines[line]!.endsWith('\n')) keep();
    let end = start;
    const first = line;
    const own: TextEdit[] = [];
    // all that change one of the same lines, or add to the last one
    for (; i < edits.length && (own.length === 0 || end === text.length || edits[i]!.range.start < end); i++) {
      const { range, newText } = edits[i]!;
      own.push({ range: { start: range.start - start, end: range.end - start }, newText });
      const isWhole = newText === '' ? isLineStart(text, range.start) : newText.endsWith('\n');
      while (line < lines.length && (end < range.end || (end === range.end && !isWhole))) end += lines[line++]!.length;
    }
    for (const changed of compared(lines.slice(first, line), split(applyEdits(text.slice(start, end), own)))) found.push(changed);
    start = end;
  }
  while (line < lines.length) keep();
  return found;
}

function isLineStart(text: string, offset: number): boolean {
  return offset === 0 || text[offset - 1] === '\n';
}

/** The lines that an edit keeps, removes and adds. */
function compared(before: readonly string[], after: readonly string[]): readonly Line[] {
  const lines = (texts: readonly string[], kind: Line['kind']): readonly Line[] => texts.map(text => ({ kind, text }));
  if (before.length + after.length > mostCompared) return [...lines(before, '-'), ...lines(after, '+')];
  return diffArrays([...before], [...after]).flatMap(({ value, added, removed }) => lines(value, added ? '+' : removed ? '-' : ' '));
}

/** Of each run of changed lines, those that are removed first. */
function inOrder(lines: readonly Line[]): readonly Line[] {
  const ordered: Line[] = [];
  const added: Line[] = [];
  for (const line of lines) {
    if (line.kind === '+') added.push(line);
    else {
      if (line.kind === ' ') for (const one of added.splice(0)) ordered.push(one);
      ordered.push(line);
    }
  }
  return [...ordered, ...added];
}

function inHunks(lines: readonly Line[], context: number): StructuredPatchHunk[] {
  const hunks: StructuredPatchHunk[] = [];
  let [before, after] = [1, 1];
  // where the last change was
  let last = -Infinity;
  for (const [index, line] of lines.entries()) {
    if (line.kind !== ' ') {
      const isNew = index - last > 2 * context + 1;
      const from = isNew ? Math.max(0, index - context) : last + 1;
      const hunk = isNew
        ? { oldStart: before - (index - from), newStart: after - (index - from), oldLines: 0, newLines: 0, lines: [] }
        : hunks.at(-1)!;
      if (isNew) hunks.push(hunk);
      // what follows the last change of a hunk is there already
      for (let i = isNew ? from : Math.min(index, last + 1 + context); i <= index; i++) put(hunk, lines[i]!);
      last = index;
    } else if (index - last <= context && hunks.length > 0) put(hunks.at(-1)!, line);
    if (line.kind !== '+') before++;
    if (line.kind !== '-') after++;
  }
  return hunks;
}

function put(hunk: StructuredPatchHunk, { kind, text }: Line): void {
  if (kind !== '+') hunk.oldLines++;
  if (kind !== '-') hunk.newLines++;
  hunk.lines.push(kind + text.replace(/\n$/, ''));
  if (!text.endsWith('\n')) hunk.lines.push('\\ No newline at end of file');
}
