import { createLineTable } from '../../base/text/line-table';
import { gateOf, maskAlone } from './gate';
import { joined, masked, plain, restyled, trusted, type MaskedText } from './masked-text';
import { visible } from '../../base/text/visible';
import { byWorst } from './summary';
import { sumFindings, type ReportFormat } from './types';

/**
 * A report as the results of tests: a suite for each file, in it a case for each finding, which fails from the severity `warning` on; a file without
 * findings has one case that passes, since readers take a report without cases for a broken one. Suppressed findings are left out.
 * Source: junit-10.xsd of Jenkins' xunit plugin (https://github.com/jenkinsci/xunit-plugin), which other readers take as well.
 */
export const junitFormat: ReportFormat = {
  file: (head, file) => {
    const lines = createLineTable(file.text);
    const gate = gateOf(file);
    const findings = byWorst(file.result.findings);
    const cases = findings.map(finding => {
      const { line, character } = lines.position(finding.range.start);
      const place = masked`${line + 1}:${character + 1}`;
      const [family = '', name = ''] = finding.rule.split('/');
      const message = gate.words(head.words.message(finding));
      const where = masked`${xml(masked`${trusted(file.path)}:${place}: ${message}`)}`;
      const body =
        finding.severity === 'error' || finding.severity === 'warning'
          ? masked`<failure type="${plain(finding.severity)}" message="${xml(message)}">${where}</failure>`
          : masked`<system-out>${plain(finding.severity)}: ${where}</system-out>`;
      return masked`    <testcase classname="${xml(trusted(family))}" name="${xml(masked`${trusted(name)} (${place})`)}">${body}</testcase>\n`;
    });
    const failures = findings.filter(({ severity }) => severity === 'error' || severity === 'warning').length;
    const path = xml(trusted(file.path));
    return suite(path, failures, cases.length > 0 ? cases : [passed(file.result.checked ? plain('no findings') : plain('not checked'))]);
  },
  *whole(_, parts, { problems }) {
    const { error, warning, info, hint } = sumFindings(parts);
    const clean = parts.filter(({ sums }) => Object.keys(sums.rules).length === 0).length;
    // a report has a case, whatever was checked
    const empty = parts.length + problems.length === 0 ? [suite(plain('bulkhead'), 0, [passed(plain('no file to check'))])] : [];
    const unread = problems.map(({ path, message }) => {
      const why = xml(maskAlone(message));
      return suite(xml(trusted(path)), 1, [
        masked`    <testcase classname="bulkhead" name="not read"><failure type="error" message="${why}"/></testcase>\n`,
      ]);
    });
    const tests = error + warning + info + hint + clean + problems.length + empty.length;
    yield masked`<?xml version="1.0" encoding="UTF-8"?>\n<testsuites name="bulkhead" tests="${tests}" failures="${error + warning + problems.length}" errors="0">\n`;
    for (const { text } of parts) yield text;
    for (const text of [...unread, ...empty]) yield text;
    yield plain('</testsuites>\n');
  },
};

function suite(name: MaskedText, failures: number, cases: readonly MaskedText[]): MaskedText {
  return masked`  <testsuite name="${name}" tests="${cases.length}" failures="${failures}" errors="0">\n${joined(cases, '')}  </testsuite>\n`;
}

function passed(name: MaskedText): MaskedText {
  return masked`    <testcase classname="bulkhead" name="${name}"/>\n`;
}

const entities: Readonly<Record<string, string>> = { '&': '&amp;', '<': '&lt;', '>': '&gt;', '"': '&quot;', '\n': '&#10;', '\t': '&#9;' };

/** Text for an element or an attribute in double quotes; what XML 1.0 cannot hold is replaced. */
function xml(text: MaskedText): MaskedText {
  return restyled(text, shown =>
    visible(shown)
      .replace(/[\r\ufffe\uffff]|\p{Cs}/gu, '\ufffd')
      .replace(/[&<>"\n\t]/g, char => entities[char]!),
  );
}
