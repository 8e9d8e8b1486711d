import { afterEach, describe, expect, test } from 'vitest';
import { fillPlaces, phrase, phraseKey, speak, translated } from '../../../shared/src/base/text/phrases';
import { masked, plain, trusted } from '../../../shared/src/output/report/masked-text';
import { plural } from '../../../shared/src/output/report/summary';

const japanese = {
  'no findings': '検出事項なし',
  '{0} finding': '{0} 件の検出事項',
  '{0} findings': '{0} 件の検出事項',
  '{0} of {1} checked': '{1} 件中 {0} 件を確認済み',
  'unknown rule "{0}"{1}': '不明なルール "{0}"{1}',
  '; did you mean {0}?': '。{0} の間違いですか?',
  'does not exist': '存在しません',
  'extends {0} twice': '{0} を 2 回継承しています',
  extends: '継承',
};

afterEach(() => speak(null));

describe('texts in the language that is spoken', () => {
  test.each<[string, () => string, english: string, japanese: string]>([
    ['a literal', () => plain('no findings'), 'no findings', '検出事項なし'],
    ['white space around it stays', () => plain('  no findings\n'), '  no findings\n', '  検出事項なし\n'],
    ['places in another order', () => masked`${1} of ${2} checked`, '1 of 2 checked', '2 件中 1 件を確認済み'],
    ['one', () => plural(1, 'finding'), '1 finding', '1 件の検出事項'],
    ['many', () => plural(2, 'finding'), '2 findings', '2 件の検出事項'],
    ['without a translation', () => plain('nothing of the kind'), 'nothing of the kind', 'nothing of the kind'],
    ['a value that looks like a place', () => masked`${trusted('{1}')} of ${2} checked`, '{1} of 2 checked', '2 件中 {1} 件を確認済み'],
    ['a name that objects have', () => plain('toString'), 'toString', 'toString'],
    ['only blanks', () => masked` `, ' ', ' '],
  ])('%s', (_what, text, english, other) => {
    expect(text()).toBe(english);
    speak(japanese);
    expect(text()).toBe(other);
  });

  test('a value is not taken for a place of its own translation', () => {
    speak(japanese);
    expect(masked`${trusted('{0}')} of ${trusted('$&')} checked`).toBe('$& 件中 {0} 件を確認済み');
  });
});

test.each([
  ['{0} を検査', ['2 個のファイル'], '2 個のファイルを検査'],
  ['ファイル {0} を検査', ['a.yaml'], 'ファイル a.yaml を検査'],
  ['検査。{0}', [' 修正できます'], '検査。修正できます'],
  // the names are those of a file
  ['{0} {1} is open', ['設定', '秘密'], '設定 秘密 is open'],
])('a blank between two Japanese texts is dropped, and none of an English one: %s', (template, values, filled) => {
  expect(fillPlaces(template, /\{(\d+)\}/g, at => values[Number(at)] ?? null)).toBe(filled);
});

describe('a finished text is known by its template', () => {
  test.each([
    ['does not exist', '存在しません'],
    ['unknown rule "a"', '不明なルール "a"'],
    ['unknown rule "a"; did you mean b?', '不明なルール "a"。b の間違いですか?'],
    ['extends base.yaml twice', 'base.yaml を 2 回継承しています'],
    // a word alone may be a name of the file
    ['extends', 'extends'],
    ['web', 'web'],
    ['nothing that we say', 'nothing that we say'],
    // two places do not make a text ours
    ['of', 'of'],
  ])('%s', (english, other) => {
    expect(translated(english)).toBe(english);
    speak(japanese);
    expect(translated(english)).toBe(other);
  });
});

test('a key numbers the places and leaves out the white space around', () => {
  expect(phraseKey(['  ', ' of ', '\n'])).toBe('{0} of {1}');
  expect(phrase(['a ', ''], ['b'])).toBe('a b');
});
