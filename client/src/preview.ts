import * as vscode from 'vscode';
import type { BaseLanguageClient } from 'vscode-languageclient';
import { hardenedTextMethod, type HardenedText, type HardenedTextParams } from '../../shared/src/protocol/messages';

/** Scheme of the virtual documents that show hardened text; their query is the address of the original. */
const scheme = 'bulkhead-hardened';

/** Pause after the last key press before an open preview follows the original, in milliseconds. */
const followDelay = 300;

/** Shows a file and its hardened text in the diff editor. */
export interface Preview extends vscode.Disposable {
  show(uri: vscode.Uri): Promise<void>;
}

/** Makes the preview. `client` gives the running client, or `undefined` while there is none. */
export function createPreview(client: () => BaseLanguageClient | undefined): Preview {
  const changed = new vscode.EventEmitter<vscode.Uri>();
  const timers = new Map<string, ReturnType<typeof setTimeout>>();
  const originalOf = (preview: vscode.Uri): string => preview.query;

  const provider: vscode.TextDocumentContentProvider = {
    onDidChange: changed.event,
    async provideTextDocumentContent(preview) {
      const uri = originalOf(preview);
      const params: HardenedTextParams = { uri };
      const hardened = await client()?.sendRequest<HardenedText | null>(hardenedTextMethod, params);
      if (hardened != null) return hardened.text;
      return (await vscode.workspace.openTextDocument(vscode.Uri.parse(uri, true))).getText();
    },
  };
  const follow = (original: vscode.Uri): void => {
    const address = original.toString();
    const open = vscode.workspace.textDocuments.filter(({ uri }) => uri.scheme === scheme && originalOf(uri) === address);
    if (open.length === 0) return;
    clearTimeout(timers.get(address));
    timers.set(
      address,
      setTimeout(() => {
        timers.delete(address);
        for (const { uri } of open) changed.fire(uri);
      }, followDelay),
    );
  };
  const subscriptions = vscode.Disposable.from(
    changed,
    vscode.workspace.registerTextDocumentContentProvider(scheme, provider),
    vscode.workspace.onDidChangeTextDocument(({ document }) => {
      if (document.uri.scheme !== scheme) follow(document.uri);
    }),
  );
  return {
    async show(uri) {
      const preview = vscode.Uri.from({ scheme, path: uri.path.startsWith('/') ? uri.path : `/${uri.path}`, query: uri.toString() });
      // An older preview of the same file may be cached; what is shown must belong to the text of now.
      changed.fire(preview);
      const name = uri.path.slice(uri.path.lastIndexOf('/') + 1);
      await vscode.commands.executeCommand('vscode.diff', uri, preview, vscode.l10n.t('{0}: current ↔ hardened', name));
    },
    dispose() {
      for (const timer of timers.values()) clearTimeout(timer);
      subscriptions.dispose();
    },
  };
}
