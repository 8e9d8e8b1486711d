import { describe, expect, it } from 'vitest';
import { parseQuantity } from '../../../shared/src/families/kubernetes/model/quantity';

describe('quantities', () => {
  it.each([
    ['0', 0],
    ['256Mi', 256 * 2 ** 20],
    [' 1k ', 1000],
    ['0.5', 0.5],
    ['.5', 0.5],
    ['5.', 5],
    ['5.Ki', 5120],
    ['+1', 1],
    ['-1.5', -1.5],
    ['1e3', 1000],
    ['1E3', 1000],
    ['1E', 1e18],
    ['1e+2', 100],
    ['100m', 0.1],
    ['', null],
    ['.', null],
    ['1..5', null],
    ['1.5.5', null],
    ['1e', null],
    ['1e1234', null],
    ['1 Ki', null],
    ['1ki', null],
    ['--1', null],
    ['Mi', null],
  ])('%s', (text, value) => expect(parseQuantity(text)).toBe(value));

  it('a long row of digits costs what it is long', () => {
    const cost = (n: number): number => {
      const text = `${'0'.repeat(n)}x`;
      const start = process.cpuUsage();
      for (let i = 0; i < 20; i++) expect(parseQuantity(text)).toBeNull();
      const { user, system } = process.cpuUsage(start);
      return (user + system) / 1000;
    };
    cost(1000);
    const [once, four] = [20_000, 80_000].map(n => Math.min(cost(n), cost(n))) as [number, number];
    expect(four).toBeLessThan(Math.max(8 * once, 150));
  });
});
