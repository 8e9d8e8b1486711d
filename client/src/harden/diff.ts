import * as vscode from 'vscode';
import type { Session } from './session';
import { baseName } from './words';

/** Scheme of the virtual documents that show hardened text; their query is the address of the original. Menus of the manifest know it. */
const scheme = 'bulkhead-hardened';

/** The diff editor of a file and its hardened text. */
export interface HardenDiff extends vscode.Disposable {
  /** Shows the texts of a session from now on; `undefined`: of none, and closes what is open. */
  setSession(session: Session | undefined): Promise<void>;
  /** Shows a file beside its hardened text, without taking the keyboard away, at a place of the file where one is given. */
  show(uri: vscode.Uri, place?: vscode.Range): Promise<void>;
}

/** The address of the hardened text of a file. */
export function hardenedUri(uri: vscode.Uri): vscode.Uri {
  return vscode.Uri.from({ scheme, path: uri.path.startsWith('/') ? uri.path : `/${uri.path}`, query: uri.toString() });
}

/** The file of a hardened text; `undefined`: it is another document. */
export function originalOf(uri: vscode.Uri): vscode.Uri | undefined {
  return uri.scheme === scheme ? vscode.Uri.parse(uri.query, true) : undefined;
}

/** Makes the diff editor's side of harden. */
export function createDiff(): HardenDiff {
  const changed = new vscode.EventEmitter<vscode.Uri>();
  let session: Session | undefined;
  let following: vscode.Disposable | undefined;

  const provider: vscode.TextDocumentContentProvider = {
    onDidChange: changed.event,
    async provideTextDocumentContent(preview) {
      const uri = originalOf(preview);
      if (uri === undefined) return '';
      if (session?.find(uri) !== undefined) return session.hardened(uri);
      // a tab that an earlier window left behind: there is nothing to apply, and so no difference to show
      return (await vscode.workspace.openTextDocument(uri)).getText();
    },
  };
  const registration = vscode.workspace.registerTextDocumentContentProvider(scheme, provider);

  return {
    async setSession(next) {
      following?.dispose();
      session = next;
      following = next?.onDidChangeText(uri => changed.fire(hardenedUri(uri)));
      const tabs = vscode.window.tabGroups.all.flatMap(group => group.tabs).filter(isOurs);
      if (tabs.length > 0) await vscode.window.tabGroups.close(tabs, true);
    },
    async show(uri, place) {
      const preview = hardenedUri(uri);
      const title = vscode.l10n.t('{0}: current ↔ hardened', baseName(uri));
      if (!isShown(preview)) {
        // An older text of the same address may be cached.
        changed.fire(preview);
        const options: vscode.TextDocumentShowOptions = { preserveFocus: true, preview: session?.wide === true };
        await vscode.commands.executeCommand('vscode.diff', uri, preview, title, options);
        await sameLanguage(uri, preview);
      }
      if (place !== undefined) reveal(uri, place);
    },
    dispose() {
      following?.dispose();
      registration.dispose();
      changed.dispose();
    },
  };
}

function isOurs({ input }: vscode.Tab): boolean {
  return input instanceof vscode.TabInputTextDiff && input.modified.scheme === scheme;
}

/** Whether the diff of a hardened text is in front. */
function isShown(preview: vscode.Uri): boolean {
  return vscode.window.tabGroups.all.some(
    ({ activeTab }) => activeTab?.input instanceof vscode.TabInputTextDiff && activeTab.input.modified.toString() === preview.toString(),
  );
}

/** Colours the hardened text as its original is, where the name alone does not say so: somebody chose the language, or the file is untitled. */
async function sameLanguage(uri: vscode.Uri, preview: vscode.Uri): Promise<void> {
  const original = await vscode.workspace.openTextDocument(uri);
  const shown = await vscode.workspace.openTextDocument(preview);
  if (shown.languageId !== original.languageId) await vscode.languages.setTextDocumentLanguage(shown, original.languageId);
}

/** Selects a place in the left side. */
function reveal(uri: vscode.Uri, place: vscode.Range): void {
  const editor = vscode.window.visibleTextEditors.find(({ document }) => document.uri.toString() === uri.toString());
  if (editor === undefined) return;
  editor.selection = new vscode.Selection(place.start, place.end);
  editor.revealRange(place, vscode.TextEditorRevealType.InCenterIfOutsideViewport);
}
