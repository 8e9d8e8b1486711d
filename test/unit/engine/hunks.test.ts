import { fc } from '../../support/property';
import { describe, expect, test } from 'vitest';
import { compose, toOriginal } from '../../../shared/src/engine/hunks';
import { applyEdits, haveConflict, type TextEdit } from '../../../shared/src/base/text/edits';

/** Random edits of a text that do not conflict, made from increasing cuts. */
const editsOf = (length: number): fc.Arbitrary<TextEdit[]> =>
  fc.array(fc.tuple(fc.nat(length), fc.nat(3), fc.string({ maxLength: 4 })), { maxLength: 4 }).map(cuts => {
    const result: TextEdit[] = [];
    let at = -1;
    for (const [start, size, newText] of cuts.sort((a, b) => a[0] - b[0])) {
      if (start <= at) continue;
      const end = Math.min(length, start + size);
      result.push({ range: { start, end }, newText });
      at = end;
    }
    return result;
  });

describe('composing rounds of edits', () => {
  test('the composed edits lead from the original to the last text, and do not overlap', () => {
    fc.assert(
      fc.property(
        fc.string({ minLength: 1, maxLength: 30 }).chain(text =>
          editsOf(text.length).chain(first => {
            const middle = applyEdits(text, first);
            return editsOf(middle.length).chain(second => {
              const last = applyEdits(middle, second);
              return editsOf(last.length).map(third => ({ text, first, middle, second, last, third }));
            });
          }),
        ),
        ({ text, first, middle, second, last, third }) => {
          const two = compose(first, middle, second);
          expect(haveConflict(two)).toBe(false);
          expect(applyEdits(text, two)).toBe(last);
          const three = compose(two, last, third);
          expect(haveConflict(three)).toBe(false);
          expect(applyEdits(text, three)).toBe(applyEdits(last, third));
        },
      ),
      { numRuns: 5000 },
    );
  });

  test.each([
    [
      'an edit elsewhere stays apart',
      [[0, 1, 'XY']],
      [[5, 6, 'Z']],
      [
        [0, 1, 'XY'],
        [4, 5, 'Z'],
      ],
    ],
    ['an edit inside written text joins it', [[2, 2, 'abcd']], [[4, 4, '!']], [[2, 2, 'ab!cd']]],
    [
      'an insertion at the edge of written text stays apart',
      [[2, 2, 'ab']],
      [[4, 4, '!']],
      [
        [2, 2, 'ab'],
        [2, 2, '!'],
      ],
    ],
    ['a deletion over a hunk takes it in', [[2, 3, 'ab']], [[1, 5, '']], [[1, 4, '']]],
  ] as const)('%s', (_, first, second, expected) => {
    const hunk = ([start, end, newText]: readonly [number, number, string]): TextEdit => ({ range: { start, end }, newText });
    const original = '0123456789';
    const one = first.map(hunk);
    const result = compose(one, applyEdits(original, one), second.map(hunk));
    expect(result.map(h => [h.range.start, h.range.end, h.newText])).toEqual(expected);
  });

  test('offsets map back to where their text came from', () => {
    const hunks: TextEdit[] = [{ range: { start: 2, end: 4 }, newText: 'xyz' }];
    expect([0, 1, 2, 3, 4, 5, 6].map(offset => toOriginal(hunks, offset))).toEqual([0, 1, 2, 2, 2, 4, 5]);
  });
});
