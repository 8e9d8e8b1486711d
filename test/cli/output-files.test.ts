import { execFileSync, spawnSync } from 'node:child_process';
import { generateKeyPairSync } from 'node:crypto';
import { existsSync, linkSync, mkdirSync, readdirSync, readFileSync, symlinkSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import { addDockerfile, bulkhead, cli, finePod, folder, privilegedPod, today, type Folder, type Ran } from './cli';

/** Where files are written that a person names, and what a repository may have put in their place. The ways in detail: test/unit/host/output-file.test.ts. */

const isPosix = process.platform !== 'win32';
if (!isPosix) console.warn('skipped: links and pipes of a POSIX file system');

const key = generateKeyPairSync('ec', { namedCurve: 'P-256' }).publicKey.export({ type: 'spki', format: 'pem' }).toString();
const report = JSON.stringify({ SchemaVersion: 2, ArtifactName: 'x', Results: [] });

/** Every way to have a file written, given its name. */
const writers: readonly (readonly [string, (file: string) => readonly string[]])[] = [
  ['lint --format F=FILE', file => ['lint', '--format', `sarif=${file}`]],
  ['lint --output-file', file => ['lint', '--output-file', file]],
  ['lint --summary', file => ['lint', '--summary', file]],
  ['scan --format F=FILE', file => ['scan', '--input', 'scan/report.json', '--format', `json=${file}`]],
  ['report --output-file', file => ['report', '--output-file', file]],
  ['baseline --output-file', file => ['baseline', '--output-file', file]],
  ['init image-policy', file => ['init', 'image-policy', 'ghcr.io/acme', '--key', 'scan/key.pem', '--output-file', file]],
  ['init network-policy', file => ['init', 'network-policy', '--output-file', file]],
];

function run(cwd: string, args: readonly string[], env: Record<string, string> = {}): Ran {
  // a run that waits for the other end of a pipe has no code
  return bulkhead(args[0] === 'init' || args[0] === 'scan' ? args : [...args, ...today], { cwd, timeout: 90_000, env });
}

function project(more: Record<string, string> = {}): {
  readonly checked: Folder;
  readonly home: Folder;
  readonly kept: () => readonly string[];
} {
  const home = folder({ precious: 'mine' });
  const checked = folder({ '.git/HEAD': '', 'bad.yaml': privilegedPod, 'scan/report.json': report, 'scan/key.pem': key, ...more });
  return { checked, home, kept: () => [...readdirSync(home.path), home.read('precious')] };
}

describe.runIf(isPosix).each(writers)('%s', (_name, argumentsFor) => {
  test('does not leave the folder, nor write over what has another name or is no file', () => {
    const { checked, home, kept } = project();
    const at = (name: string): string => join(checked.path, name);
    symlinkSync(home.path, at('linked'));
    symlinkSync(join(home.path, 'new'), at('dangling'));
    linkSync(join(home.path, 'precious'), at('hard'));
    execFileSync('sh', ['-c', 'mkfifo "$0"', at('pipe')]);
    const before = kept();
    for (const file of ['linked/precious', 'linked/new', 'dangling', 'hard', 'pipe', join(checked.path, 'linked/new')]) {
      const { code, stderr } = run(checked.path, argumentsFor(file));
      expect({ file, code }).toEqual({ file, code: 2 });
      expect(stderr).toContain(file);
    }
    expect(kept()).toEqual(before);
  });
  test('writes where it may: into the folder, behind a link that stays in it, and elsewhere by a name of its own', () => {
    const { checked, home } = project({ 'build/x': '' });
    symlinkSync('build', join(checked.path, 'out'));
    for (const file of ['a.out', 'out/b.out', join(home.path, 'c.out')]) {
      const { code, stderr } = run(checked.path, argumentsFor(file));
      expect({ file, code, refused: stderr.includes('not written') }).toEqual({ file, code: code === 1 ? 1 : 0, refused: false });
    }
    expect([
      existsSync(join(checked.path, 'a.out')),
      existsSync(join(checked.path, 'build/b.out')),
      existsSync(join(home.path, 'c.out')),
    ]).toEqual([true, true, true]);
  });
});

describe.runIf(isPosix)('which folders may be anybody’s', () => {
  test.each([
    ['the repository of the working directory', '.', [], { '.git/HEAD': '' }],
    ['the working directory, outside of a repository', '.', [], {}],
    ['a repository that a path names', '..', ['PROJECT'], { '.git/HEAD': '' }],
    ['a folder that a path names', '..', ['PROJECT'], {}],
    ['the folder of a file', '..', ['PROJECT/bad.yaml'], {}],
    ['the folder of a glob', '..', ['PROJECT/*.yaml'], {}],
  ])('%s', (_what, from, paths, files) => {
    const { path } = folder({ 'bad.yaml': privilegedPod, ...files });
    const home = folder({});
    symlinkSync(home.path, join(path, 'out'));
    const own = paths.map(one => one.replace('PROJECT', path));
    const ran = run(join(path, from), ['lint', ...own, '--format', `json=${join(path, 'out/new')}`]);
    expect(ran).toMatchObject({
      code: 2,
      stderr: `bulkhead: ${join(path, 'out/new')}: not written: a link in front of it leads out of the folder\n`,
    });
    expect(readdirSync(home.path)).toEqual([]);
  });
});

describe.runIf(isPosix)('files that are checked, and streams', () => {
  test('a checked file is not written over, by whatever name', () => {
    const { checked } = project({ 'deploy/a.yaml': finePod });
    symlinkSync('deploy', join(checked.path, 'd'));
    for (const file of ['deploy/a.yaml', 'd/a.yaml'])
      expect(run(checked.path, ['lint', '--output-file', file])).toMatchObject({
        code: 2,
        stdout: '',
        stderr: expect.stringContaining(`cannot be written to ${join(checked.path, file)}, which is one of the files to check`) as string,
      });
    expect(run(checked.path, ['lint', '--format', 'json=d/new', '--format', 'sarif=deploy/new']).stderr).toContain(
      'two reports cannot go to the same file',
    );
    expect(checked.read('deploy/a.yaml')).toBe(finePod);
  });
  test('standard output, what a shell opens, and the summary of a job', () => {
    const { checked, home } = project();
    const plain = run(checked.path, ['lint', '--format', 'json']);
    for (const name of ['/dev/stdout', '/dev/fd/1'])
      expect(run(checked.path, ['lint', '--format', `json=${name}`]).stdout.replace(/"durationMs":.*/, '')).toBe(
        plain.stdout.replace(/"durationMs":.*/, ''),
      );
    const script = '"$0" "$1" lint --format concise=/dev/fd/3 3>"$2/three"; "$0" "$1" lint --format concise=>(cat >"$2/four"); wait $!';
    const ran = spawnSync('bash', ['-c', script, process.execPath, cli, home.path], { cwd: checked.path, encoding: 'utf8' });
    expect(ran.stderr).toBe('');
    for (const name of ['three', 'four']) expect(home.read(name)).toContain('[kubernetes/privileged]');
    writeFileSync(join(home.path, 'summary'), 'before\n');
    run(checked.path, ['lint', '--summary', join(home.path, 'summary')]);
    expect(home.read('summary')).toMatch(/^before\n## Bulkhead/);
  });
  test('what is kept between runs does not leave the folder either', () => {
    const { checked, home, kept } = project();
    symlinkSync(home.path, join(checked.path, 'linked'));
    const before = kept();
    expect(run(checked.path, ['lint', '--cache-location', 'linked/cache'])).toMatchObject({
      code: 1,
      stderr: 'bulkhead: --cache-location linked/cache is not used: a link in front of it leads out of the folder\n',
    });
    expect(kept()).toEqual(before);
    mkdirSync(join(home.path, 'own'));
    expect(run(checked.path, ['lint', '--cache-location', join(home.path, 'own/cache')]).stderr).toBe('');
    expect(readdirSync(join(home.path, 'own/cache'))).not.toEqual([]);
  });
  test('nor do files that harden and init add', () => {
    const { checked, home, kept } = project();
    const before = kept();
    mkdirSync(join(home.path, 'app'));
    writeFileSync(join(home.path, 'app/Dockerfile'), 'FROM node:20.11.1\nCOPY . /app\n');
    writeFileSync(join(home.path, 'app/.env'), 'A=b\n');
    symlinkSync(join(home.path, 'app'), join(checked.path, 'app'));
    const ran = run(checked.path, ['harden', '--write', '--accept', 'all', '--follow-links', 'app/Dockerfile']);
    expect(ran.code).toBe(2);
    expect(readdirSync(join(home.path, 'app')).sort()).toEqual(['.env', 'Dockerfile']);
    symlinkSync(home.path, join(checked.path, '.github'));
    checked.write('Dockerfile', addDockerfile);
    expect(run(checked.path, ['init', 'pipeline'])).toMatchObject({
      code: 2,
      stderr: 'bulkhead: .github/workflows/release.yml: not written: a link in front of it leads out of the folder\n',
    });
    expect(kept().filter(name => name !== 'app')).toEqual(before);
    expect(readFileSync(join(home.path, 'app/Dockerfile'), 'utf8')).toBe('FROM node:20.11.1\nCOPY . /app\n');
  });
});
