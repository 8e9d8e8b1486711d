import * as vscode from 'vscode';
import type { DocumentStatus } from '../../shared/src/output/protocol/messages';
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
    const document = vscode.window.activeTextEditor?.document;
    const status = document === undefined ? undefined : byUri.get(document.uri.toString());
    // what a document is, the server says: menus and the palette go by that, whatever its language
    void vscode.commands.executeCommand('setContext', 'bulkhead.checked', status !== undefined && status.family !== 'none');
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
    if (status === undefined) {
      item.text = document !== undefined && isCandidate(document) ? vscode.l10n.t('Bulkhead') : vscode.l10n.t('Not checked');
      item.detail = server === 'starting' ? vscode.l10n.t('starting') : '';
      return;
    }
    item.text = status.headline;
    item.detail = status.detail;
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
