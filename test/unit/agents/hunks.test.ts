import { applyPatch, formatPatch, structuredPatch } from 'diff';
import { describe, expect, test } from 'vitest';
import { hunksOf } from '../../../server/src/agents/hunks';
import { applyEdits, type TextEdit } from '../../../shared/src/base/text/edits';
import { expectLinear } from '../../support/growth';
import { fc } from '../../support/property';

const patchOf = (text: string, edits: readonly TextEdit[], context = 3): string =>
  formatPatch({ oldFileName: 'a', newFileName: 'b', oldHeader: undefined, newHeader: undefined, hunks: hunksOf(text, edits, context) });
const theirs = (text: string, changed: string, context = 3): string =>
  formatPatch(structuredPatch('a', 'b', text, changed, undefined, undefined, { context }));

/** An edit of the first occurrence of a text. */
const edit = (text: string, old: string, newText: string): TextEdit => {
  const start = text.indexOf(old);
  return { range: { start, end: start + old.length }, newText };
};
const numbered = (n: number): string => Array.from({ length: n }, (_, i) => `line ${i}\n`).join('');

describe('the hunks of edits are those of a comparison of both texts', () => {
  const text = numbered(40);
  test.each<[string, string, readonly TextEdit[]]>([
    ['nothing', text, []],
    ['a word', text, [edit(text, 'line 7', 'row 7')]],
    ['a line more, at the end of another', text, [edit(text, '7\n', '7\nnew\n')]],
    ['a line more, in front of another', text, [edit(text, 'line 7', 'new\nline 7')]],
    ['a line less', text, [edit(text, 'line 7\n', '')]],
    ['two lines that become one', text, [edit(text, '7\nline ', ' ')]],
    ['two that are near', text, [edit(text, 'line 7', 'row 7'), edit(text, 'line 14', 'row 14')]],
    ['two that are far apart', text, [edit(text, 'line 7', 'row 7'), edit(text, 'line 15', 'row 15')]],
    ['neighbours', text, [edit(text, 'line 7', 'row 7'), edit(text, 'line 8', 'row 8')]],
    ['two of one line', text, [edit(text, 'line 7', 'row 7'), edit(text, '7\n', '8\n')].map((e, i) => (i ? e : { ...e, range: { ...e.range, end: e.range.end - 1 }, newText: 'row ' }))], // prettier-ignore
    ['the first line', text, [edit(text, 'line 0\n', 'first\n')]],
    ['the last line', text, [edit(text, 'line 39\n', 'last\n')]],
    ['text behind the end', text, [{ range: { start: text.length, end: text.length }, newText: 'more\n' }]],
    ['a line break that is missing at the end', 'a\nb', [{ range: { start: 3, end: 3 }, newText: '\n' }]],
    ['one that is taken away', 'a\nb\n', [{ range: { start: 3, end: 4 }, newText: '' }]],
    ['a line behind one without a break', 'a\nb', [{ range: { start: 3, end: 3 }, newText: '\nc' }]],
    ['CRLF', 'a\r\nb\r\n', [edit('a\r\nb\r\n', 'b', 'c\r\nd')]],
    ['a new file', '', [{ range: { start: 0, end: 0 }, newText: 'a\nb\n' }]],
    ['a file that is emptied', 'a\nb\n', [{ range: { start: 0, end: 4 }, newText: '' }]],
    ['a block that keeps lines in between', text, [edit(text, 'line 3\nline 4\nline 5\n', 'line 3\nnew\nline 5\n')]],
  ])('%s', (_, before, edits) => {
    expect(patchOf(before, edits)).toBe(theirs(before, applyEdits(before, edits)));
    expect(patchOf(before, edits, 0)).toBe(theirs(before, applyEdits(before, edits), 0));
  });

  test('any edits: the patch applies', () => {
    const piece = fc.array(fc.constantFrom('a', 'b', '\n', '\n', '\r\n'), { maxLength: 30 }).map(parts => parts.join(''));
    const cuts = fc.array(fc.tuple(fc.nat(40), piece), { maxLength: 8 });
    fc.assert(
      fc.property(piece, cuts, (before, all) => {
        const places = all.map(([at]) => Math.min(at, before.length)).sort((a, b) => a - b);
        const edits = all
          .slice(0, places.length >> 1)
          .map(([, newText], i) => ({ range: { start: places[2 * i]!, end: places[2 * i + 1]! }, newText }));
        const after = applyEdits(before, edits);
        const patch = patchOf(before, edits);
        expect(applyPatch(before, patch)).toBe(after);
      }),
    );
  });
});

test('the cost grows with the edits', () => {
  expectLinear(
    'a diff',
    n => {
      const text = numbered(n);
      const edits = Array.from({ length: n >> 1 }, (_, i) => edit(text, `line ${2 * i}\n`, `line ${2 * i}\n  more: true\n`));
      return { text, edits };
    },
    ({ text, edits }) => expect(hunksOf(text, edits, 3)).toHaveLength(1),
    6000,
  );
  // one edit that changes everything
  const text = numbered(20_000);
  expect(applyPatch(text, patchOf(text, [{ range: { start: 0, end: text.length }, newText: text.replaceAll('line', 'row') }]))).toBe(
    text.replaceAll('line', 'row'),
  );
});
