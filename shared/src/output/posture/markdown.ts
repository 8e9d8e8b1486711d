import { code, escape } from '../report/markdown';
import { joined, masked, plain, trusted, type MaskedText } from '../report/masked-text';
import { actionName } from './policies';
import { actionWords } from './worst';
import type { Posture, PostureGroup } from './types';
import { classNames, endedWords, levelCounts, levelNames, momentsOf, pinNames, sentence, statusCounts, userNames } from './words';

/** Rows of a table that has no end: more of them nobody reads. */
const maxRows = 20;

/** A posture as Markdown. Ends with a line break. */
export function postureMarkdown(posture: Posture): MaskedText {
  const { today, profile, kubernetesVersion, version } = posture;
  const parts = [
    masked`# Container security posture\n\n${sentence(posture)}\n\n${trusted(today)}, profile ${plain(profile)}, Kubernetes ${trusted(kubernetesVersion)}, Bulkhead ${trusted(version)}`,
    worstOf(posture),
    table(
      plain('Changes since earlier baselines'),
      ['Date', 'Findings', 'Gone since', 'New since'],
      momentsOf(posture),
      ({ date, findings, gone, added }) => [
        escape(date),
        masked`${findings}`,
        gone === null ? plain('') : masked`${gone}`,
        added === null ? plain('') : masked`${added}`,
      ],
    ),
    table(plain('Fixes that remove the most findings'), ['Findings', 'Rule', 'Finds', 'Fix'], posture.fixes, fix => [
      masked`${fix.findings}`,
      code(fix.rule),
      escape(fix.title),
      classNames[fix.class],
    ]),
    podSecurity(posture),
    table(plain('Policies'), ['Policy', 'Action', 'Objects', 'After hardening', 'Exempted'], posture.policies, policy => [
      escape(policy.policy),
      actionName(policy),
      masked`${policy.objects}`,
      masked`${policy.after}`,
      masked`${policy.excepted}`,
    ]),
    groups(plain('Families'), posture.families, true),
    groups(plain('Folders'), posture.folders, true),
    groups(plain('Files with the most findings'), posture.worstFiles, false),
    table(plain('Rules'), ['Findings', 'Severity', 'Rule', 'Finds'], posture.rules, rule => [
      masked`${rule.findings}`,
      plain(rule.severity),
      code(rule.rule),
      escape(rule.title),
    ]),
    table(plain('Images'), ['Image', 'Places', 'Reference type', 'Runs as', 'End of life'], posture.images, image => [
      code(image.image),
      masked`${image.places}`,
      pinNames[image.pin],
      userNames[image.user],
      escape(endedWords(image)),
    ]),
    table(
      plain('Standards'),
      ['Standard', 'Failed', 'Passed', 'Not applicable'],
      posture.standards,
      ({ name, version: edition, controls }) => {
        const { failed, passed, 'not-applicable': rest } = statusCounts(controls);
        return [edition === null ? name : masked`${name} ${edition}`, masked`${failed}`, masked`${passed}`, masked`${rest}`];
      },
    ),
  ].filter(part => part !== '');
  return masked`${joined(parts, '\n\n')}\n`;
}

function worstOf({ worst }: Posture): MaskedText {
  if (worst.length === 0) return plain('');
  const items = worst.map((one, index) => {
    const steps = one.steps.map(({ text, closed }, at) =>
      closed ? masked`   ${at + 1}. ~~${escape(text)}~~ (blocked after hardening)` : masked`   ${at + 1}. ${escape(text)}`,
    );
    const stake = one.stake === null ? [] : [masked`   - At stake: ${escape(one.stake)}`];
    const rule = one.rule === null ? plain('') : masked` (${code(one.rule)})`;
    const title = masked`${index + 1}. **${escape(one.title)}**, ${code(one.path)} line ${one.line}`;
    return joined([title, ...steps, ...stake, masked`   - First: ${escape(actionWords(one))}${rule}`], '\n');
  });
  return masked`## Worst first\n\n${joined(items, '\n')}`;
}

function podSecurity(posture: Posture): MaskedText {
  const { workloads } = posture;
  if (workloads.length === 0) return plain('');
  const counts = levelCounts(posture);
  const levels = table(
    plain('Pod Security'),
    ['Level', 'Workloads', 'After hardening'],
    ['privileged', 'baseline', 'restricted'] as const,
    level => [levelNames[level], masked`${counts[level].before}`, masked`${counts[level].after}`],
  );
  const below = workloads.filter(({ before }) => before !== 'restricted');
  if (below.length === 0) return levels;
  const rows = rowsOf(['Workload', 'File', 'Level', 'After hardening'], below, workload => [
    escape(masked`${workload.kind} ${workload.namespace === null ? plain('') : masked`${workload.namespace}/`}${workload.name}`),
    code(workload.path),
    levelNames[workload.before],
    levelNames[workload.after],
  ]);
  return masked`${levels}\n\n${rows}`;
}

function groups(title: MaskedText, all: readonly PostureGroup[], hasFiles: boolean): MaskedText {
  const severities = ['error', 'warning', 'info', 'hint'] as const;
  const counted = ['Errors', 'Warnings', 'Info', 'Hints'] as const;
  return table(title, hasFiles ? ['Name', 'Files', ...counted] : ['Name', ...counted], all, ({ name, files, counts }) => [
    code(name),
    ...(hasFiles ? [masked`${files}`] : []),
    ...severities.map(severity => masked`${counts[severity]}`),
  ]);
}

type Column =
  | ('Name' | 'Files' | 'Errors' | 'Warnings' | 'Info' | 'Hints' | 'Findings' | 'Rule' | 'Finds' | 'Fix' | 'Severity' | 'Image' | 'Places')
  | (
      | 'Reference type'
      | 'Runs as'
      | 'End of life'
      | 'Standard'
      | 'Failed'
      | 'Passed'
      | 'Not applicable'
      | 'Level'
      | 'Workloads'
      | 'After hardening'
    )
  | ('Workload' | 'File' | 'Date' | 'Gone since' | 'New since' | 'Policy' | 'Action' | 'Objects' | 'Exempted');

const numbers: ReadonlySet<Column> = new Set<Column>([
  'Files',
  'Errors',
  'Warnings',
  'Info',
  'Hints',
  'Findings',
  'Gone since',
  'New since',
  'Places',
  'Failed',
  'Passed',
  'Not applicable',
  'Workloads',
  'Objects',
  'Exempted',
]);

function table<T>(title: MaskedText, columns: readonly Column[], rows: readonly T[], cells: (row: T) => readonly MaskedText[]): MaskedText {
  return rows.length === 0 ? plain('') : masked`## ${title}\n\n${rowsOf(columns, rows, cells)}`;
}

function rowsOf<T>(columns: readonly Column[], rows: readonly T[], cells: (row: T) => readonly MaskedText[]): MaskedText {
  const lines = [
    masked`| ${joined(
      columns.map(column => plain(column)),
      ' | ',
    )} |`,
    masked`| ${joined(
      columns.map(column => (numbers.has(column) ? plain('---:') : plain('---'))),
      ' | ',
    )} |`,
    ...rows.slice(0, maxRows).map(row => masked`| ${joined(cells(row), ' | ')} |`),
  ];
  const more = rows.length > maxRows ? masked`\n\n${rows.length - maxRows} more.` : plain('');
  return masked`${joined(lines, '\n')}${more}`;
}
