import { join } from 'node:path';
import { expect, test } from 'vitest';
import { recipe } from './recipes';
import { expectAll, runEditor } from './session';

test('the recipe for Neovim: findings, a quick fix, a fix before the file is written, harden, the interview, the places to fill and a reason', () => {
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
  const seen = runEditor(program, args, { 'init.lua': recipe('Neovim', 'lua') });
  expectAll(seen);
  expect(seen.asked!.join('\n')).toMatch(/\? Right if: /);
  expect(seen.answered).toContain('cap_drop:');
  expect(seen.suppressed).toMatch(/^# bulkhead-ignore \S+ -- the demo has no users$/m);
  // what only a person knows is a snippet, with its first place selected
  expect(seen.filling).toMatch(/mem_limit: /);
});
