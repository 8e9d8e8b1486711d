import { families as ruleFamilies } from '../rules/families';
import type { FolderMeasure } from './corpus';
import type { Verdict } from './judge';
import type { Pair } from './pairs';
import { countSheets, countTables, type Row } from '../precision/judged';
import { reasonFor, type Reason, type ReasonKind } from './reasons';
import type { RealCount } from './real-rows';
import type { LookedUpSummary, RestrictedSummary } from './restricted';
import { percent, table } from './table';
import { rulesVersions } from '../../shared/src/engine/config/rules-versions';
import type { WaysOutBySeverity } from './ways-out';
import { waysOutPart, waysOutSummary } from './ways-page';

/** Everything that the page shows. */
export interface Measures {
  readonly verdicts: readonly Verdict[];
  readonly reasons: readonly Reason[];
  /** Verdicts of the Pod Security fixtures: right and judged. */
  readonly pss: { readonly right: number; readonly rows: number };
  readonly pairs: readonly Pair[];
  readonly corpus: Readonly<Record<string, FolderMeasure>>;
  /** What a click does about findings in the same folders. */
  readonly waysOut: Readonly<Record<string, WaysOutBySeverity>>;
  readonly restricted: RestrictedSummary | null;
  readonly lookedUp: LookedUpSummary | null;
  /** What peers found on real workflows, beside ours. */
  readonly real: readonly RealCount[];
  /** The judged sheets. */
  readonly judged: readonly Row[];
  /** Why a rule stays in the default profile that reports in more than a third of the official images. */
  readonly frequent: Readonly<Record<string, string>>;
}

/** Rows of one kind: how many, how many right, how many of the others listed with a reason. */
export interface Share {
  readonly rows: number;
  readonly right: number;
  readonly listed: number;
  /** Of those listed: the rows that the catalogue decides otherwise, or leaves to others. */
  readonly aside: number;
  /** Hits that are in the row's instruction but on another line of it. */
  readonly near: number;
}

/** Counts verdicts of one expectation; rows that are not counted are left out. */
export function shareOf(verdicts: readonly Verdict[], expect: 'hit' | 'clean', reasons: readonly Reason[]): Share {
  const asked = verdicts.filter(v => v.uncounted === null && v.row.expect === expect);
  return {
    rows: asked.length,
    right: asked.filter(v => v.right).length,
    listed: asked.filter(v => !v.right && reasonFor(reasons, v.row) !== undefined).length,
    aside: asked.filter(v => !v.right && ['out-of-scope', 'catalogue'].includes(reasonFor(reasons, v.row)?.kind ?? '')).length,
    near: asked.filter(v => v.near).length,
  };
}

const families = [...ruleFamilies.keys()];

function cells({ rows, right, listed, aside }: Share): readonly (string | number)[] {
  return [rows, right, percent(right, rows), percent(right, rows - aside), percent(right + listed, rows), rows - right - listed];
}

const made =
  'Made by `npm run accuracy`, which needs the corpus beside the checkout. Texts of other projects are not repeated here: rows are named by the ids that they have in the corpus.';

/** `docs/accuracy.md`, and the lists that its numbers count, in `docs/accuracy/`: path and text. */
export function renderPages(measures: Measures): ReadonlyMap<string, string> {
  const { corpus, restricted, lookedUp } = measures;
  const list = (title: string, ...parts: readonly string[]): string => [`# ${title}`, made, ...parts].join('\n\n');
  return new Map([
    [
      'docs/accuracy.md',
      [
        '# Accuracy',
        `${made} Each part says what is counted.`,
        peersPart(measures),
        pssPart(measures),
        pairsPart(measures),
        corpusPart(measures),
        'Beside what zizmor, actionlint, poutine and checkov find in the same workflows: [real workflows](accuracy/real-workflows.md).',
        precisionPart(measures),
      ].join('\n\n'),
    ],
    ['docs/accuracy/differences.md', list('Where we differ', remainingPart(measures))],
    ['docs/accuracy/real-workflows.md', list('Real workflows, beside what peers find', realPart(measures))],
    ...(restricted
      ? [
          [
            'docs/accuracy/pod-security.md',
            list('What keeps workloads from the level restricted', restrictedPart(restricted), lookedUpPart(lookedUp)),
          ] as const,
        ]
      : []),
    ...Object.entries(corpus).map(
      ([family, measure]) =>
        [`docs/accuracy/real-${family}.md`, list(`Real files: ${filesOf(family)}`, folderPart(family, measure, measures))] as const,
    ),
  ]);
}

function peersPart({ verdicts, reasons }: Measures): string {
  const rows: (readonly (string | number)[])[] = [];
  for (const family of families) {
    const own = verdicts.filter(v => v.row.family === family);
    if (own.length === 0) continue;
    for (const peer of [...new Set(own.map(v => v.row.peer))]) {
      const of = own.filter(v => v.row.peer === peer);
      rows.push([`${family}, ${peer}`, ...cells(shareOf(of, 'hit', reasons)), ...cells(shareOf(of, 'clean', reasons))]);
    }
    rows.push([`**${family}**`, ...cells(shareOf(own, 'hit', reasons)), ...cells(shareOf(own, 'clean', reasons))]);
  }
  const near = verdicts.filter(v => v.near && v.uncounted === null).length;
  const aside = verdicts.filter(v => v.uncounted !== null);
  const counts = (['conflict', 'quirk', 'disputed', 'broader'] as const).map(kind => {
    const of = aside.filter(v => v.uncounted === kind);
    return `${of.length} ${uncountedWords[kind]} (we say the same in ${of.filter(v => v.right).length})`;
  });
  return [
    '## The test suites of other linters',
    'Each row is a case of a peer: a text, one of its rules, and whether that rule reports. Counted are the rows whose rule the catalogue maps to rules of ours, linted at profile `strict` with the row’s configuration in our terms. A **hit** is right when one of these rules reports, in a Dockerfile or a Compose file on the row’s line, in a workflow on one of the lines that the peer names; a **clean** row is right when none of them does. Where a rule of ours has more than one peer rule, `tools/accuracy/mapping.json` says which of its messages answer. “As catalogued” leaves out the rows that the catalogue decides otherwise or leaves to others. “With reasons” counts all rows that we mean to differ from; they are [listed](accuracy/differences.md), each with its reason.',
    table(['', ...['hits', 'clean'].flatMap(kind => [kind, 'right', 'share', 'as catalogued', 'with reasons', 'open'])], rows),
    `${near} of the right hits are in the row’s instruction or service but on another of its lines (peers name the line where it begins, we underline the word), or name the row’s line as the related one (of two CMDs hadolint reports the later, BuildKit and we the one that has no effect). A finding that another rule of ours makes in the place of the one asked (what the catalogue calls “supersedes”) counts as that one’s. Not counted: ${counts.join(', ')}.`,
    newAuditsPart(verdicts, reasons),
    'Why the others differ ([each of them](accuracy/differences.md)). Where the catalogue decides, or leaves the matter to others, the row is no miss; `deliberate` and open rows are.',
    table(
      ['', ...['hits', 'clean'].flatMap(() => ['right', ...kinds, 'open'])],
      families.flatMap(family => {
        const own = verdicts.filter(v => v.row.family === family && v.uncounted === null);
        return own.length === 0 ? [] : [[family, ...(['hit', 'clean'] as const).flatMap(expect => kindCells(own, expect, reasons))]];
      }),
    ),
  ].join('\n\n');
}

/** The audits that zizmor got in 2026 (its release notes, 1.21 to 1.30); `insecure-url-scheme` looks at configurations of pre-commit alone, which are no rows. */
const newAudits = new Set(
  'adhoc-packages github-app insecure-url-scheme secrets-outside-env self-repository superfluous-actions typosquat-uses unpinned-tools unsound-ternary'.split(
    ' ',
  ),
);

/** The share of the rows of those audits. */
function newAuditsPart(verdicts: readonly Verdict[], reasons: readonly Reason[]): string {
  const rows = verdicts.filter(({ row }) => row.peer === 'zizmor' && newAudits.has(row.rule));
  const [hits, clean] = (['hit', 'clean'] as const).map(expect => shareOf(rows, expect, reasons));
  return `Of zizmor’s rows, the ${newAudits.size} audits of 2026 (${[...newAudits].map(name => `\`${name}\``).join(', ')}; the third has no rows but of pre-commit) have ${hits!.rows} hits, ${hits!.right} of them right, and ${clean!.rows} clean rows, ${clean!.right} right.`;
}

const kinds: readonly ReasonKind[] = ['catalogue', 'out-of-scope', 'peer-bug', 'deliberate'];

/** How many rows of one expectation are right, differ for each kind of reason, and are open. */
function kindCells(verdicts: readonly Verdict[], expect: 'hit' | 'clean', reasons: readonly Reason[]): readonly number[] {
  const asked = verdicts.filter(v => v.row.expect === expect);
  const found = asked.map(v => (v.right ? 'right' : (reasonFor(reasons, v.row)?.kind ?? 'open')));
  return ['right', ...kinds, 'open'].map(kind => found.filter(other => other === kind).length);
}

const uncountedWords = {
  conflict: 'rows on which two peers’ engines differ',
  quirk: 'rows whose expectation is wrong by what Docker does',
  disputed: 'rows that are disputed among the peers',
  broader: 'clean rows of checks that are narrower than ours',
} as const;

function pssPart({ pss, restricted }: Measures): string {
  const lines = [
    '## Pod Security Standards',
    `${pss.right} of ${pss.rows} verdicts of the admission controller’s own fixtures are right, at the fixture’s level and version, by the \`pss\` of the findings; a fixture that fails must be hit for the control that it is about.`,
  ];
  if (restricted) {
    lines.push(
      `Of ${restricted.workloads} workloads in plain manifests of the corpus ${restricted.before} pass the level restricted as they stand, ${restricted.after} after harden, and ${restricted.agreed} after \`harden --accept all\`, where a person agrees to every fix that harden offers and leaves to one. The manifests are measured without the files beside them: no Dockerfile says anything of their images. What harden asks about, what keeps the rest out, and what looking images up adds: [by reason](accuracy/pod-security.md).`,
    );
  }
  return lines.join('\n\n');
}

function restrictedPart({ asked, reasons }: RestrictedSummary): string {
  return [
    'What harden saw and asks about, where nothing but agreement is missing:',
    table(
      ['seen', 'workloads'],
      asked.map(({ seen, workloads }) => [seen, workloads]),
    ),
    'By file:',
    asked.map(({ seen, files }) => `- ${seen}: ${files.map(file => `\`${file}\``).join(', ')}`).join('\n'),
    'What keeps the rest out, first reasons first:',
    table(
      ['reason', 'workloads'],
      reasons.map(r => [`${r.rule === '' ? '' : `\`${r.rule}\`: `}${r.reason}${r.detail === '' ? '' : ` (${r.detail})`}`, r.workloads]),
    ),
  ].join('\n\n');
}

function lookedUpPart(lookedUp: LookedUpSummary | null): string {
  if (!lookedUp) return '';
  const { rebuilt, open, workloads, without, passing, reasons } = lookedUp;
  return [
    '## Where their images are looked up',
    `The corpus holds no image. Of ${rebuilt + open} public images of these workloads it has the Dockerfile that they are published from, mostly of another release (\`tools/accuracy/published.json\`). What the configuration of ${rebuilt} says follows from it; ${open} grow on an image of which nothing is known, and say too little themselves. With what a registry would answer, of the ${workloads} workloads that run one of the ${rebuilt}, pass after harden:`,
    table(
      ['what is known', 'workloads', 'more'],
      [
        ['nothing: no look-up', without, ''],
        ['the configuration, by the tag that the manifest has: `--lookup`', passing.tag, passing.tag - without],
        ['the same, by digest: `--lookup --pin`', passing.digest, passing.digest - without],
        ['layers too: `--lookup --layers --pin`', passing.layers, passing.layers - without],
      ],
    ),
    'What a tag has is the registry’s word, which lifts no fix. By digest the user is certain, but not that the file of the program carries no capabilities, which only layers say. No layer can be rebuilt: that a program carries none is taken from no line of its Dockerfile giving any, and the number of a user from the line that creates it. What keeps the others out then, first reasons first:',
    table(
      ['reason', 'workloads'],
      reasons.map(each => [each.reason, each.workloads]),
    ),
  ].join('\n\n');
}

function pairsPart({ pairs, reasons }: Measures): string {
  const rows = [...new Set(pairs.map(p => p.row.peer))].map(peer => {
    const of = pairs.filter(p => p.row.peer === peer);
    const compared = of.filter(p => p.theirs !== null && p.reached !== 'no');
    return [
      peer,
      of.length,
      of.filter(p => p.reached === 'hardened').length,
      of.filter(p => p.reached === 'confirmed').length,
      of.filter(p => p.reached === 'no' && reasonFor(reasons, p.row) !== undefined).length,
      of.filter(p => p.reached === 'no' && reasonFor(reasons, p.row) === undefined).length,
      compared.length,
      compared.reduce((sum, p) => sum + p.ours, 0),
      compared.reduce((sum, p) => sum + (p.theirs ?? 0), 0),
    ];
  });
  return [
    '## What other fixers change',
    'Polaris and kubeaudit test their own fixing with manifests. Reached is the outcome when nothing is left of what the peer’s check is about: by harden, or by quick fixes that a person confirms (to leave the host’s network is right for most pods, and the end of a CNI agent). Values of resources come from the configuration; no fix invents any. Changed lines are compared where the outcome is reached and the peer’s whole result is known.',
    'What theirs do and ours do not: Polaris writes every list anew, at another indentation, and sorts the keys of some manifests; it drops every capability of images whose entry point needs some, and sets `runAsNonRoot` without a user for images that run as root, so that the pods no longer start; it writes limits and probes that its authors made up (`cat /tmp/healthy`); kubeaudit writes the whole manifest anew, and sets `privileged: false` and host namespaces off without asking.',
    table(['', 'manifests', 'by harden', 'asking first', 'left with a reason', 'open', 'compared', 'our changed lines', 'theirs'], rows),
  ].join('\n\n');
}

/** A rule that reports in more than this share of the official images needs a reason. */
const often = 1 / 3;

/** Rules that report in more of the official images than a rule may without a reason. */
export function frequentRules({ rules, officialFiles }: FolderMeasure): readonly string[] {
  return rules.filter(rule => rule.official > often * officialFiles).map(rule => rule.rule);
}

function median(counts: readonly number[]): number {
  const sorted = [...counts].sort((a, b) => a - b);
  const middle = sorted.length >> 1;
  return sorted.length % 2 === 1 ? sorted[middle]! : (sorted[middle - 1]! + sorted[middle]!) / 2;
}

function mean(counts: readonly number[]): string {
  return (counts.reduce((sum, count) => sum + count, 0) / counts.length).toFixed(1);
}

/** What the files are in which a family is looked for: of the workflows whose steps have command lines, findings of all families count. */
const filesOf = (family: string): string => (family === 'run' ? 'workflows' : family);

function corpusPart({ corpus, waysOut }: Measures): string {
  return [
    '## Real files, at the default profile',
    ...waysOutSummary(waysOut),
    `Warnings and errors of a file, and what they were by the [severities](severities.md) of ${rulesVersions[0]}. A row of the table above that counts warnings and errors counts fewer since: of Compose files those that have an edit most often became informations and hints.`,
    table(
      ['', 'files', 'median', 'mean', 'median before', 'mean before'],
      Object.entries(corpus).map(
        ([
          family,
          {
            files,
            severe: { now, first },
          },
        ]) => [family === 'run' ? 'workflows' : family, files, median(now), mean(now), median(first), mean(first)],
      ),
    ),
    'Harden, of the findings that have a safe or review fix; by family, what it left and which rules report how often:',
    table(
      ['', 'files', 'fixable', 'fixed', 'share'],
      Object.entries(corpus).map(([family, { files, hardening }]) => [
        `[${filesOf(family)}](accuracy/real-${family}.md)`,
        files,
        hardening.fixable,
        hardening.fixed,
        percent(hardening.fixed, hardening.fixable),
      ]),
    ),
  ].join('\n\n');
}

function folderPart(family: string, measure: FolderMeasure, { frequent, waysOut }: Measures): string {
  const { files, officialFiles, rules, hardening } = measure;
  const { fixed, fixable, all, reasons } = hardening;
  const official = family === 'dockerfile' && officialFiles > 0;
  return [
    `${files} ${family === 'run' ? 'workflows' : 'files'}.`,
    ...waysOutPart(waysOut[family]!),
    `Harden fixed ${fixed} of ${fixable} findings that have a safe or review fix (${percent(fixed, fixable)}). Of all ${all} findings of rules with such fixes these were left:`,
    reasons.size === 0
      ? 'None.'
      : table(
          ['reason', 'findings'],
          [...reasons].sort((a, b) => b[1] - a[1] || (a[0] < b[0] ? -1 : 1)).map(([reason, count]) => [reason, count]),
        ),
    `Files in which a rule reports, before and after harden${official ? `, and among the ${officialFiles} files of Docker’s official images` : ''}:`,
    table(
      ['rule', 'before', 'share', 'after', ...(official ? ['official', 'share'] : [])],
      rules.map(r => [
        `\`${r.rule}\``,
        r.before,
        percent(r.before, files),
        r.after,
        ...(official ? [r.official, percent(r.official, officialFiles)] : []),
      ]),
    ),
    ...(official
      ? [
          'Why rules that report in more than a third of the official images stay in the default profile:',
          frequentRules(measure)
            .map(rule => `- \`${rule}\`: ${frequent[rule] ?? 'open'}`)
            .join('\n'),
        ]
      : []),
  ].join('\n\n');
}

function precisionPart({ judged }: Measures): string {
  return [
    '## Precision',
    'Findings and fixes that `npm run precision` drew of the real files, of 26 repositories that no rule was tuned to (`unseen`), and then of 52, 55, 53, 51 and 62 more (`fresh` to `fresh-5`), few of a rule, rare and frequent rules in turn, and of 63 more each repository in turn, which is what a user meets (`by-repository`); then of 36, and after what was found was fixed of 23 more, what is shown, as often as it is (`shown`, `shown-2`, read by one), and of 34 and then 32 more the same (`shown-3`, `shown-4`); of 30 others, most of them collections of self-hosters, fixes and whole diffs alone (`fixes`); two readers judged them apart (one those of 32, 35, 29, 23, 23, 31, 43, 46, 41, 55, 41, 35, 51 and 25 repositories with pipelines of GitLab and GitHub, `pipelines` to `pipelines-14`, each after what the one before had found was fixed, but `pipelines-6` and `pipelines-7` at once), with the file before them, before what they found was fixed; [what they said of each](accuracy/precision). A finding is `true`, `noise` (true, and not worth acting on) or `false`; a fix one to `merge` unread, `right` once somebody has agreed, `incomplete` or `wrong`.',
    countSheets(judged),
    ...countTables(judged),
  ].join('\n\n');
}

function realPart({ real }: Measures): string {
  const mapped = real.filter(({ answers }) => answers.length > 0);
  const rows = [...mapped]
    .sort((a, b) => (a.peer === b.peer ? b.theirs - a.theirs : a.peer < b.peer ? -1 : 1))
    .map(({ peer, rule, answers, theirs, theirFiles, more, ours, ourFiles, strict, shared }) => [
      `${peer}: ${rule}`,
      theirs,
      more,
      theirFiles,
      ours,
      ourFiles,
      strict,
      shared,
      answers.map(answer => `\`${answer.rule.slice('workflow/'.length)}\``).join(', '),
    ]);
  const other = real
    .filter(({ answers }) => answers.length === 0)
    .map(({ peer, rule, theirs, more }) => `${peer} ${rule} ${theirs + more}`);
  return [
    'The 100 real workflows of the corpus, with the findings that the peers’ engines gave (zizmor 1.32.0, actionlint 011a6d1, poutine c89412a, checkov 3.3.30), by their rules. “More” is what zizmor gives to its personas pedantic and auditor alone. Ours are the findings of the rules that the catalogue maps it to, at the default profile and at strict; “both” counts the files in which the peer and we, at strict, report. What a peer counts by job or step we may count by file, and one rule of ours may answer for several of theirs. `npm run accuracy -- --peers` runs zizmor and checkov, where they are on the path, before and after harden.',
    table(['rule', 'theirs', 'more', 'files', 'ours', 'files', 'strict', 'both', 'by'], rows),
    `Without a counterpart: ${other.join(', ')}.`,
  ].join('\n\n');
}

/** Text in which nothing is Markdown but code. */
function escaped(text: string): string {
  return text
    .split(/(`[^`]*`)/)
    .map(part => (part.startsWith('`') ? part : part.replace(/[*_<>|]/g, '\\$&')))
    .join('');
}

function remainingPart({ verdicts, reasons, pairs }: Measures): string {
  const wrong = verdicts.filter(v => !v.right && v.uncounted === null);
  const byRule = new Map<string, string[]>();
  const add = (rule: string, line: string): void => void byRule.set(rule, [...(byRule.get(rule) ?? []), line]);
  const line = (id: string, what: string, reason: Reason | undefined): string =>
    `- \`${id}\` (${what}): ${reason ? `${reason.kind}. ${escaped(reason.reason)}${reason.words === undefined ? '' : ` (“${escaped(reason.words)}”)`}` : 'open'}`;
  for (const { row, answers } of wrong) add(answers[0]!.rule, line(row.id, row.expect, reasonFor(reasons, row)));
  for (const { row, reached, left } of pairs)
    if (reached === 'no')
      add(left[0]!.split('/').slice(0, 2).join('/'), line(row.id, `fix; left: ${left.join(', ')}`, reasonFor(reasons, row)));
  return [
    'Every row that is not right, by the rule of ours that it asks. `peer-bug`: the peer errs by what BuildKit, the kubelet or Pod Security do. `out-of-scope`: not what the rule is about. `catalogue`: the catalogue’s entry of the rule decides otherwise, in the words that are quoted. `deliberate`: we decided otherwise.',
    ...[...byRule].sort(([a], [b]) => (a < b ? -1 : 1)).flatMap(([rule, lines]) => [`## ${rule}`, lines.join('\n')]),
  ].join('\n\n');
}
