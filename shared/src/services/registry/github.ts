import { repositoryOf, isCommit, type ActionReference } from '../../syntax/action/reference';
import { isExact, mostExact, parseVersion } from '../../syntax/action/version';
import { upTo } from '../../base/text/ends';
import type { Cancellation } from '../../base/ports/cancellation';
import type { HttpResponse } from '../../base/ports/http-client';
import { isLoopback, originOf, parseAddress, type Address } from './address';
import { decodeUtf8 } from './bytes';
import { fail, type Outcome } from './failure';
import { followRedirects } from './redirects';
import { nextPage } from './tags';
import { exchange, hostOf, rateLimited, resetAfter, type TransportPorts } from './transport';

/** What GitHub says of an action's ref. */
export interface ActionCommit {
  /** Its whole name: 40 hexadecimal digits. */
  readonly commit: string;
  /** Tags on that commit that are versions, the one that says most first; none where the first pages of tags have none. */
  readonly versions: readonly string[];
  /** Of a ref that is a commit: whether a tag or a branch of the repository holds it, and not only a fork; `null`: that could not be found out. */
  readonly contained: boolean | null;
}

/** Asks GitHub for commits. Never rejects. */
export interface GithubClient {
  /** Host that is asked, as people know it: `github.com`. */
  readonly host: string;
  /**
   * The commit of an action's ref: of a tag what it points to, annotated ones followed; of a branch that of the newest release, never the branch's own head; of a
   * commit itself.
   */
  commit(action: Pick<ActionReference, 'owner' | 'repo' | 'ref'>, cancellation: Cancellation): Promise<Outcome<ActionCommit>>;
  /** When a commit came into the repository of an action; `null`: that is not said. */
  committed(action: Pick<ActionReference, 'owner' | 'repo'>, commit: string, cancellation: Cancellation): Promise<Outcome<string | null>>;
}

/** When a commit was made, as the answer to a request for it says (ISO 8601); `null`: it does not. */
function dateIn(body: unknown): string | null {
  const date = (body as { commit?: { committer?: { date?: unknown } | null } | null } | null)?.commit?.committer?.date;
  return typeof date === 'string' && /^\d{4}-\d\d-\d\dT[\d:]{8}Z$/.test(date) ? date : null;
}

/** Where GitHub is, and as whom it is asked. */
export interface GithubOptions {
  /** `https://github.com`, or the address of a GitHub Enterprise Server. */
  readonly server: string;
  /** Only what the user gave for this; `null`: nobody. */
  readonly token: string | null;
}

interface Tag {
  readonly name: string;
  readonly commit: string;
}

/** Tags are listed a hundred at a time, those that sort last first. */
const maxTagPages = 3;
/** Annotated tags may point to annotated tags. */
const deepestTag = 3;
/** More branches than this are not compared with a commit. */
const maxBranches = 10;
const github = 'https://github.com';

/** What GitHub answers to one request as JSON, with the page that follows; `null`: 404. */
type Answer = Outcome<{ readonly body: unknown; readonly next: string | null } | null>;

/** Puts requests to a server, unless its limit is used up. */
interface Asker {
  readonly host: string;
  readonly get: (path: string, cancellation: Cancellation) => Promise<Answer>;
}

function createAsker(ports: TransportPorts, { server, token }: GithubOptions): Asker {
  const base = server === github ? parseAddress('https://api.github.com/') : apiOf(server);
  const host = server === github ? 'github.com' : (base && hostOf(base)) || server;
  /** Until when nothing more is asked, in milliseconds since 1970. */
  let closed: { readonly until: number; readonly failure: Outcome<never> } | null = null;

  const visit =
    (cancellation: Cancellation) =>
    (address: Address): Promise<Outcome<HttpResponse>> => {
      const isOurs = base !== null && originOf(address) === originOf(base);
      const headers = {
        accept: 'application/vnd.github+json',
        'x-github-api-version': '2022-11-28',
        ...(token !== null && isOurs && { authorization: `Bearer ${token}` }),
      };
      return exchange(ports, { method: 'GET', address, headers, cancellation });
    };

  const get: Asker['get'] = async (path, cancellation) => {
    if (base === null) return fail('invalid-reference', `"${server}" is not the address of a GitHub server`);
    if (closed && ports.timer.now() < closed.until) return closed.failure;
    const start = { ...base, path: path.startsWith(base.path) ? path : base.path + path };
    const foreign = !isLoopback(base.host);
    const arrived = await followRedirects(start, visit(cancellation), next => !(foreign && isLoopback(next.host)));
    if (!arrived.ok) return arrived.failure.kind === 'rate-limited' ? close(arrived, arrived.failure.retryAfterSeconds) : arrived;
    const { response, address } = arrived.value;
    const { status, headers } = response;
    if (status === 404 || status === 422) return { ok: true, value: null };
    if (status === 403 && (headers['x-ratelimit-remaining'] === '0' || headers['retry-after'] !== undefined)) {
      const limited = rateLimited(address, 403, resetAfter(headers, ports.timer.now()));
      return close(limited, limited.failure.retryAfterSeconds);
    }
    if (status === 401) return fail('denied', `${host} refuses the token`);
    if (status === 403)
      return fail('denied', `${host} does not show ${path.split('/').slice(1, 3).join('/')}: it is private, or access is restricted`);
    if (status !== 200) return fail('invalid-answer', `${hostOf(address)} returned ${status}`);
    if (response.truncated) return fail('too-large', `${hostOf(address)} sends more than an answer may contain`);
    const body = parse(decodeUtf8(response.body));
    return body === undefined
      ? fail('invalid-answer', `${hostOf(address)} sends something that is not JSON`)
      : { ok: true, value: { body, next: nextPage(headers['link'], address) } };
  };
  const close = (outcome: ReturnType<typeof fail>, seconds = 60): ReturnType<typeof fail> => {
    const { message } = outcome.failure;
    const failure = {
      ...outcome.failure,
      message: token === null ? `${message}; a token raises the limit (BULKHEAD_GITHUB_TOKEN)` : message,
    };
    const failed = { ok: false, failure } as const;
    closed = { until: ports.timer.now() + seconds * 1000, failure: failed };
    return failed;
  };
  return { host, get };
}

/** The commit that a ref points to; `null`: there is no such ref. */
async function commitOf(
  { host, get }: Asker,
  repository: string,
  ref: string,
  cancellation: Cancellation,
): Promise<Outcome<string | null>> {
  let got = await get(`repos/${repository}/git/ref/${ref.split('/').map(encodeURIComponent).join('/')}`, cancellation);
  for (let depth = 0; depth <= deepestTag; depth++) {
    if (!got.ok) return got;
    if (got.value === null) return { ok: true, value: null };
    const object = (got.value.body as { object?: { type?: unknown; sha?: unknown } } | null)?.object;
    if (typeof object?.sha !== 'string' || !isCommit(object.sha)) break;
    if (object.type === 'commit') return { ok: true, value: object.sha.toLowerCase() };
    if (object.type !== 'tag') break;
    got = await get(`repos/${repository}/git/tags/${object.sha}`, cancellation);
  }
  return fail('invalid-answer', `${host} says nothing usable of ${repository}@${ref.replace(/^(?:tags|heads)\//, '')}`);
}

/** Whether a branch holds a commit: GitHub shows those of forks under the repository's own name. */
async function isOnBranch(
  { get }: Asker,
  repository: string,
  commit: string,
  cancellation: Cancellation,
): Promise<Outcome<boolean | null>> {
  const got = await get(`repos/${repository}/branches?per_page=100`, cancellation);
  if (!got.ok) return got;
  const branches = tagsIn(got.value?.body);
  if (branches.some(branch => branch.commit === commit)) return { ok: true, value: true };
  const known = /^(?:main|master|v\d.*|releases?\b.*)$/;
  const ordered = [...branches].sort((a, b) => Number(known.test(b.name)) - Number(known.test(a.name)));
  for (const { name } of ordered.slice(0, maxBranches)) {
    const compared = await get(`repos/${repository}/compare/${encodeURIComponent(name)}...${commit}?per_page=1`, cancellation);
    if (!compared.ok) return compared;
    const status = (compared.value?.body as { status?: unknown } | undefined)?.status;
    if (status === 'behind' || status === 'identical') return { ok: true, value: true };
  }
  return { ok: true, value: ordered.length > maxBranches || got.value?.next != null || branches.length === 0 ? null : false };
}

/** The version tags of commits; each list of tags is read once. */
function createVersions({
  get,
}: Asker): (repository: string, commit: string, cancellation: Cancellation) => Promise<Outcome<readonly string[]>> {
  const tagLists = new Map<string, Promise<Outcome<readonly Tag[]>>>();
  const readTags = async (repository: string, cancellation: Cancellation): Promise<Outcome<readonly Tag[]>> => {
    const tags: Tag[] = [];
    let path: string | null = `repos/${repository}/tags?per_page=100`;
    for (let page = 0; page < maxTagPages && path !== null; page++) {
      const got: Answer = await get(path, cancellation);
      if (!got.ok) return got;
      tags.push(...tagsIn(got.value?.body));
      path = got.value?.next ?? null;
    }
    return { ok: true, value: tags };
  };
  const tagsOf = async (repository: string, cancellation: Cancellation): Promise<Outcome<readonly Tag[]>> => {
    let list = tagLists.get(repository);
    if (!list) tagLists.set(repository, (list = readTags(repository, cancellation)));
    const outcome = await list;
    if (!outcome.ok) tagLists.delete(repository);
    return outcome;
  };
  const versionsOn = async (repository: string, commit: string, cancellation: Cancellation): Promise<Outcome<readonly string[]>> => {
    const tags = await tagsOf(repository, cancellation);
    if (!tags.ok) return tags;
    const names = tags.value.filter(tag => tag.commit === commit).map(({ name }) => name);
    const best = mostExact(names);
    return { ok: true, value: best === null ? [] : [best, ...names.filter(name => name !== best && parseVersion(name) !== null)] };
  };
  return versionsOn;
}

/** Creates a client. Lists of tags, and what GitHub said of its limits, live as long as it does. */
export function createGithubClient(ports: TransportPorts, options: GithubOptions): GithubClient {
  const asker = createAsker(ports, options);
  const { host, get } = asker;
  const versionsOn = createVersions(asker);
  const named = async (repository: string, tag: string, commit: string, cancellation: Cancellation): Promise<Outcome<ActionCommit>> => {
    const version = parseVersion(tag);
    if (version && isExact(version)) return { ok: true, value: { commit, versions: [tag], contained: null } };
    const versions = await versionsOn(repository, commit, cancellation);
    if (!versions.ok) return versions;
    return { ok: true, value: { commit, versions: versions.value.length > 0 || !version ? versions.value : [tag], contained: null } };
  };

  return {
    host,
    committed: async (action, commit, cancellation) => {
      const got = await get(`repos/${repositoryOf(action)}/commits/${commit}`, cancellation);
      return got.ok ? { ok: true, value: dateIn(got.value?.body) } : got;
    },
    commit: async (action, cancellation) => {
      const repository = repositoryOf(action);
      if (isCommit(action.ref)) {
        const commit = action.ref.toLowerCase();
        const versions = await versionsOn(repository, commit, cancellation);
        if (!versions.ok) return versions;
        if (versions.value.length > 0) return { ok: true, value: { commit, versions: versions.value, contained: true } };
        const contained = await isOnBranch(asker, repository, commit, cancellation);
        return contained.ok ? { ok: true, value: { commit, versions: [], contained: contained.value } } : contained;
      }
      const tag = await commitOf(asker, repository, `tags/${action.ref}`, cancellation);
      if (!tag.ok) return tag;
      if (tag.value !== null) return await named(repository, action.ref, tag.value, cancellation);
      const head = await commitOf(asker, repository, `heads/${action.ref}`, cancellation);
      if (!head.ok) return head;
      if (head.value === null) return fail('not-found', `${host} has no ${repository}@${action.ref}`);
      const latest = await get(`repos/${repository}/releases/latest`, cancellation);
      if (!latest.ok) return latest;
      const name = (latest.value?.body as { tag_name?: unknown } | undefined)?.tag_name;
      if (typeof name !== 'string')
        return fail('not-found', `${action.ref} is a branch, and ${repository} has no release to take in its place`);
      const release = await commitOf(asker, repository, `tags/${name}`, cancellation);
      if (!release.ok) return release;
      if (release.value === null) return fail('not-found', `${host} has no ${repository}@${name}`);
      return await named(repository, name, release.value, cancellation);
    },
  };
}

/** Base of a server's API, with its slash; `null`: no address that a token could go to. Plain HTTP is for this machine only. */
function apiOf(server: string): Address | null {
  const address = parseAddress(server);
  if (address === null || (address.scheme === 'http' && !isLoopback(address.host))) return null;
  const path = upTo(address.path, '?');
  return { ...address, path: `${path}${path.endsWith('/') ? '' : '/'}api/v3/` };
}

function parse(text: string | null): unknown {
  try {
    return JSON.parse(text ?? '') as unknown;
  } catch {
    return undefined;
  }
}

/** The entries of a page of tags or branches: both have a name and a commit. */
function tagsIn(body: unknown): readonly Tag[] {
  if (!Array.isArray(body)) return [];
  return body.flatMap((item: unknown): Tag[] => {
    const { name, commit } = (item ?? {}) as { name?: unknown; commit?: { sha?: unknown } | null };
    const sha = commit?.sha;
    return typeof name === 'string' && typeof sha === 'string' && isCommit(sha) ? [{ name, commit: sha.toLowerCase() }] : [];
  });
}
