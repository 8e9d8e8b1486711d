import { fc } from '../../support/property';
import { describe, expect, test } from 'vitest';
import { applyEdits, haveConflict } from '../../../shared/src/base/text/edits';
import { createLineTable } from '../../../shared/src/base/text/line-table';
import { createRangeSearch } from '../../../shared/src/base/text/range-search';
import { suggest } from '../../../shared/src/base/text/suggest';
import { detectEol } from '../../../shared/src/base/text/eol';

describe('line table', () => {
  test.each([
    ['a\nb', 3, { line: 1, character: 1 }],
    ['a\r\nb', 3, { line: 1, character: 0 }],
    ['a\rb', 2, { line: 1, character: 0 }],
    ['\ufeffab', 2, { line: 0, character: 1 }],
    ['😀x', 2, { line: 0, character: 2 }],
    ['', 0, { line: 0, character: 0 }],
    ['ab', 99, { line: 0, character: 2 }],
  ])('%j: offset %i is at %j', (text, offset, position) => {
    const table = createLineTable(text);
    expect(table.position(offset)).toEqual(position);
    expect(table.offset(position)).toBe(Math.min(offset, text.length));
  });

  test('positions past the end are clamped', () => {
    const table = createLineTable('ab\ncd\n');
    expect(table.offset({ line: 0, character: 50 })).toBe(2);
    expect(table.offset({ line: 9, character: 0 })).toBe(6);
    expect(table.lineCount).toBe(3);
  });
});

describe('edits', () => {
  const edit = (start: number, end: number, newText: string) => ({ range: { start, end }, newText });
  test('are applied by place, insertions at one place in the order given', () => {
    expect(applyEdits('abc', [edit(2, 3, 'C'), edit(1, 1, '1'), edit(1, 1, '2')])).toBe('a12bC');
  });
  test('conflict only where they share text', () => {
    expect(haveConflict([edit(0, 2, ''), edit(2, 3, '')])).toBe(false);
    expect(haveConflict([edit(0, 2, ''), edit(1, 3, '')])).toBe(true);
    expect(haveConflict([edit(0, 2, ''), edit(1, 1, 'x')])).toBe(true);
    expect(() => applyEdits('abc', [edit(0, 2, ''), edit(1, 3, '')])).toThrow(RangeError);
  });
});

test.each([
  ['kubernetes/privileged', 'kubernetes/privileged'],
  ['kubernetes/priviledged', 'kubernetes/privileged'],
  ['FORM', 'from'],
  ['xyz', null],
])('the nearest name to %s is %s', (word, expected) => {
  expect(suggest(word, ['kubernetes/privileged', 'from'])).toBe(expected);
});

test.each([
  ['a\r\nb\n', '\r\n'],
  ['a\nb\r\n', '\n'],
  ['a', '\n'],
])('the line break of %j is that of its first line', (text, eol) => {
  expect(detectEol(text)).toBe(eol);
});

describe('range search', () => {
  const anyRange = fc.tuple(fc.nat(30), fc.nat(6)).map(([start, length]) => ({ start, end: start + length }));

  test('finds the ranges that meet another, and no others', () => {
    fc.assert(
      fc.property(fc.array(anyRange), anyRange, (ranges, place) => {
        const meeting = ranges.filter(({ start, end }) => start <= place.end && end >= place.start);
        const search = createRangeSearch(ranges);
        const byPlace = (list: typeof ranges): string[] => list.map(({ start, end }) => `${start}-${end}`).sort();
        expect(byPlace(search.filter(place, () => true))).toEqual(byPlace(meeting));
        expect(search.some(place, () => true)).toBe(meeting.length > 0);
      }),
    );
  });

  test('gives what it finds by where it begins', () => {
    const search = createRangeSearch([9, 1, 5].map(start => ({ start, end: 20 })));
    expect(search.filter({ start: 10, end: 11 }, () => true).map(({ start }) => start)).toEqual([1, 5, 9]);
  });

  test('stops at the first that the test takes', () => {
    const seen: number[] = [];
    const search = createRangeSearch([1, 2, 3].map(start => ({ start, end: 9 })));
    search.some({ start: 4, end: 5 }, ({ start }) => seen.push(start) > 1);
    expect(seen).toEqual([3, 2]);
  });
});
