import { execFileSync } from 'node:child_process';
import { linkSync, mkdirSync, mkdtempSync, readdirSync, readFileSync, realpathSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { Worker } from 'node:worker_threads';
import { afterAll, describe, expect, test } from 'vitest';
import { writeAll } from '../../../server/src/host/node/files';
import { createFile, createFolder, identityOf, realPath, writeOutput } from '../../../server/src/host/node/output-file';
import { replaceFile } from '../../../server/src/host/node/write-file';

const isPosix = process.platform !== 'win32';
if (!isPosix) console.warn('skipped: links, pipes and streams of a POSIX file system');

const top = realpathSync(mkdtempSync(join(tmpdir(), 'bulkhead-output-')));
afterAll(() => rmSync(top, { recursive: true, force: true }));
let made = 0;

/** A folder that may be anybody's, and one of the user's beside it, with what it holds. */
function places(): { readonly project: string; readonly home: string; readonly kept: () => readonly string[] } {
  const at = join(top, String(made++));
  const [project, home] = [join(at, 'project'), join(at, 'home')];
  mkdirSync(join(project, 'real'), { recursive: true });
  mkdirSync(join(home, '.git'), { recursive: true });
  writeFileSync(join(home, 'precious'), 'mine');
  return { project, home, kept: () => [...readdirSync(home), readFileSync(join(home, 'precious'), 'utf8')] };
}

const write = (path: string, guarded: readonly string[], manner: 'anew' | 'append' = 'anew', text = 'ours'): string => {
  const done = writeOutput(path, guarded, manner, file => writeAll(file, Buffer.from(text)));
  return done.ok ? 'written' : done.message;
};

const leadsOut = 'a link in front of it leads out of the folder';

describe.runIf(isPosix)('what stands in the place of a file that is to be written', () => {
  test.each<[string, (project: string, home: string) => void, string, string]>([
    ['a folder that is a link', (project, home) => symlinkSync(home, join(project, 'out')), 'out/precious', leadsOut],
    ['... to a file that is not there yet', (project, home) => symlinkSync(home, join(project, 'out')), 'out/new', leadsOut],
    ['... by a relative link', project => symlinkSync('../home', join(project, 'out')), 'out/precious', leadsOut],
    ['... further down', (project, home) => symlinkSync(home, join(project, 'real/out')), 'real/out/precious', leadsOut],
    [
      '... behind a link that stays inside',
      (project, home) => {
        symlinkSync(home, join(project, 'real/out'));
        symlinkSync('real/out', join(project, 'out'));
      },
      'out/precious',
      leadsOut,
    ],
    ['... to the folder above', project => symlinkSync('..', join(project, 'out')), 'out/home/precious', leadsOut],
    ['... into .git', project => (mkdirSync(join(project, '.git')), symlinkSync('.git', join(project, 'out'))), 'out/config', leadsOut],
    [
      '... in a loop',
      project => (symlinkSync('b', join(project, 'a')), symlinkSync('a', join(project, 'b'))),
      'a/precious',
      'a link in front of it leads back to itself',
    ],
    ['... to nothing', project => symlinkSync('nowhere', join(project, 'out')), 'out/x', 'its folder does not exist'],
    ['a link to a file', (project, home) => symlinkSync(join(home, 'precious'), join(project, 'x')), 'x', 'it is a link'],
    ['a link to nothing', (project, home) => symlinkSync(join(home, 'new'), join(project, 'x')), 'x', 'it is a link'],
    [
      'a file with another name',
      (project, home) => linkSync(join(home, 'precious'), join(project, 'x')),
      'x',
      'it has 2 names (hard links)',
    ],
    ['a pipe', project => execFileSync('sh', ['-c', 'mkfifo "$0"', join(project, 'x')]), 'x', 'it is not a regular file'],
    ['a folder', project => mkdirSync(join(project, 'x')), 'x', 'it is a folder'],
    ['a file in the place of a folder', project => writeFileSync(join(project, 'out'), ''), 'out/x', 'its folder does not exist'],
  ])('%s is refused', (_what, make, name, message) => {
    const { project, home, kept } = places();
    const before = kept();
    make(project, home);
    const path = join(project, name);
    expect(write(path, [project])).toBe(message);
    expect(write(path, [project], 'append')).toBe(message);
    expect(createFile(path, [project], 'ours')).not.toEqual({ ok: true, value: true });
    expect(kept()).toEqual(before);
  });

  test('nor is a folder made behind such a link', () => {
    const { project, home, kept } = places();
    const before = kept();
    symlinkSync(home, join(project, '.github'));
    expect(createFolder(join(project, '.github/workflows'), [project])).toEqual({ ok: false, message: leadsOut });
    expect(kept()).toEqual(before);
    expect(createFolder(join(project, 'real/a/b'), [project])).toEqual({ ok: true, value: undefined });
    expect(readdirSync(join(project, 'real/a'))).toEqual(['b']);
  });

  test('the folder is known by any of its names, and however a link comes to it', () => {
    const { project, home } = places();
    const at = join(project, '..');
    symlinkSync(project, join(at, 'other'));
    symlinkSync(home, join(project, 'out'));
    symlinkSync('project/out', join(at, 'mine'));
    for (const path of ['project/out/new', 'other/out/new', 'mine/new', 'home/../project/out/new']) {
      for (const guarded of [project, join(at, 'other')]) expect(realPath(join(at, path), [guarded]).ok).toBe(false);
      expect(realPath(join(at, path), [join(project, 'real')])).toEqual({ ok: true, value: join(home, 'new') });
    }
  });

  test('nor is one written to that a folder in front of it is exchanged for while it is written', async () => {
    const { project, home, kept } = places();
    writeFileSync(join(project, 'real/precious'), 'text');
    const before = kept();
    symlinkSync(home, join(project, 'link'));
    const exchange = new Worker(exchanging, {
      eval: true,
      workerData: [join(project, 'real'), join(project, 'link'), join(project, 'held')],
    });
    await new Promise(resolve => exchange.once('online', resolve));
    const outcomes = new Set<string>();
    const isMet = (): boolean => ['written', 'replaced', leadsOut].every(one => outcomes.has(one));
    for (let i = 0; i < 3000 || (i < 300_000 && !isMet()); i++) {
      const path = join(project, 'real', i % 2 === 0 ? 'precious' : 'new');
      outcomes.add(write(path, [project]));
      const replaced = replaceFile(path, 'ours', 'theirs', project);
      outcomes.add(replaced.ok ? 'replaced' : replaced.message);
    }
    await exchange.terminate();
    expect(isMet()).toBe(true);
    // a file that is made while the folder is another one stays there, without a byte in it
    const strays = readdirSync(home).filter(name => !before.includes(name));
    for (const name of strays) expect(readFileSync(join(home, name), 'utf8')).toBe('');
    expect(kept().filter(name => !strays.includes(name))).toEqual(before);
  });
});

/** Puts a link in the place of a folder, and the folder back, as fast as it can. */
const exchanging = `
  const { renameSync } = require('node:fs');
  const [folder, link, held] = require('node:worker_threads').workerData;
  for (;;) {
    renameSync(folder, held);
    renameSync(link, folder);
    renameSync(folder, link);
    renameSync(held, folder);
  }
`;

describe.runIf(isPosix)('what stays usable', () => {
  test('a new file, one of an earlier run, one that is appended to, and one behind a link that stays inside', () => {
    const { project } = places();
    symlinkSync('real', join(project, 'out'));
    expect([write(join(project, 'out/x'), [project], 'anew', 'longer'), write(join(project, 'out/x'), [project], 'anew', 'short')]).toEqual(
      ['written', 'written'],
    );
    expect(readFileSync(join(project, 'real/x'), 'utf8')).toBe('short');
    expect(write(join(project, 'real/x'), [project], 'append', '+')).toBe('written');
    expect(readFileSync(join(project, 'real/x'), 'utf8')).toBe('short+');
    expect(createFile(join(project, 'out/x'), [project], 'other')).toEqual({ ok: true, value: false });
    expect(identityOf(join(project, 'out/x'))).toBe(identityOf(join(project, 'real/x')));
  });

  test("the user's own links, as /tmp is one on macOS", () => {
    const { project, home } = places();
    symlinkSync(home, join(project, '../tmp'));
    expect(write(join(project, '../tmp/report'), [project])).toBe('written');
    expect(readFileSync(join(home, 'report'), 'utf8')).toBe('ours');
  });

  test('streams and /dev/null', () => {
    expect(write('/dev/null', ['/'])).toBe('written');
    expect(identityOf('/dev/stdout')).toBeNull();
  });
});
