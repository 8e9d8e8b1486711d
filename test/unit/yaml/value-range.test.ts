import { describe, expect, test } from 'vitest';
import { parseDocument } from '../../../shared/src/syntax/yaml/parse';
import { gistRange, mapOf, valueRange } from '../../../shared/src/syntax/yaml/values';

/** Which token is underlined: what is wrong itself, never a key with its value, nor several lines. */

/** The first map of a text, and the text of a range. */
function read(text: string) {
  const document = parseDocument(text);
  return { map: mapOf(document.root)!, at: ({ start, end }: { start: number; end: number }) => text.slice(start, end) };
}

describe('of an entry', () => {
  test.each([
    ['a: "1"\n', '"1"'],
    ["a: ''\n", "''"],
    ['a:\n', 'a'],
    ['a: ~\n', '~'],
    ['a: *x\nb: &x 1\n', '*x'],
    ['{ a, b: 1 }\n', 'a'],
  ])('%j: %j', (text, token) => {
    const { map, at } = read(text);
    expect(at(valueRange(map.entries[0]!))).toBe(token);
  });
});

describe('of a map as a whole', () => {
  test.each([
    ['app: web\n', 'web'],
    ['matchLabels:\n  app: web\n', 'web'],
    ['matchLabels:\n  app: web\n  tier: front\n', 'app'],
    ['matchExpressions:\n  - { key: app, operator: Exists }\n', 'matchExpressions'],
    ['app: web\ntier: front\n', 'app'],
    ['app:\n', 'app'],
    ['{}\n', '{}'],
    ['matchLabels: {}\n', '{}'],
  ])('%j: %j', (text, token) => {
    const { map, at } = read(text);
    expect(at(gistRange(map))).toBe(token);
  });
});
