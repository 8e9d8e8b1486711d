import { describe, expect, test } from 'vitest';
import { languageOf } from '../../../server/src/cli/language';
import { englishOnly, languageTags, translatePages } from '../../../shared/src/output/protocol/language';

test.each([
  ['ja', ['ja']],
  ['ja-JP', ['ja-jp', 'ja']],
  ['ja_JP.UTF-8', ['ja-jp', 'ja']],
  ['zh-Hant-TW', ['zh-hant-tw', 'zh']],
  ['sr_RS@latin', ['sr-rs', 'sr']],
  ['en', []],
  ['en-GB', []],
  ['C', []],
  ['C.UTF-8', []],
  ['POSIX', []],
  ['../../etc', []],
  ['', []],
  [undefined, []],
])('%s is looked for as %j', (language, tags) => expect(languageTags(language)).toEqual(tags));

describe('the command line speaks', () => {
  const ja = { LANG: 'ja_JP.UTF-8' };
  test.each<[string, string[], Record<string, string>, boolean, string]>([
    ['the language of the system on a terminal', ['lint'], ja, true, 'ja_JP.UTF-8'],
    ['English into a pipe', ['lint'], ja, false, 'en'],
    ['what was asked for, into a pipe too', ['lint', '--locale', 'ja'], {}, false, 'ja'],
    ['the same with =', ['lint', '--locale=ja'], {}, false, 'ja'],
    ['what was asked for, whatever the system says', ['lint', '--locale', 'en'], ja, true, 'en'],
    ['by LC_ALL before the others', ['lint'], { ...ja, LC_ALL: 'C', LC_MESSAGES: 'fr_FR' }, true, 'C'],
    ['by LC_MESSAGES before LANG', ['lint'], { ...ja, LC_MESSAGES: 'en_US.UTF-8' }, true, 'en_US.UTF-8'],
    ['by LANG where LC_ALL is empty', ['lint'], { ...ja, LC_ALL: '' }, true, 'ja_JP.UTF-8'],
    ['English to programs', ['lint', '--format', 'json', '--locale', 'ja'], ja, true, 'en'],
    ['English where one of the formats is for them', ['lint', '--format=text', '--format=sarif=a.sarif'], ja, true, 'en'],
    ['the language of the system in Markdown', ['lint', '--format', 'markdown'], ja, true, 'ja_JP.UTF-8'],
    ['English to agents', ['mcp'], ja, true, 'en'],
    ['English to shells', ['completion', 'bash'], ja, true, 'en'],
    ['no option of what is converted', ['convert', '--', 'docker', 'run', '--locale', 'ja'], {}, false, 'en'],
  ])('%s', (_what, argv, env, terminal, language) => expect(languageOf({ argv, env, terminal })).toBe(language));
});

test('pages that are not translated say so, the others are in their translation', () => {
  const pages = { 'a/b': '# A\n\nWhy.\nMore.\n\n## Case\n', 'a/c': '# C\n\nBecause.\n' };
  expect(translatePages(pages, null)).toEqual(pages);
  expect(translatePages(pages, { [englishOnly]: '英語のみ', 'a/c': '# C\n\n理由。\n' })).toEqual({
    'a/b': '# A\n\nWhy.\nMore. (英語のみ)\n\n## Case\n',
    'a/c': '# C\n\n理由。\n',
  });
});
