import { mkdirSync, mkdtempSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, expect, test } from 'vitest';
import { holds } from '../../../server/src/host/node/holds';
import { runLater, runNow } from '../../../server/src/host/node/steps';

const root = mkdtempSync(join(tmpdir(), 'bulkhead-holds-'));
afterAll(() => rmSync(root, { recursive: true, force: true }));

for (const folder of ['empty', 'kept', 'kept/x', 'filled', 'ignored']) mkdirSync(join(root, folder));
for (const file of ['kept/x/.gitkeep', 'kept/x/.gitignore', 'filled/.gitkeep', 'filled/default.png', 'ignored/.dockerignore'])
  writeFileSync(join(root, file), '');
symlinkSync('empty', join(root, 'link'));

test.each<[path: string, held: boolean]>([
  ['missing', false],
  ['empty', false],
  ['kept/x', false],
  // a folder in a folder is something
  ['kept', true],
  ['filled', true],
  ['filled/default.png', true],
  ['ignored', true],
  ['link', true],
  ['filled/default.png/x', false],
  ['a\0b', false],
])('%j', async (path, held) => {
  expect(runNow(holds(join(root, path)))).toBe(held);
  expect(await runLater(holds(join(root, path)))).toBe(held);
});
