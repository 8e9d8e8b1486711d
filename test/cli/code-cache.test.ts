import { execFileSync, spawnSync } from 'node:child_process';
import { createHash } from 'node:crypto';
import { chmodSync, existsSync, mkdirSync, mkdtempSync, readdirSync, readFileSync, statSync, symlinkSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import { lastGeneration } from '../../server/src/cli/code-cache';
import { patience } from '../../server/src/host/node/v8-flags';
import { cli } from './cli';

const work = mkdtempSync(join(tmpdir(), 'bulkhead-code-'));
writeFileSync(join(work, 'Dockerfile'), 'FROM node:20\nRUN sudo id\n');

interface Ran {
  readonly status: number | null;
  readonly out: string;
  readonly err: string;
}

const timeout = 90_000;

function lint(cache: string, more: NodeJS.ProcessEnv = {}, path = 'Dockerfile', cwd = work): Ran {
  const env: NodeJS.ProcessEnv = { ...process.env, XDG_CACHE_HOME: cache };
  delete env['NODE_DISABLE_COMPILE_CACHE'];
  const { status, stdout, stderr } = spawnSync(process.execPath, [cli, 'lint', '--today', '2026-11-24', path], {
    cwd,
    encoding: 'utf8',
    env: { ...env, ...more },
    timeout,
  });
  return { status, out: stdout, err: stderr };
}

const fresh = (): string => mkdtempSync(join(tmpdir(), 'bulkhead-cache-'));
const folderIn = (cache: string): string => join(cache, 'bulkhead/code');
const fileIn = (cache: string): string => join(folderIn(cache), readdirSync(folderIn(cache))[0]!);
const generationIn = (cache: string): number => readFileSync(fileIn(cache))[0]!;

/** What V8 makes of other code of the same length, under the same flags: it would run, since V8 compares nothing else. */
function otherCode(): Buffer {
  const real = readFileSync(join(cli, '../command.js'), 'utf8');
  const text = `(function () { process.stdout.write('OWNED'); })`;
  const made = join(fresh(), 'made');
  const flag = patience[process.versions.node.split('.', 1)[0]!];
  const code = `
    ${flag === undefined ? '' : `require('node:v8').setFlagsFromString('${flag}');`}
    const script = new (require('node:vm').Script)(${JSON.stringify(text)} + ' '.repeat(${real.length - text.length}));
    script.runInThisContext().length.toString();
    require('node:fs').writeFileSync(${JSON.stringify(made)}, script.createCachedData());`;
  expect(spawnSync(process.execPath, ['-e', code], { encoding: 'utf8' }).stderr).toBe('');
  const data = readFileSync(made);
  return Buffer.concat([Buffer.from([1, 0, 0, 0]), createHash('sha1').update(data).digest(), data]);
}

describe('what V8 made of the code', () => {
  const expected = lint(fresh(), { NODE_DISABLE_COMPILE_CACHE: '1' });

  test('is kept for the user alone, a few times, and changes nothing', () => {
    const cache = fresh();
    for (let run = 1; run <= lastGeneration + 1; run++) {
      expect(lint(cache)).toEqual(expected);
      expect(generationIn(cache)).toBe(Math.min(run, lastGeneration));
    }
    expect(expected.out).toContain('sudo');
    expect(statSync(folderIn(cache)).mode & 0o777).toBe(0o700);
    expect(statSync(fileIn(cache)).mode & 0o777).toBe(0o600);
  });

  test('holds after a run over thousands of files, which has V8 collect sooner', () => {
    const many = fresh();
    for (let file = 0; file <= 2000; file++) writeFileSync(join(many, `${file}.Dockerfile`), 'FROM scratch\n');
    const cache = fresh();
    expect(lint(cache, {}, many)).toMatchObject({ status: 0, err: '' });
    expect(lint(cache)).toEqual(expected);
    // were the flags others, it would be of the first again
    expect(generationIn(cache)).toBe(2);
  });

  test.each<[string, (path: string) => void]>([
    ['damaged', path => writeFileSync(path, Buffer.concat([readFileSync(path).subarray(0, 2000), Buffer.alloc(5000, 7)]))],
    ['cut off', path => writeFileSync(path, readFileSync(path).subarray(0, 9))],
    ['empty', path => writeFileSync(path, '')],
  ])('is made anew where it is %s', (_, spoil) => {
    const cache = fresh();
    lint(cache);
    spoil(fileIn(cache));
    expect(lint(cache)).toEqual(expected);
    expect(generationIn(cache)).toBe(1);
    expect(statSync(fileIn(cache)).size).toBeGreaterThan(100_000);
  });

  test.skipIf(process.platform === 'win32').each<[string, (path: string) => void]>([
    ['others may write to it', path => chmodSync(path, 0o622)],
    ['others may write to its folder', path => chmodSync(join(path, '..'), 0o777)],
  ])('of somebody else is not run where %s', (_, open) => {
    const cache = fresh();
    lint(cache);
    writeFileSync(fileIn(cache), otherCode());
    // the check has something to hold off
    expect(lint(cache).out).toBe('OWNED');
    writeFileSync(fileIn(cache), otherCode());
    open(fileIn(cache));
    expect(lint(cache)).toEqual(expected);
  });

  test.skipIf(process.platform === 'win32')('is not looked for behind a link, nor in a folder that a relative path names', () => {
    const cache = fresh();
    lint(cache);
    const path = fileIn(cache);
    writeFileSync(path, otherCode());
    const linked = fresh();
    mkdirSync(folderIn(linked), { recursive: true, mode: 0o700 });
    symlinkSync(path, join(folderIn(linked), path.slice(path.lastIndexOf('/') + 1)));
    expect(lint(linked)).toEqual(expected);
    expect(lint('.', { HOME: fresh() })).toEqual(expected);
    expect(readdirSync(work)).toEqual(['Dockerfile']);
  });

  test('is done without where nothing can be kept', () => {
    const blocked = join(fresh(), 'file');
    writeFileSync(blocked, '');
    expect(lint(blocked)).toEqual(expected);
    const off = fresh();
    expect(lint(off, { NODE_DISABLE_COMPILE_CACHE: '1' })).toEqual(expected);
    expect(existsSync(folderIn(off))).toBe(false);
  });

  test.skipIf(process.platform === 'win32')('comes with no repository, wherever home and cache folder are said to be', () => {
    const known = fresh();
    lint(known);
    const name = fileIn(known).slice(folderIn(known).length + 1);
    const repository = join(fresh(), 'repository');
    for (const folder of ['.git', 'sub', '.cache/bulkhead/code']) mkdirSync(join(repository, folder), { recursive: true, mode: 0o700 });
    for (const folder of ['', 'sub']) writeFileSync(join(repository, folder, 'Dockerfile'), 'FROM node:20\nRUN sudo id\n');
    const planted = join(repository, '.cache/bulkhead/code', name);
    const code = otherCode();
    writeFileSync(planted, code);
    const linked = join(fresh(), 'linked');
    symlinkSync(join(repository, '.cache'), linked);
    const cache = join(repository, '.cache');
    const runs: readonly (readonly [cwd: string, path: string, cache: string, env: NodeJS.ProcessEnv])[] = [
      ...['', '.', repository].map(HOME => ['.', 'Dockerfile', '', { HOME }] as const),
      ...['.cache', cache, linked].map(own => ['.', 'Dockerfile', own, {}] as const),
      ['sub', 'Dockerfile', cache, {}],
      ['sub', '../Dockerfile', cache, {}],
      ['..', 'repository', cache, {}],
      ['..', 'repository/sub/Dockerfile', linked, {}],
    ];
    for (const [cwd, path, own, env] of runs) {
      const { out } = lint(own, env, path, join(repository, cwd));
      expect(out).not.toContain('OWNED');
      expect(out).toContain('2 warnings');
    }
    expect(readFileSync(planted)).toEqual(code);
    expect(readdirSync(join(repository, '.cache/bulkhead'))).toEqual(['code']);
  });
});

describe.skipIf(process.platform === 'win32')('a home that is none', () => {
  const at = fresh();
  execFileSync('sh', ['-c', 'mkfifo "$0"', join(at, 'pipe')]);
  writeFileSync(join(at, 'file'), '');
  symlinkSync('nowhere', join(at, 'dangling'));
  mkdirSync(join(at, 'closed'), { mode: 0o500 });
  const expected = lint(fresh(), { NODE_DISABLE_COMPILE_CACHE: '1' });

  test.each([
    '',
    '/proc/nowhere',
    '/proc/self/nowhere',
    '/sys/nowhere',
    '/dev/null',
    ...['pipe', 'file', 'dangling', 'closed'].map(name => join(at, name)),
  ])('%j: nothing is kept, and nothing waits', home => {
    // a run that hangs has no status
    for (const env of [{ HOME: home }, { HOME: fresh(), XDG_CACHE_HOME: home }]) expect(lint('', env)).toEqual(expected);
    for (const command of ['harden', 'pin'] as const) {
      const env = { ...process.env, HOME: home, XDG_CACHE_HOME: home };
      const ran = spawnSync(process.execPath, [cli, command, 'scratch.yaml'], { cwd: work, encoding: 'utf8', env, timeout });
      expect(ran).toMatchObject({ status: 2, stderr: 'bulkhead: scratch.yaml: does not exist\n' });
    }
    expect(readdirSync(work)).toEqual(['Dockerfile']);
  });

  test('none at all, of a user whom the system does not know', () => {
    if (process.getuid?.() !== 0) return console.warn('skipped: only root can be another user');
    const script = `cp -r ${JSON.stringify(join(cli, '..'))} ${JSON.stringify(join(at, 'dist'))} && chmod -R a+rX ${JSON.stringify(at)}`;
    execFileSync('sh', ['-c', script]);
    const ran = spawnSync(process.execPath, [join(at, 'dist/cli.js'), 'lint', '--today', '2026-11-24', '--stdin-filename', 'Dockerfile'], {
      cwd: '/',
      input: readFileSync(join(work, 'Dockerfile')),
      encoding: 'utf8',
      env: {},
      uid: 54321,
      gid: 54321,
      timeout,
    });
    expect(ran).toMatchObject({ status: expected.status, stdout: expected.out, stderr: '' });
  });

  test('a full disk: what is kept is not missed, and a report that has no room is named', () => {
    const mounted = join(at, 'mounted');
    mkdirSync(mounted);
    const script = `exec unshare -rm sh -c 'mount -t tmpfs -o size=8k tmpfs "$0" && head -c 16384 /dev/zero >"$0/x" 2>/dev/null; XDG_CACHE_HOME="$0" exec "$@"' "$@"`;
    const on = (...args: readonly string[]) =>
      spawnSync('sh', ['-c', script, 'sh', mounted, process.execPath, cli, 'lint', '--today', '2026-11-24', ...args, 'Dockerfile'], {
        cwd: work,
        encoding: 'utf8',
        timeout,
      });
    const ran = on();
    if (/^(?:unshare|mount|sh):/.test(ran.stderr)) return console.warn('skipped: no file system of one’s own can be mounted');
    expect(ran).toMatchObject({ status: expected.status, stdout: expected.out, stderr: '' });
    expect(on('--output-file', join(mounted, 'report'))).toMatchObject({
      status: 2,
      stderr: `bulkhead: ${join(mounted, 'report')}: not written: no space left on the device\n`,
    });
  });
});
