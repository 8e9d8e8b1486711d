import { describe, expect, it } from 'vitest';
import { dataOf, isOpenData, placeOf, type Data, type DataKey } from '../../../shared/src/syntax/yaml/data';
import { parseDocument } from '../../../shared/src/syntax/yaml/parse';

const read = (): Map<DataKey, Data> => {
  const { root, ...document } = parseDocument('a: {b: [1, {c: x}]}\nd: v\ne: {f: z}\n');
  return dataOf({ root, ...document }, root, [], { whole: false }) as Map<DataKey, Data>;
};

/** What a map of data has, as a list. */
const shown = (data: unknown): unknown =>
  data instanceof Map
    ? Object.fromEntries([...(data as ReadonlyMap<string, unknown>)].map(([key, value]) => [key, shown(value)]))
    : Array.isArray(data)
      ? data.map(shown)
      : data;
const all = { a: { b: [1, { c: 'x' }] }, d: 'v', e: { f: 'z' } };

describe('data of a map, which reads its maps and lists when they are asked for', () => {
  it.each<readonly [how: string, look: (data: Map<DataKey, Data>) => unknown, expected: unknown]>([
    ['its keys', data => [...data.keys()], ['a', 'd', 'e']],
    ['how many there are', data => data.size, 3],
    ['all of it', shown, all],
    ['its values', data => [...data.values()].map(shown), Object.values(all)],
    ['a copy', data => shown(new Map(data)), all],
    [
      'each',
      data => {
        const seen: unknown[] = [];
        data.forEach((value, key) => seen.push([key, shown(value)]));
        return seen;
      },
      Object.entries(all),
    ],
    ['what is asked for first, and then all', data => [shown(data.get('e')), shown(data)], [all.e, all]],
    ['what was set before it was read', data => shown(data.set('a', 1)), { ...all, a: 1 }],
    [
      'what was deleted',
      data => [data.delete('a'), data.get('a'), data.has('a'), shown(data)],
      [true, undefined, false, { d: 'v', e: all.e }],
    ],
    ['the same value each time', data => data.get('a') === data.get('a') && data.get('a') === [...data.values()][0], true],
    ['where it is', data => placeOf(((data.get('a') as typeof data).get('b') as readonly Data[])[1]), ['a', 'b', 1]],
    ['what nothing is added to', data => [data, data.get('a')].map(isOpenData), [false, false]],
  ])('%s', (_, look, expected) => expect(look(read())).toEqual(expected));
});
