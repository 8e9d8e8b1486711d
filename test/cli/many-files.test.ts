import { trusted } from '../../shared/src/early';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { fc } from '../support/property';
import { bytesOf, packedPart, packText, partFrom, unpackText } from '../../server/src/cli/packed-text';
import { bulkhead, folder, today } from './cli';

/** What reports say of many files is held packed, and comes out as it was. */

test('any text comes out of its bytes as it was', () => {
  const text = fc.string({ unit: 'grapheme', maxLength: 50 }).chain(piece => fc.nat(2000).map(count => piece.repeat(count)));
  fc.assert(fc.property(text, given => unpackText(packText(trusted(given))) === given));
  const long = 'é🚢\u0001 and the like; '.repeat(10_000);
  expect(packText(trusted(long)).length).toBeLessThan(Buffer.byteLength(long) / 50);
});

test('a part of a report is the same, packed or not, and so are the bytes that are kept of it', () => {
  const counts = { error: 1, warning: 0, info: 0, hint: 0 };
  const sums = { checked: true, counts, suppressed: 0, known: [], fixable: 0, fragments: 0, rules: {} };
  for (const text of ['', 'short', 'ü'.repeat(5000)]) {
    const part = { text: unpackText(packText(trusted(text))), sums };
    const packed = packedPart(part);
    expect({ text: packed.text, sums: packed.sums }).toEqual(part);
    expect(bytesOf(packed)).toEqual(bytesOf(part));
    const again = partFrom(bytesOf(packed), sums);
    expect({ text: again.text, sums: again.sums }).toEqual(part);
  }
});

test('a run over many files says what runs over a few say, with and without what was kept', () => {
  const pod = (name: string): string =>
    `apiVersion: v1\nkind: Pod\nmetadata: { name: ${name} }\nspec:\n  hostPID: true\n  containers:\n` +
    ['a', 'b'].map(own => `    - { name: ${own}, image: nginx, securityContext: { privileged: true } }\n`).join('');
  const names = Array.from({ length: 104 }, (_, i) => `${i < 52 ? 'a' : 'b'}/${String(i).padStart(3, '0')}-ü.yaml`);
  const { path: cwd } = folder({
    '.bulkhead.yaml': 'profile: recommended\n',
    ...Object.fromEntries(names.map((name, i) => [name, pod(`web-${i}`)])),
  });
  const run = (...args: readonly string[]): string =>
    bulkhead(['lint', ...today, '--fail-on', 'never', '--format', 'json', '--cache-location', join(cwd, '.cache'), ...args], { cwd })
      .stdout;
  const filesOf = (text: string): unknown[] => (JSON.parse(text) as { files: unknown[] }).files;
  const few = [...filesOf(run('--no-cache', 'a')), ...filesOf(run('--no-cache', 'b'))];
  expect(few).toHaveLength(104);
  // the part of a file is worth packing
  expect(JSON.stringify(few[0]).length).toBeGreaterThan(4096);
  for (const args of [['--no-cache'], [], []]) expect(filesOf(run(...args))).toEqual(few);
  const several = ['text', 'sarif', 'gitlab', 'rdjson', 'github', 'junit', 'markdown'].flatMap(format => [
    '--format',
    `${format}=${format}.out`,
  ]);
  for (const format of ['text', 'sarif', 'gitlab', 'rdjson', 'github', 'junit', 'markdown']) {
    const alone = bulkhead(['lint', ...today, '--no-cache', '--format', format], { cwd }).stdout;
    if (format === 'text') run(...several);
    expect(readFileSync(join(cwd, `${format}.out`), 'utf8')).toBe(alone);
  }
}, 240_000);
