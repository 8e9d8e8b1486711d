import type { Severity } from '../terms/types';
import { createLineTable } from '../text/line-table';
import { printable } from './printable';
import type { Report } from './types';

const commands: Readonly<Record<Severity, string>> = { error: 'error', warning: 'warning', info: 'notice', hint: 'notice' };

/** Workflow commands that GitHub Actions turns into annotations, one a line. Suppressed findings are left out. */
export function githubReport(report: Report): string {
  const out: string[] = [];
  for (const file of report.files) {
    const lines = createLineTable(file.text);
    for (const finding of file.result.findings) {
      if (finding.suppression) continue;
      const { start, end } = lines.positions(finding.range);
      // columns count only within one line
      const columns = start.line === end.line ? [`col=${start.character + 1}`, `endColumn=${end.character + 1}`] : [];
      const properties = [
        `file=${property(file.path)}`,
        `line=${start.line + 1}`,
        `endLine=${end.line + 1}`,
        ...columns,
        `title=${property(finding.rule)}`,
      ];
      out.push(`::${commands[finding.severity]} ${properties.join(',')}::${message(report.words.message(finding))}`);
    }
  }
  return out.length === 0 ? '' : out.join('\n') + '\n';
}

/** Line breaks as the runner takes them; what else would steer a terminal is no part of a log. */
function message(text: string): string {
  return printable(text.replace(/%/g, '%25').replace(/\r/g, '%0D').replace(/\n/g, '%0A'));
}

function property(text: string): string {
  return message(text).replace(/:/g, '%3A').replace(/,/g, '%2C');
}
