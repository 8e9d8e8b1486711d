import { createLineTable } from '../text/line-table';
import { printable } from './printable';
import { checkedFiles, countWords, plural } from './text';
import { countFindings, type Report } from './types';

/** The report as Markdown, for a comment on a change or a summary of a job: one table a file. Suppressed findings are only counted. */
export function markdownReport(report: Report): string {
  const counts = countWords(countFindings(report.files));
  const suppressed = report.files.reduce((sum, file) => sum + file.result.findings.filter(finding => finding.suppression).length, 0);
  const out = [
    '# Bulkhead',
    '',
    `${plural(checkedFiles(report), 'file')} checked: ${counts === '' ? 'no findings' : counts}${suppressed > 0 ? ` (${suppressed} suppressed)` : ''}.`,
  ];
  for (const file of report.files) {
    const findings = file.result.findings.filter(finding => !finding.suppression);
    if (findings.length === 0) continue;
    const lines = createLineTable(file.text);
    out.push('', `## ${code(file.path)}`, '', '| Line | Severity | Rule | Finding | Fix |', '| ---: | --- | --- | --- | --- |');
    for (const finding of findings) {
      const fix = finding.fixes[0];
      out.push(
        `| ${[
          String(lines.position(finding.range.start).line + 1),
          finding.severity,
          code(finding.rule),
          escape(report.words.message(finding)),
          fix ? `${escape(report.words.fixTitle(finding.rule, fix))} (${fix.class})` : '',
        ].join(' | ')} |`,
      );
    }
  }
  if (report.problems.length > 0) {
    out.push('', '## Not read', '', ...report.problems.map(({ path, message }) => `- ${code(path)}: ${escape(message)}`));
  }
  return out.join('\n') + '\n';
}

/** Plain text as Markdown shows it, within a cell of a table. */
function escape(text: string): string {
  return printable(text).replace(/[\\`*_{}[\]<>|#~&]/g, char =>
    char === '<' ? '&lt;' : char === '>' ? '&gt;' : char === '&' ? '&amp;' : `\\${char}`,
  );
}

/** A code span that may hold backticks; a `|` is escaped since the span stands in a table. */
function code(text: string): string {
  const clean = printable(text).replace(/\|/g, '\\|');
  const longest = Math.max(0, ...(clean.match(/`+/g) ?? []).map(run => run.length));
  const fence = '`'.repeat(longest + 1);
  return longest === 0 ? `${fence}${clean}${fence}` : `${fence} ${clean} ${fence}`;
}
