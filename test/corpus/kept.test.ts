import { spawnSync } from 'node:child_process';
import { mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { afterAll, expect, test } from 'vitest';
import { corpusFiles, hasCorpus, noCorpus } from '../../tools/corpus-folder';
import { built } from '../support/built';

const folder = mkdtempSync(join(tmpdir(), 'bulkhead-corpus-'));
const cache = mkdtempSync(join(tmpdir(), 'bulkhead-corpus-cache-'));
afterAll(() => [folder, cache].forEach(path => rmSync(path, { recursive: true, force: true })));

function lint(format: string, ...more: readonly string[]): string {
  const args = [built('cli.js'), 'lint', '--today', '2026-11-24', '--format', format, ...more];
  const { status, stdout, stderr } = spawnSync(process.execPath, args, {
    cwd: folder,
    env: { ...process.env, XDG_CACHE_HOME: cache },
    encoding: 'utf8',
    maxBuffer: 1 << 30,
  });
  return `${status}\n${stdout.replace(/"durationMs": \d+/, '')}\n${stderr}`;
}

if (!hasCorpus) console.log(noCorpus);
test.skipIf(!hasCorpus).each([
  ['text', 2],
  ['json', 8],
])(
  'real files get the same report, byte for byte, from a cold, warm, stale and poisoned cache: %s',
  (format, step) => {
    rmSync(folder, { recursive: true, force: true });
    const files = ['kubernetes', 'dockerfile'].flatMap(family =>
      corpusFiles(family)
        .filter((_, i) => i % step === 0)
        .map(({ path, text }) => ({ path: join(folder, family, path), text })),
    );
    const put = (path: string, text: string): void => {
      mkdirSync(dirname(path), { recursive: true });
      writeFileSync(path, text);
    };
    for (const { path, text } of files) put(path, text);
    // one folder for all, so that every file is asked about
    put(join(folder, '.bulkhead.yaml'), 'profile: strict\n');
    const expected = lint(format, '--no-cache');
    expect(expected.length).toBeGreaterThan(100_000);
    const same = (what: string): void => expect(lint(format) === expected, what).toBe(true);
    same('cold');
    same('warm');

    const changed = files.filter((_, i) => i % 9 === 0);
    for (const { path, text } of changed) put(path, text.replaceAll('name: ', 'name: x').replaceAll('FROM ', '\nFROM '));
    const other = lint(format, '--no-cache');
    expect(other).not.toBe(expected);
    expect(lint(format) === other, 'changed').toBe(true);
    for (const { path, text } of changed) put(path, text);
    same('stale');

    const kept = join(cache, 'bulkhead/kept');
    for (const [i, name] of readdirSync(kept).entries()) {
      const bytes = readFileSync(join(kept, name));
      for (let at = 40 + i; at < bytes.length; at += 997) bytes[at]! ^= 1;
      if (name !== 'key') writeFileSync(join(kept, name), bytes);
    }
    same('poisoned');
    same('warm again');
  },
  900_000,
);
