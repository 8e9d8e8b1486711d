import { execFileSync } from 'node:child_process';
import { renameSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import { bulkhead, type Folder, folder, privilegedPod, today } from './cli';

/** `lint --changed-since`: what a change touches or brings, and nothing that was there before. */

const dockerfile = 'FROM debian:12.5\nRUN sudo make\nUSER 1000\n';

function git(cwd: string, ...args: readonly string[]): string {
  const who = ['-c', 'user.name=a', '-c', 'user.email=a@example.com', '-c', 'commit.gpgsign=false', '-c', 'protocol.file.allow=always'];
  return execFileSync('git', [...who, ...args], { cwd, encoding: 'utf8', stdio: ['ignore', 'pipe', 'pipe'] });
}

interface Project extends Folder {
  readonly commit: () => void;
  /** The findings, one a line, and what was said beside them. */
  readonly lint: (...args: readonly string[]) => {
    readonly code: number | null;
    readonly lines: readonly string[];
    readonly stderr: string;
  };
}

function project(files: Readonly<Record<string, string>>): Project {
  const made = folder(files);
  git(made.path, 'init', '-q', '-b', 'main');
  const commit = (): void => {
    git(made.path, 'add', '-A');
    git(made.path, 'commit', '-q', '-m', 'x');
  };
  return {
    ...made,
    commit,
    lint: (...args) => {
      const { code, stdout, stderr } = bulkhead(['lint', '--format', 'concise', '--changed-since', ...args, ...today], { cwd: made.path });
      return { code, stderr, lines: stdout.split('\n').filter(line => line.includes('[')) };
    },
  };
}

const rulesOf = (lines: readonly string[]): readonly string[] => lines.map(line => /\[(.*)\]$/.exec(line)![1]!);

describe('lint --changed-since', () => {
  test('says nothing where nothing has changed, and how much that is', () => {
    const { commit, lint } = project({ Dockerfile: dockerfile, 'pod.yaml': privilegedPod });
    commit();
    const { code, lines, stderr } = lint('HEAD');
    expect([code, lines]).toEqual([0, []]);
    expect(stderr).toMatch(/^bulkhead: not shown: \d+ findings that the change did not introduce\n$/);
  });

  test.each<[string, string, readonly string[]]>([
    ['a finding on a changed line', dockerfile.replace('sudo make', 'sudo make all'), ['Dockerfile:2 dockerfile/sudo']],
    ['a new line beside an old finding', `${dockerfile}RUN sudo make\n`, ['Dockerfile:4 dockerfile/sudo']],
    ['the same finding again, once', dockerfile.replace('RUN', 'RUN sudo make\nRUN'), ['Dockerfile:3 dockerfile/sudo']],
    ['lines that moved', `# moved\n\n${dockerfile}`, []],
    ['other line breaks', dockerfile.replaceAll('\n', '\r\n'), []],
    ['what was taken away', dockerfile.replace('USER 1000\n', ''), ['Dockerfile:1 dockerfile/root-user']],
  ])('%s', (_name, text, expected) => {
    const { commit, lint, write } = project({ Dockerfile: dockerfile });
    commit();
    write('Dockerfile', text);
    const found = lint('HEAD').lines.map(line => line.replace(/^(\S+?:\d+):.*\[(.*)\]$/, '$1 $2'));
    expect(found).toEqual(expected);
  });

  test('what is missing counts where the object is new, not where its line was edited', () => {
    const { commit, lint, write } = project({ 'pod.yaml': privilegedPod });
    commit();
    write('pod.yaml', privilegedPod.replace('- name: app', '- name: app # the shop'));
    expect(rulesOf(lint('HEAD').lines)).toEqual([]);
    write('pod.yaml', `${privilegedPod}---\n${privilegedPod.replace('name: web', 'name: other')}`);
    const added = lint('HEAD').lines;
    expect(rulesOf(added)).toContain('kubernetes/missing-memory-limit');
    expect(added.filter(line => Number(line.split(':')[1]) <= 11)).toEqual([]);
  });

  test('what points to a changed line of another file is reported where it stands', () => {
    const env = '    - name: app\n      env: [{ name: A, valueFrom: { configMapKeyRef: { name: shop, key: a } } }]';
    const map = '{ apiVersion: v1, kind: ConfigMap, metadata: { name: shop }, data: { a: x, b: x } }\n';
    const { commit, lint, write } = project({ 'pod.yaml': privilegedPod.replace('    - name: app', env), 'map.yaml': map });
    commit();
    write('map.yaml', map.replace('a: x, ', ''));
    expect(lint('HEAD', '--profile', 'strict').lines.filter(line => line.startsWith('pod.yaml'))).toEqual([
      expect.stringMatching(/^pod\.yaml:8:\d+: info: ConfigMap "shop" has no key "a" \[kubernetes\/missing-reference\]$/),
    ]);
  });

  test('a file that is not tracked is new as a whole; a renamed one is not', () => {
    const { commit, lint, path, write } = project({ Dockerfile: dockerfile });
    commit();
    write('b.Dockerfile', dockerfile);
    expect(rulesOf(lint('HEAD').lines)).toContain('dockerfile/sudo');
    renameSync(join(path, 'Dockerfile'), join(path, 'b.Dockerfile'));
    git(path, 'add', '-A');
    expect(lint('HEAD').lines).toEqual([]);
    commit();
    write('b.Dockerfile', `${dockerfile}RUN sudo ls\n`);
    expect(lint('HEAD~1').lines).toEqual([expect.stringMatching(/^b\.Dockerfile:4:.*dockerfile\/sudo\]$/)]);
  });

  test('counts from where the branch has left the other one', () => {
    const { commit, lint, path, write } = project({ Dockerfile: dockerfile });
    commit();
    git(path, 'checkout', '-q', '-b', 'work');
    write('web.Dockerfile', dockerfile);
    commit();
    git(path, 'checkout', '-q', 'main');
    write('Dockerfile', 'FROM scratch\n');
    commit();
    git(path, 'checkout', '-q', 'work');
    const { lines } = lint('main');
    expect(lines.length).toBeGreaterThan(0);
    expect(lines.filter(line => !line.startsWith('web.Dockerfile'))).toEqual([]);
  });

  test('before the first commit everything is new; pre-commit compares with HEAD, or what it was given', () => {
    const { commit, lint, write } = project({ Dockerfile: dockerfile });
    expect(rulesOf(lint('pre-commit').lines)).toContain('dockerfile/sudo');
    commit();
    expect(lint('pre-commit').lines).toEqual([]);
    write('Dockerfile', `${dockerfile}RUN sudo ls\n`);
    commit();
    expect(lint('pre-commit').lines).toEqual([]);
  });

  test.each<[string, readonly string[], RegExp]>([
    ['a commit that is not here', ['nowhere'], /^bulkhead: --changed-since nowhere: no commit of this name is here\n$/],
    ['what looks like an option', ['--changed-since=-x'], /must be a commit, a branch or a tag, not "-x"/],
  ])('%s', (_name, args, message) => {
    const { commit, lint } = project({ Dockerfile: dockerfile });
    commit();
    const { code, stderr } = lint(...(args[0]!.startsWith('-') ? ['HEAD', ...args] : args));
    expect(code).toBe(2);
    expect(stderr).toMatch(message);
  });

  test('a shallow clone that ends too early says what to fetch; a folder without a repository has nothing to compare', () => {
    const { commit, path, write } = project({ Dockerfile: dockerfile });
    commit();
    git(path, 'branch', 'old');
    write('Dockerfile', `${dockerfile}RUN sudo ls\n`);
    commit();
    const clone = folder();
    git(clone.path, 'clone', '-q', '--depth', '1', '--no-single-branch', `file://${path}`, 'c');
    const run = (cwd: string, ref: string) => bulkhead(['lint', '--changed-since', ref, ...today], { cwd });
    expect(run(join(clone.path, 'c'), 'origin/old')).toMatchObject({
      code: 2,
      stderr: expect.stringContaining('this clone is shallow: fetch more of it first (git fetch --unshallow, or fetch-depth: 0)') as string,
    });
    const bare = folder({ Dockerfile: dockerfile });
    expect(run(bare.path, 'HEAD')).toMatchObject({
      code: 2,
      stderr: expect.stringContaining('Dockerfile is not in a repository') as string,
    });
  });

  test('runs nothing that the repository configures', () => {
    const { commit, lint, path, write } = project({ Dockerfile: dockerfile, '.gitattributes': '* diff=evil filter=evil\n' });
    commit();
    const mark = join(path, 'ran');
    for (const key of ['core.fsmonitor', 'diff.external', 'diff.evil.command', 'diff.evil.textconv', 'filter.evil.clean'])
      git(path, 'config', key, `touch ${mark}; true`);
    write('Dockerfile', `${dockerfile}RUN sudo ls\n`);
    expect(lint('HEAD').lines).toHaveLength(1);
    expect(() => execFileSync('test', ['-e', mark])).toThrow();
  });
});
