import * as vscode from 'vscode';
import { LanguageClient, TransportKind } from 'vscode-languageclient/node';
import { startExtension, type Extension } from './extension';
import { answerLookUps } from './registry/answer';

let extension: Extension | undefined;

/** Entry of the desktop and remote extension host: the server is a Node process of its own. */
export async function activate(context: vscode.ExtensionContext): Promise<void> {
  const module = vscode.Uri.joinPath(context.extensionUri, 'dist/server.js').fsPath;
  const run = { module, transport: TransportKind.stdio };
  const debug = { ...run, options: { execArgv: ['--nolazy', '--inspect=6009'] } };
  extension = await startExtension(context, options => new LanguageClient('bulkhead', 'Bulkhead', { run, debug }, options), {
    answerLookUps,
  });
}

/** Stops the server. */
export async function deactivate(): Promise<void> {
  await extension?.stop();
}
