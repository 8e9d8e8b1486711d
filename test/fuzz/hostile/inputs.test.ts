import { expect, test } from 'vitest';
import { hostileInputs } from './index';
import { hostileSize } from './make';

test('hostile inputs are many, of different names, and no longer than they may be', () => {
  expect(hostileInputs.length).toBeGreaterThan(400);
  expect(new Set(hostileInputs.map(({ name }) => name)).size).toBe(hostileInputs.length);
  expect(hostileInputs.filter(({ text }) => text.length === 0 || text.length > hostileSize).map(({ name }) => name)).toEqual([]);
});
