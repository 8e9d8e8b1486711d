import * as vscode from 'vscode';
import { tally } from './checklist';
import { closedSteps, itemOf, rowsBelow, topRows, type Row } from './rows';
import type { Session } from './session';

const viewId = 'bulkhead.hardenView';

/** Set while a plan is open: the view, its commands and keys are there then and at no other time. */
const contextKey = 'bulkhead.hardening';

/** The checklist of harden: a tree with a box for each group. */
export interface HardenTree extends vscode.Disposable {
  /** Shows a session; `undefined`: there is none, the view goes. */
  setSession(session: Session | undefined): Promise<void>;
  /** Gives the keyboard to the view. */
  focus(): Promise<void>;
}

/** Makes the view. `tickRow` is told which row was ticked or unticked. */
export function createTree(tickRow: (row: Row, on: boolean) => void): HardenTree {
  const changed = new vscode.EventEmitter<undefined>();
  let session: Session | undefined;
  let following: vscode.Disposable | undefined;

  const provider: vscode.TreeDataProvider<Row> = {
    onDidChangeTreeData: changed.event,
    getTreeItem: itemOf,
    getChildren: row => (row !== undefined ? rowsBelow(row) : session === undefined ? [] : topRows(session.files(), session.wide)).slice(),
  };
  const view = vscode.window.createTreeView(viewId, {
    treeDataProvider: provider,
    manageCheckboxStateManually: true,
    showCollapseAll: true,
  });
  const greying = vscode.window.registerFileDecorationProvider(closedSteps);
  view.onDidChangeCheckboxState(({ items }) => {
    for (const [row, state] of items) tickRow(row, state === vscode.TreeItemCheckboxState.Checked);
  });

  const draw = (): void => {
    view.description = (session?.wide === false ? session.files()[0]?.name : undefined) ?? '';
    view.message = session === undefined ? '' : headline(session);
    changed.fire(undefined);
  };

  return {
    async setSession(next) {
      following?.dispose();
      session = next;
      following = next?.onDidChange(draw);
      draw();
      await vscode.commands.executeCommand('setContext', contextKey, next !== undefined);
    },
    async focus() {
      await vscode.commands.executeCommand(`${viewId}.focus`);
    },
    dispose() {
      following?.dispose();
      greying.dispose();
      view.dispose();
      changed.dispose();
    },
  };
}

/** What the line above the rows says: how much is ticked, and what is wrong. */
function headline(session: Session): string {
  const files = session.files();
  const problem = files.find(file => file.problem !== null)?.problem;
  if (problem != null) return problem;
  const counts = files.map(({ list }) => tally(list));
  const sum = (name: 'ticked' | 'groups' | 'answered' | 'findings'): number => counts.reduce((total, count) => total + count[name], 0);
  if (sum('groups') === 0) return vscode.l10n.t('Nothing to change');
  const numbers = [sum('ticked'), sum('groups'), sum('answered'), sum('findings')];
  return vscode.l10n.t('{0} of {1} groups of fixes selected: {2} of {3} findings addressed', ...numbers);
}
