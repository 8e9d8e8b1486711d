import { FILE_HEADERS_ONLY, formatPatch } from 'diff';
import { joined, masked, type MaskedText, plain, printable, trusted } from '../../../shared/src/early';
import { buildsImages, type Gate, type OpenedFile, type TextEdit } from '../../../shared/src/index';
import { fittingText } from './answer';
import { hunksOf } from './hunks';

/** A diff for reading, as members of an answer. */
export interface ShownDiff {
  readonly diff: MaskedText;
  /** What it lacks to make the change by it; `null`: nothing. */
  readonly diffNote: MaskedText | null;
}

/** Where a comment begins in a line: in a Dockerfile it has lines of its own. */
const comments = { line: /^\s*#/, anywhere: /(?<=^|\s)#/ } as const;

/** A version beside a commit or a digest. One word gives no instruction. */
const isVersion = /^# ?[\w.+-]{1,40}$/;

/**
 * A unified diff without lines around the changes, and without what is written in comments of changed lines: it may be meant for the model that reads the answer. Line breaks are
 * `\n`, whatever the file has.
 */
export function diffOf(path: string, { file, source }: OpenedFile, edits: readonly TextEdit[], gate: Gate, maxBytes: number): ShownDiff {
  const hunks = hunksOf(file.text, edits, 0);
  if (hunks.length === 0) return { diff: plain(''), diffNote: null };
  const name = printable(path);
  const names = { oldFileName: `a/${name}`, newFileName: `b/${name}`, oldHeader: undefined, newHeader: undefined };
  const lines = formatPatch({ ...names, hunks }, FILE_HEADERS_ONLY)
    .split('\n')
    .slice(0, -1);
  const comment = buildsImages(source.family) ? comments.line : comments.anywhere;
  let isWhole = true;
  const shown = lines.map((line, at) => {
    // the name of the file, and the place of a hunk
    if (at < 2 || line.startsWith('@@ ')) return trusted(line);
    const sign = trusted(line.charAt(0));
    const bare = line.slice(1).replaceAll('\r', '');
    const start = bare.search(comment);
    const said = start < 0 || isVersion.test(bare.slice(start)) ? bare : `${bare.slice(0, start)}#…`;
    const shownText = gate.words(said);
    isWhole &&= shownText === bare;
    return masked`${sign}${shownText}`;
  });
  const { text, cut } = fittingText(joined(shown, '\n'), maxBytes);
  const lacks = cut
    ? plain('cut: the change is too long to be shown whole')
    : isWhole
      ? null
      : plain('comments (#…) and secrets of changed lines are not shown: keep them as they are in the file');
  return { diff: text, diffNote: lacks };
}
