import { CancellationTokenSource, type Connection } from 'vscode-languageserver';
import { createMemoryCache } from '../../../../shared/src/services/registry/resolver';
import { readPart } from '../../../../shared/src/services/registry/read-part';
import type { InitializationOptions } from '../../../../shared/src/output/protocol/messages';
import { clientSource, resolverSource, type DigestSource } from '../../lookups/digests';
import { guardedClients } from '../../../../shared/host/node/registry/guarded-clients';
import { createNodeClient, createNodeResolver } from '../../../../shared/host/node/registry/resolver';
import { verifyWithKeys } from '../../../../shared/host/node/signature/verify-with-keys';
import { pathOf } from './workspace-files';

/** Who asks registries for a server on Node: the client where it offers to, else the server itself. */
export function createNodeSource(
  connection: Connection,
  { registry, trusted }: InitializationOptions,
  log: (line: string) => void,
  folders: () => readonly string[],
): DigestSource | null {
  if (registry === 'none') return null;
  if (registry === 'client') {
    return clientSource(connection, cancellation => {
      const source = new CancellationTokenSource();
      cancellation.onCancel(() => source.cancel());
      return source.token;
    });
  }
  let minutes = 0;
  const options = {
    env: process.env,
    certificateFiles: [],
    outside: trusted === false ? null : () => folders().flatMap(folder => pathOf(folder) ?? []),
    log,
  };
  const resolver = createNodeResolver({ ...options, cache: createMemoryCache(), maxAgeMs: () => minutes * 60_000 });
  const client = createNodeClient(options);
  const guarded = guardedClients(() => options);
  return resolverSource(resolver, value => (minutes = value), {
    verify: (params, cancellation) => verifyWithKeys(client, params, cancellation),
    read: (params, cancellation) => readPart(guarded(params.allowed), params, cancellation),
  });
}
