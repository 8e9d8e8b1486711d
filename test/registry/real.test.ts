import { chmodSync, mkdirSync, writeFileSync } from 'node:fs';
import { createServer as createHttpServer } from 'node:http';
import { connect, createServer, type AddressInfo, type Socket } from 'node:net';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { endpointOf } from '../../shared/src/services/registry/names';
import { neverCancelled } from '../../shared/src/base/ports/cancellation';
import { createRegistryClient } from '../../shared/src/services/registry/client';
import { createHttpClient } from '../../shared/host/node/registry/http-client';
import { nodeTimer } from '../../shared/host/node/registry/resolver';
import { writeLayout } from './image';
import { makeCertificates, missingPackages, scratchFolder, startRegistry, stopAll, user, type RealRegistry } from './real';
import { logIn, testResolver } from './resolver';

if (missingPackages.length > 0) console.log(`skipped: tests on a real registry: they need ${missingPackages.join(', ')} (apt-get install)`);

describe.skipIf(missingPackages.length > 0)("against Debian's docker-registry", () => {
  let index = '';
  let layout = '';
  let open: RealRegistry;
  beforeAll(async () => {
    layout = scratchFolder();
    index = writeLayout(layout, 'hello');
    open = await startRegistry('open');
    await open.push(layout, 'public/hello:1.0');
  }, 60_000);
  afterAll(stopAll);

  const resolve = async (reference: string, home = scratchFolder(), options = {}): Promise<string> => {
    const outcome = await testResolver(home, options).resolver.resolve(reference);
    return outcome.ok ? outcome.value.digest : `${outcome.failure.kind}: ${outcome.failure.message}`;
  };

  it('gives the digest of the index over plain HTTP, as skopeo has it', async () => {
    const name = 'public/hello:1.0';
    expect(await resolve(`${open.host}/${name}`)).toBe(index);
    expect(await open.digest(name)).toBe(index);
  });

  it('gives the digest of a Docker manifest list', async () => {
    await open.push(layout, 'public/hello:docker', { format: 'v2s2' });
    const digest = await resolve(`${open.host}/public/hello:docker`);
    expect(digest).toBe(await open.digest('public/hello:docker'));
    expect(digest).not.toBe(index);
  });

  it('says what is not there', async () => {
    expect(await resolve(`${open.host}/public/hello:2.0`)).toBe(`not-found: ${open.host} has no public/hello:2.0`);
    expect(await resolve('127.0.0.1:1/a:1')).toBe('unreachable: 127.0.0.1:1: the connection was refused');
  });

  it('tells when the image was made, and finds the version behind latest', async () => {
    await open.push(layout, 'public/hello:latest');
    const other = scratchFolder();
    writeLayout(other, 'newer');
    await open.push(other, 'public/hello:1.1');
    const client = createRegistryClient(
      {
        http: createHttpClient({ findProxy: () => null, certificates: () => null }),
        timer: nodeTimer,
        log: () => undefined,
        userAgent: 'test',
      },
      { find: () => Promise.resolve(null) },
    );
    const endpoint = endpointOf(`${open.host}/public/hello`);
    if (!endpoint.ok) throw new Error('no endpoint');
    expect(await client.created(endpoint.value, index, neverCancelled)).toEqual({ ok: true, value: '2026-01-02T03:04:05Z' });
    const { resolver } = testResolver(scratchFolder());
    expect(await resolver.versionTag(`${open.host}/public/hello`, index)).toEqual({ ok: true, value: '1.0' });
  });

  it('logs in with a password where the registry wants one', async () => {
    const registry = await startRegistry('htpasswd');
    await registry.push(layout, 'team/hello:1.0');
    const reference = `${registry.host}/team/hello:1.0`;
    const home = scratchFolder();
    expect(await resolve(reference, home)).toBe(
      `denied: ${registry.host} requires a user name and password: see docker login ${registry.host}`,
    );
    logIn(home, registry.host, user.name, user.password);
    expect(await resolve(reference, home)).toBe(await registry.digest('team/hello:1.0'));
    logIn(home, registry.host, user.name, 'wrong');
    expect(await resolve(reference, home)).toBe(`denied: ${registry.host} rejects the credentials for team/hello`);
  });

  it('takes credentials from a helper, and runs none where the workspace is not trusted', async () => {
    const registry = await startRegistry('htpasswd');
    await registry.push(layout, 'team/hello:1.0');
    const home = scratchFolder();
    mkdirSync(join(home, '.docker'));
    writeFileSync(join(home, '.docker/config.json'), JSON.stringify({ credHelpers: { [registry.host]: 'bulkhead-test' } }));
    const answer = JSON.stringify({ ServerURL: registry.host, Username: user.name, Secret: user.password });
    const program = join(home, 'docker-credential-bulkhead-test');
    writeFileSync(
      program,
      `#!/bin/sh\n[ "$1" = get ] || exit 2\nread -r key\n[ "$key" = "${registry.host}" ] || { echo credentials not found in native keychain; exit 1; }\necho '${answer}'\n`,
    );
    chmodSync(program, 0o755);
    const env = { HOME: home, PATH: `${home}:${process.env['PATH']}` };
    const reference = `${registry.host}/team/hello:1.0`;
    expect(await resolve(reference, home, { env })).toBe(index);
    expect(await resolve(reference, home, { env, outside: null })).toMatch(/^denied: /);
  });

  it('asks a token service, with and without credentials', async () => {
    const registry = await startRegistry('token');
    await registry.push(layout, 'public/hello:1.0');
    await registry.push(layout, 'private/hello:1.0');
    const home = scratchFolder();
    expect(await resolve(`${registry.host}/public/hello:1.0`, home)).toBe(index);
    expect(await resolve(`${registry.host}/private/hello:1.0`, home)).toMatch(/^denied: /);
    logIn(home, registry.host, user.name, user.password);
    const { resolver, log } = testResolver(home);
    const outcome = await resolver.resolve(`${registry.host}/private/hello:1.0`);
    expect(outcome.ok && outcome.value.digest).toBe(await registry.digest('private/hello:1.0'));
    expect(log.join('\n')).not.toMatch(/s3cret|YWxpY2U|eyJ/);
  });

  it('trusts a private CA only where it is told to', async () => {
    const certificates = await makeCertificates();
    const registry = await startRegistry('tls', certificates);
    await registry.push(layout, 'team/hello:1.0');
    const reference = `${registry.host}/team/hello:1.0`;
    expect(await resolve(reference)).toMatch(/^certificate: the certificate of localhost:\d+ is not trusted: /);
    expect(await resolve(reference, scratchFolder(), { certificateFiles: [join(certificates, 'ca.crt')] })).toBe(
      await registry.digest('team/hello:1.0'),
    );
    const home = scratchFolder();
    expect(await resolve(reference, home, { env: { HOME: home, NODE_EXTRA_CA_CERTS: join(certificates, 'ca.crt') } })).toBe(index);
  });

  it('reaches a registry with TLS through a proxy', async () => {
    const certificates = await makeCertificates();
    const registry = await startRegistry('tls', certificates);
    await registry.push(layout, 'team/hello:1.0');
    const port = Number(registry.host.split(':')[1]);
    const asked: string[] = [];
    const proxy = createHttpServer().on('connect', (request, socket) => {
      asked.push(request.url ?? '');
      const behind = connect(port, '127.0.0.1', () => {
        socket.write('HTTP/1.1 200 Connection established\r\n\r\n');
        socket.pipe(behind).pipe(socket);
      });
      for (const end of [socket, behind]) end.on('error', () => undefined);
    });
    await new Promise<void>(done => proxy.listen(0, '127.0.0.1', done));
    const home = scratchFolder();
    const env = { HOME: home, HTTPS_PROXY: `127.0.0.1:${(proxy.address() as AddressInfo).port}` };
    const reference = `registry.test:${port}/team/hello:1.0`;
    expect(await resolve(reference, home, { env, certificateFiles: [join(certificates, 'ca.crt')] })).toBe(index);
    expect(asked).toEqual([`registry.test:${port}`]);
    expect(await resolve(reference, home, { env })).toMatch(/^certificate: the certificate of registry\.test:\d+ is not trusted: /);
    proxy.close();
  });

  it('looks 500 references up in under 10 seconds, over at most 8 connections', async () => {
    const gate = await countingGate(open.host);
    const manifests = `http://${open.host}/v2/public/hello/manifests`;
    const mediaType = 'application/vnd.oci.image.index.v1+json';
    const body = await (await fetch(`${manifests}/1.0`, { headers: { accept: mediaType } })).text();
    const tags = Array.from({ length: 500 }, (_, i) => `build-${i}`);
    for (const tag of tags)
      await (await fetch(`${manifests}/${tag}`, { method: 'PUT', headers: { 'content-type': mediaType }, body })).text();
    const references = tags.map(tag => `${gate.host}/public/hello:${tag}`);
    const timed = async (work: () => Promise<unknown>): Promise<number> => {
      const start = Date.now();
      await work();
      return Date.now() - start;
    };
    // what the machine can do right now
    const plain = await timed(async () => {
      for (const tag of tags) await (await fetch(`${manifests}/${tag}`)).arrayBuffer();
    });
    const { resolver } = testResolver(scratchFolder());
    let results: Awaited<ReturnType<typeof resolver.resolveAll>> = new Map();
    const took = await timed(async () => (results = await resolver.resolveAll(references)));
    console.log(`500 references in ${took} ms (one after the other, by fetch: ${plain} ms), ${gate.most()} connections at most`);
    expect([...results.values()].filter(outcome => outcome.ok && outcome.value.digest === index)).toHaveLength(500);
    expect(gate.most()).toBeLessThanOrEqual(8);
    expect(took).toBeLessThan(Math.max(10_000, 3 * plain));
  }, 300_000);
});

/** Stands before a registry and counts the connections that are open at a time. */
async function countingGate(target: string): Promise<{ readonly host: string; readonly most: () => number }> {
  const [host, port] = target.split(':');
  let open = 0;
  let most = 0;
  const server = createServer((socket: Socket) => {
    most = Math.max(most, ++open);
    const behind = connect(Number(port), host);
    const gone = once(() => open--);
    socket.on('end', gone);
    socket.on('close', () => {
      gone();
      behind.destroy();
    });
    behind.on('close', () => socket.destroy());
    for (const end of [socket, behind]) end.on('error', () => undefined);
    socket.pipe(behind).pipe(socket);
  });
  await new Promise<void>(resolve => server.listen(0, '127.0.0.1', resolve));
  afterAll(() => void server.close());
  return { host: `127.0.0.1:${(server.address() as AddressInfo).port}`, most: () => most };
}

function once(action: () => void): () => void {
  let done = false;
  return () => {
    if (!done) action();
    done = true;
  };
}
