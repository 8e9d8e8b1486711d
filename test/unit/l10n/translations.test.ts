import { describe, expect, test } from 'vitest';
import { rules } from '../../../shared/src/families/generated/index';
import { problemsOf, pageProblems, type Term } from '../../../tools/l10n/check';
import { columns } from '../../../shared/src/output/report/printable';
import { fillPage, proseOf } from '../../../tools/l10n/pages';
import { textsOf } from '../../../tools/l10n/extract';
import { checkout } from '../../../tools/l10n/checkout';
import { checkTranslations, exportSheet, importSheet, prune, readTerms, type Store } from '../../../tools/l10n/translations';

const terms: readonly Term[] = [
  { en: 'container', ja: 'コンテナ', not: ['コンテナー'] },
  { en: 'cluster', ja: 'クラスター', not: ['クラスタ'] },
  { en: 'digest', ja: 'ダイジェスト', not: [], must: true },
];

describe('what is wrong with a translation', () => {
  test.each<[string, string, string, RegExp | null]>([
    ['nothing', "{object} sees the node's processes", '{object} からノードのプロセスが見えます', null],
    ['places in another order', '{a} in {b} was not found', '{b} に {a} がありません', null],
    [
      'a lost place',
      '{image} was not pinned: {reason}',
      '{image} は固定されませんでした',
      /places differ: English has \{image\} \{reason\}/,
    ],
    ['a made-up place', 'Pin the {image} to it', '{image} を {digest} に固定する', /places differ/],
    ['code', 'Set `USER` in the last stage', '最後のステージで USER を設定する', /code differ/],
    ['an option', 'With --lookup: ask them', '問い合わせる', /options differ/],
    ['markup', '<b>All</b> of them', 'すべて', /markup differ/],
    [
      'too wide',
      'Two of the images are signed',
      'ここで検査されたイメージのうち 2 個だけに署名が確認されました',
      /columns wide, and may be 50/,
    ],
    ['a short one may be wider', 'Pin', 'ダイジェストに固定', null],
    ['no space', 'Change the USER of it', 'USERを変更する', /half-width space.*USERを/],
    ['no space at a place', '{count} findings here', '{count}件の検出事項', /half-width space/],
    ['full-width brackets', 'Fix it (review) here', '修正 （要確認）', /half-width: /],
    ['full-width letters', 'Change the USER of it', 'ＵＳＥＲ を変更する', /Latin letters and digits half-width/],
    ['a full stop that is not there', 'Harden this file', 'このファイルを強化する。', /ends with 。/],
    ['a full stop that is missing', 'This file is a template.', 'このファイルはテンプレートです', /has to end with 。/],
    ['a colon', 'left to you:', '残り', /has to end with :/],
    ['a forbidden word', 'The container is new here', 'コンテナーは新しいものです', /"container" is コンテナ, not コンテナー/],
    ['a forbidden word within the right one', 'The cluster is new here', 'クラスターは新しいものです', null],
    ['the forbidden one alone', 'The cluster is new here', 'クラスタは新しいものです', /not クラスタ/],
    ['a term that has to be there', 'The digest is unknown here', 'その値は不明です', /"digest" is ダイジェスト/],
    ['English', 'The user of it is unknown', 'The user of it is unknown', /still English/],
    ['empty', 'Start', ' ', /empty/],
    ['lines', 'one line\nand another', '1 行', /1 lines instead of 2/],
  ])('%s', (_what, en, ja, problem) => {
    const found = problemsOf({ en, ja }, terms);
    if (problem === null) expect(found).toEqual([]);
    else expect(found.join('\n')).toMatch(problem);
  });

  test.each([
    ['abc', 3],
    ['コンテナ', 8],
    ['a コ', 4],
    ['e\u0301', 1],
    ['ｱ', 1],
    // kana with its mark apart
    ['か\u3099', 2],
  ])('%s takes %i columns', (text, width) => expect(columns(text)).toBe(width));
});

describe('a page', () => {
  const english = '# Title\n\nWhy.\n\n## A case\n\n**Reported**\n\n```yaml\na: 1\n```\n\n**Accepted**\n\n```yaml\nb: 2\n```\n';
  const prose = '# Title\n\nWhy.\n\n## A case\n\n**Reported**\n\n{1}\n\n**Accepted**\n\n{2}\n';

  test('is taken apart and put together again', () => {
    expect(proseOf(english).text).toBe(prose);
    const filled = fillPage(prose.replace('Why.', '理由。'), proseOf(english).blocks);
    expect(filled).toBe(
      english.replace('Why.', '理由。').replace('**Reported**', '**検出される例**').replace('**Accepted**', '**検出されない例**'),
    );
  });

  test.each([
    ['the same', prose, []],
    ['a block is missing', prose.replace('\n\n{2}', ''), ['headings']],
    ['a heading more', `${prose}\n## Another\n`, ['headings']],
  ])('%s', (_what, ja, problems) => {
    expect(pageProblems({ en: prose, ja }, terms).map(problem => problem.split(',')[0])).toEqual(problems);
  });
});

test.each<[string, Parameters<typeof textsOf>[1], readonly string[]]>([
  ['masked`${a}: not scanned: ${b}`', 'cli', ['{0}: not scanned: {1}']],
  ["plain(x ? 'a fragment' : 'fragments')", 'cli', ['a fragment', 'fragments']],
  ["plural(n, 'file')", 'cli', ['{0} file', '{0} files']],
  [
    'throw new UsageError(`unknown rule "${id}"${near ? `; did you mean ${near}?` : \'\'}`)',
    'cli',
    ['unknown rule "{0}"{1}', '; did you mean {0}?'],
  ],
  ["const option = { value: 'FILE', help: 'Use this file' }", 'cli', ['Use this file']],
  ["return { ok: false, message: 'does not exist' }", 'editor', ['does not exist']],
  ["masked`<li>${a}</li>`, plain('bulkhead harden'), trusted('linux/arm64')", 'cli', []],
  ["vscode.l10n.t('Open {0}', name); l10n.t('Close'); other.t('Not one')", 'client', ['Open {0}', 'Close']],
])('texts in %s', (source, surface, texts) => expect(textsOf(source, surface)).toEqual(texts));

/** The checkout without its translations, and what is written over it. */
function openStore(): Store & { readonly files: Map<string, string> } {
  const files = new Map<string, string>();
  const isTranslation = (path: string): boolean => /\.ja\.(?:json|md)$|^l10n\/ja|^docs\/ja\//.test(path) && path !== 'l10n/terms.ja.json';
  return {
    files,
    read: path => files.get(path) ?? (isTranslation(path) ? null : checkout.read(path)),
    write: (path, text) => files.set(path, text),
  };
}

describe('translators', () => {
  const title = 'words:kubernetes/host-pid/title';

  test('get every text, and give it back', () => {
    const store = openStore();
    const sheet = exportSheet(rules, store, { only: ['missing'], parts: [] });
    expect(new Set(Object.keys(sheet).map(key => key.split(':')[0]))).toEqual(
      new Set(['words', 'cli', 'client', 'manifest', 'page', 'doc']),
    );
    const en = sheet[title]!.en;
    const done = importSheet(rules, { [title]: { en, ja: 'ホストのプロセスの共有' }, 'client:Start': { en: 'Start', ja: '開始' } }, store);
    expect(done).toEqual({ taken: 2, problems: [] });
    expect(JSON.parse(store.read('l10n/ja.json')!)).toEqual({ 'kubernetes/host-pid/title': 'ホストのプロセスの共有' });
    expect(JSON.parse(store.read('l10n/bundle.l10n.ja.json')!)).toEqual({ Start: '開始' });
    expect(exportSheet(rules, store, { only: ['missing'], parts: [] })[title]).toBeUndefined();
    expect(checkTranslations(rules, store).some(({ what }) => what.startsWith(`${title}:`))).toBe(false);
    // what is begun has to be completed
    expect(checkTranslations(rules, store).some(({ what }) => what === 'client:Show: it is not translated')).toBe(true);
  });

  test('may give back translations alone', () => {
    const store = openStore();
    const sheet = { 'kubernetes/host-pid/title': 'ホストのプロセスの共有', 'client:Start': '開始' };
    expect(importSheet(rules, sheet, store)).toEqual({ taken: 2, problems: [] });
  });

  test('are shown what is wrong, and what is right is taken', () => {
    const store = openStore();
    const { taken, problems } = importSheet(
      rules,
      {
        [title]: { en: 'Something else', ja: '何か' },
        'words:no/such': { en: '', ja: 'x' },
        'client:Start': { en: 'Start', ja: '開始。' },
        'client:Show': { en: 'Show', ja: '表示' },
        'client:Retry': { en: 'Retry', ja: '' },
      },
      store,
    );
    expect(taken).toBe(1);
    expect(problems).toEqual([
      expect.stringMatching(/^words:kubernetes\/host-pid\/title: its English has changed meanwhile; it is now "/),
      'words:no/such: there is no such text (any more)',
      'client:Start: it ends with 。, and the English has no full stop',
    ]);
  });

  test('a translation of another English is stale, one of no English left over', () => {
    const store = openStore();
    store.write('l10n/ja.json', JSON.stringify({ 'kubernetes/host-pid/title': '古い', 'gone/text': '古い' }));
    store.write('l10n/ja.of.json', JSON.stringify({ [title]: '00000000' }));
    const found = checkTranslations(rules, store).map(({ what }) => what);
    expect(found).toContain(`${title}: its English has changed: translate it again`);
    expect(found).toContain('words:gone/text: its English is gone: npm run l10n -- prune');
    expect(Object.keys(exportSheet(rules, store, { only: ['stale'], parts: [] }))).toEqual([title]);
    prune(rules, store);
    expect(Object.keys(JSON.parse(store.read('l10n/ja.json')!) as object)).toEqual(['kubernetes/host-pid/title']);
    expect(checkTranslations(rules, store).map(({ what }) => what)).toContain(`${title}: its English has changed: translate it again`);
  });

  test('a page keeps what it is a translation of', () => {
    const store = openStore();
    const key = 'page:kubernetes/host-pid';
    const { en } = exportSheet(rules, store, { only: [], parts: ['page'] })[key]!;
    const ja = en.replace(/^# .*/, '# ホストの PID');
    expect(importSheet(rules, { [key]: { en, ja } }, store)).toEqual({ taken: 1, problems: [] });
    const path = 'shared/src/families/kubernetes/rules/host-pid.ja.md';
    expect(store.read(path)).toMatch(/^<!-- of: [0-9a-f]{12} -->\n\n# ホストの PID\n/);
    expect(exportSheet(rules, store, { only: ['stale', 'missing'], parts: ['page'] })[key]).toBeUndefined();
    store.write(path, store.read(path)!.replace(/of: ..../, 'of: 0000'));
    expect(exportSheet(rules, store, { only: ['stale'], parts: ['page'] })[key]).toBeDefined();
  });

  test('the glossary names each term once', () => {
    const all = readTerms(checkout);
    expect(new Set(all.map(({ en }) => en)).size).toBe(all.length);
    for (const { ja, not } of all) expect(not).not.toContain(ja);
  });
});
