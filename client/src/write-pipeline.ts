import * as vscode from 'vscode';
import type { BaseLanguageClient } from 'vscode-languageclient';
import {
  pipelineFilesMethod,
  type PipelineFilesParams,
  type PipelineFilesResult,
  pipelinePath,
} from '../../shared/src/output/protocol/starter';
import { isForeign } from './selector';
import { writeNew } from './new-file';

/** More Dockerfiles are not offered. */
const most = 200;

/** Writes what releases the image of a Dockerfile and scans it again: the one that is named or shown, else one of the workspace. Gives the file that is shown. */
export async function writePipeline(client: BaseLanguageClient, named: vscode.Uri | undefined): Promise<vscode.Uri | undefined> {
  const dockerfile = named ?? shown() ?? (await chooseDockerfile());
  if (dockerfile === undefined) return undefined;
  const folder = vscode.workspace.getWorkspaceFolder(dockerfile)?.uri;
  const warn = (message: string): undefined => void vscode.window.showWarningMessage(message);
  if (folder === undefined) return warn(vscode.l10n.t('Open the folder that contains the Dockerfile first.'));
  const converter = client.code2ProtocolConverter;
  const params: PipelineFilesParams = { uri: converter.asUri(dockerfile), folder: converter.asUri(folder) };
  const files = await client.sendRequest<PipelineFilesResult>(pipelineFilesMethod, params);
  if (files === null) return warn(vscode.l10n.t('This path cannot be used in a workflow.'));
  if (files.length === 0) return warn(vscode.l10n.t('{0} already exists: nothing was written.', pipelinePath));
  // where a link leads is nobody's repository
  for (const above of ['.github', '.github/workflows'])
    if (await isLink(vscode.Uri.joinPath(folder, above))) return warn(vscode.l10n.t('{0} is a symbolic link: nothing was written.', above));
  let written: vscode.Uri | undefined;
  // the first is shown last
  for (const { uri, text } of [...files].reverse()) written = (await writeNew(client.protocol2CodeConverter.asUri(uri), text)) ?? written;
  if (written) void offerPins(written);
  return written;
}

function shown(): vscode.Uri | undefined {
  const document = vscode.window.activeTextEditor?.document;
  return document?.languageId === 'dockerfile' && !isForeign(document.uri) ? document.uri : undefined;
}

async function chooseDockerfile(): Promise<vscode.Uri | undefined> {
  const pattern = '**/{Dockerfile,Containerfile,Dockerfile.*,*.Dockerfile,*.dockerfile}';
  const found = await vscode.workspace.findFiles(pattern, '**/{node_modules,.git}/**', most);
  if (found.length === 0) void vscode.window.showInformationMessage(vscode.l10n.t('Open a Dockerfile first.'));
  if (found.length < 2) return found[0];
  const items = found.map(uri => ({ label: vscode.workspace.asRelativePath(uri), uri })).sort((a, b) => (a.label < b.label ? -1 : 1));
  return (await vscode.window.showQuickPick(items, { placeHolder: vscode.l10n.t("Which Dockerfile's image should be released?") }))?.uri;
}

async function isLink(uri: vscode.Uri): Promise<boolean> {
  return vscode.workspace.fs.stat(uri).then(
    ({ type }) => (type & vscode.FileType.SymbolicLink) !== 0,
    () => false,
  );
}

/** Its actions are named by tags. */
async function offerPins(uri: vscode.Uri): Promise<void> {
  const pin = vscode.l10n.t('Pin');
  const message = vscode.l10n.t("The workflow's actions are referenced by tag: pinning them looks up their commits on GitHub.");
  if ((await vscode.window.showInformationMessage(message, pin)) === pin) await vscode.commands.executeCommand('bulkhead.pin', uri);
}
