import * as vscode from 'vscode';

/** The texts of rules in the editor's language, for the server; `undefined`: there are none, English is built in. */
export async function loadWords(extensionUri: vscode.Uri): Promise<Readonly<Record<string, string>> | undefined> {
  const language = vscode.env.language.split('-')[0] ?? 'en';
  if (language === 'en' || !/^[a-z]{2,3}$/.test(language)) return undefined;
  try {
    const uri = vscode.Uri.joinPath(extensionUri, `l10n/${language}.json`);
    return JSON.parse(new TextDecoder().decode(await vscode.workspace.fs.readFile(uri))) as Record<string, string>;
  } catch {
    return undefined;
  }
}
