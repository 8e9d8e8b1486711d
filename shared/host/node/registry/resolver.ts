import type { Timer } from '../../../src/base/ports/timer';
import { createRegistryClient, type RegistryClient } from '../../../src/services/registry/client';
import { createGithubClient } from '../../../src/services/registry/github';
import type { TransportPorts } from '../../../src/services/registry/transport';
import { createResolver, type LookupCache, type Resolver } from '../../../src/services/registry/resolver';
import { version } from '../../version';
import { createCertificates } from './certificates';
import { createCredentialStore, type CredentialOptions, knownRegistries } from './credentials';
import { createHostGuard } from './host-guard';
import { createHostedHttpClient, createHttpClient, type HostModules } from './http-client';
import { proxyFromEnvironment } from './proxy';

/** Node's clock. */
export const nodeTimer: Timer = {
  now: () => Date.now(),
  wait: (ms, cancellation) =>
    new Promise(resolve => {
      const timer = setTimeout(finish, ms);
      let release: (() => void) | null = null;
      release = cancellation.onCancel(finish);
      function finish(): void {
        clearTimeout(timer);
        release?.();
        resolve();
      }
    }),
};

/** What registries are asked with on Node. */
export interface NodeClientOptions extends CredentialOptions {
  /** Files with certificates that are trusted too. */
  readonly certificateFiles: readonly string[];
  /**
   * Hosts on this machine or in a private network that may be asked, with or without their port, beside those that the user is logged in to. Absent: every
   * host may be, since a person asks about each.
   */
  readonly allowed?: readonly string[];
  /** Where an editor gives its own modules for HTTP, they are used, and neither the environment's proxies nor certificate files count. */
  readonly modules?: HostModules;
  /** Milliseconds for one request. */
  readonly timeoutMs?: number;
}

/** What a resolver on Node is made with. */
export interface NodeResolverOptions extends NodeClientOptions {
  readonly cache: LookupCache;
  readonly maxAgeMs: () => number;
}

function portsOf({ env, certificateFiles, allowed, log, timeoutMs, modules }: NodeClientOptions): TransportPorts {
  const guard = allowed ? createHostGuard([...allowed, ...knownRegistries(env, log), hostIn(env['BULKHEAD_GITHUB_SERVER'])]) : null;
  const http = modules
    ? createHostedHttpClient(modules, guard)
    : createHttpClient({ findProxy: proxyFromEnvironment(env), certificates: createCertificates(env, certificateFiles, log), guard });
  return { http, timer: nodeTimer, log, userAgent: `bulkhead/${version}`, ...(timeoutMs !== undefined && { timeoutMs }) };
}

/** The host of an address of the user's; empty where there is none. */
function hostIn(address: string | undefined): string {
  return /^https?:\/\/([^/?#]+)/i.exec(address ?? '')?.[1] ?? '';
}

/** A client that asks through Node's own modules, with the proxies, certificates and credentials of the environment. */
export function createNodeClient(options: NodeClientOptions, ports = portsOf(options)): RegistryClient {
  return createRegistryClient(ports, createCredentialStore(options));
}

/** A resolver that asks through Node's own modules, with the proxies, certificates and credentials of the environment. */
export function createNodeResolver(options: NodeResolverOptions): Resolver {
  return createNodeRegistry(options).resolver;
}

/** The same with the client that it asks with, for who asks for more. */
export function createNodeRegistry(options: NodeResolverOptions): { readonly client: RegistryClient; readonly resolver: Resolver } {
  const { env, cache, maxAgeMs } = options;
  const ports = portsOf(options);
  const client = createNodeClient(options, ports);
  const resolver = createResolver({
    client,
    // not GITHUB_TOKEN: only what was given for this is sent
    github: createGithubClient(ports, {
      server: env['BULKHEAD_GITHUB_SERVER'] || 'https://github.com',
      token: tokenIn(env['BULKHEAD_GITHUB_TOKEN']),
    }),
    cache,
    timer: nodeTimer,
    maxAgeMs,
  });
  return { client, resolver };
}

/** A token as a header can hold it; anything else could end the header early. */
function tokenIn(text: string | undefined): string | null {
  const token = text?.trim() ?? '';
  return /^[\x21-\x7e]{1,500}$/.test(token) ? token : null;
}
