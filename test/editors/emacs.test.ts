import { join } from 'node:path';
import { expect, test } from 'vitest';
import { recipe } from './recipes';
import { dockerfile, runEditor } from './session';

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
  const seen = runEditor('emacs', args, { 'init.el': recipe('Emacs') });
  expect(seen.rules).toEqual(expect.arrayContaining(['dockerfile/add-for-copy', 'dockerfile/root-user']));
  const fixed = dockerfile.replace('ADD', 'COPY');
  expect(seen.fixed).toBe(fixed);
  expect(seen.written).toBe(fixed.replace('CMD', 'COPY other.js /app/\nCMD'));
  expect(seen.modified).toBe(false);
  expect(seen.hardened).toMatch(/^USER /m);
});
