import type { YamlOperation, YamlValue } from '../../../shared/src/syntax/yaml/operations';
import { fc } from '../../support/property';
import { describe, expect, it } from 'vitest';
import { renderYaml } from '../../../shared/src/syntax/yaml/fix/render/render-yaml';
import { verifyYaml } from '../../../shared/src/syntax/yaml/fix/verify/verify-yaml';
import { nodeAt } from '../../../shared/src/syntax/yaml/lookup';
import { parseDocument } from '../../../shared/src/syntax/yaml/parse';
import type { YamlNode } from '../../../shared/src/syntax/yaml/types';
import { applyEdits } from '../../../shared/src/base/text/edits';

/** Strings that YAML likes to take for something else, and any others. */
const strings = fc
  .oneof(
    fc.constantFrom(
      ...['', '-', '- a', '? a', ': a', 'a: b', 'a:', ' a', 'a ', 'a #b', '#a', '&a', '*a', '!a', '|', '>', '%a', '@a', '`a', '"', "'"],
    ),
    fc.constantFrom(
      ...[
        'yes',
        'No',
        'ON',
        'null',
        '~',
        'true',
        '.inf',
        '.NaN',
        '0',
        '-1',
        '+1',
        '1.',
        '.5',
        '0o7',
        '0x1',
        '1e5',
        '1:30',
        '1_0',
        '2026-11-24',
      ],
    ),
    fc.constantFrom(
      ...[
        '---',
        '--- a',
        '...',
        '<<',
        '=',
        '{',
        '[',
        ']',
        ',',
        'a,b',
        '{}',
        '[]',
        'a\nb',
        '\n',
        '\t',
        'a\tb',
        '\r',
        '\u0085',
        '\u2028',
        '\uFEFF',
      ],
    ),
    fc.string({ unit: 'binary', maxLength: 12 }).filter(text => !/[\ud800-\udfff]/u.test(text)),
    fc.string({ unit: fc.constantFrom(...'ab1-:#,[]{}&*!|>\'"%@`?= \t\n.~<\\'), maxLength: 8 }),
  )
  .filter(text => !text.includes('{{') && !text.includes('\0'));

const values: fc.Arbitrary<YamlValue> = fc.letrec<{ value: YamlValue }>(tie => ({
  value: fc.oneof(
    { maxDepth: 3, withCrossShrink: true },
    strings,
    fc.boolean(),
    fc.constant(null),
    fc.integer(),
    fc.double({ noNaN: true }),
    fc.array(tie('value'), { maxLength: 3 }),
    fc.dictionary(
      strings.filter(name => name !== '__proto__' && name !== '<<'),
      tie('value'),
      { maxKeys: 3, noNullPrototype: true },
    ),
  ),
})).value;

/** The plain value of a node. */
function plainOf(node: YamlNode | null | undefined): unknown {
  if (!node) return node;
  if (node.kind === 'scalar') return node.value;
  if (node.kind === 'sequence') return node.items.map(plainOf);
  return node.kind === 'map' ? Object.fromEntries(node.entries.map(entry => [entry.name, plainOf(entry.value)])) : node;
}

const places: Readonly<Record<string, (value: YamlValue) => readonly [string, YamlOperation]>> = {
  'a new key': value => ['a: 1\n', { type: 'yaml.set', path: ['x'], value }],
  'a key of an item': value => ['- a: 1\n', { type: 'yaml.set', path: [0, 'x'], value }],
  'a plain scalar': value => ['x: a # b\n', { type: 'yaml.set', path: ['x'], value }],
  'a scalar in single quotes': value => ["x: 'a'\n", { type: 'yaml.set', path: ['x'], value }],
  'a scalar in double quotes': value => ['x: "a"\n', { type: 'yaml.set', path: ['x'], value }],
  'a literal': value => ['x: |\n  a\nb: 1\n', { type: 'yaml.set', path: ['x'], value }],
  'an empty value': value => ['x:\nb: 1\n', { type: 'yaml.set', path: ['x'], value }],
  'a map': value => ['x:\n  a: 1 # b\nc: 1\n', { type: 'yaml.set', path: ['x'], value }],
  'a sequence': value => ['x:\n- a\n- b\nc: 1\n', { type: 'yaml.set', path: ['x'], value }],
  'a flow map': value => ['y: {a: 1}\n', { type: 'yaml.set', path: ['y', 'x'], value }],
  'a flow scalar': value => ['y: {x: "1", a: 2}\n', { type: 'yaml.set', path: ['y', 'x'], value }],
  'a flow map as a whole': value => ['x: {a: 1}\n', { type: 'yaml.set', path: ['x'], value }],
  'a JSON file': value => ['{\n  "a": 1\n}\n', { type: 'yaml.set', path: ['x'], value }],
  'an item': value => ['x:\n  - a\n', { type: 'yaml.append', path: ['x'], value }],
  'an item in quotes': value => ["x:\n- 'a'\n", { type: 'yaml.append', path: ['x'], value }],
  'a flow item': value => ['x: [a]\n', { type: 'yaml.append', path: ['x'], value }],
};

describe('any value reads back as it was given', () => {
  it.each(Object.entries(places))('in the place of %s', (_, make) => {
    fc.assert(
      fc.property(values, fc.constantFrom('\n', '\r\n'), (value, eol) => {
        const [text, operation] = make(value);
        const document = parseDocument(text.replaceAll('\n', eol));
        const rendered = renderYaml(document, [operation]);
        expect(rendered).toMatchObject({ ok: true });
        if (!rendered.ok) return;
        const after = parseDocument(applyEdits(document.text, rendered.edits));
        expect(verifyYaml(document, after, [operation])).toBeNull();
        if (operation.type === 'yaml.set') expect(plainOf(nodeAt(after, operation.path))).toEqual(value);
        expect(after.comments.map(comment => comment.text)).toEqual(document.comments.map(comment => comment.text));
      }),
      { numRuns: 150 },
    );
  });
});
