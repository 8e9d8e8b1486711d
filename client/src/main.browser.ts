import * as vscode from 'vscode';
import { BrowserMessageReader, BrowserMessageWriter, LanguageClient, type MessageTransports } from 'vscode-languageclient/browser';
import { workingMethod, type Working } from '../../shared/src/output/protocol/messages';
import { startExtension, type Extension } from './extension';
import { createWorkerWatch } from './worker-watch';

let extension: Extension | undefined;
let worker: Worker | undefined;

/** Entry of the web extension host (vscode.dev, github.dev): the server is a worker. */
export async function activate(context: vscode.ExtensionContext): Promise<void> {
  const address = (file: string): string => vscode.Uri.joinPath(context.extensionUri, 'dist', file).toString(true);
  // Transports and not the worker itself: VS Code puts a function in place of `Worker`, so that the client would not know it for one.
  const start = (): Promise<MessageTransports> => {
    worker?.terminate();
    watch.working(null);
    worker = new Worker(address('browser/server.js'));
    // The engine is a script of its own, which both servers share; a worker does not know where it came from.
    worker.postMessage({ core: address('core.js') });
    return Promise.resolve({ reader: new BrowserMessageReader(worker), writer: new BrowserMessageWriter(worker) });
  };
  // A file that takes too long ends the server, and not the user's patience.
  const watch = createWorkerWatch(({ name }) => {
    worker?.terminate();
    extension
      ?.replaceServer(vscode.l10n.t('Checking {0} takes too long; it is not checked again until its text changes', name))
      .catch(() => undefined);
  });
  const timer = setInterval(() => watch.tick(), 1000);
  context.subscriptions.push({ dispose: () => clearInterval(timer) });
  extension = await startExtension(
    context,
    options => {
      const client = new LanguageClient('bulkhead', 'Bulkhead', start, options);
      context.subscriptions.push(client.onNotification(workingMethod, (mark: Working | null) => watch.working(mark)));
      return client;
    },
    { initializationOptions: () => ({ watched: true, refusals: watch.refusals }) },
  );
}

/** Stops the server. */
export async function deactivate(): Promise<void> {
  await extension?.stop();
  worker?.terminate();
}
