import * as vscode from 'vscode';

/** Texts that are kept; the oldest one goes. */
const maxTexts = 50;

/** Read-only documents that exist nowhere but in the editor: it never asks to save them. */
export interface Texts extends vscode.Disposable {
  /** Shows a text under a name, whose ending says the language; an older one of that name is replaced. */
  show(name: string, text: string, options?: vscode.TextDocumentShowOptions): Promise<vscode.Uri>;
  /** Shows Markdown as a page. */
  showPage(name: string, markdown: string): Promise<vscode.Uri>;
  /** The text of a document, or `undefined` where it is not one of these. */
  find(uri: vscode.Uri): string | undefined;
}

/** Makes the documents of a scheme. */
export function createTexts(scheme: string): Texts {
  const texts = new Map<string, string>();
  const changed = new vscode.EventEmitter<vscode.Uri>();
  const registration = vscode.workspace.registerTextDocumentContentProvider(scheme, {
    onDidChange: changed.event,
    provideTextDocumentContent: uri => texts.get(uri.toString()) ?? '',
  });
  const keep = (name: string, text: string): vscode.Uri => {
    const uri = vscode.Uri.from({ scheme, path: `/${name.replace(/^\/+/, '')}` });
    const key = uri.toString();
    texts.delete(key);
    texts.set(key, text);
    for (const oldest of [...texts.keys()].slice(0, -maxTexts)) texts.delete(oldest);
    changed.fire(uri);
    return uri;
  };
  return {
    async show(name, text, options = { preview: true }) {
      const uri = keep(name, text);
      await vscode.window.showTextDocument(uri, options);
      return uri;
    },
    async showPage(name, markdown) {
      const uri = keep(name, markdown);
      try {
        await vscode.commands.executeCommand('markdown.showPreviewToSide', uri);
      } catch {
        // The Markdown extension can be switched off.
        await vscode.window.showTextDocument(uri, { preview: true, viewColumn: vscode.ViewColumn.Beside });
      }
      return uri;
    },
    find: uri => texts.get(uri.toString()),
    dispose() {
      registration.dispose();
      changed.dispose();
    },
  };
}
