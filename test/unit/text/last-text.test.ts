import { expect, test } from 'vitest';
import { ofLastText } from '../../../shared/src/base/text/last-text';
import { expectLinear } from '../../support/growth';

test('an answer is worked out once for a text, whichever string holds it', () => {
  let asked = 0;
  const lengthOf = ofLastText(text => (asked++, text.length));
  expect([lengthOf('one'), lengthOf(Buffer.from('one').toString()), lengthOf('four'), lengthOf('one')]).toEqual([3, 3, 4, 3]);
  expect(asked).toBe(3);
});

test('of a file that was read twice each document asks at once', () => {
  const lengthOf = ofLastText(text => text.length);
  const twice = (n: number): readonly string[] => {
    const text = `kind: A # ${n}\n---\n`.repeat(n);
    return [text, Buffer.from(text).toString()];
  };
  const ask = ([one = '', other = '']: readonly string[]): void => {
    lengthOf(one);
    for (let at = 0; at < other.length; at += 12) lengthOf(other);
  };
  expectLinear('a text read twice', twice, ask, 20_000);
});
