import type { Finding } from '../../rule/finding/types';
import { severities, type Severity } from '../../base/terms/types';
import { phrase } from '../../base/text/phrases';
import { joined, masked, plain, restyled, trusted, type MaskedText } from './masked-text';
import { createPaint, type Paint } from './paint';
import { columns, padEnd } from './printable';
import { sumFindings, sumOf, worseOf, type FilePart, type ReportEnd, type ReportFormat, type RuleSum, type SeverityCounts } from './types';
import type { Words } from './words';

/** Stands between the findings of a part, so that a report can be cut: no report holds it, since texts of files are printed without control characters. */
export const findingSeparator = '\u0000';

/** The worst first, severities as the report counts them. */
const worstFirst: readonly Severity[] = [...severities].reverse();

/** A report with more findings than these says which rules most of them are of. */
const manyFindings = 50;
const mostFrequent = 5;

/** The findings of a file that are not suppressed, the worst first and otherwise as they stand. */
export function byWorst(findings: readonly Finding[]): readonly Finding[] {
  const open = findings.filter(({ suppression }) => !suppression);
  return worstFirst.flatMap(severity => open.filter(finding => finding.severity === severity));
}

/** The parts of files with as many findings as there may be at most: the worst of all files, each file's first. */
export function* cutParts(parts: readonly FilePart[], maxFindings: number): Generator<MaskedText> {
  let left = maxFindings;
  const taken = parts.map(() => 0);
  for (const severity of worstFirst) {
    for (const [index, { sums }] of parts.entries()) {
      const more = Math.min(left, sums.counts[severity]);
      taken[index]! += more;
      left -= more;
    }
  }
  for (const [index, part] of parts.entries()) {
    const count = taken[index]!;
    if (count > 0) yield restyled(part.text, shown => shown.split(findingSeparator, count).join(''));
  }
}

/** What a report comes to, in a line or two; the problems themselves go to standard error. */
export function summaryOf(parts: readonly FilePart[], { problems, isTried }: ReportEnd, paint: Paint, maxFindings = Infinity): MaskedText {
  if (parts.length === 0) return plain('No files to check\n');
  const counts = sumFindings(parts);
  const count = worstFirst.reduce((sum, severity) => sum + counts[severity], 0);
  const suppressed = sumOf(parts, 'suppressed');
  const fixable = sumOf(parts, 'fixable');
  let summary = masked`${plural(checkedFiles(parts), 'file')} checked: ${count === 0 ? plain('no findings') : countWords(counts)}`;
  summary = masked`${summary}${hiddenWords(suppressed, knownIn(parts))}`;
  const fragments = sumOf(parts, 'fragments');
  if (fragments > 0)
    summary = masked`${summary}; ${plural(fragments, 'document')} checked as ${plain(fragments === 1 ? 'a fragment' : 'fragments')}`;
  if (fixable > 0) summary = masked`${summary}; ${fixableWords(fixable, isTried, paint.bold(plain('bulkhead harden')))}`;
  if (problems.length > 0) summary = masked`${summary}; not everything could be checked`;
  if (count > maxFindings) summary = masked`${plural(count - maxFindings, 'finding')} not shown (--max-findings)\n${summary}`;
  if (count <= manyFindings) return masked`${summary}\n`;
  const most = sumRules(parts)
    .sort((a, b) => b.count - a.count)
    .slice(0, mostFrequent)
    .map(({ rule, count: times }) => masked`${trusted(rule)} ${times}`);
  return masked`${summary}\nMost frequent rules: ${joined(most, ', ')} (all: ${paint.bold(plain('bulkhead lint --statistics'))})\n`;
}

/** What harden does about the findings, or, where that was not tried, what it would try. */
export function fixableWords(fixable: number, isTried: boolean, command: MaskedText): MaskedText {
  return isTried
    ? masked`${fixable} can be fixed with ${command}`
    : masked`${fixable} ${plain(fixable === 1 ? 'has' : 'have')} a fix that ${command} can try`;
}

/** ` (2 suppressed, 5 in the baseline)`; empty where nothing is hidden. */
export function hiddenWords(suppressed: number, known: number): MaskedText {
  const words = [...(suppressed > 0 ? [masked`${suppressed} suppressed`] : []), ...(known > 0 ? [masked`${known} in the baseline`] : [])];
  return words.length === 0 ? plain('') : masked` (${joined(words, ', ')})`;
}

/** How many findings the baseline has. */
export function knownIn(parts: readonly FilePart[]): number {
  return parts.reduce((sum, { sums }) => sum + sums.known.length, 0);
}

/** What a rule has found in all files. */
export interface RuleCount {
  readonly rule: string;
  /** The worst of its findings. */
  readonly severity: Severity;
  readonly count: number;
  readonly fixable: number;
}

/** What each rule has found, the worst first and then the most frequent. */
export function sumRules(parts: readonly FilePart[]): RuleCount[] {
  const sums = new Map<string, RuleSum>();
  for (const part of parts) {
    for (const [rule, [severity, count, fixable]] of Object.entries(part.sums.rules)) {
      const [worst, counted, fixed] = sums.get(rule) ?? [severity, 0, 0];
      sums.set(rule, [worseOf(worst, severity), counted + count, fixed + fixable]);
    }
  }
  return [...sums]
    .map(([rule, [severity, count, fixable]]) => ({ rule, severity, count, fixable }))
    .sort(
      (a, b) =>
        severities.indexOf(b.severity) - severities.indexOf(a.severity) ||
        b.count - a.count ||
        (a.rule < b.rule ? -1 : a.rule > b.rule ? 1 : 0),
    );
}

/** A table of what each rule has found, instead of the findings. */
export function statisticsFormat(options: { readonly colour: boolean }): ReportFormat {
  const paint = createPaint(options.colour);
  return {
    countsFixes: true,
    file: () => plain(''),
    *whole({ words }, parts, end) {
      const sums = sumRules(parts);
      const width = Math.max(...sums.map(({ rule }) => rule.length));
      if (sums.length > 0)
        yield masked`${joined([statisticsHead(), ...sums.map(sum => statisticsRow(sum, width, words, paint))], '\n')}\n\n`;
      yield summaryOf(parts, end, paint);
    },
  };
}

const padStart = (text: MaskedText, width: number): MaskedText =>
  restyled(text, shown => ' '.repeat(Math.max(0, width - columns(shown))) + shown);

const statisticsHead = (): MaskedText =>
  masked`${padStart(plain('count'), 8)}  ${padStart(plain('fixable'), 7)}  ${restyled(plain('severity'), shown => padEnd(shown, 8))}  ${plain('rule')}`;

function statisticsRow({ rule, severity, count, fixable }: RuleCount, width: number, words: Words, paint: Paint): MaskedText {
  const painted = paint.severity(
    severity,
    restyled(plain(severity), shown => padEnd(shown, 8)),
  );
  return masked`${padStart(masked`${count}`, 8)}  ${padStart(masked`${fixable}`, 7)}  ${painted}  ${trusted(rule.padEnd(width))}  ${paint.dim(words.ruleTitle(rule))}`;
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
  return trusted(phrase(['', ` ${noun}${count === 1 ? '' : 's'}`], [count]));
}
