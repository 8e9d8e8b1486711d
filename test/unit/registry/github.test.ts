import { describe, expect, it } from 'vitest';
import { neverCancelled } from '../../../shared/src/base/ports/cancellation';
import { encodeUtf8 } from '../../../shared/src/services/registry/bytes';
import { createGithubClient, type GithubOptions } from '../../../shared/src/services/registry/github';
import { createMemoryCache, createResolver, type Resolver } from '../../../shared/src/services/registry/resolver';
import { answerAsGithub, commit, type FakeOptions } from '../../support/fake-github';

interface World {
  readonly resolver: Resolver;
  /** What was asked, and with which `Authorization`. */
  readonly seen: string[];
  readonly tokens: (string | undefined)[];
}

const now = Date.UTC(2026, 10, 24);
const origin = 'https://git.example.com';

function world(options: Partial<GithubOptions> = {}, fake: Partial<FakeOptions> = {}): World {
  const seen: string[] = [];
  const tokens: (string | undefined)[] = [];
  const timer = { now: () => now, wait: () => Promise.resolve() };
  const http = {
    send: ({ url, headers }: { readonly url: string; readonly headers: Readonly<Record<string, string>> }) => {
      const path = url.replace(/^https:\/\/[^/]+\/(?:api\/v3\/)?/, '').replace(/\?.*$/, '');
      seen.push(path);
      tokens.push(headers['authorization']);
      const answer = answerAsGithub(path, { origin, ...fake });
      return Promise.resolve({
        ok: true as const,
        response: { status: answer.status, headers: answer.headers, body: encodeUtf8(JSON.stringify(answer.body)), truncated: false },
      });
    },
  };
  const github = createGithubClient({ http, timer, log: () => undefined, userAgent: 'test' }, { server: origin, token: null, ...options });
  const nobody = { manifest: never, created: never, tags: never, read: never, blob: never, part: never, referrers: never, limit: never };
  return { resolver: createResolver({ client: nobody, github, cache: createMemoryCache(), timer, maxAgeMs: () => 60_000 }), seen, tokens };
}

function never(): never {
  throw new Error('a registry was asked');
}

describe('the commit of an action', () => {
  it.each([
    ['a moving tag, with the release it stands for', 'acme/scan@v1', commit('a'), ['v1.2.0', 'v1']],
    ['an annotated tag of an annotated tag', 'acme/scan@v1.2.0', commit('a'), ['v1.2.0']],
    ['a branch: its newest release, never its head', 'acme/scan/sub/folder@main', commit('a'), ['v1.2.0']],
    ['a commit, by the tags on it', `acme/scan@${commit('c')}`, commit('c'), ['v1.1.0']],
    ['a repository with another name now', 'acme/old-name@v1.2.0', commit('a'), ['v1.2.0']],
  ])('%s', async (_, reference, digest, versions) => {
    const { resolver } = world();
    expect(await resolver.resolve(reference)).toMatchObject({ ok: true, value: { digest, versions } });
  });

  it('says when a commit was made; nothing of one that GitHub does not show', async () => {
    const { resolver } = world();
    expect(await resolver.made('acme/scan@v1', commit('a'))).toBe('2026-01-02T03:04:05Z');
    expect(await resolver.made('acme/scan@v1', commit('b'))).toBeNull();
  });

  it('asks once for one ref, however often it is written, and lists the tags of a repository once', async () => {
    const { resolver, seen } = world();
    await resolver.resolveAll(['acme/scan@v1', 'ACME/scan@v1', 'acme/scan/sub@v1', 'acme/scan@v1.2.0']);
    await resolver.resolve('acme/scan@v1');
    expect(seen.filter(path => path.endsWith('tags/v1'))).toHaveLength(1);
    expect(seen.filter(path => path.endsWith('/tags'))).toHaveLength(1);
    expect(resolver.last('acme/scan@v1')?.digest).toBe(commit('a'));
  });

  it.each([
    ['a ref that is not there', 'acme/scan@v9', 'not-found', 'git.example.com has no acme/scan@v9'],
    [
      'a branch without a release',
      'acme/unreleased@main',
      'not-found',
      'main is a branch, and acme/unreleased has no release to take in its place',
    ],
  ])('%s', async (_, reference, kind, message) => {
    expect(await world().resolver.resolve(reference)).toEqual({ ok: false, failure: { kind, message } });
  });

  it('tells a commit of a fork from one of the repository', async () => {
    const { resolver } = world();
    const contained = async (letter: string): Promise<unknown> => {
      const outcome = await resolver.resolve(`acme/scan@${commit(letter)}`);
      return outcome.ok ? outcome.value.contained : outcome;
    };
    expect(await contained('a')).toBe(true);
    expect(await contained('b')).toBe(true);
    expect(await contained('d')).toBe(true);
    expect(await contained('f')).toBe(false);
  });
});

describe("GitHub's limits", () => {
  it.each([403, 429] as const)('says how long a %i holds, and asks no more until then', async status => {
    const { resolver, seen } = world({}, { limit: { status, reset: now / 1000 + 1800 } });
    const first = await resolver.resolve('acme/scan@v1');
    expect(first).toEqual({
      ok: false,
      failure: {
        kind: 'rate-limited',
        retryAfterSeconds: 1800,
        message: `git.example.com is not accepting any more requests for now (${status}): try again in 30 minutes; a token raises the limit (BULKHEAD_GITHUB_TOKEN)`,
      },
    });
    const asked = seen.length;
    expect(await resolver.resolve('acme/scan@v1.2.0')).toEqual(first);
    expect(seen).toHaveLength(asked);
  });

  it('does not propose a token to who has one', async () => {
    const { resolver } = world({ token: 'secret' }, { limit: { status: 403, reset: now / 1000 + 60 } });
    expect(await resolver.resolve('acme/scan@v1')).toMatchObject({ failure: { message: expect.not.stringContaining('token') as string } });
  });
});

describe('the token', () => {
  it('is sent to the server that the user named', async () => {
    const { resolver, tokens } = world({ token: 'secret' });
    await resolver.resolve('acme/old-name@v1.2.0');
    expect(new Set(tokens)).toEqual(new Set(['Bearer secret']));
  });

  it('is not sent on by a redirect', async () => {
    const { resolver, tokens } = world({ token: 'secret' }, { origin: 'https://elsewhere.example' });
    await resolver.resolve('acme/old-name@v1.2.0');
    expect(tokens.slice(0, 2)).toEqual(['Bearer secret', undefined]);
  });

  it.each(['ftp://git.example.com', 'http://git.example.com', 'git.example.com'])('goes nowhere where the server is %s', async server => {
    const { resolver, seen } = world({ server, token: 'secret' });
    expect(await resolver.resolve('acme/scan@v1')).toMatchObject({ ok: false, failure: { kind: 'invalid-reference' } });
    expect(seen).toEqual([]);
  });

  it("asks GitHub's own API at its own address", async () => {
    const client = createGithubClient(
      {
        http: {
          send: ({ url }) => Promise.resolve({ ok: false, failure: { kind: 'failed', message: url } }),
        },
        timer: { now: () => now, wait: () => Promise.resolve() },
        log: () => undefined,
        userAgent: 'test',
      },
      { server: 'https://github.com', token: null },
    );
    expect(await client.commit({ owner: 'Acme', repo: 'scan', ref: 'release/v1 x'.replace(' ', '+') }, neverCancelled)).toMatchObject({
      failure: { message: 'api.github.com: https://api.github.com/repos/acme/scan/git/ref/tags/release/v1%2Bx' },
    });
  });
});
