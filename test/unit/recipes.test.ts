import { expect, test } from 'vitest';
import { recipes } from '../editors/recipes';

/** What can be said of the recipes of editors that no test can run. */

// what asks a server that runs starts none
const all = recipes().filter(
  ({ section, text }) => !/^(?:What it does|Settings|Kinds|For client)/.test(section) && !/bulkhead[./](?:questions|suppress)/.test(text),
);

test('every recipe starts the server that there is', () => {
  expect(all.map(({ section }) => section.replace(/ \(.*/, ''))).toEqual(['Neovim', 'Emacs', 'Emacs', 'Helix', 'Sublime Text', 'Zed']);
  // `bulkhead lsp --stdio`, as words of whatever language
  expect(all.filter(({ text }) => !/"?'?bulkhead["']?[\s\S]{0,30}?["']lsp["'],? ["']--stdio["']/.test(text))).toEqual([]);
});

test('recipes in JSON are JSON', () => {
  const texts = all.filter(({ language }) => language === 'json').map(({ text }) => text);
  expect(texts).toHaveLength(2);
  for (const text of texts) expect(() => JSON.parse(text) as unknown).not.toThrow();
});
