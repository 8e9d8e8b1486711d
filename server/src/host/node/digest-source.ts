import { CancellationTokenSource, type Connection } from 'vscode-languageserver';
import { createMemoryCache } from '../../../../shared/src/registry/resolver';
import type { InitializationOptions } from '../../../../shared/src/protocol/messages';
import { clientSource, resolverSource, type DigestSource } from '../../digests';
import { createNodeResolver } from '../../../../shared/host/node/registry/resolver';

/** Who asks registries for a server on Node: the client where it offers to, else the server itself. */
export function createNodeSource(
  connection: Connection,
  { registry, trusted }: InitializationOptions,
  log: (line: string) => void,
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
  const resolver = createNodeResolver({
    env: process.env,
    certificateFiles: [],
    helpers: trusted !== false,
    cache: createMemoryCache(),
    maxAgeMs: () => minutes * 60_000,
    log,
  });
  return resolverSource(resolver, value => (minutes = value));
}
