import * as vscode from 'vscode';
import { LanguageClient } from 'vscode-languageclient/browser';
import { startExtension, type Extension } from './extension';

let extension: Extension | undefined;

/** Entry of the web extension host (vscode.dev, github.dev): the server is a worker. */
export async function activate(context: vscode.ExtensionContext): Promise<void> {
  const address = (file: string): string => vscode.Uri.joinPath(context.extensionUri, 'dist', file).toString(true);
  extension = await startExtension(context, options => {
    // A worker ends with its client, so each client gets a new one.
    const start = (): Promise<Worker> => {
      const worker = new Worker(address('browser/server.js'));
      // The engine is a script of its own, which both servers share; a worker does not know where it came from.
      worker.postMessage({ core: address('core.js') });
      return Promise.resolve(worker);
    };
    return new LanguageClient('bulkhead', 'Bulkhead', start, options);
  });
}

/** Stops the server. */
export async function deactivate(): Promise<void> {
  await extension?.stop();
}
