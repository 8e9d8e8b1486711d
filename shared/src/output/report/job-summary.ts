import { ruleAddress } from '../protocol/docs';
import { code, linked } from './markdown';
import { joined, masked, plain, type MaskedText, trusted } from './masked-text';
import { checkedFiles, countWords, fixableWords, hiddenWords, knownIn, plural, sumRules } from './summary';
import { anyAtLeast, sumFindings, sumOf, type FilePart, type ReportFormat } from './types';

/** So many files have a row: a summary of a job has a bound, and nobody reads more. */
const maxFiles = 20;

/** What a report comes to, as Markdown for the summary of a job: no findings, but what each rule found and in which files most is. */
export const jobSummaryFormat: ReportFormat = {
  countsFixes: true,
  // the name is all that the whole needs
  file: (_, file) => code(trusted(file.path)),
  *whole({ pagesAddress, words }, parts, { problems, isTried }) {
    const counts = sumFindings(parts);
    const suppressed = sumOf(parts, 'suppressed');
    const fixable = sumOf(parts, 'fixable');
    const found = anyAtLeast(counts, 'hint');
    yield masked`## Bulkhead\n\n${plural(checkedFiles(parts), 'file')} checked: ${found ? countWords(counts) : plain('no findings')}`;
    yield hiddenWords(suppressed, knownIn(parts));
    if (fixable > 0) yield masked`; ${fixableWords(fixable, isTried, code(plain('bulkhead harden')))}`;
    yield plain('.\n');
    if (problems.length > 0) yield masked`\n${plural(problems.length, 'path')} could not be read.\n`;
    if (!found) return;
    const rules = sumRules(parts).map(({ rule, severity, count, fixable: fixed }) => {
      const name = linked(code(trusted(rule)), ruleAddress(pagesAddress, rule));
      return masked`| ${joined([masked`${count}`, masked`${fixed}`, plain(severity), name, words.ruleTitle(rule)], ' | ')} |`;
    });
    const head = [plain('| Findings | Fixable | Severity | Rule | Problem |'), plain('| ---: | ---: | --- | --- | --- |')];
    yield masked`\n${joined([...head, ...rules], '\n')}\n`;
    yield* filesTable(parts);
  },
};

function* filesTable(parts: readonly FilePart[]): Generator<MaskedText> {
  const withFindings = parts.filter(({ sums }) => anyAtLeast(sums.counts, 'hint')).sort(byCounts);
  const rows = withFindings.slice(0, maxFiles).map(({ text, sums: { counts } }) => {
    const cells = [masked`${counts.error}`, masked`${counts.warning}`, masked`${counts.info}`, masked`${counts.hint}`, text];
    return masked`| ${joined(cells, ' | ')} |`;
  });
  const head = [plain('| Errors | Warnings | Info | Hints | File |'), plain('| ---: | ---: | ---: | ---: | --- |')];
  yield masked`\n${joined([...head, ...rows], '\n')}\n`;
  if (withFindings.length > maxFiles) yield masked`\n${plural(withFindings.length - maxFiles, 'more file')} with findings.\n`;
}

/** The file with more of the worst first. */
function byCounts({ sums: { counts: a } }: FilePart, { sums: { counts: b } }: FilePart): number {
  return b.error - a.error || b.warning - a.warning || b.info - a.info || b.hint - a.hint;
}
