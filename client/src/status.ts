import * as vscode from 'vscode';
import type { DocumentStatus } from '../../shared/src/protocol/messages';
import { documentSelector, isCandidate } from './selector';

/** Whether the server can answer. */
export type ServerState = 'starting' | 'running' | 'stopped';

/** The language status item: what is checked in the active editor, and why not. */
export interface Status extends vscode.Disposable {
  setServer(state: ServerState): void;
  setDocument(status: DocumentStatus): void;
}

/** Makes the language status item. It follows the active editor. */
export function createStatus(): Status {
  const item = vscode.languages.createLanguageStatusItem('bulkhead.status', documentSelector);
  item.name = 'Bulkhead';
  const byUri = new Map<string, DocumentStatus>();
  let server: ServerState = 'starting';

  const show = (): void => {
    item.busy = server === 'starting';
    item.severity = vscode.LanguageStatusSeverity.Information;
    item.command = { command: 'bulkhead.showFileInfo', title: vscode.l10n.t('Show Info') };
    if (server === 'stopped') {
      item.text = vscode.l10n.t('Bulkhead is not running');
      item.detail = '';
      item.severity = vscode.LanguageStatusSeverity.Error;
      item.command = { command: 'bulkhead.restart', title: vscode.l10n.t('Restart') };
      return;
    }
    const document = vscode.window.activeTextEditor?.document;
    const status = document === undefined ? undefined : byUri.get(document.uri.toString());
    if (status === undefined) {
      item.text = document !== undefined && isCandidate(document) ? vscode.l10n.t('Bulkhead') : vscode.l10n.t('Not checked');
      item.detail = server === 'starting' ? vscode.l10n.t('starting') : '';
      return;
    }
    item.text = headline(status);
    item.detail = detail(status);
    if (status.state === 'failed') item.severity = vscode.LanguageStatusSeverity.Error;
    else if (status.state === 'too-large' || status.configProblems > 0) item.severity = vscode.LanguageStatusSeverity.Warning;
  };

  const subscriptions = vscode.Disposable.from(
    item,
    vscode.window.onDidChangeActiveTextEditor(show),
    vscode.workspace.onDidCloseTextDocument(document => byUri.delete(document.uri.toString())),
  );
  show();
  return {
    setServer(state) {
      server = state;
      if (state !== 'running') byUri.clear();
      show();
    },
    setDocument(status) {
      // The server may spell an address in another way (encoded colons), the editor's spelling is the key.
      byUri.set(vscode.Uri.parse(status.uri).toString(), status);
      show();
    },
    dispose() {
      subscriptions.dispose();
    },
  };
}

/** The first line: the state, and the count where there is one. */
function headline({ state, counts }: DocumentStatus): string {
  const total = counts.error + counts.warning + counts.info + counts.hint;
  switch (state) {
    case 'checked':
      return total === 0 ? vscode.l10n.t('No findings') : total === 1 ? vscode.l10n.t('1 finding') : vscode.l10n.t('{0} findings', total);
    case 'limited':
      return vscode.l10n.t('Partly checked: {0} findings', total);
    case 'ignored':
      return vscode.l10n.t('Not a container file');
    case 'disabled':
      return vscode.l10n.t('Turned off');
    case 'excluded':
      return vscode.l10n.t('Excluded');
    case 'too-large':
      return vscode.l10n.t('Too large to check');
    case 'failed':
      return vscode.l10n.t('Check failed');
  }
}

/** What follows in a paler type: the reason, the profile, the configuration, what is suppressed. */
function detail(status: DocumentStatus): string {
  const parts: string[] = [];
  if (status.reason !== null) parts.push(status.reason);
  if (status.state === 'checked' || status.state === 'limited') {
    parts.push(vscode.l10n.t('profile {0}', status.profile));
    if (status.suppressed > 0) parts.push(vscode.l10n.t('{0} suppressed', status.suppressed));
  }
  if (status.config !== null) {
    const name = vscode.workspace.asRelativePath(vscode.Uri.parse(status.config));
    parts.push(status.configProblems > 0 ? vscode.l10n.t('{0} problems in {1}', status.configProblems, name) : name);
  }
  return parts.join(' · ');
}
