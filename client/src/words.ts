import * as vscode from 'vscode';
import { languageTags } from '../../shared/src/output/protocol/language';

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

/** The texts of rules and of the server in the editor's language; `undefined`: there are none, English is built in. */
export function loadWords(extensionUri: vscode.Uri): ReturnType<typeof loadTexts> {
  return loadTexts(
    extensionUri,
    languageTags(vscode.env.language).map(tag => `l10n/${tag}.json`),
  );
}
