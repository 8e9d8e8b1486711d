import { join } from 'node:path';
import { test } from 'vitest';
import { recipe } from './recipes';
import { expectAll, runEditor } from './session';

test('the recipe for Emacs: findings, a quick fix, a fix before the file is written, harden', () => {
  const args = (folder: string): readonly string[] => [
    '--batch',
    '-f',
    'package-initialize',
    '-l',
    join(folder, 'init.el'),
    '-l',
    join(import.meta.dirname, 'drive.el'),
  ];
  expectAll(runEditor('emacs', args, { 'init.el': recipe('Emacs') }));
});
