import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { root } from '../../../tools/rules/files';

test('every text of the editor is said somewhere', () => {
  const source = readFileSync(join(root, 'server/src/lsp/editor-texts.ts'), 'utf8');
  const keys = [...source.matchAll(/^ {2}(\w+): ['"`]/gm)].map(([, key]) => key!);
  const sources = ['server/src', 'shared/src'].flatMap(folder =>
    readdirSync(join(root, folder), { recursive: true, encoding: 'utf8' })
      .filter(name => name.endsWith('.ts') && !name.endsWith('editor-texts.ts'))
      .map(name => readFileSync(join(root, folder, name), 'utf8')),
  );
  const words = new Set(sources.flatMap(text => text.match(/\w+/g) ?? []));
  expect(keys.length).toBeGreaterThan(100);
  expect(keys.filter(key => !words.has(key))).toEqual([]);
});
