import { describe, expect, it } from 'vitest';
import { nodeAt } from '../../../shared/src/syntax/yaml/lookup';
import { mapOf } from '../../../shared/src/syntax/yaml/values';
import { parseDocument } from '../../../shared/src/syntax/yaml/parse';
import type { Path, YamlNode } from '../../../shared/src/syntax/yaml/types';

function at(text: string, path: Path): YamlNode | null | undefined {
  return nodeAt(parseDocument(text), path);
}

function textOf(text: string, path: Path): string | null | undefined {
  const node = at(text, path);
  return node && text.slice(node.range.start, node.range.end);
}

describe('scalars', () => {
  it.each<[string, unknown, string, string]>([
    ['a: x', 'x', 'plain', 'x'],
    ['a: 1.20', 1.2, 'plain', '1.20'],
    ['a: 0x1F', 31, 'plain', '0x1F'],
    ['a: 0644', 644, 'plain', '0644'],
    ['a: True', true, 'plain', 'True'],
    ['a: yes', 'yes', 'plain', 'yes'],
    ['a: ~', null, 'plain', '~'],
    ['a: "x\\ty"', 'x\ty', 'double', 'x\ty'],
    ["a: 'it''s'", "it's", 'single', "it's"],
    ['a: "1"', '1', 'double', '1'],
    ['a: |\n  x\n  y\n', 'x\ny\n', 'literal', 'x\ny\n'],
    ['a: >-\n  x\n  y\n', 'x y', 'folded', 'x y'],
    ['a: one\n  two', 'one two', 'plain', 'one two'],
    ['a: !!str 1', '1', 'plain', '1'],
    ['a: .inf', Infinity, 'plain', '.inf'],
    ['a: 12e03', 12000, 'plain', '12e03'],
    ['a: nginx:1.27', 'nginx:1.27', 'plain', 'nginx:1.27'],
  ])('%j', (text, value, style, source) => {
    expect(at(text, ['a'])).toMatchObject({ kind: 'scalar', value, style, source });
  });
});

describe('ranges', () => {
  it.each<[string, Path, string | null]>([
    ['a:   x   # c\n', ['a'], 'x'],
    ['a: "x y" # c\n', ['a'], '"x y"'],
    ['a: &b !!str x\n', ['a'], 'x'],
    ['a:\n', ['a'], null],
    ['a: # c\nb: 1\n', ['a'], null],
    ['a: |\n  x\n\n\nb: 1\n', ['a'], '|\n  x'],
    ['a: |+\n  x\n\n\nb: 1\n', ['a'], '|+\n  x\n\n'],
    ['a: |-\r\n  x\r\nb: 1\r\n', ['a'], '|-\r\n  x'],
    ['a: |2\n    x\n', ['a'], '|2\n    x'],
    ['a: |\n  x\n  \t\nb: 1\n', ['a'], '|\n  x\n  \t'],
    ['a: >\n  x', ['a'], '>\n  x'],
    ['a: |\nb: 1\n', ['a'], '|'],
    ['a:\n  b: 1\n  c: 2 # d\n  # e\nf: 1\n', ['a'], 'b: 1\n  c: 2'],
    ['a: &x\n  b: 1\n', ['a'], 'b: 1'],
    ['a:\n  ? b\n  : c\n', ['a'], '? b\n  : c'],
    ['a:\n- b # c\n- d # e\nf: 1\n', ['a'], '- b # c\n- d'],
    ['a: [b, c] # d\n', ['a'], '[b, c]'],
    ['a: { b: 1,\n  c: 2 }\n', ['a'], '{ b: 1,\n  c: 2 }'],
    ['a: [b: 1]\n', ['a', 0], 'b: 1'],
    ['- - a\n  - b\n', [0], '- a\n  - b'],
    ['- a: 1\n  b:\n', [0], 'a: 1\n  b:'],
    ['\uFEFF- a: 1\n- b\n', [0], 'a: 1'],
    ['--- # x\na: 1\n...\n', [], 'a: 1'],
    ['a:\n  !!merge <<: *x\n  b: 1\n', ['a'], '!!merge <<: *x\n  b: 1'],
  ])('%j %j', (text, path, expected) => {
    expect(textOf(text, path)).toBe(expected);
  });

  it.each<[string, readonly string[], readonly number[]]>([
    ['a: 1\nb:\n  c: 2\n', ['a: 1', 'b:\n  c: 2'], [1, 6]],
    ['a: # x\nb: &c # y\n', ['a:', 'b: &c'], [1, 8]],
    ['"a" : 1\n? b\n: 2\n? c\n', ['"a" : 1', '? b\n: 2', '? c'], [4, 12, -1]],
    ['{a: 1, b, c: , "d":2}', ['a: 1', 'b', 'c:', '"d":2'], [2, -1, 11, 18]],
  ])('of entries: %j', (text, expected, colons) => {
    const entries = mapOf(parseDocument(text).root)!.entries;
    expect(entries.map(({ range }) => text.slice(range.start, range.end))).toEqual(expected);
    expect(entries.map(({ colon }) => colon)).toEqual(colons);
  });

  it.each<[string, readonly string[]]>([
    ['- a\n-   b: 1\n    c: 2 # d\n-\n- # e\n# f\n', ['- a', '-   b: 1\n    c: 2', '-', '-']],
    ['[a, {b: 1}, "c",]', ['a', '{b: 1}', '"c"']],
    ['- &a\n- !!str\n- &b c\n', ['- &a', '- !!str', '- &b c']],
  ])('of items: %j', (text, expected) => {
    const root = parseDocument(text).root;
    if (root?.kind !== 'sequence') throw new Error('no sequence');
    expect(root.itemRanges.map(({ start, end }) => text.slice(start, end))).toEqual(expected);
    expect(root.items).toHaveLength(expected.length);
  });
});

describe('comments', () => {
  it('are found wherever they stand, in order', () => {
    const text =
      '# a\n--- # b\n# c\nd: # e\n  # f\n  - g # h\n  -  # i\n  # j\nk: | # l\n  # no\nm: [ # n\n  # o\n  1, # p\n  2 # q\n] # r\n# s\n... # t\n# u\n';
    const { comments } = parseDocument(text);
    expect(comments.map(comment => comment.text).join('')).toBe('abcefhijlnopqrstu');
    expect(comments.filter(comment => comment.ownLine).map(comment => comment.text)).toEqual(['a', 'c', 'f', 'j', 'o', 's', 'u']);
    for (const { range, text: words } of comments) expect(text.slice(range.start, range.end)).toBe(`# ${words}`);
  });

  it('end before a carriage return, and may follow a byte order mark', () => {
    const { comments } = parseDocument('\uFEFF#\tone \r\na: 1 #two\r\n');
    expect(comments).toMatchObject([
      { text: 'one', ownLine: true, range: { start: 1, end: 7 } },
      { text: 'two', ownLine: false, range: { start: 14, end: 18 } },
    ]);
  });
});

describe('problems', () => {
  it.each<[string, readonly string[]]>([
    ['a: 1\n', []],
    ['a: 1\nb: 2\na: 3\n', ['DUPLICATE_KEY']],
    ['a: {b: 1, b: 2}\n', ['DUPLICATE_KEY']],
    ['a:\n  <<: {b: 1}\n  <<: {c: 1}\n', []],
    ['a: *b\n', ['UNKNOWN_ALIAS']],
    ['a: [1\n', ['BAD_INDENT']],
    ['a: "x\n', ['MISSING_CHAR']],
    ['a: b: c\n', ['BLOCK_AS_IMPLICIT_KEY']],
    ['a: \0\n', ['BINARY']],
    ['a:\n\t- b\n', ['TAB_AS_INDENT']],
  ])('%j', (text, codes) => {
    expect(parseDocument(text).problems.map(problem => problem.code)).toEqual(codes);
  });

  it('leave the healthy part', () => {
    const document = parseDocument('a: 1\nb:\n  c: true\nd: [1, 2\n');
    expect(document.problems).not.toEqual([]);
    expect(nodeAt(document, ['b', 'c'])).toMatchObject({ value: true });
  });

  it('are not more than anybody reads', () => {
    expect(parseDocument(']\n'.repeat(5000)).problems.length).toBeLessThanOrEqual(100);
  });

  it('of equal keys: the last counts', () => {
    expect(at('a: 1\na: 2\n', ['a'])).toMatchObject({ value: 2 });
    expect(at('a: 1\n' + Array.from({ length: 30 }, (_, i) => `k${i}: 1\n`).join('') + 'a: 2\n', ['a'])).toMatchObject({ value: 2 });
  });
});

describe('anchors and aliases', () => {
  it('bind in the order of the text', () => {
    const document = parseDocument('a: &x 1\nb: *x\nc: &x 2\nd: *x\n');
    expect(nodeAt(document, ['b'])).toMatchObject({ value: 1, shared: true });
    expect(nodeAt(document, ['d'])).toMatchObject({ value: 2, shared: true });
  });

  it('may be empty; one that names what it stands in is not followed', () => {
    const document = parseDocument('a: &x\nb: *x\nc: &y\n  d: *y\n  e: 1\n');
    expect(nodeAt(document, ['a'])).toMatchObject({ value: null, anchor: 'x' });
    expect(nodeAt(document, ['b'])).toMatchObject({ value: null, shared: true });
    expect(nodeAt(document, ['c', 'd'])).toMatchObject({ kind: 'alias', target: null });
    expect(document.shortfalls).toMatchObject([{ id: 'aliases', count: 1, range: { start: 23, end: 25 } }]);
  });

  it('may be keys', () => {
    expect(at('a: &x k\n*x : 1\n', ['k'])).toMatchObject({ value: 1 });
  });
});
