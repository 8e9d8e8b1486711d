import { execFileSync, spawnSync } from 'node:child_process';
import {
  chmodSync,
  linkSync,
  lstatSync,
  mkdirSync,
  readdirSync,
  readlinkSync,
  rmSync,
  statSync,
  symlinkSync,
  writeFileSync,
} from 'node:fs';
import { createServer, type Server } from 'node:net';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { addDockerfile, bulkhead, canDropRights, cli, folder, isRoot, privilegedPod, today, type Ran } from './cli';

/** What a cloned or unpacked project may hold beside text. Each run has an end: a reader that waits would be killed, and fail. */

const isPosix = process.platform !== 'win32';
const posix = test.runIf(isPosix);
if (!isPosix) console.warn('skipped: pipes, devices, sockets and links of a POSIX file system');

interface Told {
  readonly code: number | null;
  readonly stderr: string;
  /** What is said of files that were not read, by path. */
  readonly unread: Record<string, string>;
  readonly checked: string[];
}

/** Runs lint and gives what it says; a run that takes longer than 90 seconds of the clock has no code. */
function lint(cwd: string, ...args: string[]): Told {
  const { code, stdout, stderr } = run(['lint', '--format', 'json', ...today, ...args], cwd);
  const report = JSON.parse(stdout) as { files: { path: string; findings: { rule: string; message: string }[] }[] };
  const unread: Record<string, string> = {};
  for (const { path, findings } of report.files)
    for (const { rule, message } of findings) if (rule === 'bulkhead/incomplete') unread[path] = message;
  return { code, stderr, unread, checked: report.files.map(file => file.path).filter(path => !(path in unread)) };
}

function run(args: string[], cwd: string): Ran {
  return bulkhead(args, { cwd, timeout: 90_000, env: { NODE_OPTIONS: '--max-old-space-size=256' } });
}

function pipe(path: string): void {
  execFileSync('sh', ['-c', 'mkfifo "$0"', path]);
}

const notRegular = 'File is not checked: it is not a regular file';
const outside = 'File is not checked: it is a link that points outside the folder';

describe('what is no file', () => {
  let server: Server | undefined;
  afterAll(() => server?.close());

  posix('pipes, devices and sockets are said not to be read, by name and in a walk', async () => {
    const { path: cwd } = folder({ 'a.yaml': privilegedPod, 'Dockerfile.dir/x.txt': '' });
    pipe(join(cwd, 'Dockerfile'));
    symlinkSync('/dev/zero', join(cwd, 'zero.yaml'));
    symlinkSync('Dockerfile', join(cwd, 'Dockerfile.link'));
    server = createServer().listen(join(cwd, 'socket.yaml'));
    await new Promise(resolve => server?.once('listening', resolve));
    const expected = {
      Dockerfile: notRegular,
      'Dockerfile.link': notRegular,
      'socket.yaml': notRegular,
      'zero.yaml': outside,
    };
    expect(lint(cwd)).toMatchObject({ code: 1, unread: expected, checked: ['a.yaml'] });
    expect(lint(cwd, '--follow-links').unread).toEqual({ ...expected, 'zero.yaml': notRegular });
    expect(lint(cwd, 'Dockerfile', 'zero.yaml', 'socket.yaml', 'Dockerfile.link', 'a.yaml').unread).toEqual(expected);
    for (const command of [['harden', '--write'], ['pin']]) {
      const { code, stderr } = run([...command, 'Dockerfile'], cwd);
      expect({ code, stderr }).toEqual({ code: 2, stderr: 'bulkhead: Dockerfile: is not a regular file\n' });
    }
  });

  posix('what a shell opens is read: <(...) and standard input', () => {
    const { path: cwd } = folder({ 'a.yaml': privilegedPod });
    const ran = spawnSync('bash', ['-c', 'exec "$0" "$1" lint <(cat a.yaml) 3<&0', process.execPath, cli], { cwd, encoding: 'utf8' });
    expect(ran.stdout).toContain('[kubernetes/privileged]');
    expect(bulkhead(['lint', '/dev/stdin'], { cwd, input: privilegedPod }).stdout).toContain('[kubernetes/privileged]');
  });

  posix.each([
    ['a pipe', (path: string) => pipe(path), notRegular],
    ['a link to a device', (path: string) => symlinkSync('/dev/zero', path), outside],
    ['a broken link', (path: string) => symlinkSync('gone', path), 'File is not checked: it is a broken symbolic link'],
    ['a folder', (path: string) => mkdirSync(path), 'File is not checked: it is a directory'],
  ])('%s in the place of the configuration or the ignore file of a build', (_what, make, message) => {
    const { path: cwd } = folder({ '.git/HEAD': '', 'sub/a.yaml': privilegedPod, Dockerfile: 'FROM scratch\nCOPY . /\n' });
    make(join(cwd, '.dockerignore'));
    expect(lint(cwd)).toMatchObject({ code: 1, unread: { '.dockerignore': message } });
    make(join(cwd, 'sub/.bulkhead.yaml'));
    // what is excluded cannot be told, as with a configuration that is wrong
    expect(lint(cwd)).toMatchObject({ code: 2, unread: { '.dockerignore': message, 'sub/.bulkhead.yaml': message } });
  });

  posix.each(['.gitignore', '.git/info/exclude', '.git/index', '.git'])('%s that is a pipe or a device holds nothing up', name => {
    const { path: cwd } = folder({
      'a.yaml': privilegedPod,
      '.git/HEAD': '',
      '.git/info/x': '',
      'sub/.gitignore': 'b.yaml\n',
      'sub/b.yaml': '',
    });
    rmSync(join(cwd, name), { recursive: true, force: true });
    pipe(join(cwd, name));
    expect(lint(cwd)).toMatchObject({ code: 1, unread: {}, checked: ['a.yaml'] });
    rmSync(join(cwd, name));
    symlinkSync('/dev/zero', join(cwd, name));
    expect(lint(cwd)).toMatchObject({ code: 1, unread: {}, checked: ['a.yaml'] });
  });

  posix('a file of /proc, which says that it is empty, and one that has nothing to read', () => {
    const { path: cwd } = folder({});
    symlinkSync('/proc/self/environ', join(cwd, 'Dockerfile'));
    expect(lint(cwd).unread).toEqual({ Dockerfile: outside });
    expect(run(['lint', '--follow-links'], cwd).code).not.toBeNull();
  });
});

describe('links', () => {
  const secret = 'FROM node:20\nRUN echo top-secret-line\nADD a b\n';

  posix('text of files outside is not printed, whatever they are taken for, and nothing is written to them', () => {
    const { path: other, read, write } = folder({ Dockerfile: secret });
    write('config.yaml', 'top-secret-line: [\n');
    const { path: cwd } = folder({ '.git/config': secret, 'sub/a.yaml': privilegedPod });
    symlinkSync(join(other, 'Dockerfile'), join(cwd, 'Dockerfile.x'));
    symlinkSync('../'.repeat(20) + join(other, 'Dockerfile').slice(1), join(cwd, 'Dockerfile.y'));
    symlinkSync('.git/config', join(cwd, 'Dockerfile.git'));
    symlinkSync(other, join(cwd, 'folder'));
    symlinkSync(join(other, 'config.yaml'), join(cwd, 'sub/.bulkhead.yaml'));
    const paths = ['.', 'Dockerfile.x', 'Dockerfile.y', 'Dockerfile.git', 'folder', 'folder/Dockerfile', 'sub/.bulkhead.yaml'];
    for (const format of ['text', 'concise', 'json', 'sarif', 'github', 'gitlab', 'junit', 'rdjson', 'markdown']) {
      const { stdout, stderr, code } = run(['lint', '--profile', 'strict', '--format', format, ...paths], cwd);
      expect(code).toBe(2);
      expect(stdout + stderr).not.toContain('top-secret');
    }
    for (const args of [
      ['lint', '--fix'],
      ['harden', '--write'],
      ['harden', '--write', '--follow-links'],
      ['lint', '--fix', '--follow-links'],
    ])
      expect(run([...args, ...paths], cwd).code).toBe(2);
    expect(read('Dockerfile')).toBe(secret);
    expect(lint(cwd, 'Dockerfile.x')).toMatchObject({
      unread: { 'Dockerfile.x': outside },
      stderr: 'bulkhead: use --follow-links to read links that point outside the directory\n',
    });
    expect(lint(cwd, '--follow-links', 'Dockerfile.x')).toMatchObject({ unread: {}, checked: ['Dockerfile.x'] });
  });

  posix('inside the folder they are followed, and written through', () => {
    const { path: cwd, read } = folder({ 'real/Dockerfile': addDockerfile, '.git/HEAD': '' });
    symlinkSync(join(cwd, 'real'), join(cwd, 'absolute'));
    symlinkSync('absolute/../real/Dockerfile', join(cwd, 'Dockerfile'));
    expect(lint(cwd)).toMatchObject({ unread: {}, checked: ['real/Dockerfile'] });
    expect(run(['harden', '--write', '--safe-only', 'Dockerfile'], cwd).code).toBe(0);
    expect(read('real/Dockerfile')).toBe(addDockerfile.replace('ADD', 'COPY'));
    expect(readlinkSync(join(cwd, 'Dockerfile'))).toBe('absolute/../real/Dockerfile');
  });
});

describe('folders', () => {
  test('with very many entries, and very deep ones', () => {
    const { path: cwd } = folder({ 'a.yaml': privilegedPod });
    mkdirSync(join(cwd, 'many'));
    for (let i = 0; i < 10_000; i++) writeFileSync(join(cwd, 'many', `${i}.txt`), '');
    mkdirSync(join(cwd, ...Array<string>(1500).fill('d')), { recursive: true });
    writeFileSync(join(cwd, ...Array<string>(1500).fill('d'), 'b.yaml'), privilegedPod);
    expect(lint(cwd)).toMatchObject({ code: 1, unread: {}, checked: ['a.yaml', `${'d/'.repeat(1500)}b.yaml`] });
  });

  posix('names with control characters, and names that are not UTF-8: said, and the rest goes on', () => {
    const { path: cwd } = folder({ 'a.yaml': privilegedPod, 'x\n::error::y\u001b[31m\r.yaml': privilegedPod });
    const latin = Buffer.concat([Buffer.from(`${cwd}/caf`), Buffer.from([0xe9])]);
    try {
      writeFileSync(Buffer.concat([latin, Buffer.from('.yaml')]), privilegedPod);
      mkdirSync(latin);
    } catch {
      console.warn('skipped: names that are not UTF-8, which this file system does not take');
      return;
    }
    writeFileSync(join(cwd, 'real\ufffd.yaml'), privilegedPod);
    const message = 'File is not checked: it has a name that is not valid UTF-8';
    expect(lint(cwd)).toMatchObject({
      code: 1,
      unread: { 'caf\ufffd': message, 'caf\ufffd.yaml': message },
      checked: ['a.yaml', 'real\ufffd.yaml', 'x\n::error::y\u001b[31m\r.yaml'],
    });
    for (const format of ['text', 'concise', 'github', 'junit', 'markdown']) {
      const { stdout } = run(['lint', '--format', format], cwd);
      // eslint-disable-next-line no-control-regex
      expect(stdout).not.toMatch(/[\u001b\r]|^::error::y/m);
    }
    const { stdout } = run(['harden', '--format', 'text'], cwd);
    // eslint-disable-next-line no-control-regex
    expect(stdout).not.toMatch(/[\u001b\r]|^::error::y/m);
  });
});

test('a diff keeps the bytes of the file, but sends none to a terminal that would steer it', () => {
  const text = `# \u001b[2J\t\u202e\n${addDockerfile}`;
  const { path: cwd } = folder({ Dockerfile: text });
  const args = ['harden', '--safe-only', ...today];
  expect(run(args, cwd).stdout).toContain('# \u001b[2J\t\u202e\n');
  // what colours are made of is all that steers
  const { stdout } = bulkhead(args, { cwd, env: { FORCE_COLOR: '1' } });
  // eslint-disable-next-line no-control-regex
  expect(stdout.replace(/\u001b\[[0-9;]*m/g, '')).toContain('# \ufffd[2J\t\ufffd\n');
});

describe('ignore files and what git tracks', () => {
  const git = (cwd: string, ...args: string[]): string =>
    execFileSync('git', ['-c', 'user.name=a', '-c', 'user.email=a@example.com', '-c', 'protocol.file.allow=always', ...args], {
      cwd,
      encoding: 'utf8',
      stdio: ['ignore', 'pipe', 'pipe'],
      env: { ...process.env, GIT_CONFIG_GLOBAL: '/dev/null', GIT_CONFIG_SYSTEM: '/dev/null' },
    });
  let hasGit = false;
  beforeAll(() => {
    hasGit = spawnSync('git', ['--version']).status === 0;
    if (!hasGit) console.warn('skipped: what git tracks, since there is no git');
  });

  const files = {
    'a/pod.yaml': privilegedPod,
    'a/deep/er/pod.yaml': privilegedPod,
    'a/other.yaml': privilegedPod,
    'a/untracked/x.yaml': privilegedPod,
    'b.gen.yaml': privilegedPod,
    'c.gen.yaml': privilegedPod,
  };
  const tracked = ['a/deep/er/pod.yaml', 'a/pod.yaml', 'b.gen.yaml'];

  test.each(['2', '3', '4', 'split'])('an index of version %s', version => {
    if (!hasGit) return;
    const { path: cwd, write } = folder(files);
    git(cwd, 'init', '-q');
    git(cwd, 'add', ...tracked);
    if (version === '3') git(cwd, 'add', '-N', 'a/other.yaml');
    if (version === '4') git(cwd, 'update-index', '--index-version', '4');
    if (version === 'split') git(cwd, 'update-index', '--split-index');
    write('.gitignore', 'a/\n*.gen.yaml\n');
    const expected = version === '3' ? ['a/deep/er/pod.yaml', 'a/other.yaml', 'a/pod.yaml', 'b.gen.yaml'] : tracked;
    expect(lint(cwd)).toMatchObject({ code: 1, checked: expected, stderr: '' });
    expect(lint(join(cwd, 'a'))).toMatchObject({ checked: ['deep/er/pod.yaml', 'other.yaml', 'pod.yaml', 'untracked/x.yaml'] });
  });

  test('in a linked worktree and in a submodule', () => {
    if (!hasGit) return;
    const { path: main, write } = folder(files);
    git(main, 'init', '-q');
    git(main, 'add', ...tracked);
    git(main, 'commit', '-qm', 'a');
    const { path: tree } = folder();
    git(main, 'worktree', 'add', '-q', join(tree, 'work'));
    writeFileSync(join(tree, 'work/.gitignore'), 'a/\n*.gen.yaml\n');
    expect(lint(join(tree, 'work'))).toMatchObject({ checked: tracked, stderr: '' });
    const { path: above } = folder();
    git(above, 'init', '-q');
    git(above, 'submodule', '--quiet', 'add', main, 'vendor');
    writeFileSync(join(above, '.gitignore'), 'vendor/\n*.gen.yaml\n');
    writeFileSync(join(above, 'vendor/d.gen.yaml'), privilegedPod);
    expect(lint(above)).toMatchObject({ checked: tracked.map(path => `vendor/${path}`), stderr: '' });
    write('.gitignore', '');
  });

  test.each([
    ['damaged', Buffer.concat([Buffer.from('DIRC\0\0\0\u0002\0\0\u0001\0'), Buffer.alloc(200, 0x41)])],
    ['cut off', Buffer.from('DIRC')],
    ['of no version that there is', Buffer.concat([Buffer.from('DIRC\0\0\0\u0009\0\0\0\0'), Buffer.alloc(20)])],
  ])('an index that is %s is said once, and .gitignore holds', (_what, index) => {
    const { path: cwd } = folder({
      '.git/index': index,
      '.gitignore': 'a/\nb.yaml\n',
      'a/x.yaml': '',
      'b.yaml': '',
      'c.yaml': privilegedPod,
    });
    expect(lint(cwd)).toMatchObject({
      code: 1,
      checked: ['c.yaml'],
      stderr: 'bulkhead: .git/index is damaged; what .gitignore names is left out, tracked or not\n',
    });
  });

  test('patterns that a backtracking matcher would never be done with, and very many of them', () => {
    const nested = 'a/'.repeat(80);
    const { path: cwd } = folder({
      '.git/HEAD': '',
      '.gitignore': `${'**/a/'.repeat(12)}zz\n${'*a'.repeat(40)}*c\nhidden.yaml\n`,
      [`${nested}b.yaml`]: privilegedPod,
      [`${'a'.repeat(200)}.yaml`]: privilegedPod,
      'hidden.yaml': privilegedPod,
      'many/.gitignore': Array.from({ length: 60_000 }, (_, i) => `x*y*${i}z\n`).join(''),
      ...Object.fromEntries(Array.from({ length: 50 }, (_, i) => [`many/xyxyxyxyxyxyxyxy${i}.yaml`, ''])),
    });
    expect(lint(cwd)).toMatchObject({
      code: 1,
      checked: [`${nested}b.yaml`, `${'a'.repeat(200)}.yaml`],
      stderr: 'bulkhead: . has so many ignore patterns that they no longer count\n',
    });
  });
});

describe('writing', () => {
  test('a file that is read-only stays, for root too; so does one with other names; what was not written is not said to be', () => {
    const { path: cwd, read } = folder({ 'a/Dockerfile': addDockerfile, 'b/Dockerfile': addDockerfile, 'c/Dockerfile': addDockerfile });
    chmodSync(join(cwd, 'a/Dockerfile'), 0o444);
    linkSync(join(cwd, 'b/Dockerfile'), join(cwd, 'other'));
    const { code, stdout, stderr } = run(['harden', '--write', '--safe-only', ...today], cwd);
    expect({ code, stdout }).toEqual({ code: 2, stdout: 'c/Dockerfile: hardened, 1 finding fixed\n' });
    expect(stderr.match(/^.*(?:fixed|not written).*$/gm)).toEqual([
      'c/Dockerfile: 1 finding fixed',
      expect.stringMatching(/^1 file changed: 1 finding fixed, \d+ left for you to resolve$/),
      'bulkhead: a/Dockerfile: not written: is read-only',
      'bulkhead: b/Dockerfile: not written: has 2 names (hard links), and a change would break the links',
    ]);
    expect(['a/Dockerfile', 'b/Dockerfile', 'other'].map(read)).toEqual([addDockerfile, addDockerfile, addDockerfile]);
    expect(lstatSync(join(cwd, 'other')).ino).toBe(lstatSync(join(cwd, 'b/Dockerfile')).ino);
    for (const name of ['a', 'b', 'c']) expect(readdirSync(join(cwd, name))).toEqual(['Dockerfile']);
  });

  test.runIf(canDropRights && isRoot)('a file of somebody else that we may write keeps its owner', () => {
    const { path: cwd, read } = folder({ Dockerfile: addDockerfile });
    chmodSync(join(cwd, 'Dockerfile'), 0o666);
    const { ino } = statSync(join(cwd, 'Dockerfile'));
    expect(bulkhead(['harden', '--write', '--safe-only'], { cwd, unprivileged: true }).code).toBe(0);
    expect(read('Dockerfile')).toBe(addDockerfile.replace('ADD', 'COPY'));
    expect(statSync(join(cwd, 'Dockerfile'))).toMatchObject({ uid: 0, ino });
  });

  posix('init writes through no link', () => {
    const { path: other } = folder();
    const { path: cwd } = folder();
    symlinkSync(join(other, 'x'), join(cwd, '.bulkhead.yaml'));
    expect(run(['init'], cwd).code).toBe(2);
    writeFileSync(join(cwd, 'Dockerfile'), 'FROM scratch\n');
    symlinkSync(other, join(cwd, '.github'));
    expect(run(['init', 'pipeline'], cwd).code).toBe(2);
    expect(readdirSync(other)).toEqual([]);
  });
});
