import { createHash } from 'node:crypto';
import { fc } from '../../support/property';
import { describe, expect, it } from 'vitest';
import { originOf, parseAddress, printAddress, resolveLocation } from '../../../shared/src/services/registry/address';
import { allowsRealm } from '../../../shared/src/services/registry/authorize';
import { decodeUtf8, encodeUtf8 } from '../../../shared/src/services/registry/bytes';
import { decodeBase64, encodeBase64 } from '../../../shared/src/base/text/base64';
import { parseChallenges } from '../../../shared/src/services/registry/challenge';
import { credentialSourceOf, parseDockerConfig, parseHelperAnswer } from '../../../shared/src/services/registry/credentials';
import { endpointOf, lookupKey } from '../../../shared/src/services/registry/names';
import { sha256 } from '../../../shared/src/services/registry/sha256';
import { likelyVersions, nextPage, readTags } from '../../../shared/src/services/registry/tags';
import { retryAfter } from '../../../shared/src/services/registry/transport';

describe('bytes', () => {
  it('SHA-256 is that of OpenSSL', () => {
    fc.assert(
      fc.property(fc.uint8Array({ maxLength: 300 }), bytes => {
        expect(sha256(bytes)).toBe(createHash('sha256').update(bytes).digest('hex'));
      }),
    );
    for (const length of [55, 56, 63, 64, 65, 119, 120, 1 << 20]) {
      const bytes = new Uint8Array(length).fill(length & 255);
      expect(sha256(bytes), String(length)).toBe(createHash('sha256').update(bytes).digest('hex'));
    }
  });

  it('base64 and UTF-8 are those of Node', () => {
    fc.assert(
      fc.property(fc.uint8Array({ maxLength: 50 }), bytes => {
        const text = Buffer.from(bytes).toString('base64');
        expect(encodeBase64(bytes)).toBe(text);
        expect(Buffer.from(decodeBase64(text)!)).toEqual(Buffer.from(bytes));
        let expected: string | null;
        try {
          expected = new TextDecoder('utf-8', { fatal: true, ignoreBOM: true }).decode(bytes);
        } catch {
          expected = null;
        }
        expect(decodeUtf8(bytes)).toBe(expected);
      }),
    );
    fc.assert(fc.property(fc.string({ unit: 'binary' }), text => void expect(Buffer.from(encodeUtf8(text))).toEqual(Buffer.from(text))));
    expect(decodeBase64('a*b')).toBeNull();
  });
});

describe('addresses', () => {
  it.each([
    ['https://Ghcr.io/v2/', 'https://ghcr.io/v2/'],
    ['https://ghcr.io:443?a=b', 'https://ghcr.io/?a=b'],
    ['http://[::1]:5000/v2/#x', 'http://[::1]:5000/v2/'],
    ['https://a:b@ghcr.io/', null],
    ['ftp://ghcr.io/', null],
    ['https://ghcr.io/a b', null],
    ['https://ghcr.io/\r\nX: y', null],
    ['https://ghcr.io:0/', null],
    ['https://ghcr.io:99999/', null],
    ['https://gh\\cr.io/', null],
  ])('%s', (text, expected) => {
    const address = parseAddress(text);
    expect(address && printAddress(address)).toBe(expected);
  });

  it.each([
    ['/x?y', 'https://h:5000/x?y'],
    ['?q=1', 'https://h:5000/a/b?q=1'],
    ['c', 'https://h:5000/a/c'],
    ['//other/x', 'https://other/x'],
    ['http://other/x', 'http://other/x'],
    ['javascript:alert(1)', null],
    ['', null],
  ])('a location %s', (location, expected) => {
    const address = resolveLocation(parseAddress('https://h:5000/a/b?c=d')!, location);
    expect(address && printAddress(address)).toBe(expected);
  });

  it.each([
    ['https://ghcr.io/', 'https://ghcr.io/token', true],
    ['https://registry-1.docker.io/', 'https://auth.docker.io/token', true],
    ['https://ghcr.io/', 'http://ghcr.io/token', false],
    ['https://ghcr.io/', 'https://169.254.169.254/latest', false],
    ['https://ghcr.io/', 'https://localhost/token', false],
    ['https://ghcr.io/', 'https://localhost./token', false],
    ['https://ghcr.io/', 'https://[64:ff9b::a9fe:a9fe]/token', false],
    ['https://10.0.0.5:5000/', 'https://10.0.0.5/token', true],
    ['https://10.0.0.5:5000/', 'https://10.0.0.6/token', false],
    ['http://localhost:5000/', 'http://127.0.0.1:5001/token', true],
    ['http://localhost:5000/', 'http://example.com/token', false],
    ['http://localhost:5000/', 'https://example.com/token', true],
  ])('%s may name the token service %s: %s', (registry, realm, expected) => {
    expect(allowsRealm(parseAddress(registry)!, parseAddress(realm)!)).toBe(expected);
  });
});

describe('challenges', () => {
  it.each([
    ['Basic realm="x"', [['basic', { realm: 'x' }]]],
    [
      'Bearer realm="https://a/t",service="s",scope="repository:a/b:pull,push"',
      [['bearer', { realm: 'https://a/t', service: 's', scope: 'repository:a/b:pull,push' }]],
    ],
    [
      'Bearer realm="https://a/t", service=s,Basic realm="git \\"x\\""',
      [
        ['bearer', { realm: 'https://a/t', service: 's' }],
        ['basic', { realm: 'git "x"' }],
      ],
    ],
    [
      'Negotiate, BEARER Realm = "r"',
      [
        ['negotiate', {}],
        ['bearer', { realm: 'r' }],
      ],
    ],
    ['', []],
    [',,;;"', []],
    ['Bearer realm="open', [['bearer', { realm: 'open' }]]],
  ] as const)('%s', (header, expected) => {
    expect(parseChallenges(header).map(({ scheme, parameters }) => [scheme, { ...parameters }])).toEqual(expected);
  });

  it('never hangs or throws', () => {
    fc.assert(fc.property(fc.string(), header => void parseChallenges(header)));
  });

  it.each([
    ['5', 5],
    ['Wed, 25 Nov 2026 00:01:00 GMT', 60],
    ['Wed, 25 Nov 2020 00:01:00 GMT', 0],
    ['soon', null],
    [undefined, null],
  ])('Retry-After %s', (header, seconds) => {
    expect(retryAfter(header, Date.parse('2026-11-25T00:00:00Z'))).toBe(seconds);
  });
});

describe('credentials', () => {
  const auth = (text: string): { auth: string } => ({ auth: Buffer.from(text).toString('base64') });
  const password = (username: string, secret: string): object => ({
    kind: 'stored',
    credentials: { kind: 'password', username, password: secret },
  });
  const hub = 'https://index.docker.io/v1/';

  it.each([
    ['a stored entry', { auths: { 'ghcr.io': auth('me:p:w') } }, 'ghcr.io', password('me', 'p:w')],
    ['of another registry', { auths: { 'ghcr.io': auth('me:pw') } }, 'quay.io', null],
    ['Docker Hub', { auths: { [hub]: auth('me:pw') } }, hub, password('me', 'pw')],
    ['Docker Hub by its short name', { auths: { 'docker.io': auth('me:pw') } }, hub, password('me', 'pw')],
    ['an old key', { auths: { 'https://quay.io/v2/': auth('me:pw') } }, 'quay.io', password('me', 'pw')],
    ['a padded password', { auths: { 'quay.io': auth('me:pw\0\0') } }, 'quay.io', password('me', 'pw')],
    ['plain members', { auths: { 'quay.io': { username: 'me', password: 'pw' } } }, 'quay.io', password('me', 'pw')],
    [
      'an identity token',
      { auths: { 'a.io': { ...auth('x:y'), identitytoken: 't' } } },
      'a.io',
      { kind: 'stored', credentials: { kind: 'identity', token: 't' } },
    ],
    ['a token user', { auths: { 'a.io': auth('<token>:t') } }, 'a.io', { kind: 'stored', credentials: { kind: 'identity', token: 't' } }],
    [
      'a helper of its own first',
      { auths: { 'a.io': auth('me:pw') }, credHelpers: { 'a.io': 'gcloud' } },
      'a.io',
      { kind: 'helper', name: 'gcloud', key: 'a.io' },
    ],
    ['the helper for all last', { auths: { 'a.io': {} }, credsStore: 'desktop' }, 'a.io', { kind: 'helper', name: 'desktop', key: 'a.io' }],
    ['a helper that is no name', { credsStore: '../../evil' }, 'a.io', null],
    ['a helper that is an option', { credsStore: '-x' }, 'a.io', null],
    ['part of a registry', { auths: { 'quay.io/team': auth('team:pw'), 'quay.io': auth('me:pw') } }, 'quay.io', password('team', 'pw')],
    ['another part of a registry', { auths: { 'quay.io/others': auth('team:pw') } }, 'quay.io', null],
    ['nonsense', { auths: { 'quay.io': { auth: 'no base64!' } }, credHelpers: 3, credsStore: null }, 'quay.io', null],
  ])('%s', (_name, config, key, expected) => {
    expect(credentialSourceOf(parseDockerConfig(JSON.stringify(config))!, key, 'team/app')).toEqual(expected);
  });

  it('reads no configuration that is none', () => {
    for (const text of ['', '[]', 'null', '{', '"x"']) expect(parseDockerConfig(text), text).toBeNull();
  });

  it.each([
    ['{"ServerURL":"a.io","Username":"me","Secret":"pw"}', { kind: 'password', username: 'me', password: 'pw' }],
    ['{"Username":"<token>","Secret":"t"}', { kind: 'identity', token: 't' }],
    ['{"Username":"","Secret":""}', null],
    ['credentials not found in native keychain', null],
  ])('a helper says %s', (text, expected) => expect(parseHelperAnswer(text)).toEqual(expected));
});

describe('names', () => {
  const digest = `sha256:${'a'.repeat(64)}`;
  it.each([
    ['node', 'registry-1.docker.io', 'library/node', 'docker.io/library/node:latest'],
    ['node:20-alpine', 'registry-1.docker.io', 'library/node', 'docker.io/library/node:20-alpine'],
    ['docker.io/node:20', 'registry-1.docker.io', 'library/node', 'docker.io/library/node:20'],
    ['index.docker.io/library/node:20', 'registry-1.docker.io', 'library/node', 'docker.io/library/node:20'],
    ['registry-1.docker.io/library/node:20', 'registry-1.docker.io', 'library/node', 'docker.io/library/node:20'],
    ['bitnami/redis:7', 'registry-1.docker.io', 'bitnami/redis', 'docker.io/bitnami/redis:7'],
    ['ghcr.io/a/b:1', 'ghcr.io', 'a/b', 'ghcr.io/a/b:1'],
    ['registry.k8s.io/pause:3.9', 'registry.k8s.io', 'pause', 'registry.k8s.io/pause:3.9'],
    ['europe-docker.pkg.dev/p/r/i:1', 'europe-docker.pkg.dev', 'p/r/i', 'europe-docker.pkg.dev/p/r/i:1'],
    ['localhost:5000/a', 'localhost:5000', 'a', 'localhost:5000/a:latest'],
    [`quay.io/a/b:1@${digest}`, 'quay.io', 'a/b', 'quay.io/a/b:1'],
    [`quay.io/a/b@${digest}`, 'quay.io', 'a/b', `quay.io/a/b@${digest}`],
  ])('%s', (text, host, repository, key) => {
    const endpoint = endpointOf(text);
    expect(endpoint.ok && [endpoint.value.host, endpoint.value.repository, lookupKey(endpoint.value)]).toEqual([host, repository, key]);
    expect(endpoint.ok && endpoint.value.loopback).toBe(host.startsWith('localhost'));
  });

  it('refuses what is no reference', () => {
    for (const text of ['', 'Node', 'a b', 'https://ghcr.io/a', '../x']) expect(endpointOf(text).ok, text).toBe(false);
  });
});

describe('tags', () => {
  it('most exact and newest first', () => {
    const tags = ['latest', '1', '20', '20.11', '20.11.0', '20.9.1', 'v21.0.0', '20-alpine', '2026', 'sha-abc'];
    expect(likelyVersions(tags, 4)).toEqual(['v21.0.0', '20.11.0', '20.11', '20.9.1']);
  });

  it('reads pages', () => {
    expect(readTags('{"name":"a","tags":["1.0",3,"a b"]}')).toEqual(['1.0']);
    expect(readTags('{"tags":null}')).toEqual([]);
    expect(readTags('x')).toEqual([]);
    const from = parseAddress('https://r.io/v2/a/tags/list?n=1000')!;
    expect(nextPage('</v2/a/tags/list?n=1000&last=x>; rel="next"', from)).toBe('/v2/a/tags/list?n=1000&last=x');
    expect(nextPage('<https://evil.io/x>; rel="next"', from)).toBeNull();
    expect(nextPage(undefined, from)).toBeNull();
    expect(originOf(from)).toBe('https://r.io');
  });
});
