import { execFileSync } from 'node:child_process';
import { appendFileSync, mkdirSync, mkdtempSync, realpathSync, renameSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { afterAll, describe, expect, test } from 'vitest';
import { readText, type Read } from '../../../server/src/host/node/reader';
import { runLater, runNow, type Steps } from '../../../server/src/host/node/steps';
import { createWorkspaceFiles } from '../../../server/src/host/node/workspace-files';

const top = realpathSync(mkdtempSync(join(tmpdir(), 'bulkhead-reader-')));
afterAll(() => rmSync(top, { recursive: true, force: true }));
const root = join(top, 'root');
mkdirSync(join(root, 'sub/.git'), { recursive: true });
writeFileSync(join(top, 'secret'), 'secret');
writeFileSync(join(root, 'a'), '\ufeffabc');
writeFileSync(join(root, 'empty'), '');
writeFileSync(join(root, 'sub/.git/config'), 'secret');
writeFileSync(join(root, 'latin'), Buffer.from([0x61, 0xe9]));
const isPosix = process.platform !== 'win32';
if (!isPosix) console.warn('skipped: links, pipes and devices of a POSIX file system');

const messageOf = (read: Read<string>): string => (read.ok ? `text ${read.value}` : `${read.shortfall?.id}: ${read.message}`);
const bounds = { root, maxBytes: 100 };

/** Runs steps, and something between two of them. */
function runWith(steps: Steps<Read<string>>, at: number, meanwhile: () => void): Read<string> {
  let count = 0;
  let next = steps.next();
  while (!next.done) {
    if (count++ === at) meanwhile();
    try {
      next = steps.next(next.value.now());
    } catch (error) {
      next = steps.throw(error);
    }
  }
  return next.value;
}

describe('reading', () => {
  const link = (name: string, target: string): void => symlinkSync(target, join(root, name));
  if (isPosix) {
    link('inside', 'sub/../a');
    link('absolute', join(root, 'a'));
    link('chain', 'inside');
    link('out', '../secret');
    link('out-absolute', join(top, 'secret'));
    link('out-and-in', '../root/a');
    link('far', '/does/not/exist');
    link('folder', 'sub');
    link('up', '..');
    link('git', 'sub/.git/config');
    link('loop', 'loop');
    link('ping', 'pong');
    link('pong', 'ping');
    link('broken', 'gone');
    link('broken-within', 'a/b');
    link('zero', '/dev/zero');
    execFileSync('sh', ['-c', 'mkfifo "$0"', join(root, 'pipe')]);
    link('pipe-link', 'pipe');
  }
  const outside = 'outside: is a link that leads out of the folder';
  const loop = 'unreadable: is a symbolic link that points back to itself';
  const broken = 'unreadable: is a broken symbolic link';
  const cases: [name: string, said: string][] = [
    ['a', 'text \ufeffabc'],
    ['empty', 'text '],
    ['sub/.git/config', 'text secret'],
    ['latin', 'not-utf8: is not valid UTF-8 (line 1)'],
    ['gone', 'undefined: does not exist'],
    ['a/b', 'undefined: does not exist'],
    ['sub', 'unreadable: is a directory'],
    ['x'.repeat(300), 'unreadable: has a name that is too long'],
    ['../secret', outside],
  ];
  const posixCases: [name: string, said: string][] = [
    ['inside', 'text \ufeffabc'],
    ['absolute', 'text \ufeffabc'],
    ['chain', 'text \ufeffabc'],
    ['folder/../a', 'text \ufeffabc'],
    ['out', outside],
    ['out-absolute', outside],
    ['out-and-in', outside],
    ['far', outside],
    ['folder/.git/config', outside],
    ['up/secret', outside],
    ['git', outside],
    ['loop', loop],
    ['ping', loop],
    ['broken', broken],
    ['broken-within', broken],
    ['zero', outside],
    ['pipe', 'not-regular: is not a regular file'],
    ['pipe-link', 'not-regular: is not a regular file'],
  ];
  test.each([...cases, ...(isPosix ? posixCases : [])])('%s: %s', async (name, said) => {
    const path = join(root, name);
    expect(messageOf(runNow(readText(path, bounds)))).toBe(said);
    expect(messageOf(await runLater(readText(path, bounds)))).toBe(said);
  });

  test.runIf(isPosix)('links that may lead anywhere still lead to regular files alone', () => {
    const free = { root: null, maxBytes: 100 };
    expect(messageOf(runNow(readText(join(root, 'out'), free)))).toBe('text secret');
    expect(messageOf(runNow(readText(join(root, 'zero'), free)))).toBe('not-regular: is not a regular file');
    expect(messageOf(runNow(readText(join(root, 'loop'), free)))).toBe(loop);
    expect(messageOf(runNow(readText('/proc/self/status', free)))).toMatch(/^too-large|^undefined/);
    expect(messageOf(runNow(readText('/proc/self/status', { root: null, maxBytes: 1 << 16 })))).toMatch(/^text Name:|^undefined/);
  });

  test('a file that grows while it is read ends at the bound; one that shrinks, or becomes another, where it ends', () => {
    const path = join(root, 'grows');
    for (let at = 0; at < 12; at++) {
      writeFileSync(path, 'x'.repeat(90));
      const grown = runWith(readText(path, bounds), at, () => appendFileSync(path, 'x'.repeat(1_000_000)));
      expect(grown.ok ? grown.value.length : grown.shortfall?.id).toSatisfy(said => said === 90 || said === 'too-large');
      writeFileSync(path, 'x'.repeat(90));
      const shrunk = runWith(readText(path, bounds), at, () => writeFileSync(path, ''));
      expect(shrunk.ok && shrunk.value.length <= 90).toBe(true);
    }
  });

  test.runIf(isPosix)('a file that becomes a link or a pipe while it is read is not followed, nor waited for', () => {
    for (let at = 0; at < 12; at++) {
      const path = join(root, `turns-${at}`);
      writeFileSync(path, 'own');
      const linked = runWith(readText(path, bounds), at, () => {
        symlinkSync('../secret', `${path}.new`);
        renameSync(`${path}.new`, path);
      });
      expect(linked.ok ? linked.value : 'refused').toSatisfy(said => said === 'own' || said === 'refused');
      rmSync(path);
      writeFileSync(path, 'own');
      const piped = runWith(readText(path, bounds), at, () => {
        rmSync(path);
        execFileSync('sh', ['-c', 'mkfifo "$0"', path]);
      });
      expect(piped.ok ? piped.value : 'refused').toSatisfy(said => said === 'own' || said === 'refused');
    }
  });
});

test('a large folder is walked while others run', async () => {
  const folder = join(top, 'many');
  mkdirSync(folder);
  for (let i = 0; i < 6000; i++) writeFileSync(join(folder, `${i}.yaml`), '');
  const files = createWorkspaceFiles(null, () => undefined);
  let turns = 0;
  let done = false;
  const turn = (): void => {
    turns++;
    if (!done) setImmediate(turn);
  };
  setImmediate(turn);
  const uri = pathToFileURL(folder).href;
  const found = await files.find(uri, 5000, { has: name => name.endsWith('.yaml'), globs: ['*.yaml'] });
  expect({ count: found.uris.length, complete: found.complete }).toEqual({ count: 5000, complete: false });
  expect(turns).toBeGreaterThan(1);
  const before = turns;
  const texts = await Promise.all(found.uris.slice(0, 500).map(one => files.read(one, { root: uri, maxBytes: 10 })));
  expect(texts.every(({ text }) => text === '')).toBe(true);
  expect(turns).toBeGreaterThan(before);
  done = true;
});
