import type { Finding } from '../finding/types';
import { createLineTable, type LineTable, type PositionRange } from '../text/line-table';
import type { TextEdit } from '../text/edits';
import { countFindings, type Report, type ReportedFile, type ReportedFix } from './types';

/** Edits of one file as JSON has them. */
export interface JsonChange {
  readonly path: string;
  readonly edits: readonly { readonly range: PositionRange; readonly newText: string }[];
}

/** Edits with lines and characters for offsets. */
export function jsonChange(path: string, edits: readonly TextEdit[], lines: LineTable): JsonChange {
  return { path, edits: edits.map(({ range, newText }) => ({ range: lines.positions(range), newText })) };
}

/** The report for programs: `schemaVersion` 1 of the contract in docs/cli.md. Ends with a line break. */
export function jsonReport(report: Report): string {
  const { version, profile, kubernetesVersion, today, files, durationMs } = report;
  return (
    JSON.stringify(
      {
        schemaVersion: 1,
        version,
        profile,
        kubernetesVersion,
        today,
        files: files.map(file => {
          const lines = createLineTable(file.text);
          return {
            path: file.path,
            family: file.result.family,
            findings: file.result.findings.map(finding => jsonFinding(report, file, finding, lines)),
          };
        }),
        summary: { files: files.length, findings: countFindings(files), durationMs },
      },
      null,
      2,
    ) + '\n'
  );
}

function jsonFinding(report: Report, file: ReportedFile, finding: Finding, lines: LineTable): unknown {
  const { rule, messageId, severity, category, object, pss, fingerprint, suppression } = finding;
  return {
    rule,
    messageId,
    severity,
    category,
    message: report.words.message(finding),
    range: lines.positions(finding.range),
    object: object && {
      document: object.document,
      apiVersion: object.apiVersion,
      kind: object.kind,
      namespace: object.namespace,
      name: object.name,
      container: object.container,
      path: object.path,
    },
    ...(pss !== null && { pss }),
    fingerprint,
    related: finding.related.flatMap(related => {
      const other = related.path === undefined ? { path: file.path, lines } : file.related(related.path);
      if (!other) return [];
      return [{ path: other.path, range: other.lines.positions(related.range), message: report.words.message({ ...related, rule }) }];
    }),
    fixes: file.fixes(finding).map(fix => jsonFix(file, fix, lines)),
    suppressed: suppression !== null,
    suppression: suppression && {
      kind: suppression.kind,
      reason: suppression.reason,
      ...(suppression.peer !== undefined && { peer: suppression.peer }),
      ...(suppression.range && { range: lines.positions(suppression.range) }),
    },
  };
}

function jsonFix(file: ReportedFile, fix: ReportedFix, lines: LineTable): unknown {
  const { id, title, assumes, needs, edits, elsewhere } = fix;
  const other = elsewhere && file.related(elsewhere.path);
  const changes = [
    ...(edits.length === 0 ? [] : [jsonChange(file.path, edits, lines)]),
    ...(other ? [jsonChange(other.path, [elsewhere], other.lines)] : []),
  ];
  return { id, title, class: fix.class, assumes, needs, changes };
}
