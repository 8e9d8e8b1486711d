import type { Finding } from '../finding/types';
import { createLineTable, type LineTable } from '../text/line-table';
import { severities } from '../terms/types';
import { frameOf } from './frame';
import { gateOf, type Gate } from './gate';
import { joined, masked, plain, restyled, trusted, type MaskedText } from './masked-text';
import { createPaint, type Paint } from './paint';
import { printable } from './printable';
import { sumFindings, sumOf, type FilePart, type ReportedFile, type ReportFormat, type ReportHead, type SeverityCounts } from './types';

/** The report for a person: each finding with its line of source, then a summary. Suppressed findings are only counted. */
export function textFormat(options: { readonly colour: boolean }): ReportFormat {
  const paint = createPaint(options.colour);
  return {
    file: (head, file) => {
      const findings = file.result.findings.filter(finding => !finding.suppression);
      if (findings.length === 0) return plain('');
      const lines = createLineTable(file.text);
      const gate = gateOf(file);
      const out = findings.flatMap(finding => [...findingText(head, file, finding, lines, gate, paint), plain('')]);
      return masked`${joined(out, '\n')}\n`;
    },
    *whole(_, parts) {
      for (const { text } of parts) yield text;
      yield masked`${summaryText(parts, paint)}\n`;
    },
  };
}

function findingText(report: ReportHead, file: ReportedFile, finding: Finding, lines: LineTable, gate: Gate, paint: Paint): MaskedText[] {
  const { words } = report;
  const { line, character } = lines.position(finding.range.start);
  const place = masked`${printable(trusted(file.path))}:${line + 1}:${character + 1}`;
  const severity = paint.severity(finding.severity, plain(finding.severity));
  const out = [
    masked`${paint.bold(place)}: ${severity}: ${printable(gate.words(words.message(finding)))} ${paint.dim(masked`[${trusted(finding.rule)}]`)}`,
  ];

  const frame = file.text === '' ? null : frameOf(file.text, lines, finding.range, gate.places());
  const gutter = spaces(String(frame?.line ?? 0).length);
  const bar = paint.dim(plain('|'));
  if (frame) {
    const carets = paint.severity(
      finding.severity,
      restyled(plain('^'), caret => caret.repeat(frame.end - frame.start)),
    );
    const source = masked` ${paint.dim(masked`${frame.line}`)} ${bar} ${frame.source}`;
    out.push(
      restyled(source, shown => shown.trimEnd()),
      masked` ${gutter} ${bar} ${spaces(frame.start)}${carets}`,
    );
  }
  const equals = paint.dim(plain('='));
  for (const related of finding.related) {
    const other = related.path === undefined ? { path: file.path, lines } : file.related(related.path);
    const at = other?.lines.position(related.range.start);
    const message = gate.words(words.message({ rule: finding.rule, messageId: related.messageId, data: related.data }));
    const path = printable(trusted(other?.path ?? related.path ?? ''));
    const position = at ? masked`:${at.line + 1}:${at.character + 1}` : plain('');
    out.push(masked` ${gutter} ${equals} ${path}${position}: ${printable(message)}`);
  }
  for (const fix of finding.fixes) {
    const asks = fix.needsDigest === undefined ? plain('') : plain(', asks a registry');
    out.push(masked` ${gutter} ${equals} fix (${plain(fix.class)}${asks}): ${printable(gate.words(words.fixTitle(finding.rule, fix)))}`);
    for (const assumption of fix.assumes)
      out.push(masked` ${gutter}   assumes: ${printable(gate.words(words.assumption(finding.rule, assumption)))}`);
  }
  return out;
}

function spaces(count: number): MaskedText {
  return restyled(plain(' '), space => space.repeat(count));
}

function summaryText(parts: readonly FilePart[], paint: Paint): MaskedText {
  const count = checkedFiles(parts);
  if (parts.length === 0) return plain('No file to check');
  const suppressed = sumOf(parts, 'suppressed');
  const fixable = sumOf(parts, 'fixable');
  const total = countWords(sumFindings(parts));
  let summary = masked`${plural(count, 'file')} checked: ${total === '' ? plain('no findings') : total}`;
  if (suppressed > 0) summary = masked`${summary} (${suppressed} suppressed)`;
  const fragments = sumOf(parts, 'fragments');
  if (fragments > 0)
    summary = masked`${summary}; ${plural(fragments, 'document')} judged as ${plain(fragments === 1 ? 'a fragment' : 'fragments')}`;
  if (fixable > 0) summary = masked`${summary}; ${fixable} can be fixed with ${paint.bold(plain('bulkhead harden'))}`;
  return summary;
}

/** How many files of a report were checked. */
export function checkedFiles(parts: readonly FilePart[]): number {
  return parts.filter(({ sums }) => sums.checked).length;
}

/** `2 errors, 1 hint`: the severities that occur, the worst first; empty where none does. */
export function countWords(counts: SeverityCounts): MaskedText {
  const words = [...severities]
    .reverse()
    .filter(severity => counts[severity] > 0)
    .map(severity => (severity === 'info' ? masked`${counts.info} info` : plural(counts[severity], severity)));
  return joined(words, ', ');
}

/** `1 file`, `2 files`. */
export function plural<T extends string>(count: number, noun: string extends T ? never : T): MaskedText {
  return masked`${count} ${plain<T>(noun)}${count === 1 ? plain('') : plain('s')}`;
}
