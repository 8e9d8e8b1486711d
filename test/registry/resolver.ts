import { mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { createMemoryCache, type Resolver } from '../../shared/src/services/registry/resolver';
import { createNodeResolver, type NodeResolverOptions } from '../../shared/host/node/registry/resolver';

/** A resolver for a test: a home of its own, so that nobody's credentials come in, and a log that can be read. */
export function testResolver(
  home: string,
  options: Partial<NodeResolverOptions> = {},
): { readonly resolver: Resolver; readonly log: readonly string[] } {
  const log: string[] = [];
  const resolver = createNodeResolver({
    env: { HOME: home, PATH: process.env['PATH'] },
    certificateFiles: [],
    outside: () => [],
    cache: createMemoryCache(),
    maxAgeMs: () => 0,
    log: line => log.push(line),
    ...options,
  });
  return { resolver, log };
}

/** Writes credentials as `docker login` does. */
export function logIn(home: string, host: string, name: string, password: string): void {
  mkdirSync(join(home, '.docker'), { recursive: true });
  const auth = Buffer.from(`${name}:${password}`).toString('base64');
  writeFileSync(join(home, '.docker/config.json'), JSON.stringify({ auths: { [host]: { auth } } }));
}
