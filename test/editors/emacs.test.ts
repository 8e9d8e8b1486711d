import { join } from 'node:path';
import { expect, test } from 'vitest';
import { recipe } from './recipes';
import { expectAll, runEditor } from './session';

test('the recipe for Emacs: findings, a quick fix, a fix before the file is written, harden, the interview and the places to fill', () => {
  const args = (folder: string): readonly string[] => [
    '--batch',
    '-f',
    'package-initialize',
    '-l',
    join(folder, 'init.el'),
    '-l',
    join(import.meta.dirname, 'drive.el'),
  ];
  const seen = runEditor('emacs', args, { 'init.el': recipe('Emacs', 'elisp') });
  expectAll(seen);
  expect(seen.asked!.join('\n')).toMatch(/\? Right if: /);
  expect(seen.answered).toContain('cap_drop:');
  // what only a person knows was typed in
  expect(seen.filling).toMatch(/mem_limit: 64m\n/);
});
