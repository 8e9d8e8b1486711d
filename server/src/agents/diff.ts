import { FILE_HEADERS_ONLY, formatPatch } from 'diff';
import { joined, masked, type MaskedText, plain, printable, trusted } from '../../../shared/src/early';
import type { Gate, TextEdit } from '../../../shared/src/index';
import { hunksOf } from './hunks';

/** A diff for reading, and whether it still says all that is needed to make the change by it. */
export interface ShownDiff {
  readonly text: MaskedText;
  /** Whether a secret is masked in it, so that it does not apply. */
  readonly masked: boolean;
}

/**
 * A unified diff without lines around the changes: what the file says beside them, comments above all, is of no use here, and may be meant for whoever reads it. Line
 * breaks are `\n`, whatever the file has.
 */
export function diffOf(path: string, text: string, edits: readonly TextEdit[], gate: Gate): ShownDiff {
  const hunks = hunksOf(text, edits, 0);
  if (hunks.length === 0) return { text: plain(''), masked: false };
  const name = printable(path);
  const names = { oldFileName: `a/${name}`, newFileName: `b/${name}`, oldHeader: undefined, newHeader: undefined };
  const lines = formatPatch({ ...names, hunks }, FILE_HEADERS_ONLY)
    .trimEnd()
    .split('\n');
  let isMasked = false;
  const shown = lines.map((line, at) => {
    // the file's name, and where a hunk stands
    if (at < 2 || line.startsWith('@@ ')) return trusted(line);
    const bare = line.replace(/\r$/, '');
    isMasked ||= gate.carries(bare.slice(1));
    return masked`${trusted(bare.charAt(0))}${gate.mask(bare.slice(1))}`;
  });
  return { text: joined(shown, '\n'), masked: isMasked };
}
