import { join } from 'node:path';
import { expect, test } from 'vitest';
import { recipe } from './recipes';
import { dockerfile, runEditor } from './session';

test('the recipe for Neovim: findings, a quick fix, a fix before the file is written, harden', () => {
  const program = process.env['BULKHEAD_NEOVIM'] ?? 'nvim';
  const args = (folder: string): readonly string[] => [
    '--headless',
    '--clean',
    '-u',
    join(folder, 'init.lua'),
    'Dockerfile',
    '-c',
    `luafile ${join(import.meta.dirname, 'drive.lua')}`,
  ];
  const seen = runEditor(program, args, { 'init.lua': recipe('Neovim') });
  expect(seen.rules).toEqual(expect.arrayContaining(['dockerfile/add-for-copy', 'dockerfile/root-user']));
  const fixed = dockerfile.replace('ADD', 'COPY');
  expect(seen.fixed).toBe(fixed);
  expect(seen.written).toBe(fixed.replace('CMD', 'COPY other.js /app/\nCMD'));
  expect(seen.modified).toBe(false);
  expect(seen.hardened).toMatch(/^USER /m);
});
