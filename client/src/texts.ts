import * as vscode from 'vscode';

/** Texts that are kept; the oldest one goes. */
const maxTexts = 50;

/** Read-only documents that exist nowhere but in the editor: it never asks to save them. */
export interface Texts extends vscode.Disposable {
  /** Keeps a text under a name, whose ending says the language, and gives its address; an older one of that name is replaced. */
  put(name: string, text: string): vscode.Uri;
  /** Shows Markdown as a page, in the place of an editor: beside it, each page would split the window again. */
  showPage(name: string, markdown: string): Promise<vscode.Uri>;
}

/** Shows a document as a page; as it is where the Markdown extension is switched off. */
export const showMarkdown = (uri: vscode.Uri): Thenable<unknown> =>
  vscode.commands.executeCommand('markdown.showPreview', uri).then(undefined, () => vscode.window.showTextDocument(uri, { preview: true }));

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
    put: keep,
    async showPage(name, markdown) {
      const uri = keep(name, markdown);
      await showMarkdown(uri);
      return uri;
    },
    dispose() {
      registration.dispose();
      changed.dispose();
    },
  };
}
