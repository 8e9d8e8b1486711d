import { expect, test } from 'vitest';
import { checkWords, renderBaseline, type Texts } from '../../../tools/words/check-words';

const texts = (files: Readonly<Record<string, string>>): Texts => new Map(Object.entries(files));
const known = { 'a.ts': { told: 1 }, 'gone.ts': { whoever: 2 } };

test('a new word is named, with its line and what to write instead', () => {
  const { problems } = checkWords(texts({ 'a.ts': 'const toldNames = 1;\n// told\n' }), known);
  expect(problems).toEqual([
    { file: 'a.ts:2', what: expect.stringMatching(/^"told" 2 times, 1 before \(lines 1, 2\); write: given/) as string },
  ]);
  expect(checkWords(texts({ 'b.md': 'This is no key.\n' }), known).problems).toEqual([
    { file: 'b.md:1', what: expect.stringContaining('write: is not a') as string },
  ]);
});

test.each([
  ['in camel case', 'export const kin = whatIsBehind;'],
  ['in kebab case', "import './told-facts';"],
  ['in capital letters', '// Whoever'],
])('words are found %s', (_, text) => expect(checkWords(texts({ 'a.ts': text }), {}).problems.length).toBeGreaterThan(0));

test('what is no more than before passes, and the baseline shrinks with it', () => {
  const { problems, next } = checkWords(texts({ 'a.ts': 'nothing' }), known);
  expect(problems).toEqual([]);
  expect(next).toEqual({});
});

test('a file that moves takes its words along, and no more of them', () => {
  expect(checkWords(texts({ 'new.ts': 'whoever' }), known)).toEqual({ problems: [], next: { 'new.ts': { whoever: 1 } } });
  expect(checkWords(texts({ 'new.ts': 'whoever', 'other.ts': 'whoever, whoever' }), known).problems.map(({ file }) => file)).toEqual([
    'other.ts:1',
  ]);
});

test('whole words alone count: within a longer one it is another', () => {
  expect(checkWords(texts({ 'a.ts': 'skin, standard, alone, is no longer, laidOut' }), { 'a.ts': { laid: 1 } }).problems).toEqual([]);
});

test('the baseline is a line for each file', () => {
  const text = renderBaseline({ 'a.ts': { told: 1, kin: 2 }, 'b.ts': { laid: 3 } });
  expect(text).toBe('{\n  "a.ts": { "kin": 2, "told": 1 },\n  "b.ts": { "laid": 3 }\n}\n');
  expect(JSON.parse(text)).toEqual({ 'a.ts': { told: 1, kin: 2 }, 'b.ts': { laid: 3 } });
});
