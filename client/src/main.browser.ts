import * as vscode from 'vscode';
import { LanguageClient } from 'vscode-languageclient/browser';
import { startExtension, type Extension } from './extension';

let extension: Extension | undefined;

/** Entry of the web extension host (vscode.dev, github.dev): the server is a worker. */
export async function activate(context: vscode.ExtensionContext): Promise<void> {
  const script = vscode.Uri.joinPath(context.extensionUri, 'dist/browser/server.js').toString(true);
  extension = await startExtension(context, options => {
    // A worker ends with its client, so each client gets a new one.
    const start = (): Promise<Worker> => Promise.resolve(new Worker(script));
    return new LanguageClient('bulkhead', 'Bulkhead', start, options);
  });
}

/** Stops the server. */
export async function deactivate(): Promise<void> {
  await extension?.stop();
}
