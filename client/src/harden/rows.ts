import * as vscode from 'vscode';
import type { AnsweredFinding, LeftSummary, PlannedElsewhere, PlannedGroup } from '../../../shared/src/output/protocol/messages';
import { partners, tally } from './checklist';
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
  | { readonly kind: 'note'; readonly file: HardenFile; readonly group: PlannedGroup; readonly note: Note; readonly nth: number }
  | { readonly kind: 'elsewhere'; readonly file: HardenFile; readonly item: PlannedElsewhere; readonly nth: number }
  | { readonly kind: 'rest'; readonly file: HardenFile }
  | { readonly kind: 'left'; readonly file: HardenFile; readonly finding: LeftSummary; readonly nth: number };

/** What a group takes for granted, what speaks against it, and which groups move with it. */
export interface Note {
  readonly kind: 'assumes' | 'seen' | 'needs' | 'needed';
  readonly text: string;
}

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
        ...notesOf(file, row.group).map((note, nth): Row => ({ kind: 'note', file, group: row.group, note, nth })),
      ];
    case 'rest':
      return file.list.plan.left.map((finding, nth): Row => ({ kind: 'left', file, finding, nth }));
    default:
      return [];
  }
}

function rowsOfFile(file: HardenFile): readonly Row[] {
  const { plan } = file.list;
  return [
    ...[true, false].flatMap((chosen): readonly Row[] => (groupsOf(file, chosen).length > 0 ? [{ kind: 'part', file, chosen }] : [])),
    ...plan.elsewhere.map((item, nth): Row => ({ kind: 'elsewhere', file, item, nth })),
    ...(plan.left.length > 0 ? [{ kind: 'rest', file } as const] : []),
  ];
}

/** The groups that the plan itself takes, or those that are for a person to decide. */
function groupsOf({ list }: HardenFile, chosen: boolean): readonly PlannedGroup[] {
  return list.plan.groups.filter(group => group.chosen === chosen);
}

function notesOf({ list: { plan } }: HardenFile, { id, assumes, seen }: PlannedGroup): readonly Note[] {
  const { needs, neededBy } = partners(plan, id);
  return [
    ...seen.map((text): Note => ({ kind: 'seen', text })),
    ...assumes.filter(text => !seen.includes(text)).map((text): Note => ({ kind: 'assumes', text })),
    ...needs.map(({ label }): Note => ({ kind: 'needs', text: label })),
    ...neededBy.map(({ label }): Note => ({ kind: 'needed', text: label })),
  ];
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
      const item = new vscode.TreeItem(noteText(row.note));
      item.iconPath = new vscode.ThemeIcon(noteIcons[row.note.kind]);
      item.tooltip = noteText(row.note);
      return item;
    }
    case 'elsewhere': {
      const item = new vscode.TreeItem(row.item.title);
      item.iconPath = new vscode.ThemeIcon('go-to-file');
      item.tooltip = row.item.title;
      return item;
    }
    case 'rest': {
      const item = new vscode.TreeItem(vscode.l10n.t('Left to you'), vscode.TreeItemCollapsibleState.Collapsed);
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

function drawFile(file: HardenFile): vscode.TreeItem {
  const { plan } = file.list;
  const item = new vscode.TreeItem(file.uri, vscode.TreeItemCollapsibleState.Collapsed);
  const counts = tally(file.list);
  item.description = vscode.l10n.t('{0} of {1}, {2}', counts.ticked, counts.groups, file.name);
  item.tooltip = file.name;
  // Files of which everything is for a person to decide are not ticked as a whole.
  if (plan.groups.some(({ chosen }) => chosen)) item.checkboxState = box(counts.ticked > 0, file.name);
  const ticked = vscode.l10n.t('{0} of {1} groups ticked', counts.ticked, counts.groups);
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
  const item = new vscode.TreeItem(group.label, vscode.TreeItemCollapsibleState.Collapsed);
  const ticked = file.list.ticked.has(group.id);
  const notes = notesOf(file, group);
  const facts = [className(group.class), ...placeOf(group), countFindings(group.answers.length)];
  // the rest is in the tooltip: a narrow view has room for what is done, and where alone where two rows read alike
  const isAlone = file.list.plan.groups.every(({ id, label }) => id === group.id || label !== group.label);
  item.description = isAlone ? '' : placeOf(group).join('');
  item.iconPath = icons[group.class];
  item.checkboxState = box(ticked, group.label);
  item.tooltip = plain([group.label, facts.join(' · '), ...notes.map(noteText)]);
  const state = ticked ? vscode.l10n.t('ticked') : vscode.l10n.t('not ticked');
  item.accessibilityInformation = { label: [group.label, state, ...facts, ...notes.map(noteText)].join(', ') };
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

const noteIcons: Readonly<Record<Note['kind'], string>> = { seen: 'search', assumes: 'info', needs: 'link', needed: 'link' };

const icons: Readonly<Record<AnsweredFinding['severity'] | PlannedGroup['class'], vscode.ThemeIcon>> = {
  error: new vscode.ThemeIcon('error', new vscode.ThemeColor('problemsErrorIcon.foreground')),
  warning: new vscode.ThemeIcon('warning', new vscode.ThemeColor('problemsWarningIcon.foreground')),
  info: new vscode.ThemeIcon('info', new vscode.ThemeColor('problemsInfoIcon.foreground')),
  hint: new vscode.ThemeIcon('lightbulb'),
  safe: new vscode.ThemeIcon('shield', new vscode.ThemeColor('testing.iconPassed')),
  review: new vscode.ThemeIcon('eye'),
  attended: new vscode.ThemeIcon('question', new vscode.ThemeColor('problemsWarningIcon.foreground')),
  manual: new vscode.ThemeIcon('question'),
};

function box(on: boolean, label: string): NonNullable<vscode.TreeItem['checkboxState']> {
  return {
    state: on ? vscode.TreeItemCheckboxState.Checked : vscode.TreeItemCheckboxState.Unchecked,
    tooltip: on ? vscode.l10n.t('Is applied; click to leave it out') : vscode.l10n.t('Is left out; click to apply it'),
    accessibilityInformation: { label, role: 'checkbox' },
  };
}

function noteText({ kind, text }: Note): string {
  switch (kind) {
    case 'seen':
      return vscode.l10n.t('Seen: {0}', text);
    case 'assumes':
      return vscode.l10n.t('Assumes: {0}', text);
    case 'needs':
      return vscode.l10n.t('Needs: {0}', text);
    case 'needed':
      return vscode.l10n.t('Needed by: {0}', text);
  }
}

/** Paragraphs that hold words of a file: nothing in them is markup. */
function plain(paragraphs: readonly string[]): vscode.MarkdownString {
  const text = new vscode.MarkdownString();
  paragraphs.forEach((paragraph, i) => text.appendMarkdown(i === 0 ? '' : '\n\n').appendText(paragraph));
  return text;
}

/** The same in every version of the tree, so that what is open and focused stays so. */
function idOf(row: Row): string {
  const { file } = row;
  const own = ((): readonly (string | number)[] => {
    switch (row.kind) {
      case 'group':
        return [row.group.id];
      case 'finding':
        return [row.group.id, row.nth];
      case 'note':
        return [row.group.id, row.nth];
      case 'elsewhere':
      case 'left':
        return [row.nth];
      case 'part':
        return [String(row.chosen)];
      default:
        return [];
    }
  })();
  return JSON.stringify([file.uri.toString(), row.kind, ...own]);
}
