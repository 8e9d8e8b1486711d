import { execFileSync } from 'node:child_process';
import { chmodSync, existsSync, mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { openEarlier } from '../../../server/src/host/node/earlier';

let folder: string;
const identity = { GIT_AUTHOR_NAME: 'a', GIT_AUTHOR_EMAIL: 'a@example.com', GIT_COMMITTER_NAME: 'a', GIT_COMMITTER_EMAIL: 'a@example.com' };
const git = (...args: string[]): string =>
  execFileSync('git', args, {
    cwd: folder,
    env: { ...process.env, ...identity, GIT_CONFIG_GLOBAL: '/dev/null' },
    encoding: 'utf8',
    stdio: ['ignore', 'pipe', 'pipe'],
  });
const write = (path: string, text: string): void => {
  mkdirSync(dirname(join(folder, path)), { recursive: true });
  writeFileSync(join(folder, path), text);
};
const commit = (text: string): void => {
  write('Dockerfile', text);
  git('add', '-A');
  git('commit', '-q', '-m', 'x');
};
const textOf = async (env?: NodeJS.ProcessEnv): Promise<string | null | undefined> =>
  (await (await openEarlier(folder, [], env))!.read(['Dockerfile'])).get('Dockerfile');

beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'earlier-'));
  git('init', '-q', '-b', 'main');
});
afterEach(() => rmSync(folder, { recursive: true, force: true }));

describe('from where work is counted', () => {
  it('is the last commit on the default branch', async () => {
    commit('one');
    write('Dockerfile', 'changed');
    expect((await openEarlier(folder, []))?.since).toBe('HEAD');
    expect(await textOf()).toBe('one');
  });

  it('is where a branch has left the default one, however much was committed since', async () => {
    commit('one');
    git('checkout', '-q', '-b', 'work');
    commit('two');
    git('checkout', '-q', 'main');
    commit('other');
    git('checkout', '-q', 'work');
    expect((await openEarlier(folder, []))?.since).toBe('the merge base with main');
    expect(await textOf()).toBe('one');
  });

  it('is where the forge has the default branch, if it has one', async () => {
    commit('one');
    git('update-ref', 'refs/remotes/origin/main', 'HEAD');
    commit('two, not yet pushed');
    expect((await openEarlier(folder, []))?.since).toBe('the merge base with origin/main');
    expect(await textOf()).toBe('one');
  });

  it('is the last commit where branches have nothing in common', async () => {
    commit('one');
    git('checkout', '-q', '--orphan', 'work');
    commit('two');
    expect((await openEarlier(folder, []))?.since).toBe('HEAD');
    expect(await textOf()).toBe('two');
  });

  it('is told whatever variables a hook has set', async () => {
    commit('one');
    expect(await textOf({ ...process.env, GIT_DIR: '/nowhere', GIT_INDEX_FILE: '/nowhere/index' })).toBe('one');
  });
});

describe('nothing is known', () => {
  it('without a commit', async () => expect(await openEarlier(folder, [])).toBeNull());

  it('without git', async () => {
    commit('one');
    expect(await openEarlier(folder, [], { PATH: '/nowhere' })).toBeNull();
  });

  it('where the only git lies in the repository: it is not run', async () => {
    commit('one');
    write('bin/git', `#!/bin/sh\ntouch ${folder}/ran\n`);
    chmodSync(join(folder, 'bin/git'), 0o755);
    expect(await openEarlier(folder, [], { PATH: join(folder, 'bin') })).toBeNull();
    expect(existsSync(join(folder, 'ran'))).toBe(false);
  });

  it('of a name of several lines', async () => {
    commit('one');
    await expect((await openEarlier(folder, []))!.read(['a\nHEAD:Dockerfile'])).rejects.toThrow('several lines');
  });
});

it('reads files byte for byte, in the order in which they are asked for, and says which were not there', async () => {
  const odd = 'x blob 12';
  write('a/ü.yaml', 'no line break at the end');
  write(odd, 'a: 1\nb: 2\n');
  write('empty', '');
  commit('FROM a\r\n');
  const found = await (await openEarlier(folder, []))!.read(['gone', 'a/ü.yaml', 'a', odd, 'empty', 'Dockerfile', 'gone']);
  expect([...found]).toEqual([
    ['gone', null],
    ['a/ü.yaml', 'no line break at the end'],
    // a folder
    ['a', null],
    [odd, 'a: 1\nb: 2\n'],
    ['empty', ''],
    ['Dockerfile', 'FROM a\r\n'],
  ]);
});

it('runs nothing that the repository configures', async () => {
  commit('one');
  write('run', `#!/bin/sh\ntouch ${folder}/ran\nexec cat\n`);
  chmodSync(join(folder, 'run'), 0o755);
  write('.gitattributes', 'Dockerfile filter=x diff=x\n');
  const program = join(folder, 'run');
  for (const [key, value] of Object.entries({
    'core.fsmonitor': program,
    'core.pager': program,
    'core.sshCommand': program,
    'filter.x.smudge': program,
    'diff.x.textconv': program,
    'alias.cat-file': `!${program}`,
    'remote.origin.url': `ext::${program}`,
    'remote.origin.promisor': 'true',
    'protocol.ext.allow': 'always',
    'core.repositoryFormatVersion': '1',
    'extensions.partialClone': 'origin',
  }))
    git('config', key, value);
  rmSync(join(folder, 'ran'), { force: true });
  expect(await textOf()).toBe('one');
  // of the objects one is missing: git would fetch it
  const blob = git('rev-parse', 'HEAD:Dockerfile').trim();
  rmSync(join(folder, '.git/objects', blob.slice(0, 2), blob.slice(2)));
  await expect(textOf()).rejects.toThrow();
  expect(existsSync(join(folder, 'ran'))).toBe(false);
});
