import * as vscode from 'vscode';
import type {
  AnsweredFinding,
  LeftSummary,
  PlannedElsewhere,
  PlannedGroup,
  PlannedNote,
  PlannedStep,
  PlannedStory,
} from '../../../shared/src/output/protocol/messages';
import { cutAt, tally } from './checklist';
import type { HardenFile } from './session';
import { className, countFindings } from './words';

/** A row of the tree. */
export type Row =
  | { readonly kind: 'file'; readonly file: HardenFile }
  | { readonly kind: 'part'; readonly file: HardenFile; readonly chosen: boolean }
  | { readonly kind: 'group'; readonly file: HardenFile; readonly group: PlannedGroup }
  | {
      readonly kind: 'finding';
      readonly file: HardenFile;
      readonly group: PlannedGroup;
      readonly finding: AnsweredFinding;
      readonly nth: number;
    }
  | { readonly kind: 'note'; readonly file: HardenFile; readonly group: PlannedGroup; readonly note: PlannedNote; readonly nth: number }
  | { readonly kind: 'elsewhere'; readonly file: HardenFile; readonly item: PlannedElsewhere; readonly nth: number }
  | { readonly kind: 'story'; readonly file: HardenFile; readonly story: PlannedStory; readonly nth: number }
  | { readonly kind: 'step'; readonly file: HardenFile; readonly story: PlannedStory; readonly step: PlannedStep; readonly nth: number }
  | { readonly kind: 'rest'; readonly file: HardenFile }
  | { readonly kind: 'left'; readonly file: HardenFile; readonly finding: LeftSummary; readonly nth: number };

/** The rows at the top: of a single file its groups, else the files. */
export function topRows(files: readonly HardenFile[], wide: boolean): readonly Row[] {
  return wide ? files.map((file): Row => ({ kind: 'file', file })) : files.flatMap(rowsOfFile);
}

/** The rows below a row. */
export function rowsBelow(row: Row): readonly Row[] {
  const { file } = row;
  switch (row.kind) {
    case 'file':
      return rowsOfFile(file);
    case 'part':
      return groupsOf(file, row.chosen).map((group): Row => ({ kind: 'group', file, group }));
    case 'group':
      return [
        ...row.group.answers.map((finding, nth): Row => ({ kind: 'finding', file, group: row.group, finding, nth })),
        ...row.group.notes.map((note, nth): Row => ({ kind: 'note', file, group: row.group, note, nth })),
      ];
    case 'story':
      return row.story.steps.map((step, nth): Row => ({ kind: 'step', file, story: row.story, step, nth }));
    case 'rest':
      return file.list.plan.left.map((finding, nth): Row => ({ kind: 'left', file, finding, nth }));
    default:
      return [];
  }
}

function rowsOfFile(file: HardenFile): readonly Row[] {
  const { plan } = file.list;
  return [
    ...plan.stories.map((story, nth): Row => ({ kind: 'story', file, story, nth })),
    ...[true, false].flatMap((chosen): readonly Row[] => (groupsOf(file, chosen).length > 0 ? [{ kind: 'part', file, chosen }] : [])),
    ...plan.elsewhere.map((item, nth): Row => ({ kind: 'elsewhere', file, item, nth })),
    ...(plan.left.length > 0 ? [{ kind: 'rest', file } as const] : []),
  ];
}

/** The groups that the plan itself takes, or those that are for a person to decide. */
function groupsOf({ list }: HardenFile, chosen: boolean): readonly PlannedGroup[] {
  return list.plan.groups.filter(group => group.chosen === chosen);
}

/** What the editor draws for a row. */
export function itemOf(row: Row): vscode.TreeItem {
  const item = draw(row);
  item.id = idOf(row);
  item.contextValue = row.kind;
  // A note has no place of its own: the group's is shown.
  item.command = { command: 'bulkhead.hardenShow', title: vscode.l10n.t('Show'), arguments: [row] };
  return item;
}

function draw(row: Row): vscode.TreeItem {
  switch (row.kind) {
    case 'file':
      return drawFile(row.file);
    case 'part':
      return drawPart(row.file, row.chosen);
    case 'group':
      return drawGroup(row.file, row.group);
    case 'finding':
      return drawFinding(row.finding.message, row.finding.rule, row.finding.range, icons[row.finding.severity]);
    case 'note': {
      const item = new vscode.TreeItem(row.note.text);
      item.iconPath = new vscode.ThemeIcon(noteIcons[row.note.kind]);
      item.tooltip = row.note.text;
      return item;
    }
    case 'elsewhere': {
      const item = new vscode.TreeItem(row.item.title);
      item.iconPath = new vscode.ThemeIcon('go-to-file');
      item.tooltip = row.item.title;
      return item;
    }
    case 'story':
    case 'step':
      return drawStory(row);
    case 'rest': {
      const item = new vscode.TreeItem(vscode.l10n.t('Left for you to resolve'), vscode.TreeItemCollapsibleState.Collapsed);
      item.description = countFindings(row.file.list.plan.left.length);
      item.iconPath = new vscode.ThemeIcon('account');
      return item;
    }
    case 'left': {
      const { message, rule, range, reason } = row.finding;
      const item = drawFinding(message, rule, range, new vscode.ThemeIcon('circle-outline'));
      item.description = reason;
      item.tooltip = plain([message, reason, rule]);
      return item;
    }
  }
}

/** A story, or a step of one: grey from the first step on that the ticked groups close. */
function drawStory(row: Row & { readonly kind: 'story' | 'step' }): vscode.TreeItem {
  const cut = cutAt(row.story, row.file.list);
  const { Expanded, None } = vscode.TreeItemCollapsibleState;
  const isClosed = cut !== -1 && (row.kind === 'story' || row.nth >= cut);
  const label = row.kind === 'story' ? row.story.title : `${row.nth + 1}. ${row.step.text}`;
  const item = new vscode.TreeItem(label, row.kind === 'story' ? Expanded : None);
  item.description = row.kind === 'step' ? row.step.detail : isClosed ? vscode.l10n.t('ends before step {0}', cut + 1) : '';
  item.iconPath = new vscode.ThemeIcon(isClosed ? 'circle-slash' : row.kind === 'story' ? 'flame' : 'arrow-down');
  if (isClosed) item.resourceUri = vscode.Uri.from({ scheme: closedScheme, path: '/step' });
  item.tooltip = plain([label, item.description]);
  item.accessibilityInformation = { label: [label, item.description, ...(isClosed ? [vscode.l10n.t('closed')] : [])].join(', ') };
  return item;
}

const closedScheme = 'bulkhead-closed';

/** Draws rows of closed steps in grey. */
export const closedSteps: vscode.FileDecorationProvider = {
  provideFileDecoration: ({ scheme }) => (scheme === closedScheme ? { color: new vscode.ThemeColor('disabledForeground') } : undefined),
};

function drawFile(file: HardenFile): vscode.TreeItem {
  const { plan } = file.list;
  const item = new vscode.TreeItem(file.uri, vscode.TreeItemCollapsibleState.Collapsed);
  const counts = tally(file.list);
  item.description = vscode.l10n.t('{0} of {1}, {2}', counts.ticked, counts.groups, file.name);
  item.tooltip = file.name;
  // Files of which everything is for a person to decide are not ticked as a whole.
  if (plan.groups.some(({ chosen }) => chosen)) item.checkboxState = box(counts.ticked > 0, file.name);
  const ticked = vscode.l10n.t('{0} of {1} groups of fixes selected', counts.ticked, counts.groups);
  item.accessibilityInformation = { label: `${file.name}, ${ticked}` };
  return item;
}

function drawPart(file: HardenFile, chosen: boolean): vscode.TreeItem {
  const groups = groupsOf(file, chosen);
  const item = new vscode.TreeItem(
    chosen ? vscode.l10n.t('Applied') : vscode.l10n.t('Your decision'),
    vscode.TreeItemCollapsibleState.Expanded,
  );
  item.description = vscode.l10n.t('{0} of {1}', groups.filter(({ id }) => file.list.ticked.has(id)).length, groups.length);
  return item;
}

function drawGroup(file: HardenFile, group: PlannedGroup): vscode.TreeItem {
  const item = new vscode.TreeItem(group.short, vscode.TreeItemCollapsibleState.Collapsed);
  const ticked = file.list.ticked.has(group.id);
  const notes = group.notes.map(({ text }) => text);
  const facts = [className(group.class), ...placeOf(group), countFindings(group.answers.length)];
  // the rest is in the tooltip: a narrow view has room for what is done, and where alone where two rows read alike
  const isAlone = file.list.plan.groups.every(({ id, label }) => id === group.id || label !== group.label);
  item.description = isAlone ? '' : placeOf(group).join('');
  if (group.class === 'safe' || group.class === 'review') item.iconPath = icons[group.class];
  item.checkboxState = box(ticked, group.label);
  item.tooltip = plain([group.label, facts.join(' · '), ...notes]);
  const state = ticked ? vscode.l10n.t('selected') : vscode.l10n.t('not selected');
  item.accessibilityInformation = { label: [group.label, state, ...facts, ...notes].join(', ') };
  return item;
}

/** Rows of one file may read alike: where the first finding stands tells them apart. */
function placeOf({ answers: [first] }: PlannedGroup): readonly string[] {
  return first === undefined ? [] : [vscode.l10n.t('line {0}', first.range.start.line + 1)];
}

function drawFinding(message: string, rule: string, range: LeftSummary['range'], icon: vscode.ThemeIcon): vscode.TreeItem {
  const item = new vscode.TreeItem(message);
  item.description = vscode.l10n.t('line {0} · {1}', range.start.line + 1, rule);
  item.iconPath = icon;
  item.tooltip = plain([message, rule]);
  item.accessibilityInformation = { label: `${message}, ${item.description}` };
  return item;
}

const noteIcons: Readonly<Record<PlannedNote['kind'], string>> = { seen: 'search', assumes: 'info', needs: 'link' };

const icons: Readonly<Record<AnsweredFinding['severity'] | 'safe' | 'review', vscode.ThemeIcon>> = {
  error: new vscode.ThemeIcon('error', new vscode.ThemeColor('problemsErrorIcon.foreground')),
  warning: new vscode.ThemeIcon('warning', new vscode.ThemeColor('problemsWarningIcon.foreground')),
  info: new vscode.ThemeIcon('info', new vscode.ThemeColor('problemsInfoIcon.foreground')),
  hint: new vscode.ThemeIcon('lightbulb'),
  safe: new vscode.ThemeIcon('shield', new vscode.ThemeColor('testing.iconPassed')),
  review: new vscode.ThemeIcon('eye'),
};

function box(on: boolean, label: string): NonNullable<vscode.TreeItem['checkboxState']> {
  return {
    state: on ? vscode.TreeItemCheckboxState.Checked : vscode.TreeItemCheckboxState.Unchecked,
    tooltip: on ? vscode.l10n.t('Applied; click to leave it out') : vscode.l10n.t('Left out; click to apply it'),
    accessibilityInformation: { label, role: 'checkbox' },
  };
}

/** Paragraphs that hold words of a file: nothing in them is markup. */
function plain(paragraphs: readonly string[]): vscode.MarkdownString {
  const text = new vscode.MarkdownString();
  paragraphs.forEach((paragraph, i) => text.appendMarkdown(i === 0 ? '' : '\n\n').appendText(paragraph));
  return text;
}

/** The same in every version of the tree, so that what is open and focused stays so. */
function idOf(row: Row): string {
  const { file, kind } = row;
  const whose = 'group' in row ? row.group.id : 'story' in row ? row.story.title : kind === 'part' ? row.chosen : '';
  return JSON.stringify([file.uri.toString(), kind, whose, 'nth' in row ? row.nth : '']);
}
