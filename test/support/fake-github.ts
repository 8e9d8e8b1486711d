/** A commit whose name is a letter, again and again. */
export const commit = (letter: string): string => letter.repeat(40);

/** What the fake answers to a request. */
export interface FakeAnswer {
  readonly status: number;
  readonly headers: Readonly<Record<string, string>>;
  readonly body: unknown;
}

const at = (sha: string, type = 'commit'): unknown => ({ object: { type, sha } });
const entry = (name: string, sha: string): unknown => ({ name, commit: { sha } });

/**
 * A small GitHub: `acme/scan` has a moving tag (v1) and releases of which one is an annotated tag of an annotated tag, and a branch `main`; `acme/old-name` was
 * renamed to it. Commit f… is in a fork alone, commit b… on the branch without a tag.
 */
const answers: Readonly<Record<string, unknown>> = {
  'repos/acme/scan/git/ref/tags/v1': at(commit('a')),
  'repos/acme/scan/git/ref/tags/v1.2.0': at(commit('1'), 'tag'),
  [`repos/acme/scan/git/tags/${commit('1')}`]: at(commit('2'), 'tag'),
  [`repos/acme/scan/git/tags/${commit('2')}`]: at(commit('a')),
  'repos/acme/scan/git/ref/heads/main': at(commit('d')),
  'repos/acme/scan/releases/latest': { tag_name: 'v1.2.0' },
  'repos/acme/scan/tags': [entry('v1.2.0', commit('a')), entry('v1.1.0', commit('c')), entry('v1', commit('a'))],
  'repos/acme/scan/branches': [entry('main', commit('d'))],
  [`repos/acme/scan/compare/main...${commit('b')}`]: { status: 'behind' },
  [`repos/acme/scan/compare/main...${commit('f')}`]: { status: 'diverged' },
  [`repos/acme/scan/commits/${commit('a')}`]: { commit: { committer: { date: '2026-01-02T03:04:05Z' } } },
  'repos/acme/unreleased/git/ref/heads/main': at(commit('d')),
};

/** How a fake behaves for all. */
export interface FakeOptions {
  /** Refuses everything: `403` and `429` as GitHub's limits do, until `reset` (seconds since 1970). */
  readonly limit?: { readonly status: 403 | 429; readonly reset: number };
  /** What the address of a redirect begins with. */
  readonly origin: string;
}

/** Answers a request by its path behind `/api/v3/`, without the query. */
export function answerAsGithub(path: string, { limit, origin }: FakeOptions): FakeAnswer {
  if (limit) {
    const headers = { 'x-ratelimit-remaining': '0', 'x-ratelimit-reset': String(limit.reset) };
    return { status: limit.status, headers, body: { message: 'API rate limit exceeded' } };
  }
  const renamed = /^repos\/acme\/old-name\/(.*)$/.exec(path);
  if (renamed) return { status: 301, headers: { location: `${origin}/api/v3/repos/acme/scan/${renamed[1]}` }, body: {} };
  const body = answers[path];
  return body === undefined ? { status: 404, headers: {}, body: { message: 'Not Found' } } : { status: 200, headers: {}, body };
}
