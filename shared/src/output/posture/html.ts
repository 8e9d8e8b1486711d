import { joined, masked, plain, restyled, trusted, type MaskedText } from '../report/masked-text';
import { printable } from '../report/printable';
import type { SeverityCounts } from '../report/types';
import { editorStyle, style } from './html-style';
import type { PodLevel, Posture, PostureControl, PostureGroup } from './types';
import { actionName } from './policies';
import { actionWords } from './worst';
import {
  classNames,
  endedWords,
  levelCounts,
  levelNames,
  momentsOf,
  pinNames,
  sentence,
  severityNames,
  statusCounts,
  statusNames,
  userNames,
} from './words';

const none = plain('');
const severities = ['error', 'warning', 'info', 'hint'] as const;
const levels = ['privileged', 'baseline', 'restricted'] as const satisfies readonly PodLevel[];
/** Where names in a page lead that an editor shows. */
export interface EditorLinks {
  /** The address of a file, by its path as the posture has it; `null`: none. */
  readonly file: (path: MaskedText) => MaskedText | null;
  /** The address of a rule's page; `null`: none. */
  readonly rule: (rule: MaskedText) => MaskedText | null;
}

/** Rows of a table that has no end: more of them nobody reads. */
const maxRows = 50;

/**
 * A posture as one page: no script, nothing from elsewhere, and a policy that forbids both. Charts are SVG beside the numbers that they show, so that nobody
 * needs to see them.
 * @param editor the links of a page that an editor shows, which has the editor's colours then; `null`: for a browser, without any
 */
export function postureHtml(posture: Posture, editor: EditorLinks | null = null): MaskedText {
  const { today, profile, kubernetesVersion, version } = posture;
  const about = masked`${trusted(today)}, profile ${plain(profile)}, Kubernetes ${trusted(kubernetesVersion)}, Bulkhead ${trusted(version)}`;
  const title = plain('Container security posture');
  const names = namesOf(editor);
  const sections = [
    section('worst', plain('Worst first'), worstOf(posture, names)),
    section('trend', plain('Changes since earlier baselines'), trendOf(posture)),
    section('fixes', plain('Fixes that remove the most findings'), fixesOf(posture, names)),
    section('pods', plain('Pod Security'), podsOf(posture, names)),
    section('policies', plain('Policies'), policiesOf(posture)),
    section('folders', plain('Findings by folder'), groupsOf(posture, names)),
    section('rules', plain('Findings by rule'), rulesOf(posture, names)),
    section('images', plain('Images'), imagesOf(posture)),
    section('standards', plain('Standards'), standardsOf(posture, names)),
  ].filter(({ body }) => body !== '');
  const links = sections.map(({ id, title: heading }) => masked`<a href="#${id}">${heading}</a>`);
  return masked`<!doctype html>
<html lang="${plain('en')}">
<head>
<meta charset="utf-8">
<meta http-equiv="Content-Security-Policy" content="default-src 'none'; style-src 'unsafe-inline'">
<meta name="viewport" content="width=device-width, initial-scale=1">
<meta name="color-scheme" content="light dark">
<title>${title}</title>
<style>${style}${editor ? editorStyle : none}</style>
</head>
<body>
<header>
<h1>${title}</h1>
<p class="about">${about}</p>
<p class="sum">${sentence(posture)}</p>
${tiles(posture.counts)}
${links.length === 0 ? none : masked`<nav aria-label="${plain('Sections of this report')}">${joined(links, ' ')}</nav>`}
</header>
<main>
${joined(
  sections.map(
    ({ id, title: heading, body }) => masked`<section aria-labelledby="${id}">\n<h2 id="${id}">${heading}</h2>\n${body}\n</section>`,
  ),
  '\n',
)}
</main>
</body>
</html>
`;
}

/** How files and rules are written. */
interface Names {
  readonly file: (path: MaskedText) => MaskedText;
  readonly rule: (rule: MaskedText) => MaskedText;
}

function namesOf(editor: EditorLinks | null): Names {
  const linked = (text: MaskedText, address: MaskedText | null): MaskedText =>
    address === null ? code(text) : masked`<a href="${html(address)}">${code(text)}</a>`;
  return { file: path => linked(path, editor?.file(path) ?? null), rule: rule => linked(rule, editor?.rule(rule) ?? null) };
}

function code(text: MaskedText): MaskedText {
  return masked`<code>${html(text)}</code>`;
}

function section(
  id: 'worst' | 'trend' | 'fixes' | 'pods' | 'policies' | 'folders' | 'rules' | 'images' | 'standards',
  title: MaskedText,
  body: MaskedText,
) {
  return { id: trusted(id), title, body };
}

function tiles(counts: SeverityCounts): MaskedText {
  const items = severities.map(
    severity => masked`<li class="${trusted(severity)}"><strong>${counts[severity]}</strong> ${severityNames[severity]}</li>`,
  );
  return masked`<ul class="tiles">${joined(items, '')}</ul>`;
}

function fixesOf({ fixes, fixable }: Posture, names: Names): MaskedText {
  if (fixes.length === 0) return none;
  const most = Math.max(...fixes.map(({ findings }) => findings));
  const sum = fixes.reduce((total, { findings }) => total + findings, 0);
  return masked`<p><code>bulkhead harden</code> fixes ${fixable} of the findings; the rules in this table (${fixes.length}) account for ${sum}.</p>\n${table(
    ['Rule', 'Finds', 'Fix', 'Findings', ''],
    fixes.map(fix => [
      names.rule(fix.rule),
      html(fix.title),
      classNames[fix.class],
      masked`${fix.findings}`,
      bar([[fix.findings, 'fix']], most),
    ]),
  )}`;
}

function worstOf({ worst }: Posture, names: Names): MaskedText {
  if (worst.length === 0) return none;
  const items = worst.map(one => {
    const steps = one.steps.map(({ text, closed }) =>
      closed ? masked`<li class="closed"><s>${html(text)}</s> (blocked after hardening)</li>` : masked`<li>${html(text)}</li>`,
    );
    const shown = steps.length === 0 ? none : masked`\n<ol>${joined(steps, '')}</ol>\n<p>At stake: ${html(one.stake ?? none)}</p>`;
    const rule = one.rule === null ? none : masked` (${names.rule(one.rule)})`;
    return masked`<li><p><strong>${html(one.title)}</strong>, ${names.file(one.path)} line ${one.line}</p>${shown}\n<p>First: ${html(actionWords(one))}${rule}</p></li>`;
  });
  return masked`<ol class="worst">${joined(items, '\n')}</ol>`;
}

function trendOf(posture: Posture): MaskedText {
  const moments = momentsOf(posture);
  if (moments.length === 0) return none;
  const most = Math.max(1, ...moments.map(({ findings }) => findings));
  return table(
    ['Date', 'Findings', 'Gone since', 'New since', ''],
    moments.map(({ date, findings, gone, added }) => [
      html(date),
      masked`${findings}`,
      gone === null ? none : masked`${gone}`,
      added === null ? none : masked`${added}`,
      bar([[findings, 'fix']], most),
    ]),
    Infinity,
  );
}

function podsOf(posture: Posture, names: Names): MaskedText {
  const { workloads } = posture;
  if (workloads.length === 0) return none;
  const counts = levelCounts(posture);
  const row = (title: MaskedText, when: 'before' | 'after'): readonly MaskedText[] => [
    title,
    ...levels.map(level => masked`${counts[level][when]}`),
    bar(
      levels.map(level => [counts[level][when], level] as const),
      workloads.length,
    ),
  ];
  const sums = table(['', 'Privileged', 'Baseline', 'Restricted', ''], [row(plain('Now'), 'before'), row(plain('Hardened'), 'after')]);
  const below = workloads.filter(({ before }) => before !== 'restricted');
  if (below.length === 0) return sums;
  return masked`${sums}\n${table(
    ['Workload', 'File', 'Level', 'Hardened'],
    below.map(({ kind, namespace, name, path, before, after }) => [
      masked`${html(kind)} ${namespace === null ? none : masked`${html(namespace)}/`}${html(name)}`,
      names.file(path),
      masked`<span class="mark ${trusted(before)}">${levelNames[before]}</span>`,
      masked`<span class="mark ${trusted(after)}">${levelNames[after]}</span>`,
    ]),
  )}`;
}

function policiesOf({ policies }: Posture): MaskedText {
  if (policies.length === 0) return none;
  return table(
    ['Policy', 'Action', 'Objects', 'Hardened', 'Exempted'],
    policies.map(policy => [
      html(policy.policy),
      actionName(policy),
      masked`${policy.objects}`,
      masked`${policy.after}`,
      masked`${policy.excepted}`,
    ]),
  );
}

function groupsOf({ families, folders, worstFiles }: Posture, names: Names): MaskedText {
  if (worstFiles.length === 0) return none;
  const part = (title: MaskedText, groups: readonly PostureGroup[], hasFiles: boolean, name = code): MaskedText => {
    const total = ({ counts }: PostureGroup): number => severities.reduce((sum, severity) => sum + counts[severity], 0);
    const most = Math.max(1, ...groups.map(total));
    const counted = ['Errors', 'Warnings', 'Info', 'Hints', ''] as const;
    return masked`<h3>${title}</h3>\n${table(
      hasFiles ? ['Name', 'Files', ...counted] : ['Name', ...counted],
      groups.map(group => [
        name(group.name),
        ...(hasFiles ? [masked`${group.files}`] : []),
        ...severities.map(severity => masked`${group.counts[severity]}`),
        bar(
          severities.map(severity => [group.counts[severity], severity] as const),
          most,
        ),
      ]),
    )}`;
  };
  const parts = [
    part(plain('Families'), families, true),
    part(plain('Folders'), folders, true),
    part(plain('Files with the most findings'), worstFiles, false, names.file),
  ];
  return joined(parts, '\n');
}

function rulesOf({ rules }: Posture, names: Names): MaskedText {
  if (rules.length === 0) return none;
  return table(
    ['Severity', 'Rule', 'Finds', 'Findings'],
    rules.map(({ severity, rule, title, findings }) => [
      masked`<span class="mark ${trusted(severity)}">${plain(severity)}</span>`,
      names.rule(rule),
      html(title),
      masked`${findings}`,
    ]),
  );
}

function imagesOf({ images }: Posture): MaskedText {
  if (images.length === 0) return none;
  return table(
    ['Image', 'Places', 'Reference type', 'Runs as', 'End of life'],
    images.map(image => [code(image.image), masked`${image.places}`, pinNames[image.pin], userNames[image.user], html(endedWords(image))]),
  );
}

function standardsOf({ standards }: Posture, names: Names): MaskedText {
  const parts = standards.map(({ name, version, controls }) => {
    const { failed, passed, 'not-applicable': rest } = statusCounts(controls);
    const title = version === null ? html(name) : masked`${html(name)} ${html(version)}`;
    const isOpen = controls.filter(({ status }) => status !== 'not-applicable');
    const details = table(
      ['Item', 'About', 'Status', 'Findings', 'Found by'],
      isOpen.map(control => [
        html(control.id),
        html(control.title),
        statusMark(control.status),
        masked`${control.findings}`,
        joined(control.failing.map(names.rule), ' '),
      ]),
      Infinity,
    );
    const sums = masked`${failed} failed, ${passed} passed, ${rest} not applicable`;
    return isOpen.length === 0
      ? masked`<p><strong>${title}</strong>: ${sums}</p>`
      : masked`<details><summary><strong>${title}</strong>: ${sums}</summary>\n${details}\n</details>`;
  });
  return masked`<p>For each item, this table shows what is known from the files: a report on files cannot prove that an item is met if it concerns a process, a host or a running cluster.</p>\n${joined(parts, '\n')}`;
}

function statusMark(status: PostureControl['status']): MaskedText {
  return masked`<span class="mark ${trusted(status)}">${statusNames[status]}</span>`;
}

type Tone = (typeof severities)[number] | PodLevel | 'fix';

const barWidth = 120;

/** A bar of parts, as wide as the whole of `most`; the numbers stand beside it, so it is hidden from those who are read to. */
function bar(parts: readonly (readonly [count: number, tone: Tone])[], most: number): MaskedText {
  let at = 0;
  const rectangles = parts.flatMap(([count, tone]) => {
    const width = Math.round((count / most) * barWidth * 10) / 10;
    if (width === 0) return [];
    const x = at;
    at += width;
    return masked`<rect class="${trusted(tone)}" x="${Math.round(x * 10) / 10}" width="${width}" height="10"/>`;
  });
  return masked`<svg class="bar" width="${barWidth}" height="10" viewBox="0 0 ${barWidth} 10" aria-hidden="true">${joined(rectangles, '')}</svg>`;
}

type Column =
  | ('Rule' | 'Finds' | 'Fix' | 'Findings' | 'Privileged' | 'Baseline' | 'Restricted' | 'Workload' | 'File' | 'Level' | 'Hardened')
  | (
      | 'Name'
      | 'Files'
      | 'Errors'
      | 'Warnings'
      | 'Info'
      | 'Hints'
      | 'Severity'
      | 'Image'
      | 'Places'
      | 'Reference type'
      | 'Runs as'
      | 'End of life'
    )
  | ('Date' | 'Gone since' | 'New since' | 'Policy' | 'Action' | 'Objects' | 'Exempted')
  | ('Item' | 'About' | 'Status' | 'Found by' | '');

const numbers: ReadonlySet<Column> = new Set<Column>([
  'Findings',
  'Gone since',
  'New since',
  'Privileged',
  'Baseline',
  'Restricted',
  'Files',
  'Errors',
  'Warnings',
  'Info',
  'Hints',
  'Places',
  'Objects',
  'Exempted',
]);

/** A table; on narrow screens it scrolls within itself. */
function table(columns: readonly Column[], rows: readonly (readonly MaskedText[])[], most = maxRows): MaskedText {
  const kind = (column: Column): MaskedText => (numbers.has(column) ? trusted(' class="n"') : none);
  // a column without a name holds what only repeats its neighbours
  const heads = columns.map(column =>
    column === '' ? trusted('<td></td>') : masked`<th scope="col"${kind(column)}>${plain(column)}</th>`,
  );
  const body = rows.slice(0, most).map(cells => {
    const shown = cells.map((cell, index) =>
      index === 0 ? masked`<th scope="row">${cell}</th>` : masked`<td${kind(columns[index]!)}>${cell}</td>`,
    );
    return masked`<tr>${joined(shown, '')}</tr>`;
  });
  const more = rows.length > most ? masked`\n<p>${rows.length - most} more.</p>` : none;
  return masked`<div class="scroll" tabindex="0" role="group" aria-label="${plain('Table')}"><table>\n<thead><tr>${joined(heads, '')}</tr></thead>\n<tbody>\n${joined(body, '\n')}\n</tbody>\n</table></div>${more}`;
}

const entities: Readonly<Record<string, string>> = { '&': '&amp;', '<': '&lt;', '>': '&gt;', '"': '&quot;', "'": '&#39;' };

/** Text for an element: nothing of it is taken for markup, nor steers the direction of what follows. */
function html(text: MaskedText): MaskedText {
  return restyled(printable(text), shown => shown.replace(/[&<>"']/g, char => entities[char]!));
}
