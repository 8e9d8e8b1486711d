import * as vscode from 'vscode';
import type { BaseLanguageClient } from 'vscode-languageclient';
import type { Cancellation } from '../../../shared/src/base/ports/cancellation';
import { clearCacheMethod, lookUpMethod, readPartMethod, verifyMethod } from '../../../shared/src/output/protocol/registry';
import type { LookUps } from './look-ups';

/** Looks digests up for the server: here is the user's proxy, and credentials do not leave the extension host. */
export function answerLookUps(client: BaseLanguageClient, channel: vscode.LogOutputChannel): vscode.Disposable {
  let lookUps: Promise<LookUps> | undefined;
  // What asks registries is loaded by the first question, and not at every start.
  const load = (): Promise<LookUps> => (lookUps ??= import('./look-ups').then(({ createLookUps }) => createLookUps(channel)));
  const answer = <P>(
    method: string,
    askOf: (lookUps: LookUps) => (params: P, cancellation: Cancellation) => Promise<unknown>,
  ): vscode.Disposable =>
    client.onRequest(method, async (params: P, token: vscode.CancellationToken) => {
      const { cancellation, dispose } = cancellationOf(token);
      try {
        return await askOf(await load())(params, cancellation);
      } finally {
        dispose();
      }
    });
  return vscode.Disposable.from(
    answer(lookUpMethod, ({ lookUp }) => lookUp),
    answer(verifyMethod, ({ verify }) => verify),
    answer(readPartMethod, ({ readPart }) => readPart),
    client.onNotification(clearCacheMethod, () => lookUps?.then(({ clearCache }) => clearCache())),
    vscode.workspace.onDidGrantWorkspaceTrust(() => lookUps?.then(({ renew }) => renew())),
  );
}

/** The cancellation of a token of VS Code, and what ends the listening. */
function cancellationOf(token: vscode.CancellationToken): { readonly cancellation: Cancellation; readonly dispose: () => void } {
  const listeners: vscode.Disposable[] = [];
  const cancellation = {
    get cancelled() {
      return token.isCancellationRequested;
    },
    onCancel: (listener: () => void) => {
      const subscription = token.onCancellationRequested(listener);
      listeners.push(subscription);
      return () => {
        subscription.dispose();
      };
    },
  };
  return { cancellation, dispose: () => void vscode.Disposable.from(...listeners).dispose() };
}
