import { bulkFixesOf, type Finding } from '../../rule/finding/types';
import { ruleAddress } from '../protocol/docs';
import type { Severity } from '../../base/terms/types';
import type { TextEdit } from '../../base/text/edits';
import { createLineTable, type LineTable } from '../../base/text/line-table';
import type { Range } from '../../base/text/range';
import { gateOf, type Gate } from './gate';
import { joined, maskedItem, maskedJsonAround, placeOfItems, plain, trusted, type MaskedText } from './masked-text';
import { textsOf, type ReportedFile, type ReportFormat } from './types';

const levels = {
  error: plain('ERROR'),
  warning: plain('WARNING'),
  info: plain('INFO'),
  hint: plain('INFO'),
} as const satisfies Record<Severity, string>;

/**
 * The Reviewdog Diagnostic Format: safe fixes are suggestions that a review can apply. Suppressed findings are left out.
 * Source: https://github.com/reviewdog/reviewdog/tree/master/proto/rdf.
 */
export const rdjsonFormat: ReportFormat = {
  file: (head, file) => {
    const lines = createLineTable(file.text);
    const gate = gateOf(file);
    const rangeOf = byteRanges(file.text, lines);
    const items = file.result.findings.flatMap(finding => {
      if (finding.suppression) return [];
      const address = ruleAddress(head.pagesAddress, finding.rule);
      const suggestions = suggestionsOf(file, finding, gate).map(({ range, text }) => ({ range: rangeOf(range), text }));
      return maskedItem(
        {
          message: gate.words(head.words.message(finding)),
          location: { path: trusted(file.path), range: rangeOf(finding.range) },
          severity: levels[finding.severity],
          code: { value: trusted(finding.rule), ...(address !== null && { url: trusted(address) }) },
          ...(suggestions.length > 0 && { suggestions }),
        },
        2,
      );
    });
    return joined(items, ',\n    ');
  },
  whole: ({ pagesAddress }, parts) =>
    maskedJsonAround(
      {
        source: { name: plain('bulkhead'), ...(pagesAddress !== null && { url: trusted(pagesAddress) }) },
        diagnostics: placeOfItems,
      },
      textsOf(parts),
    ),
};

interface Suggestion {
  readonly range: Range;
  readonly text: MaskedText;
}

/** A suggestion for each safe fix: one replacement, from the first of its edits to the last. One that would carry a secret is left out. */
function suggestionsOf(file: ReportedFile, finding: Finding, gate: Gate): readonly Suggestion[] {
  if (!bulkFixesOf(finding).some(fix => fix.class === 'safe')) return [];
  return file.fixes(finding).flatMap(fix => {
    if (fix.class !== 'safe' || fix.needs !== null || fix.elsewhere || fix.edits.length === 0) return [];
    const whole = oneEdit(file.text, fix.edits);
    const text = gate.whole(whole.newText);
    return text === null ? [] : [{ range: whole.range, text }];
  });
}

/** Sorted edits as one that does the same. */
function oneEdit(text: string, edits: readonly TextEdit[]): TextEdit {
  const start = edits[0]!.range.start;
  let newText = '';
  let at = start;
  for (const edit of edits) {
    newText += text.slice(at, edit.range.start) + edit.newText;
    at = edit.range.end;
  }
  return { range: { start, end: at }, newText };
}

/** Positions from 1, columns in bytes of UTF-8. The work for a line is done once for many ranges in it. */
function byteRanges(text: string, lines: LineTable) {
  let known = -1;
  let columns: Uint32Array | null = null;
  const column = (line: number, character: number): number => {
    if (line !== known) {
      known = line;
      columns = bytesBefore(text.slice(lines.lineStart(line), lines.lineEnd(line)));
    }
    return 1 + (columns === null ? character : (columns[Math.min(character, columns.length - 1)] ?? 0));
  };
  const position = (offset: number): { line: number; column: number } => {
    const { line, character } = lines.position(offset);
    return { line: line + 1, column: column(line, character) };
  };
  return ({ start, end }: Range) => ({ start: position(start), end: position(end) });
}

/** How many bytes of UTF-8 stand before each character of a line and at its end; `null`: as many as characters. */
function bytesBefore(line: string): Uint32Array | null {
  // eslint-disable-next-line no-control-regex
  if (/^[\u0000-\u007f]*$/.test(line)) return null;
  const counts = new Uint32Array(line.length + 1);
  for (let at = 0, bytes = 0; at < line.length; at++) {
    counts[at] = bytes;
    const code = line.charCodeAt(at);
    // a surrogate is half of a code point of four bytes
    bytes += code < 0x80 ? 1 : code < 0x800 || (code >= 0xd800 && code <= 0xdfff) ? 2 : 3;
    counts[at + 1] = bytes;
  }
  return counts;
}
