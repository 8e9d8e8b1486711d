// Not `node:http`: VS Code puts its proxy and certificates into what extensions get under these names.
import * as http from 'http';
import * as https from 'https';
import * as vscode from 'vscode';
import type { BaseLanguageClient } from 'vscode-languageclient';
import { guardedClients } from '../../shared/host/node/registry/guarded-clients';
import { createNodeClient, createNodeResolver, type NodeClientOptions } from '../../shared/host/node/registry/resolver';
import { verifyWithKeys } from '../../shared/host/node/signature/verify-with-keys';
import type { Cancellation } from '../../shared/src/base/ports/cancellation';
import {
  clearCacheMethod,
  lookUpMethod,
  type LookUpParams,
  type LookUpResult,
  type ReadPartAnswer,
  readPartMethod,
  type ReadPartParams,
  type VerifyAnswer,
  verifyMethod,
  type VerifyParams,
} from '../../shared/src/output/protocol/registry';
import { readPart } from '../../shared/src/services/registry/read-part';
import { createMemoryCache, type Resolver } from '../../shared/src/services/registry/resolver';

/** Looks digests up for the server: here is the user's proxy, and credentials do not leave the extension host. */
export function answerLookUps(client: BaseLanguageClient, channel: vscode.LogOutputChannel): vscode.Disposable {
  const cache = createMemoryCache();
  let minutes = 0;
  const options = (): NodeClientOptions => ({
    env: process.env,
    certificateFiles: [],
    outside: vscode.workspace.isTrusted ? workspaceFolders : null,
    log: line => channel.debug(line),
    warn: line => channel.warn(line),
    modules: { http, https },
  });
  const create = (): Resolver => createNodeResolver({ ...options(), cache, maxAgeMs: () => minutes * 60_000 });
  let resolver = create();
  let guarded = guardedClients(options);
  return vscode.Disposable.from(
    client.onRequest(lookUpMethod, async (params: LookUpParams, token: vscode.CancellationToken): Promise<LookUpResult> => {
      minutes = params.cacheMinutes;
      const { cancellation, dispose } = cancellationOf(token);
      const outcome = await resolver.resolve(params.reference, cancellation);
      const tag =
        outcome.ok && params.versionTag === true ? await resolver.versionTag(params.reference, outcome.value.digest, cancellation) : null;
      const dates = outcome.ok && params.dates === true ? await resolver.dates(params.reference, outcome.value.digest, cancellation) : null;
      dispose();
      if (!outcome.ok) return { digest: null, mediaType: '', at: 0, versionTag: null, failure: outcome.failure };
      return { ...outcome.value, versionTag: tag?.ok === true ? tag.value : null, dates, failure: null };
    }),
    client.onRequest(verifyMethod, async (params: VerifyParams, token: vscode.CancellationToken): Promise<VerifyAnswer> => {
      const { cancellation, dispose } = cancellationOf(token);
      const answer = await verifyWithKeys(createNodeClient(options()), params, cancellation);
      dispose();
      return answer;
    }),
    client.onRequest(readPartMethod, async (params: ReadPartParams, token: vscode.CancellationToken): Promise<ReadPartAnswer> => {
      const { cancellation, dispose } = cancellationOf(token);
      const { outcome, limit } = await readPart(guarded(params.allowed), params, cancellation);
      dispose();
      return outcome.ok ? { text: outcome.value, failure: null, limit } : { text: null, failure: outcome.failure, limit };
    }),
    client.onNotification(clearCacheMethod, () => cache.clear()),
    vscode.workspace.onDidGrantWorkspaceTrust(() => {
      resolver = create();
      guarded = guardedClients(options);
    }),
  );
}

function workspaceFolders(): readonly string[] {
  return (vscode.workspace.workspaceFolders ?? []).flatMap(({ uri }) => (uri.scheme === 'file' ? uri.fsPath : []));
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
