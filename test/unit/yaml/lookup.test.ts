import { describe, expect, it } from 'vitest';
import { coveredRange, entryAt, lineItemAt, nodeAt, pathToPointer } from '../../../shared/src/syntax/yaml/lookup';
import { booleanOf, mapOf, numberOf, sequenceOf, stringOf } from '../../../shared/src/syntax/yaml/values';
import { parseDocument } from '../../../shared/src/syntax/yaml/parse';
import type { Path } from '../../../shared/src/syntax/yaml/types';

const merged = `base: &base
  user: 1
  map: {x: 1}
other: &other
  user: 2
  only: true
one:
  <<: *base
  own: 1
two:
  <<: [*base, *other]
  user: 3
three:
  <<: [*other, *base]
four:
  <<: &deep
    <<: *base
    four: 4
quoted:
  "<<": *base
alias: *base
list: [*base, 2]
`;

describe('nodeAt', () => {
  it.each<[Path, unknown]>([
    [['base', 'user'], { value: 1 }],
    [['one', 'user'], { value: 1, shared: true }],
    [['one', 'own'], { value: 1 }],
    [['two', 'user'], { value: 3 }],
    [['two', 'only'], { value: true, shared: true }],
    [['three', 'user'], { value: 2, shared: true }],
    [['three', 'map', 'x'], { value: 1, shared: true }],
    [['four', 'user'], { value: 1, shared: true }],
    [['four', 'four'], { value: 4, shared: true }],
    [['quoted', 'user'], undefined],
    [['alias', 'map', 'x'], { value: 1, shared: true }],
    [['alias'], { kind: 'map', shared: true }],
    [['list', 0, 'user'], { value: 1, shared: true }],
    [['list', 1], { value: 2 }],
    [['list', 2], undefined],
    [['list', '1'], undefined],
    [['nothing'], undefined],
    [['base', 'user', 'deeper'], undefined],
    [[], { kind: 'map' }],
  ])('%j', (path, expected) => {
    const node = nodeAt(parseDocument(merged), path);
    if (expected === undefined) expect(node).toBeUndefined();
    else expect(node).toMatchObject(expected as object);
  });

  it('does not mark as shared what is not', () => {
    expect(nodeAt(parseDocument(merged), ['two', 'user'])).not.toHaveProperty('shared');
  });

  it('tells empty from absent', () => {
    const document = parseDocument('a:\nb: [1, , 2]\nc: ~\n');
    expect(nodeAt(document, ['a'])).toBeNull();
    expect(nodeAt(document, ['c'])).toMatchObject({ value: null });
    expect(nodeAt(document, ['d'])).toBeUndefined();
    expect(nodeAt(parseDocument(''), ['a'])).toBeUndefined();
    expect(nodeAt(parseDocument(''), [])).toBeNull();
  });

  it('gives one object for one shared node', () => {
    const document = parseDocument(merged);
    expect(nodeAt(document, ['alias'])).toBe(nodeAt(document, ['list', 0]));
    expect(mapOf(nodeAt(document, ['alias']))!.entries[0]).toBe(mapOf(nodeAt(document, ['list', 0]))!.entries[0]);
  });

  it('looks at every map once, however merge keys fan out, and follows them no further than the budget', () => {
    const fan = (levels: number): string =>
      `m0: &m0 {k: 1}\n${Array.from({ length: levels }, (_, i) => `m${i + 1}: &m${i + 1}\n  <<: [${Array(10).fill(`*m${i}`).join(', ')}]\n`).join('')}`;
    const document = parseDocument(fan(3));
    expect(nodeAt(document, ['m3', 'k'])).toMatchObject({ value: 1 });
    expect(nodeAt(document, ['m3', 'absent'])).toBeUndefined();
    expect(document.shortfalls).toBeUndefined();
    const bomb = parseDocument(fan(40));
    expect(nodeAt(bomb, ['m40', 'k'])).toBeUndefined();
    expect(bomb.shortfalls).toMatchObject([{ id: 'aliases' }]);
    expect(nodeAt(parseDocument('a: &a\n  <<: *a\n'), ['a', 'x'])).toBeUndefined();
  });
});

describe('entryAt', () => {
  it('gives the entry of a key', () => {
    const document = parseDocument(merged);
    expect(entryAt(document, ['one', 'own'])).toMatchObject({ name: 'own' });
    expect(entryAt(document, ['one', 'user'])).toMatchObject({ name: 'user', value: { shared: true } });
    expect(entryAt(document, ['list', 0])).toBeUndefined();
    expect(entryAt(document, [])).toBeUndefined();
  });
});

describe('pathToPointer', () => {
  it.each<[Path, string]>([
    [[], ''],
    [['spec', 'containers', 0], '/spec/containers/0'],
    [['a/b', 'c~d', ''], '/a~1b/c~0d/'],
  ])('%j', (path, expected) => expect(pathToPointer(path)).toBe(expected));
});

const covered = `# one
kind: Pod
# two
spec: # three
  # four

  # five
  containers:
    # six
    - name: a # seven
      # eight
      image: x
    # nine
  # ten
  ? odd
  : 1
  # eleven
  flow: [a, # twelve
    b]
# thirteen
`;

describe('coveredRange', () => {
  it.each<[string, string | null]>([
    ['one', 'kind: Pod'],
    ['two', 'spec: # three…'],
    ['three', 'containers:…'],
    ['four', 'containers:…'],
    ['five', 'containers:…'],
    ['six', '- name: a # seven…'],
    ['seven', 'image: x'],
    ['eight', 'image: x'],
    ['nine', '? odd…'],
    ['ten', '? odd…'],
    ['eleven', 'flow: [a, # twelve…'],
    ['twelve', 'b'],
    ['thirteen', null],
  ])('%s', (word, expected) => {
    const document = parseDocument(covered);
    const comment = document.comments.find(({ text }) => text === word)!;
    for (const offset of [comment.range.start, comment.range.end]) {
      const found = coveredRange(document, offset);
      const text = found && covered.slice(found.start, found.end);
      expect(text && text.replace(/\n[^]*/, '…')).toBe(expected);
    }
  });
});

describe('lineItemAt', () => {
  it.each<[string, string | null]>([
    ['three', 'spec: # three…'],
    ['seven', '- name: a # seven…'],
    ['twelve', 'flow: [a, # twelve…'],
    ['two', null],
  ])('%s', (word, expected) => {
    const document = parseDocument(covered);
    const found = lineItemAt(document, document.comments.find(({ text }) => text === word)!.range.start);
    const text = found && covered.slice(found.start, found.end);
    expect(text && text.replace(/\n[^]*/, '…')).toBe(expected);
  });
});

describe('typed values', () => {
  const document = parseDocument(
    's: x\nb: true\non: on\nq: "on"\nn: 0644\nm: 12\nz: 0\nl: [1]\nm2: {a: 1}\ne:\na: &a yes\nc: *a\nf: 1.5\n',
  );
  const node = (name: string) => nodeAt(document, [name]);

  it.each<[string, unknown, unknown, unknown]>([
    ['s', 'x', null, null],
    ['b', 'true', true, null],
    ['on', 'on', true, null],
    ['q', 'on', null, null],
    ['n', '0644', null, 420],
    ['m', '12', null, 12],
    ['z', '0', null, 0],
    ['f', '1.5', null, 1.5],
    ['l', null, null, null],
    ['e', null, null, null],
    ['absent', null, null, null],
    ['c', 'yes', true, null],
  ])('%s', (name, string, boolean, number) => {
    expect(stringOf(node(name))).toBe(string);
    expect(booleanOf(node(name))).toBe(boolean);
    expect(numberOf(node(name))).toBe(number);
  });

  it('collections', () => {
    expect(sequenceOf(node('l'))?.items).toHaveLength(1);
    expect(mapOf(node('l'))).toBeNull();
    expect(mapOf(node('m2'))?.entries).toHaveLength(1);
    expect(sequenceOf(node('e'))).toBeNull();
  });
});
