import { spawnSync } from 'node:child_process';
import { createHash } from 'node:crypto';
import { chmodSync, existsSync, mkdirSync, mkdtempSync, readdirSync, readFileSync, statSync, symlinkSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import { lastGeneration } from '../../server/src/cli/code-cache';
import { patience } from '../../server/src/cli/v8-flags';
import { cli } from './cli';

const work = mkdtempSync(join(tmpdir(), 'bulkhead-code-'));
writeFileSync(join(work, 'Dockerfile'), 'FROM node:20\nRUN sudo id\n');

interface Ran {
  readonly status: number | null;
  readonly out: string;
  readonly err: string;
}

function lint(cache: string, more: NodeJS.ProcessEnv = {}, path = 'Dockerfile'): Ran {
  const env: NodeJS.ProcessEnv = { ...process.env, XDG_CACHE_HOME: cache };
  delete env['NODE_DISABLE_COMPILE_CACHE'];
  const { status, stdout, stderr } = spawnSync(process.execPath, [cli, 'lint', '--today', '2026-11-24', path], {
    cwd: work,
    encoding: 'utf8',
    env: { ...env, ...more },
  });
  return { status, out: stdout, err: stderr };
}

const fresh = (): string => mkdtempSync(join(tmpdir(), 'bulkhead-cache-'));
const folderIn = (cache: string): string => join(cache, 'bulkhead/code');
const fileIn = (cache: string): string => join(folderIn(cache), readdirSync(folderIn(cache))[0]!);
const generationIn = (cache: string): number => readFileSync(fileIn(cache))[0]!;

/** What V8 makes of other code of the same length, under the same flags: it would run, since V8 compares nothing else. */
function otherCode(): Buffer {
  const real = `(function (exports, require, module, __filename, __dirname) {${readFileSync(join(cli, '../command.js'), 'utf8')}\n})`;
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
});
