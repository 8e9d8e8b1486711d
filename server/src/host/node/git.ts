import { execFile } from 'node:child_process';
import { findOnPath } from '../../../../shared/host/node/find-program';
import { maxSideBytes } from '../../decisions/limits';

/** More than this of several files is not read. */
const maxBytes = 16 * maxSideBytes;
const timeoutMs = 5000;

/** Runs git in a repository; fails where git does. */
export type RunGit = (args: readonly string[], input?: string) => Promise<Buffer>;

/**
 * The git of this machine, for commands that read objects, refs and the index alone: what the repository configures can have git run programs, or fetch a missing object
 * from a remote, which `GIT_ALLOW_PROTOCOL` forbids to every version. `null`: there is none.
 * @param top the folder that holds `.git`
 * @param outside folders of which no program is run
 */
export function openGit(top: string, outside: readonly string[], env: NodeJS.ProcessEnv): RunGit | null {
  const { path } = findOnPath('git', env, [top, ...outside]);
  return path === null ? null : (args, input = '') => runGit(path, top, args, env, input);
}

/** The commit that a command prints; `null`: it finds none. */
export async function commitOf(run: RunGit, args: readonly string[]): Promise<string | null> {
  try {
    return /^[0-9a-f]{40,64}(?=\n)/.exec((await run(args)).toString('latin1'))?.[0] ?? null;
  } catch {
    return null;
  }
}

/** The texts of files in a commit; `null`: it has none of that name. */
export async function readTexts(run: RunGit, commit: string, paths: Iterable<string>): Promise<Map<string, string | null>> {
  const wanted = [...new Set(paths)];
  // it reads a name a line
  if (wanted.some(name => /[\n\r\0]/.test(name))) throw new Error('a name of several lines');
  return new Map(readBatch(await run(['cat-file', '--batch'], wanted.map(name => `${commit}:${name}\n`).join('')), wanted));
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
