import { createHash } from 'node:crypto';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { createNodeRegistry } from '../../shared/host/node/registry/resolver';
import { neverCancelled } from '../../shared/src/base/ports/cancellation';
import type { ReadImage } from '../../shared/src/services/facts/chain';
import { createFactLookup, type FactCache, type FactLookup } from '../../shared/src/services/facts/lookup';
import { createMemoryCache } from '../../shared/src/services/registry/resolver';
import { digestOf, makeImage, makeIndexed, manifestOf, repositoryOf, type MadeImage } from '../support/image-chain';
import { push } from '../unit/signature/artefacts';
import { writeLayout } from './image';
import { missingPackages, scratchFolder, startRegistry, stopAll, type RealRegistry } from './real';

if (missingPackages.length > 0)
  console.log(`skipped: facts of images in a real registry: they need ${missingPackages.join(', ')} (apt-get install)`);

/** A cache for a test. */
function memory(): FactCache {
  const kept = new Map<string, ReadImage>();
  const key = (digest: string, platform: string | null): string => `${digest} ${platform}`;
  return {
    get: (digest, platform) => kept.get(key(digest, platform)) ?? null,
    set: (digest, platform, image) => void kept.set(key(digest, platform), image),
  };
}

/** A look-up with a cache of its own, and what it asks. */
function newLookup(): { readonly lookup: FactLookup; readonly log: string[]; readonly limit: (host: string) => unknown } {
  const log: string[] = [];
  const { client, resolver } = createNodeRegistry({
    env: { HOME: scratchFolder(), PATH: process.env['PATH'] },
    certificateFiles: [],
    outside: () => [],
    cache: createMemoryCache(),
    maxAgeMs: () => 30 * 24 * 3_600_000,
    log: line => log.push(line),
  });
  return { lookup: createFactLookup({ client, resolver, cache: memory() }), log, limit: host => client.limit({ host } as never) };
}

const usual = { platform: null, chain: false } as const;

/** What a look-up says of an image: its level, platform and user, or why there is nothing. */
async function said(reference: string, { lookup } = newLookup(), question: Parameters<FactLookup['lookUp']>[1] = usual): Promise<string> {
  const found = await lookup.lookUp(reference, question, neverCancelled);
  if (!found.ok) return `${found.failure.kind}: ${found.failure.message}`;
  const { level, platform, user } = found.value.facts;
  return `${level} ${platform} ${user === '' ? 'root' : user}`;
}

/** Images as builders make them. */
const images: Readonly<Record<string, readonly [image: ReturnType<typeof makeImage>, says: string]>> = {
  'single-platform': [makeImage({ config: { User: '1000' } }), 'linux/amd64 1000'],
  'no-user': [makeImage({ config: {} }), 'linux/amd64 root'],
  'by-name': [makeImage({ config: { User: 'app:app' } }), 'linux/amd64 app:app'],
  'no-configuration-at-all': [makeImage({ config: null }), 'linux/amd64 root'],
  arm: [makeImage({ architecture: 'arm64', config: { User: '2' } }), 'linux/arm64 2'],
  windows: [makeImage({ os: 'windows', config: { User: 'ContainerUser' } }), 'windows/amd64 ContainerUser'],
  attested: [makeIndexed({ config: { User: '3' } }), 'linux/amd64 3'],
  'two-users': [makeIndexed({ config: { User: '4' } }, { config: { User: '5' } }), 'linux/amd64 4'],
  unicode: [makeImage({ config: { User: '6', Labels: { a: 'é 漢字 🐳' } } }), 'linux/amd64 6'],
  'long-history': [makeImage({ config: { User: '7' }, history: history(500) }), 'linux/amd64 7'],
};

function history(count: number): NonNullable<MadeImage['history']> {
  return Array.from({ length: count }, (_, at) => ({ created_by: `RUN /bin/sh -c echo ${at} # buildkit` }));
}

describe.skipIf(missingPackages.length > 0)("facts of images in Debian's docker-registry", () => {
  let registry: RealRegistry;
  beforeAll(async () => {
    registry = await startRegistry('open');
    for (const [name, [image]] of Object.entries(images)) await push(repositoryOf(image), registry.host, name);
  }, 60_000);
  afterAll(stopAll);

  it.each(Object.entries(images))('%s', async (name, [image, says]) => {
    const reference = `${registry.host}/${name}:1.0`;
    expect(await said(reference)).toBe(`as-served ${says}`);
    expect(await said(`${reference}@${image.digest}`)).toBe(`verified ${says}`);
    expect(await said(`${registry.host}/${name}@${image.digest}`)).toBe(`verified ${says}`);
  });

  it('chooses the platform of an index, of OCI and of Docker', async () => {
    const layout = scratchFolder();
    writeLayout(layout, 'hello');
    await registry.push(layout, 'index:oci');
    await registry.push(layout, 'index:docker', { format: 'v2s2' });
    for (const tag of ['oci', 'docker']) {
      expect(await said(`${registry.host}/index:${tag}`)).toBe('as-served linux/amd64 root');
      expect(await said(`${registry.host}/index:${tag}`, newLookup(), { platform: 'linux/arm64', chain: false })).toBe(
        'as-served linux/arm64/v8 root',
      );
      expect(await said(`${registry.host}/index:${tag}`, newLookup(), { platform: 'linux/riscv64', chain: false })).toBe(
        'unsupported: it has no image for linux/riscv64, but for linux/amd64, linux/arm64/v8',
      );
    }
  });

  it('asks again for nothing that it has, and for a digest once under two names', async () => {
    const one = newLookup();
    const [name, [{ digest }]] = Object.entries(images)[0]!;
    const requests = (): number => one.log.filter(line => !line.includes('/v2/:')).length;
    const reference = `${registry.host}/${name}:1.0`;
    expect(one.lookup.plan([reference, reference], usual)).toEqual([{ registry: registry.host, images: 1, requests: 4 }]);
    await said(reference, one);
    expect(requests()).toBe(3);
    expect(one.lookup.plan([reference, `${reference}@${digest}`], usual)).toEqual([]);
    expect(await said(reference, one)).toContain('as-served');
    expect(await said(`${reference}@${digest}`, one)).toContain('verified');
    expect(requests()).toBe(3);
  });

  it('says what is not there', async () => {
    expect(await said(`${registry.host}/nothing:1.0`)).toBe(`not-found: ${registry.host} has no nothing:1.0`);
    const missing = digestOf('nothing');
    expect(await said(`${registry.host}/no-user@${missing}`)).toBe(`not-found: ${registry.host} has no no-user@${missing}`);
    expect(await said(`${registry.host}/no-user@sha512:${'a'.repeat(128)}`)).toContain('a digest that is not SHA-256');
    expect(await said('127.0.0.1:1/a:1')).toBe('unreachable: 127.0.0.1:1: the connection was refused');
  });

  it('reads no configuration of 50 MB', async () => {
    const configuration = JSON.stringify({ os: 'linux', architecture: 'amd64', config: { Labels: { a: 'a'.repeat(50_000_000) } } });
    const manifest = manifestOf(configuration);
    await push(repositoryOf({ digest: digestOf(manifest), chain: { index: null, manifest, configuration } }), registry.host, 'huge');
    expect(await said(`${registry.host}/huge:1.0`)).toMatch(/^too-large: 127\.0\.0\.1:\d+ sends more than 4194304 bytes for sha256:/);
  });
});

/** How a registry goes wrong: another body in the place of one, by what is asked for. */
type Fault = (path: string, body: string) => string | null;

/** A registry in this process that has an image and goes wrong. */
async function faulty(
  image: ReturnType<typeof makeImage>,
  fault: Fault,
  headers: Readonly<Record<string, string>> = {},
): Promise<{ readonly host: string; readonly close: () => void }> {
  const { manifests, blobs } = repositoryOf(image);
  const server = createServer(({ url = '', method }, response) => {
    const [, kind, reference = ''] = /^\/v2\/app\/(manifests|blobs)\/([^/]+)$/.exec(url) ?? [];
    const body = kind === 'manifests' ? manifests.get(reference) : blobs.get(reference)?.toString();
    if (body === undefined) return void response.writeHead(404).end();
    const sent = fault(url, body);
    if (sent === null) return;
    const digest = `sha256:${createHash('sha256').update(body).digest('hex')}`;
    response.writeHead(200, { 'docker-content-digest': digest, ...headers }).end(method === 'HEAD' ? undefined : sent);
  });
  await new Promise<void>(resolve => server.listen(0, '127.0.0.1', resolve));
  const close = (): void => void (server.close(), server.closeAllConnections());
  return { host: `127.0.0.1:${(server.address() as AddressInfo).port}`, close };
}

describe('a registry that goes wrong', () => {
  const image = makeIndexed({ config: { User: '1000' } });
  const other = makeImage({ config: { User: '0' } }).chain;
  const isManifest = (path: string): boolean => path.includes('/manifests/sha256:') && !path.includes(image.digest);
  it.each<readonly [string, Fault, RegExp]>([
    ['another index', (path, body) => (path.includes(image.digest) ? other.manifest : body), /^mismatch: /],
    ['another manifest', (path, body) => (isManifest(path) ? other.manifest : body), /^mismatch: /],
    ['another configuration', (path, body) => (path.includes('/blobs/') ? other.configuration : body), /^mismatch: /],
    ['HTML', (path, body) => (path.includes('/blobs/') ? '<!doctype html><p>sign in' : body), /^mismatch: /],
    ['a cut configuration', (path, body) => (path.includes('/blobs/') ? body.slice(0, 20) : body), /^mismatch: /],
  ])('is not believed: %s', async (_, fault, says) => {
    const { host, close } = await faulty(image, fault);
    expect(await said(`${host}/app:1.0`)).toMatch(says);
    close();
  });

  it('whose limit is used up is left in peace, and its limit is known', async () => {
    const asked: string[] = [];
    const limited = { 'ratelimit-limit': '100;w=21600', 'ratelimit-remaining': '0;w=21600' };
    const { host, close } = await faulty(image, (path, body) => (asked.push(path), body), limited);
    const one = newLookup();
    expect(await said(`${host}/app:1.0`, one)).toBe(
      `rate-limited: ${host} serves no more manifests for now: its rate limit has been reached`,
    );
    expect(asked).toEqual(['/v2/app/manifests/1.0']);
    expect(one.limit(host)).toEqual({ remaining: 0, all: 100, seconds: 21600 });
    close();
  });
});
