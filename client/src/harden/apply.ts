import * as vscode from 'vscode';
import type { BaseLanguageClient } from 'vscode-languageclient';
import { did } from '../getting-started';
import type { HardenChoice, LeftSummary } from '../../../shared/src/output/protocol/messages';
import { findingsOf } from './checklist';
import { originalOf } from './diff';
import { requestChoice } from './requests';
import type { HardenFile, Session } from './session';
import { editsOf, toRange } from './words';

/** A finding that stands after harden, and where; the range is in the text that is there now. */
export interface LeftFinding {
  readonly uri: vscode.Uri;
  readonly rule: string;
  readonly message: string;
  readonly range: vscode.Range;
  readonly reason: string;
  /** Whether it waits for a value. */
  readonly asks?: boolean;
}

/** What came of an Apply. */
export interface HardenOutcome {
  /** Whether the editor took the edit. False: no file was changed. */
  readonly applied: boolean;
  /** Groups that were applied, of so many that were offered. */
  readonly groups: number;
  readonly offered: number;
  /** The files that were changed. */
  readonly files: readonly vscode.Uri[];
  readonly left: readonly LeftFinding[];
  /** Files that have changed since their plan was made: nothing was applied to them. */
  readonly outdated: readonly vscode.Uri[];
}

/** A file, and what is to be written into it. */
interface Prepared {
  readonly file: HardenFile;
  readonly document: vscode.TextDocument;
  readonly choice: HardenChoice;
}

/** Applies what is ticked, in all files with one edit: one step to undo. A file that is not what its plan was made for is left as it is. */
export async function applySession(
  client: BaseLanguageClient,
  session: Session,
  progress: vscode.Progress<{ message?: string }>,
  token: vscode.CancellationToken,
): Promise<HardenOutcome> {
  const prepared: Prepared[] = [];
  const outdated: HardenFile[] = [];
  const files = session.files().filter(({ list }) => list.ticked.size > 0);
  for (const [i, file] of files.entries()) {
    if (token.isCancellationRequested) break;
    if (session.wide) progress.report({ message: vscode.l10n.t('{0} of {1}', i + 1, files.length) });
    const one = session.isOutdated(file.uri) ? null : await prepare(client, file, token);
    if (one === null) outdated.push(file);
    else prepared.push(one);
  }
  const offered = session.files().reduce((sum, { list }) => sum + list.plan.groups.length, 0);
  const result = { groups: 0, offered, files: [], outdated: outdated.map(({ uri }) => uri) };
  // between here and the edit nothing is awaited: no document can change
  const current = prepared.filter(({ choice, document }) => fits(choice, document));
  for (const { file } of prepared.filter(one => !current.includes(one))) result.outdated.push(file.uri);
  const changing = current.filter(({ choice }) => choice.edits.length > 0);
  if (token.isCancellationRequested || changing.length === 0) return { ...result, applied: false, left: leftOf(session, []) };

  const shown = shownAddresses();
  const hidden = changing.filter(({ document }) => !document.isDirty && !shown.has(document.uri.toString()));
  const edit = new vscode.WorkspaceEdit();
  for (const { document, choice } of changing) edit.set(document.uri, editsOf(choice));
  if (!(await vscode.workspace.applyEdit(edit))) return { ...result, applied: false, left: leftOf(session, []) };
  did('harden');
  // A file in no tab would be left changed and unsaved where nobody sees it.
  for (const { document } of hidden) await document.save();
  return {
    ...result,
    applied: true,
    groups: changing.reduce((sum, { choice }) => sum + choice.applied.length, 0),
    files: changing.map(({ file }) => file.uri),
    left: leftOf(session, changing),
  };
}

async function prepare(client: BaseLanguageClient, file: HardenFile, token: vscode.CancellationToken): Promise<Prepared | null> {
  const choice = await requestChoice(client, file.uri, file.list, token);
  return choice === null ? null : { file, choice, document: await vscode.workspace.openTextDocument(file.uri) };
}

/** Whether a document is the one that the edits were made for: they turn it into the promised text, byte for byte. */
function fits(choice: HardenChoice, document: vscode.TextDocument): boolean {
  if (choice.version !== null && choice.version !== document.version) return false;
  const text = document.getText();
  const edits = [...choice.edits]
    .map(({ range, newText }) => ({ start: offset(document, range.start), end: offset(document, range.end), newText }))
    .sort((a, b) => a.start - b.start || a.end - b.end);
  let made = '';
  let last = 0;
  for (const { start, end, newText } of edits) {
    made += text.slice(last, start) + newText;
    last = end;
  }
  // the editor keeps a byte order mark to itself
  return made + text.slice(last) === choice.text.replace(/^\uFEFF/, '');
}

function offset(document: vscode.TextDocument, { line, character }: LeftSummary['range']['start']): number {
  return document.offsetAt(new vscode.Position(line, character));
}

/** The files that some tab shows. */
function shownAddresses(): ReadonlySet<string> {
  const inputs = vscode.window.tabGroups.all.flatMap(({ tabs }) => tabs.map(({ input }) => input));
  return new Set(
    inputs.flatMap(input => {
      if (input instanceof vscode.TabInputText) return [input.uri.toString()];
      // the diff of harden closes with it
      return input instanceof vscode.TabInputTextDiff && originalOf(input.modified) === undefined
        ? [input.original, input.modified].map(String)
        : [];
    }),
  );
}

/** What stands in all files of a session: after the change in those that were changed, else as it was. */
function leftOf(session: Session, changed: readonly Prepared[]): readonly LeftFinding[] {
  const choices = new Map(changed.map(({ file, choice }) => [file.uri.toString(), choice]));
  return [...session.files(), ...session.others].flatMap(({ uri, list: { plan } }) => {
    const choice = choices.get(uri.toString());
    if (choice !== undefined) return leftIn(uri, choice);
    const unticked = findingsOf(plan.groups).map(({ rule, message, range }): LeftFinding => {
      return { uri, rule, message, range: toRange(range), reason: vscode.l10n.t('its group of fixes was not applied') };
    });
    return [...unticked, ...leftIn(uri, plan)];
  });
}

/** What is left of a file, in the editor's terms. */
export function leftIn(uri: vscode.Uri, { left }: { readonly left: readonly LeftSummary[] }): readonly LeftFinding[] {
  return left.map(({ range, reasonId, ...rest }) => {
    return { ...rest, uri, range: toRange(range), asks: reasonId === 'needs-value' || reasonId === 'needs-input' };
  });
}
