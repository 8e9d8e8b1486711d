import * as vscode from 'vscode';
import { BrowserMessageReader, BrowserMessageWriter, LanguageClient, type MessageTransports } from 'vscode-languageclient/browser';
import { startExtension, type Extension } from './extension';

let extension: Extension | undefined;
let worker: Worker | undefined;

/** Entry of the web extension host (vscode.dev, github.dev): the server is a worker. */
export async function activate(context: vscode.ExtensionContext): Promise<void> {
  const address = (file: string): string => vscode.Uri.joinPath(context.extensionUri, 'dist', file).toString(true);
  // Transports and not the worker itself: VS Code puts a function in place of `Worker`, so that the client would not know it for one.
  const start = (): Promise<MessageTransports> => {
    worker?.terminate();
    worker = new Worker(address('browser/server.js'));
    // The engine is a script of its own, which both servers share; a worker does not know where it came from.
    worker.postMessage({ core: address('core.js') });
    return Promise.resolve({ reader: new BrowserMessageReader(worker), writer: new BrowserMessageWriter(worker) });
  };
  extension = await startExtension(context, options => new LanguageClient('bulkhead', 'Bulkhead', start, options));
}

/** Stops the server. */
export async function deactivate(): Promise<void> {
  await extension?.stop();
  worker?.terminate();
}
