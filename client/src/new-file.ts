import * as vscode from 'vscode';

/** Makes a file and opens it; one that is there already is opened and stays as it is. Gives the file where it was written. */
export async function writeNew(uri: vscode.Uri, text: string): Promise<vscode.Uri | undefined> {
  const edit = new vscode.WorkspaceEdit();
  edit.createFile(uri, { overwrite: false, ignoreIfExists: false, contents: new TextEncoder().encode(text) });
  const isNew = !(await exists(uri));
  const written = isNew && (await vscode.workspace.applyEdit(edit));
  const name = uri.path.slice(uri.path.lastIndexOf('/') + 1);
  if (!isNew) void vscode.window.showWarningMessage(vscode.l10n.t('{0} already exists: nothing was written.', name));
  if (!isNew || written) await vscode.window.showTextDocument(uri);
  return written ? uri : undefined;
}

/** The only folder of the workspace, or the one that is chosen. @param otherwise is said where none is open */
export async function askForFolder(otherwise: string): Promise<vscode.WorkspaceFolder | undefined> {
  const folders = vscode.workspace.workspaceFolders ?? [];
  if (folders.length === 0) void vscode.window.showInformationMessage(otherwise);
  return folders.length > 1 ? await vscode.window.showWorkspaceFolderPick() : folders[0];
}

/** Whether something is there. */
export function exists(uri: vscode.Uri): Thenable<boolean> {
  return vscode.workspace.fs.stat(uri).then(
    () => true,
    () => false,
  );
}
