import { FILE_HEADERS_ONLY, formatPatch } from 'diff';
import { fileBytes, joined, masked, type MaskedText, plain, printable, restyled, trusted } from '../../../shared/src/early';
import { createPaint } from '../../../shared/src/formats';
import type { Gate, TextEdit } from '../../../shared/src/index';
import { hunksOf } from '../agents/hunks';
import type { Output } from './output';

/** Lines that are shown around a change. */
const context = 3;

/** A file before and after, and the gate that knows its secrets. */
export interface Changed {
  readonly path: string;
  readonly text: string;
  readonly edits: readonly TextEdit[];
  /** Whether it is not there yet. */
  readonly created?: boolean;
  readonly gate: Gate;
}

interface DiffLine {
  /** The line without its break. */
  readonly text: string;
  readonly kind: 'file' | 'hunk' | 'added' | 'removed' | 'kept';
  /** From 1, in the text before; of an added line in the text after. */
  readonly number: number;
}

/** The lines of a unified diff that `git apply` and `patch -p1` take. */
function diffLines({ path, text, edits, created }: Changed): readonly DiffLine[] {
  const hunks = hunksOf(text, edits, context);
  if (hunks.length === 0) return [];
  const names = { oldFileName: created ? '/dev/null' : `a/${path}`, newFileName: `b/${path}`, oldHeader: undefined, newHeader: undefined };
  let before = 0;
  let after = 0;
  let inHunk = false;
  const lines = formatPatch({ ...names, hunks }, FILE_HEADERS_ONLY).split('\n');
  return lines.map((line): DiffLine => {
    const hunk = /^@@ -(\d+)(?:,\d+)? \+(\d+)(?:,\d+)? @@/.exec(line);
    if (hunk) {
      inHunk = true;
      before = Number(hunk[1]);
      after = Number(hunk[2]);
      return { text: line, kind: 'hunk', number: 0 };
    }
    if (!inHunk) return { text: line, kind: 'file', number: 0 };
    if (line.startsWith('+')) return { text: line, kind: 'added', number: after++ };
    if (line.startsWith('-')) return { text: line, kind: 'removed', number: before++ };
    after++;
    return { text: line, kind: 'kept', number: before++ };
  });
}

/**
 * A unified diff. Its bytes are those of the file, or it would not apply, unless they go to a terminal, which they could steer, or `mask` asks for a diff
 * that is to be read alone.
 */
export function diffText(file: Changed, { colour, terminal }: Pick<Output, 'colour' | 'terminal'>, mask: boolean): MaskedText {
  const paint = createPaint(colour);
  const painted = diffLines(file).map(({ text, kind }) => {
    const own = kind === 'file' || kind === 'hunk';
    const bytes = own ? trusted(text) : mask ? masked`${fileBytes(text.slice(0, 1))}${file.gate.mask(text.slice(1))}` : fileBytes(text);
    const line = terminal ? restyled(bytes, shown => shown.replace(/[^\t\n]+/g, piece => printable(piece))) : bytes;
    if (kind === 'file') return paint.bold(line);
    return kind === 'added' ? paint.added(line) : kind === 'removed' ? paint.removed(line) : kind === 'hunk' ? paint.dim(line) : line;
  });
  return joined(painted, '\n');
}

/** What a person should know of the credentials in a diff: that they stand there, and where, or that they are masked. `null`: there are none. */
export function credentialNote(file: Changed, mask: boolean): MaskedText | null {
  const numbers = new Set<number>();
  for (const { text, kind, number } of diffLines(file))
    if (kind !== 'file' && kind !== 'hunk' && file.gate.carries(text.slice(1))) numbers.add(number);
  if (numbers.size === 0) return null;
  const path = trusted(file.path);
  if (mask) return masked`${path}: credentials in the diff are masked, so the diff cannot be applied`;
  const all = [...numbers].sort((a, b) => a - b);
  const shown = joined(
    all.slice(0, 10).map(number => masked`${number}`),
    ', ',
  );
  const more = all.length > 10 ? masked` and ${all.length - 10} more` : plain('');
  return masked`${path}: the diff shows what looks like a credential (line ${shown}${more}); use --mask to mask it in logs`;
}
