import { createHash } from 'node:crypto';
import { createServer, type IncomingMessage, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { afterAll, describe, expect, it } from 'vitest';
import { createCancellation, neverCancelled } from '../../shared/src/base/ports/cancellation';
import { endpointOf, type Endpoint } from '../../shared/src/services/registry/names';
import { verifySignature } from '../../shared/src/services/signature/verify';
import { createNodeClient, type NodeResolverOptions } from '../../shared/host/node/registry/resolver';
import { readPublicKey } from '../../shared/host/node/signature/public-key';
import { keyPair, signedImage, tagged } from '../unit/signature/artefacts';
import { scratchFolder, stopAll } from './real';
import { logIn, testResolver } from './resolver';

/** A small registry that misbehaves as it is told. */
type Handler = (request: IncomingMessage, response: ServerResponse, count: number) => void;

interface Seen {
  readonly method: string;
  readonly url: string;
  readonly authorization: string | undefined;
}

const closers: (() => void)[] = [];
afterAll(() => {
  closers.forEach(close => close());
  stopAll();
});

async function serve(handler: Handler): Promise<{ readonly host: string; readonly port: number; readonly seen: readonly Seen[] }> {
  const seen: Seen[] = [];
  const server = createServer((request, response) => {
    seen.push({ method: request.method ?? '', url: request.url ?? '', authorization: request.headers.authorization });
    handler(request, response, seen.length);
  });
  await new Promise<void>(resolve => server.listen(0, '127.0.0.1', resolve));
  closers.push(() => {
    server.close();
    server.closeAllConnections();
  });
  const { port } = server.address() as AddressInfo;
  return { host: `127.0.0.1:${port}`, port, seen };
}

const manifest = JSON.stringify({ schemaVersion: 2, mediaType: 'application/vnd.oci.image.index.v1+json', manifests: [] });
const digest = `sha256:${createHash('sha256').update(manifest).digest('hex')}`;
const other = `sha256:${'0'.repeat(64)}`;
const type = { 'content-type': 'application/vnd.oci.image.index.v1+json' };

/** What a registry that works answers. */
function answer(
  request: IncomingMessage,
  response: ServerResponse,
  headers: Record<string, string> = { 'docker-content-digest': digest },
): void {
  response.writeHead(200, { ...type, ...headers }).end(request.method === 'HEAD' ? undefined : manifest);
}

async function resolve(host: string, options: Partial<NodeResolverOptions> & { home?: string } = {}): Promise<string> {
  const { resolver } = testResolver(options.home ?? scratchFolder(), options);
  const outcome = await resolver.resolve(`${host}/team/app:1.0`);
  return outcome.ok ? outcome.value.digest : `${outcome.failure.kind}: ${outcome.failure.message.replaceAll(host, 'HOST')}`;
}

function endpoint(reference: string): Endpoint {
  const found = endpointOf(reference);
  if (!found.ok) throw new Error(found.failure.message);
  return found.value;
}

const faults: readonly (readonly [name: string, handler: Handler, expected: string, requests: number])[] = [
  ['a registry that works', (q, s) => answer(q, s), digest, 1],
  ['HEAD refused: the body is read and hashed', (q, s) => (q.method === 'HEAD' ? s.writeHead(405).end() : answer(q, s, {})), digest, 2],
  ['HEAD without a digest', (q, s) => answer(q, s, {}), digest, 2],
  [
    'a header that is no digest',
    (q, s) => answer(q, s, { 'docker-content-digest': q.method === 'HEAD' ? 'sha256:1234' : digest }),
    digest,
    2,
  ],
  [
    'a body that does not match its header',
    (q, s) => (q.method === 'HEAD' ? s.writeHead(405).end() : answer(q, s, { 'docker-content-digest': other })),
    `mismatch: HOST reports ${other}, but the body has ${digest}`,
    2,
  ],
  [
    'a page in place of a manifest',
    (q, s) => s.writeHead(200, { 'content-type': 'text/html' }).end(q.method === 'HEAD' ? undefined : '<html>sign in</html>'),
    'invalid-answer: HOST sent something that is not a manifest',
    2,
  ],
  [
    'a manifest of the first schema',
    (q, s) =>
      answer(q, s, { 'content-type': 'application/vnd.docker.distribution.manifest.v1+prettyjws', 'docker-content-digest': digest }),
    'unsupported: team/app has a schema 1 manifest, which has no stable digest',
    1,
  ],
  ['500, then 200', (q, s, n) => (n === 1 ? s.writeHead(500).end() : answer(q, s)), digest, 2],
  ['500 for ever', (_, s) => s.writeHead(503).end(), 'server: http://HOST returned 503', 3],
  ['429 with a short pause', (q, s, n) => (n === 1 ? s.writeHead(429, { 'retry-after': '1' }).end() : answer(q, s)), digest, 2],
  [
    '429 with a long pause',
    (_, s) => s.writeHead(429, { 'retry-after': '600' }).end(),
    'rate-limited: HOST is not accepting any more requests for now (429): try again in 10 minutes',
    1,
  ],
  ['429 that does not say', (_, s) => s.writeHead(429).end(), 'rate-limited: HOST is not accepting any more requests for now (429)', 3],
  ['a connection that breaks twice', (q, s, n) => (n <= 2 ? q.socket.destroy() : answer(q, s)), digest, 3],
  ['a connection that always breaks', q => q.socket.destroy(), 'unreachable: HOST: the connection was lost', 3],
  ['slow', () => undefined, 'timeout: HOST did not respond within 0.3 s', 1],
  ['no such image', (_, s) => s.writeHead(404).end(), 'not-found: HOST has no team/app:1.0', 1],
  ['forbidden', (_, s) => s.writeHead(403).end(), 'denied: HOST denies access to team/app: it is private or does not exist', 1],
  [
    'a redirect loop',
    (_, s) => s.writeHead(307, { location: '/v2/team/app/manifests/1.0' }).end(),
    'redirect: HOST redirects more than 5 times',
    6,
  ],
  ['a redirect to nowhere', (_, s) => s.writeHead(302).end(), 'redirect: HOST redirects to an unusable address', 1],
  [
    'a redirect with a password',
    (_, s) => s.writeHead(302, { location: 'http://a:b@127.0.0.1/' }).end(),
    'redirect: HOST redirects to an unusable address',
    1,
  ],
  ['a redirect within', (q, s) => (q.url === '/x' ? answer(q, s) : s.writeHead(307, { location: '/x' }).end()), digest, 2],
  ['401 without a word how', (_, s) => s.writeHead(401).end(), 'denied: HOST requires an unsupported kind of credentials', 1],
  [
    'a token service far away over plain HTTP',
    (_, s) => s.writeHead(401, { 'www-authenticate': 'Bearer realm="http://example.com/token",service="x"' }).end(),
    'denied: HOST refers to a token service that is not allowed',
    1,
  ],
];

describe('a registry that misbehaves', () => {
  it.concurrent.each(faults)('%s', async (name, handler, expected, requests) => {
    const { host, seen } = await serve(handler);
    expect(await resolve(host, name === 'slow' ? { timeoutMs: 300 } : {})).toBe(expected);
    expect(seen.map(({ method, url }) => `${method} ${url}`)).toHaveLength(requests);
  });

  it('a 401 loop ends, and the token is not printed', async () => {
    const { host, seen } = await serve((request, response) => {
      if (request.url?.startsWith('/token')) response.end('{"token":"s3cr3t-token"}');
      else response.writeHead(401, { 'www-authenticate': `Bearer realm="http://${host}/token",service="x"` }).end();
    });
    const { resolver, log } = testResolver(scratchFolder());
    const outcome = await resolver.resolve(`${host}/team/app:1.0`);
    expect(outcome).toEqual({ ok: false, failure: { kind: 'denied', message: `${host} rejects the credentials for team/app` } });
    expect(seen).toHaveLength(3);
    expect(log.join('\n')).not.toContain('s3cr3t');
  });

  it('credentials do not follow a redirect to another host, which gets a token of its own', async () => {
    const elsewhere = await serve((request, response) => {
      if (request.url?.startsWith('/token')) response.end('{"token":"anonymous"}');
      else if (request.headers.authorization === 'Bearer anonymous') answer(request, response);
      else response.writeHead(401, { 'www-authenticate': `Bearer realm="http://${elsewhere.host}/token"` }).end();
    });
    const { host, seen } = await serve((request, response) => {
      if (request.headers.authorization === undefined) response.writeHead(401, { 'www-authenticate': 'Basic realm="r"' }).end();
      else response.writeHead(307, { location: `http://${elsewhere.host}/v2/team/app/manifests/1.0` }).end();
    });
    const home = scratchFolder();
    logIn(home, host, 'alice', 's3cret');
    expect(await resolve(host, { home })).toBe(digest);
    expect(seen.map(({ authorization }) => authorization)).toEqual([undefined, 'Basic YWxpY2U6czNjcmV0']);
    expect(elsewhere.seen.map(({ authorization }) => authorization)).toEqual([undefined, undefined, 'Bearer anonymous']);
  });

  it('a body of 2 GB is not read to its end', async () => {
    let sent = 0;
    const chunk = Buffer.alloc(1 << 20, ' ');
    const { host } = await serve((request, response) => {
      if (request.method === 'HEAD') {
        response.writeHead(200, type).end();
        return;
      }
      response.writeHead(200, { ...type, 'content-length': String(2 ** 31) });
      const more = (): void => {
        while (!response.destroyed && sent < 2 ** 31) {
          sent += chunk.length;
          if (!response.write(chunk)) break;
        }
      };
      response.on('drain', more);
      more();
    });
    expect(await resolve(host)).toBe('too-large: HOST sent more data than a manifest may contain');
    expect(sent).toBeLessThan(64 << 20);
  });

  it('a cancelled look-up ends at once', async () => {
    const { host } = await serve(() => undefined);
    const cancellation = createCancellation();
    // nothing else ends it while the test runs
    const { resolver } = testResolver(scratchFolder(), { timeoutMs: 2 ** 30 });
    const running = resolver.resolveAll([`${host}/a:1`, `${host}/b:1`], { cancellation });
    setTimeout(() => cancellation.cancel(), 100);
    for (const outcome of (await running).values()) expect(outcome.ok).toBe(false);
  });

  it('an identity token is exchanged, and used as a password where the service knows no OAuth2', async () => {
    for (const oauth of [true, false]) {
      const bodies: string[] = [];
      const { host, seen } = await serve((request, response) => {
        if (request.url?.startsWith('/token')) {
          request.on('data', (chunk: Buffer) => bodies.push(chunk.toString()));
          request.on('end', () =>
            request.method === 'POST' && !oauth ? response.writeHead(404).end() : response.end('{"access_token":"good"}'),
          );
        } else if (request.headers.authorization === 'Bearer good') answer(request, response);
        else
          response
            .writeHead(401, { 'www-authenticate': `Bearer realm="http://${host}/token",service="reg",scope="repository:team/app:pull"` })
            .end();
      });
      const home = scratchFolder();
      logIn(home, host, '<token>', 'refresh');
      expect(await resolve(host, { home })).toBe(digest);
      expect(bodies.join('')).toBe(
        'service=reg&scope=repository%3Ateam%2Fapp%3Apull&grant_type=refresh_token&client_id=bulkhead&refresh_token=refresh',
      );
      expect(seen).toHaveLength(oauth ? 3 : 4);
    }
  });
});

describe('a registry that lies about signatures', () => {
  const mine = keyPair('P-256');
  /** A repository with an image that is signed, and one that is not. */
  const { repository, digest: good } = signedImage('good', mine.key);
  const evil = tagged(repository, JSON.stringify({ schemaVersion: 2, layers: [], annotations: { evil: 'yes' } }), '6.6');
  const key = readPublicKey(mine.pem);
  if (!key.ok) throw new Error(key.reason);
  const client = createNodeClient({ env: { HOME: scratchFolder() }, certificateFiles: [], outside: null, log: () => undefined });
  const verdict = async (host: string, reference: string): Promise<string> => {
    const { state, digest: of, reasons } = await verifySignature(client, `${host}/team/app${reference}`, [key.value], neverCancelled);
    return [state, of === good ? 'good' : of === evil ? 'evil' : of, ...reasons].join(': ').replaceAll(host, 'HOST');
  };
  const referrersOf =
    (pages: (page: number, host: string) => { readonly body?: string; readonly link?: string; readonly status?: number }): Handler =>
    (request, response) => {
      const [, kind = '', reference = ''] = /^\/v2\/team\/app\/(manifests|blobs|referrers)\/([^/?]+)/.exec(request.url ?? '') ?? [];
      if (kind === 'referrers') {
        const {
          body = '{"manifests":[]}',
          link,
          status = 200,
        } = pages(Number(/page=(\d+)/.exec(request.url ?? '')?.[1] ?? 0), request.headers.host ?? '');
        response.writeHead(status, { ...type, ...(link !== undefined && { link }) }).end(body);
        return;
      }
      const found = kind === 'manifests' ? repository.manifests.get(reference) : repository.blobs.get(reference);
      // the image has no signature under its tag
      if (found === undefined || reference.endsWith('.sig')) response.writeHead(404).end();
      else response.writeHead(200, type).end(found);
    };

  it('in a header: the digest is that of the bytes', async () => {
    const { host } = await serve((request, response) => {
      const [, kind = '', reference = ''] = /^\/v2\/team\/app\/(manifests|blobs)\/([^/]+)$/.exec(request.url ?? '') ?? [];
      const found = kind === 'manifests' ? repository.manifests.get(reference) : repository.blobs.get(reference);
      const isLie = reference === evil || reference === '6.6';
      if (found === undefined) response.writeHead(404).end();
      else
        response
          .writeHead(200, { ...type, ...(isLie && { 'docker-content-digest': good }) })
          .end(request.method === 'HEAD' ? undefined : found);
    });
    expect(await verdict(host, ':1.0')).toBe('signed: good');
    for (const reference of [':6.6', `@${evil}`, `:6.6@${evil}`])
      expect(await verdict(host, reference)).toMatch(/^unknown: .*: HOST reports/);
    expect(await client.manifest(endpoint(`${host}/team/app@${evil}`), neverCancelled)).toMatchObject({
      ok: false,
      failure: { kind: 'mismatch' },
    });
  });

  it.each<[string, Parameters<typeof referrersOf>[0], string]>([
    ['an empty list', () => ({}), 'unsigned: good'],
    [
      'pages without end',
      page => ({ link: `</v2/team/app/referrers/${good}?page=${page + 1}>; rel="next"` }),
      'unknown: good: its registry lists more',
    ],
    ['a page elsewhere', () => ({ link: '<https://other.example/v2/x>; rel="next"' }), 'unknown: good: its registry lists more'],
    [
      'a page behind another link',
      () => ({ link: '</first>; rel="first", </next>; rel="next"' }),
      'unknown: good: its registry lists more',
    ],
    ['a page of something else', () => ({ body: '<html>' }), 'unknown: good: its registry lists more'],
    [
      'one page of many',
      page => (page < 5 ? { link: `</v2/team/app/referrers/${good}?page=${page + 1}>; rel="next"` } : {}),
      'unsigned: good',
    ],
    ['no such list, and no tag in its place', () => ({ status: 404 }), 'unsigned: good'],
    ['no list for us', () => ({ status: 403 }), 'unknown: good: HOST denies access to'],
  ])('in its list of referrers: %s', async (_, pages, expected) => {
    const { host } = await serve(referrersOf(pages));
    expect(await verdict(host, ':1.0')).toContain(expected);
  });
});

describe('proxies', () => {
  it('HTTPS goes through the proxy of the environment, with its credentials; exceptions do not', async () => {
    const asked: string[] = [];
    const proxy = createServer((_, response) => void response.writeHead(500).end());
    proxy.on('connect', (request: IncomingMessage, socket) => {
      asked.push(`CONNECT ${request.url} ${request.headers['proxy-authorization']}`);
      socket.end('HTTP/1.1 403 Forbidden\r\n\r\n');
    });
    await new Promise<void>(done => proxy.listen(0, '127.0.0.1', done));
    closers.push(() => proxy.close());
    const { port } = proxy.address() as AddressInfo;
    const home = scratchFolder();
    const env = { HOME: home, HTTPS_PROXY: `http://me:p%40ss@127.0.0.1:${port}`, NO_PROXY: 'direct.invalid,.internal.invalid' };
    const ask = async (host: string): Promise<string> => await resolve(host, { env, home });
    expect(await ask('refused.invalid')).toBe(`unreachable: HOST: the proxy 127.0.0.1:${port} answers 403`);
    expect(asked).toEqual([`CONNECT refused.invalid:443 Basic ${Buffer.from('me:p@ss').toString('base64')}`]);
    expect(await ask('direct.invalid')).toMatch(/^unreachable: HOST: (?:no such host|the name cannot be resolved at the moment)$/);
    expect(await ask('a.internal.invalid')).toMatch(/^unreachable: HOST: (?:no such host|the name cannot be resolved at the moment)$/);
    const { host } = await serve((q, s) => answer(q, s));
    // this machine is never asked through a proxy
    expect(await ask(host)).toBe(digest);
    expect(asked).toHaveLength(1);
  });
});
