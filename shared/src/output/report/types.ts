import { bulkFixesOf, type Finding } from '../../rule/finding/types';
import type { OpenedFile } from '../../engine/engine';
import type { HardenResult, LintResult, RenderedFix } from '../../engine/types';
import type { Rule } from '../../rule/define-rule';
import { severities, type FixClass, type Severity } from '../../base/terms/types';
import type { LineTable } from '../../base/text/line-table';
import type { ElsewhereEdit, Fix } from '../../rule/fix/types';
import { copied } from '../../base/limits/copy';
import type { TextEdit } from '../../base/text/edits';
import type { SnippetEdit } from '../../base/text/snippet';
import { keyOf } from './baseline';
import type { MaskedText } from './masked-text';
import type { Words } from './words';

/** A fix as a report tells of it. */
export interface ReportedFix {
  readonly id: string;
  readonly title: string;
  readonly class: FixClass;
  /** What the fix takes for granted, in words. */
  readonly assumes: readonly string[];
  /** `network`: the edits are known only once a registry has been asked. `input`: only once a person has filled the places of `input`. */
  readonly needs: 'network' | 'input' | null;
  /** Against the file's text; sorted. */
  readonly edits: readonly TextEdit[];
  /** What the fix changes in another file, instead of `edits`. */
  readonly elsewhere?: ElsewhereEdit;
  /** What it comes to once its places are filled, instead of `edits`. */
  readonly input?: readonly SnippetEdit[];
}

/** Another file that a finding points to. */
export interface RelatedFile {
  /** As the report prints it. */
  readonly path: string;
  readonly lines: LineTable;
}

/** One file of a report. */
export interface ReportedFile {
  /** As the report prints it: relative to the working directory, with `/`. */
  readonly path: string;
  /** The text that was linted; ranges of `result` are in it. */
  readonly text: string;
  readonly result: LintResult;
  /** Renders the fixes of a finding; called only by formats that print edits. */
  readonly fixes: (finding: Finding) => readonly ReportedFix[];
  /** Finds a file that a finding of this file points to, by the path that the finding has. */
  readonly related: (path: string) => RelatedFile | null;
  /** What harden does to the file: counted by formats that say how much that is. Absent: it was not tried, and fixes are counted by their class. */
  readonly hardened?: () => HardenResult['applied'];
  /** What a report calls a file that a fix would create, by the path that the fix has; `null`: it may not be created. Absent: none may. */
  readonly creatable?: (path: string) => string | null;
}

/** An input that could not be read. */
export interface ReportedProblem {
  readonly path: string;
  readonly message: string;
}

/** What is known of a report before any file is checked. */
export interface ReportHead {
  readonly version: string;
  readonly profile: string;
  /** Such as `1.37`. */
  readonly kubernetesVersion: string;
  /** ISO date. */
  readonly today: string;
  readonly rules: readonly Rule[];
  readonly words: Words;
  /** The page of a rule as Markdown, where the pages are at hand. */
  readonly page: (rule: string) => string | null;
  /** Where the pages are on the web; see `ruleAddress`. */
  readonly pagesAddress: string | null;
  /** Whether findings are compared with a baseline. */
  readonly hasBaseline: boolean;
}

/** What is known when every file has been checked. */
export interface ReportEnd {
  readonly durationMs: number;
  readonly problems: readonly ReportedProblem[];
  /** Whether `fixable` counts what harden does, which was tried, rather than what it would try. */
  readonly isTried: boolean;
}

/** What is left of a file once its part of the report is written: the file itself may be forgotten. */
export interface FilePart {
  /** Who holds many may make it anew each time. */
  readonly text: MaskedText;
  readonly sums: FileSums;
}

/** What reports sum up over files. */
export interface FileSums {
  readonly checked: boolean;
  /** Findings that are not suppressed. */
  readonly counts: SeverityCounts;
  /** Suppressed by a directive, an annotation or the configuration. */
  readonly suppressed: number;
  /** The findings that the baseline has, by `keyOf`. */
  readonly known: readonly string[];
  /** Findings that harden answers, or has a fix for that it would try: see `ReportEnd.isTried`. */
  readonly fixable: number;
  readonly fragments: number;
  /** What each rule has found that is not suppressed. */
  readonly rules: Readonly<Record<string, RuleSum>>;
}

/** The worst severity of a rule's findings, how many there are, and how many of them harden fixes. */
export type RuleSum = readonly [severity: Severity, count: number, fixable: number];

/** A format of reports: each file is written when it is checked, and the whole when all are. */
export interface ReportFormat {
  readonly file: (head: ReportHead, file: ReportedFile) => MaskedText;
  /** The report, in pieces to be written one behind another; the parts are in the order of the files' paths. */
  readonly whole: (head: ReportHead, parts: readonly FilePart[], end: ReportEnd) => Iterable<MaskedText>;
  /** Whether it says how many findings harden answers. */
  readonly countsFixes?: true;
}

/** How many findings there are of each severity. */
export type SeverityCounts = Readonly<Record<Severity, number>>;

/** How many of some findings there are of each severity. */
export function countsOf(findings: readonly Pick<Finding, 'severity'>[]): SeverityCounts {
  const counts: Record<Severity, number> = { error: 0, warning: 0, info: 0, hint: 0 };
  for (const { severity } of findings) counts[severity]++;
  return counts;
}

/** Writes the part of a file, and sums it up. */
export function partOf(format: ReportFormat, head: ReportHead, file: ReportedFile): FilePart {
  const { checked, findings, fragments } = file.result;
  const open = findings.filter(({ suppression }) => !suppression);
  const counts = countsOf(open);
  const rules: Record<string, RuleSum> = {};
  let fixable = 0;
  const answered = format.countsFixes && file.hardened && open.some(hasFix) ? answeredBy(file.hardened()) : null;
  for (const finding of open) {
    const { rule, severity } = finding;
    const isFixable = answered === null ? hasFix(finding) : answered(finding);
    if (isFixable) fixable++;
    const [worst, count, fixed] = rules[rule] ?? [severity, 0, 0];
    rules[rule] = [worseOf(worst, severity), count + 1, isFixable ? fixed + 1 : fixed];
  }
  const known = findings.flatMap(({ rule, fingerprint, suppression }) =>
    suppression?.kind === 'baseline' ? keyOf(rule, fingerprint) : [],
  );
  const suppressed = findings.length - open.length - known.length;
  const sums = { checked, counts, suppressed, known, fixable, fragments, rules };
  return { text: copied(format.file(head, file)), sums };
}

/** Whether a finding has a fix that harden would try. */
function hasFix(finding: Finding): boolean {
  return bulkFixesOf(finding).some(fix => fix.needsDigest === undefined);
}

/** Tells, once for each, which findings are among those that harden answered. */
function answeredBy(applied: HardenResult['applied']): (finding: Finding) => boolean {
  const counts = new Map<string, number>();
  for (const { finding } of applied) {
    const key = keyOf(finding.rule, finding.fingerprint);
    counts.set(key, (counts.get(key) ?? 0) + 1);
  }
  return ({ rule, fingerprint }) => {
    const key = keyOf(rule, fingerprint);
    const left = counts.get(key) ?? 0;
    if (left > 0) counts.set(key, left - 1);
    return left > 0;
  };
}

/** The texts of parts that say something, one after the other: thousands of them are not held at once. */
export function* textsOf(parts: readonly FilePart[]): Generator<MaskedText> {
  for (const { text } of parts) if (text !== '') yield text;
}

/** The worse of two severities. */
export function worseOf(a: Severity, b: Severity): Severity {
  return severities.indexOf(a) < severities.indexOf(b) ? b : a;
}

/** The findings of all parts by severity. Every severity is there, the worst first. */
export function sumFindings(parts: readonly FilePart[]): SeverityCounts {
  const counts: Record<Severity, number> = { error: 0, warning: 0, info: 0, hint: 0 };
  for (const { sums } of parts) for (const severity of severities) counts[severity] += sums.counts[severity];
  return counts;
}

/** The sum of one number over all parts. */
export function sumOf(parts: readonly FilePart[], what: 'suppressed' | 'fixable' | 'fragments'): number {
  return parts.reduce((sum, { sums }) => sum + sums[what], 0);
}

/** Whether any severity at or above `threshold` counts something. */
export function anyAtLeast(counts: SeverityCounts, threshold: Severity): boolean {
  return severities.slice(severities.indexOf(threshold)).some(severity => counts[severity] > 0);
}

/** Renders the fixes of a file's findings for a report, all at once, when the first is asked for. Fixes that cannot be made in this file are left out. */
export function reportFixes(
  opened: Pick<OpenedFile, 'renderAll'>,
  findings: readonly Finding[],
  words: Words,
): (finding: Finding) => readonly ReportedFix[] {
  let rendered: ReadonlyMap<Finding, readonly RenderedFix[]> | null = null;
  return finding => {
    const outcomes = (rendered ??= opened.renderAll(findings)).get(finding) ?? [];
    return outcomes.flatMap((outcome, index) => reportFix(finding, finding.fixes[index]!, outcome, words));
  };
}

function reportFix(finding: Finding, fix: Fix, rendered: RenderedFix, words: Words): readonly ReportedFix[] {
  const needsNetwork = !rendered.ok && rendered.reason === 'network';
  if (!rendered.ok && !needsNetwork && fix.class !== 'manual') return [];
  return [
    {
      id: fix.id,
      title: words.fixTitle(finding.rule, fix),
      class: fix.class,
      assumes: fix.assumes.map(assumption => words.assumption(finding.rule, assumption)),
      needs: needsNetwork ? 'network' : rendered.ok && rendered.input ? 'input' : null,
      edits: rendered.ok ? rendered.edits : [],
      ...(rendered.ok && rendered.elsewhere && { elsewhere: rendered.elsewhere }),
      ...(rendered.ok && rendered.input && { input: rendered.input.edits }),
    },
  ];
}
