import type { RegistryClient } from '../../../src/services/registry/client';
import { createNodeClient, type NodeClientOptions } from './resolver';

/** Gives clients that ask hosts of this machine and of private networks only where they are named: one for each list of names, so that it keeps its tokens. */
export function guardedClients(options: () => NodeClientOptions): (allowed: readonly string[]) => RegistryClient {
  const clients = new Map<string, RegistryClient>();
  return allowed => {
    const key = JSON.stringify(allowed);
    let client = clients.get(key);
    if (!client) clients.set(key, (client = createNodeClient({ ...options(), allowed })));
    return client;
  };
}
