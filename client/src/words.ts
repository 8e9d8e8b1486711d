import * as vscode from 'vscode';

/** The first of these files of the extension that is there, an object of texts; `undefined`: none is. */
export async function loadTexts(extensionUri: vscode.Uri, paths: readonly string[]): Promise<Readonly<Record<string, string>> | undefined> {
  for (const path of paths) {
    try {
      const bytes = await vscode.workspace.fs.readFile(vscode.Uri.joinPath(extensionUri, path));
      return JSON.parse(new TextDecoder().decode(bytes)) as Record<string, string>;
    } catch {
      // not translated into this language
    }
  }
  return undefined;
}
