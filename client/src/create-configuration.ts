import * as vscode from 'vscode';
import { configFileName, starterConfiguration } from '../../shared/src/output/protocol/starter';
import { askForFolder, exists } from './new-file';

/** Creates a configuration file in the workspace folder of the active editor, or in the one that is chosen, and opens it. */
export async function createConfiguration(): Promise<void> {
  const folder = await chooseFolder();
  if (folder === undefined) return;
  const uri = vscode.Uri.joinPath(folder.uri, configFileName);
  if (!(await exists(uri))) await vscode.workspace.fs.writeFile(uri, new TextEncoder().encode(starterConfiguration));
  await vscode.window.showTextDocument(uri);
}

async function chooseFolder(): Promise<vscode.WorkspaceFolder | undefined> {
  const active = vscode.window.activeTextEditor?.document.uri;
  const own = active === undefined ? undefined : vscode.workspace.getWorkspaceFolder(active);
  return own ?? (await askForFolder(vscode.l10n.t('Open a folder first: the configuration file goes there.')));
}
