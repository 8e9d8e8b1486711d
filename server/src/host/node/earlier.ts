import { execFile } from 'node:child_process';
import { findOnPath } from '../../../../shared/host/node/find-program';
import type { Earlier } from '../../agents/port';
import { maxSideBytes } from '../../decisions/limits';

/** More than this of several files is not read. */
const maxBytes = 16 * maxSideBytes;
const timeoutMs = 5000;

/** Where a default branch may be: that of the forge first. */
const defaultBranches = ['remotes/origin/HEAD', 'remotes/origin/main', 'remotes/origin/master', 'heads/main', 'heads/master'].map(
  name => `refs/${name}`,
);

/**
 * Finds out from where the work in a repository is counted: where its branch has left the default one, else its last commit. `null`: that is not known, for example
 * without git, or before the first commit.
 *
 * The commands are those that read objects and refs alone: none looks at the index or the working tree, runs a hook or a filter, or converts a text. What the
 * repository configures can have git fetch a missing object from a remote, by a program of its choice: `GIT_ALLOW_PROTOCOL` forbids that to every version.
 * @param top the folder that holds `.git`
 * @param outside folders of which no program is run
 */
export async function openEarlier(top: string, outside: readonly string[], env: NodeJS.ProcessEnv = process.env): Promise<Earlier | null> {
  const { path } = findOnPath('git', env, [top, ...outside]);
  if (path === null) return null;
  const run: RunGit = (args, input = '') => runGit(path, top, args, env, input);
  try {
    const [refs, head] = await Promise.all([
      run(['for-each-ref', '--format=%(refname)', ...defaultBranches]),
      commitOf(() => run(['rev-parse', '--verify', '--quiet', 'HEAD^{commit}'])),
    ]);
    const known = refs.toString('utf8').split('\n');
    const branch = defaultBranches.find(name => known.includes(name));
    const base = branch === undefined ? null : await commitOf(() => run(['merge-base', 'HEAD', branch]));
    const commit = base ?? head;
    if (commit === null) return null;
    return {
      since: base === null || base === head ? 'HEAD' : `the merge base with ${branch!.replace(/^refs\/(?:remotes|heads)\//, '')}`,
      read: async paths => {
        const wanted = [...new Set(paths)];
        // it reads a name a line
        if (wanted.some(name => /[\n\r\0]/.test(name))) throw new Error('a name of several lines');
        const answer = await run(['cat-file', '--batch'], wanted.map(name => `${commit}:${name}\n`).join(''));
        const texts = new Map(readBatch(answer, wanted));
        // what such a clone has left on its remote is missing as well
        if ([...texts.values()].includes(null) && (await isPartial(run))) throw new Error('a partial clone');
        return texts;
      },
    };
  } catch {
    return null;
  }
}

type RunGit = (args: readonly string[], input?: string) => Promise<Buffer>;

async function isPartial(run: RunGit): Promise<boolean> {
  try {
    return (await run(['config', '--get-regexp', '^(extensions\\.partialclone|remote\\..*\\.promisor)$'])).length > 0;
  } catch {
    // there is no such setting
    return false;
  }
}

async function commitOf(run: () => Promise<Buffer>): Promise<string | null> {
  try {
    return /^[0-9a-f]{40,64}(?=\n)/.exec((await run()).toString('latin1'))?.[0] ?? null;
  } catch {
    return null;
  }
}

/** What `git cat-file --batch` says: a line about each object, followed by the bytes of those that exist. */
function* readBatch(answer: Buffer, names: readonly string[]): Generator<[string, string | null]> {
  let at = 0;
  for (const name of names) {
    const end = answer.indexOf('\n', at);
    if (end < 0) throw new Error('git says too little');
    const object = /^[0-9a-f]{40,64} (\w{1,10}) (\d{1,15})$/.exec(answer.toString('utf8', at, end));
    const size = Number(object?.[2] ?? 0);
    at = end + 1;
    yield [name, object?.[1] === 'blob' ? answer.toString('utf8', at, at + size) : null];
    if (object) at += size + 1;
  }
}

function runGit(path: string, top: string, args: readonly string[], env: NodeJS.ProcessEnv, input: string): Promise<Buffer> {
  // in a hook, git says by variables which repository and index are meant
  const plain = Object.entries(env).filter(([name]) => !/^GIT_/i.test(name));
  const set = { GIT_ALLOW_PROTOCOL: 'none', GIT_NO_LAZY_FETCH: '1', GIT_OPTIONAL_LOCKS: '0', GIT_TERMINAL_PROMPT: '0', LC_ALL: 'C' };
  return new Promise((resolve, reject) => {
    const child = execFile(
      path,
      ['--no-pager', '--no-replace-objects', '-C', top, ...args],
      {
        cwd: top,
        env: { ...Object.fromEntries(plain), ...set },
        encoding: 'buffer',
        maxBuffer: maxBytes,
        timeout: timeoutMs,
        windowsHide: true,
      },
      (error, stdout) => (error ? reject(new Error(error.message)) : resolve(stdout)),
    );
    child.stdin?.on('error', () => {});
    child.stdin?.end(input);
  });
}
