import { join } from 'node:path';
import { test } from 'vitest';
import { recipe } from './recipes';
import { expectAll, runEditor } from './session';

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
  expectAll(runEditor(program, args, { 'init.lua': recipe('Neovim') }));
});
