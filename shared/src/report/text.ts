import type { Finding } from '../finding/types';
import { createLineTable, type LineTable } from '../text/line-table';
import type { Range } from '../text/range';
import { severities } from '../terms/types';
import { frameOf } from './frame';
import { secretRanges } from './mask';
import { createPaint, type Paint } from './paint';
import { printable } from './printable';
import { countFindings, type Report, type ReportedFile, type SeverityCounts } from './types';

/** The report for a person: each finding with its line of source, then a summary. Suppressed findings are only counted. */
export function textReport(report: Report, options: { readonly colour: boolean }): string {
  const paint = createPaint(options.colour);
  const out: string[] = [];
  for (const file of report.files) {
    const findings = file.result.findings.filter(finding => !finding.suppression);
    if (findings.length === 0) continue;
    const lines = createLineTable(file.text);
    const secrets = secretRanges(file.result.findings);
    for (const finding of findings) out.push(...findingText(report, file, finding, lines, secrets, paint), '');
  }
  out.push(summaryText(report, paint));
  return out.join('\n') + '\n';
}

function findingText(
  report: Report,
  file: ReportedFile,
  finding: Finding,
  lines: LineTable,
  secrets: readonly Range[],
  paint: Paint,
): string[] {
  const { words } = report;
  const { line, character } = lines.position(finding.range.start);
  const place = `${printable(file.path)}:${line + 1}:${character + 1}`;
  const severity = paint.severity(finding.severity, finding.severity);
  const out = [`${paint.bold(place)}: ${severity}: ${printable(words.message(finding))} ${paint.dim(`[${finding.rule}]`)}`];

  const frame = file.text === '' ? null : frameOf(file.text, lines, finding.range, secrets);
  const gutter = ' '.repeat(String(frame?.line ?? 0).length);
  const bar = paint.dim('|');
  if (frame) {
    const carets = ' '.repeat(frame.start) + paint.severity(finding.severity, '^'.repeat(frame.end - frame.start));
    out.push(` ${paint.dim(String(frame.line))} ${bar} ${frame.source}`.trimEnd(), ` ${gutter} ${bar} ${carets}`);
  }
  for (const related of finding.related) {
    const other = related.path === undefined ? { path: file.path, lines } : file.related(related.path);
    const at = other?.lines.position(related.range.start);
    const message = words.message({ rule: finding.rule, messageId: related.messageId, data: related.data });
    out.push(
      ` ${gutter} ${paint.dim('=')} ${printable(other?.path ?? related.path ?? '')}${at ? `:${at.line + 1}:${at.character + 1}` : ''}: ${printable(message)}`,
    );
  }
  for (const fix of finding.fixes) {
    out.push(
      ` ${gutter} ${paint.dim('=')} fix (${fix.class}${fix.needsDigest === undefined ? '' : ', asks a registry'}): ${printable(words.fixTitle(finding.rule, fix))}`,
    );
    for (const assumption of fix.assumes) out.push(` ${gutter}   assumes: ${printable(words.assumption(finding.rule, assumption))}`);
  }
  return out;
}

function summaryText(report: Report, paint: Paint): string {
  const count = checkedFiles(report);
  if (report.files.length === 0) return 'No file to check';
  const counts = countFindings(report.files);
  const all = report.files.flatMap(file => file.result.findings);
  const suppressed = all.filter(finding => finding.suppression).length;
  const fixable = all.filter(
    finding =>
      !finding.suppression && finding.fixes.some(fix => (fix.class === 'safe' || fix.class === 'review') && fix.needsDigest === undefined),
  ).length;
  const total = countWords(counts);
  let summary = `${plural(count, 'file')} checked: ${total === '' ? 'no findings' : total}`;
  if (suppressed > 0) summary += ` (${suppressed} suppressed)`;
  if (fixable > 0) summary += `; ${fixable} can be fixed with ${paint.bold('bulkhead harden')}`;
  return summary;
}

/** How many files of a report were checked. */
export function checkedFiles({ files }: Report): number {
  return files.filter(({ result }) => result.checked).length;
}

/** `2 errors, 1 hint`: the severities that occur, the worst first; empty where none does. */
export function countWords(counts: SeverityCounts): string {
  return [...severities]
    .reverse()
    .filter(severity => counts[severity] > 0)
    .map(severity => (severity === 'info' ? `${counts.info} info` : plural(counts[severity], severity)))
    .join(', ');
}

/** `1 file`, `2 files`. */
export function plural(count: number, noun: string): string {
  return `${count} ${noun}${count === 1 ? '' : 's'}`;
}
