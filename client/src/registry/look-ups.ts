// Not `node:http`: VS Code puts its proxy and certificates into what extensions get under these names.
import * as http from 'http';
import * as https from 'https';
import * as vscode from 'vscode';
import { guardedClients } from '../../../shared/host/node/registry/guarded-clients';
import { createNodeClient, createNodeResolver, type NodeClientOptions } from '../../../shared/host/node/registry/resolver';
import { verifyWithKeys } from '../../../shared/host/node/signature/verify-with-keys';
import type { Cancellation } from '../../../shared/src/base/ports/cancellation';
import type {
  LookUpParams,
  LookUpResult,
  ReadPartAnswer,
  ReadPartParams,
  VerifyAnswer,
  VerifyParams,
} from '../../../shared/src/output/protocol/registry';
import { readPart } from '../../../shared/src/services/registry/read-part';
import { createMemoryCache, type Resolver } from '../../../shared/src/services/registry/resolver';

/** What asks registries, with what it has kept of their answers. */
export interface LookUps {
  readonly lookUp: (params: LookUpParams, cancellation: Cancellation) => Promise<LookUpResult>;
  readonly verify: (params: VerifyParams, cancellation: Cancellation) => Promise<VerifyAnswer>;
  readonly readPart: (params: ReadPartParams, cancellation: Cancellation) => Promise<ReadPartAnswer>;
  readonly clearCache: () => void;
  /** Takes the trust in the workspace into account anew. */
  readonly renew: () => void;
}

/** Asks registries from the extension host. */
export function createLookUps(channel: vscode.LogOutputChannel): LookUps {
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
  return {
    async lookUp({ reference, cacheMinutes, versionTag, dates, made }, cancellation) {
      minutes = cacheMinutes;
      const outcome = await resolver.resolve(reference, cancellation);
      if (!outcome.ok) return { digest: null, mediaType: '', at: 0, versionTag: null, failure: outcome.failure };
      const { digest } = outcome.value;
      const tag = versionTag === true ? await resolver.versionTag(reference, digest, cancellation) : null;
      const dated = dates === true ? await resolver.dates(reference, digest, cancellation) : null;
      const age = made === true ? { made: await resolver.made(reference, digest, cancellation) } : {};
      return { ...outcome.value, versionTag: tag?.ok === true ? tag.value : null, dates: dated, ...age, failure: null };
    },
    verify: (params, cancellation) => verifyWithKeys(createNodeClient(options()), params, cancellation),
    async readPart(params, cancellation) {
      const { outcome, limit } = await readPart(guarded(params.allowed), params, cancellation);
      return outcome.ok ? { text: outcome.value, failure: null, limit } : { text: null, failure: outcome.failure, limit };
    },
    clearCache: () => cache.clear(),
    renew() {
      resolver = create();
      guarded = guardedClients(options);
    },
  };
}

function workspaceFolders(): readonly string[] {
  return (vscode.workspace.workspaceFolders ?? []).flatMap(({ uri }) => (uri.scheme === 'file' ? uri.fsPath : []));
}
