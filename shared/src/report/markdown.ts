import { ruleAddress } from '../protocol/docs';
import { createLineTable } from '../text/line-table';
import { gateOf, maskAlone } from './gate';
import { joined, masked, plain, restyled, trusted, type MaskedText } from './masked-text';
import { printable } from './printable';
import { checkedFiles, countWords, plural } from './text';
import { countFindings, type Report } from './types';

/** The report as Markdown, for a comment on a change or a summary of a job: one table a file. Suppressed findings are only counted. */
export function markdownReport(report: Report): MaskedText {
  const counts = countWords(countFindings(report.files));
  const suppressed = report.files.reduce((sum, file) => sum + file.result.findings.filter(finding => finding.suppression).length, 0);
  const none = plain('');
  const out = [
    plain('# Bulkhead'),
    none,
    masked`${plural(checkedFiles(report), 'file')} checked: ${counts === '' ? plain('no findings') : counts}${suppressed > 0 ? masked` (${suppressed} suppressed)` : none}.`,
  ];
  for (const file of report.files) {
    const findings = file.result.findings.filter(finding => !finding.suppression);
    if (findings.length === 0) continue;
    const lines = createLineTable(file.text);
    const gate = gateOf(file);
    out.push(
      none,
      masked`## ${code(trusted(file.path))}`,
      none,
      plain('| Line | Severity | Rule | Finding | Fix |'),
      plain('| ---: | --- | --- | --- | --- |'),
    );
    for (const finding of findings) {
      const fix = finding.fixes[0];
      out.push(
        masked`| ${joined(
          [
            masked`${lines.position(finding.range.start).line + 1}`,
            plain(finding.severity),
            linked(code(trusted(finding.rule)), ruleAddress(report.pagesAddress, finding.rule)),
            escape(gate.words(report.words.message(finding))),
            fix ? masked`${escape(gate.words(report.words.fixTitle(finding.rule, fix)))} (${plain(fix.class)})` : none,
          ],
          ' | ',
        )} |`,
      );
    }
  }
  if (report.problems.length > 0) {
    const problems = report.problems.map(({ path, message }) => masked`- ${code(trusted(path))}: ${escape(maskAlone(message))}`);
    out.push(none, plain('## Not read'), none, ...problems);
  }
  return masked`${joined(out, '\n')}\n`;
}

/** A text that leads to an address of our own; without one, the text. */
function linked(text: MaskedText, address: string | null): MaskedText {
  return address === null ? text : masked`[${text}](${trusted(address)})`;
}

/** Plain text as Markdown shows it, within a cell of a table. */
function escape(text: MaskedText): MaskedText {
  return restyled(printable(text), shown =>
    shown.replace(/[\\`*_{}[\]<>|#~&]/g, char => (char === '<' ? '&lt;' : char === '>' ? '&gt;' : char === '&' ? '&amp;' : `\\${char}`)),
  );
}

/** A code span that may hold backticks; a `|` is escaped since the span stands in a table. */
function code(text: MaskedText): MaskedText {
  return restyled(printable(text), shown => {
    const clean = shown.replace(/\|/g, '\\|');
    const longest = Math.max(0, ...(clean.match(/`+/g) ?? []).map(run => run.length));
    const fence = '`'.repeat(longest + 1);
    return longest === 0 ? `${fence}${clean}${fence}` : `${fence} ${clean} ${fence}`;
  });
}
