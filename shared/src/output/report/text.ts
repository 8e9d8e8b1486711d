import type { Finding } from '../../rule/finding/types';
import { createLineTable, type LineTable } from '../../base/text/line-table';
import { frameOf } from './frame';
import { gateOf, type Gate } from './gate';
import { joined, masked, plain, restyled, trusted, type MaskedText } from './masked-text';
import { createPaint, type Paint } from './paint';
import { printable } from './printable';
import { byWorst, countWords, cutParts, findingSeparator, summaryOf } from './summary';
import { countsOf, type ReportedFile, type ReportFormat, type ReportHead } from './types';

/** What the formats for people take. */
export interface TextOptions {
  readonly colour: boolean;
  /** Findings only: no summary. */
  readonly quiet?: boolean;
  /** So many findings are printed, the worst first; without it, all. */
  readonly maxFindings?: number;
}

/** The report for a person: under the name of each file its findings, the worst first, with their lines of source; then a summary. Suppressed findings are only counted. */
export function textFormat(options: TextOptions): ReportFormat {
  const paint = createPaint(options.colour);
  return {
    countsFixes: true,
    file: (head, file) => {
      const findings = byWorst(file.result.findings);
      if (findings.length === 0) return plain('');
      const lines = createLineTable(file.text);
      const gate = gateOf(file);
      const [first, ...others] = findings.map(
        finding => masked`${joined([...findingText(head, file, finding, lines, gate, paint), plain('')], '\n')}\n`,
      );
      const heading = masked`${paint.bold(printable(trusted(file.path)))}: ${countWords(countsOf(findings))}\n\n`;
      return joined([masked`${heading}${first!}`, ...others], findingSeparator);
    },
    *whole(_, parts, end) {
      yield* cutParts(parts, options.maxFindings ?? Infinity);
      if (!options.quiet) yield summaryOf(parts, end, paint, options.maxFindings ?? Infinity);
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
    // of the very place that is shown, nobody needs to be told where it is
    const isHere = related.path === undefined && related.range.start === finding.range.start;
    out.push(masked` ${gutter} ${equals} ${isHere ? plain('') : masked`${path}${position}: `}${printable(message)}`);
  }
  for (const fix of finding.fixes) {
    const asks = plain(fix.needsDigest !== undefined ? ', asks over the network' : fix.places ? ', asks you' : '');
    out.push(masked` ${gutter} ${equals} fix (${plain(fix.class)}${asks}): ${printable(gate.words(words.fixTitle(finding.rule, fix)))}`);
    for (const assumption of fix.assumes)
      out.push(masked` ${gutter}   assumes: ${printable(gate.words(words.assumption(finding.rule, assumption)))}`);
  }
  return out;
}

function spaces(count: number): MaskedText {
  return restyled(plain(' '), space => space.repeat(count));
}
