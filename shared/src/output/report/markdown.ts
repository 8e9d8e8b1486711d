import { ruleAddress } from '../protocol/docs';
import { createLineTable } from '../../base/text/line-table';
import { gateOf, maskAlone } from './gate';
import { joined, masked, plain, restyled, trusted, type MaskedText } from './masked-text';
import { printable } from './printable';
import { checkedFiles, countWords, hiddenWords, knownIn, plural } from './summary';
import { sumFindings, sumOf, type ReportFormat } from './types';

const none = plain('');

/** The report as Markdown, for a comment on a change or a summary of a job: one table a file. Suppressed findings are only counted. */
export const markdownFormat: ReportFormat = {
  file: (head, file) => {
    const findings = file.result.findings.filter(finding => !finding.suppression);
    if (findings.length === 0) return none;
    const out: MaskedText[] = [];
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
            linked(code(trusted(finding.rule)), ruleAddress(head.pagesAddress, finding.rule)),
            escape(gate.words(head.words.message(finding))),
            fix ? masked`${escape(gate.words(head.words.fixTitle(finding.rule, fix)))} (${plain(fix.class)})` : none,
          ],
          ' | ',
        )} |`,
      );
    }
    return masked`${joined(out, '\n')}\n`;
  },
  *whole(_, parts, { problems }) {
    const counts = countWords(sumFindings(parts));
    const suppressed = sumOf(parts, 'suppressed');
    yield plain('# Bulkhead\n\n');
    yield masked`${plural(checkedFiles(parts), 'file')} checked: ${counts === '' ? plain('no findings') : counts}`;
    yield masked`${hiddenWords(suppressed, knownIn(parts))}.\n`;
    for (const { text } of parts) yield text;
    if (problems.length === 0) return;
    const unread = problems.map(({ path, message }) => masked`- ${code(trusted(path))}: ${escape(maskAlone(message))}`);
    yield masked`${joined([none, plain('## Files not read'), none, ...unread], '\n')}\n`;
  },
};

/** A text that leads to an address of our own; without one, the text. */
export function linked(text: MaskedText, address: string | null): MaskedText {
  return address === null ? text : masked`[${text}](${trusted(address)})`;
}

/**
 * What GitHub and GitLab make links of wherever it stands, escaped or not, but in code: addresses, people and teams (who get a message), issues, changes and
 * commits.
 */
const linking = /@|:\/\/|\bwww\.|\b(?:mailto|xmpp):|[#!&$~%^]\d|\bGH-\d|\b[0-9a-f]{7,40}\b/i;

/** Plain text as Markdown shows it, within a cell of a table. */
export function escape(text: MaskedText): MaskedText {
  return restyled(printable(text), shown =>
    shown
      .split(/([\s"'()<>,;]+)/)
      .map(piece => (linking.test(piece) ? codeSpan(piece) : piece.replace(/[\\`*_{}[\]<>|#~&]/g, char => entities[char] ?? `\\${char}`)))
      .join(''),
  );
}

const entities: Readonly<Record<string, string>> = { '<': '&lt;', '>': '&gt;', '&': '&amp;' };

/** A code span that may hold backticks; a `|` is escaped since the span stands in a table. */
export function code(text: MaskedText): MaskedText {
  return restyled(printable(text), codeSpan);
}

function codeSpan(text: string): string {
  const clean = text.replace(/\|/g, '\\|');
  const longest = Math.max(0, ...(clean.match(/`+/g) ?? []).map(run => run.length));
  const fence = '`'.repeat(longest + 1);
  return longest === 0 ? `${fence}${clean}${fence}` : `${fence} ${clean} ${fence}`;
}
