import { describe, expect, it } from 'vitest';
import { renderYaml } from '../../../shared/src/syntax/yaml/fix/render/render-yaml';
import { setValue } from '../../../shared/src/syntax/yaml/operations';
import { parseDocument, parseStream } from '../../../shared/src/syntax/yaml/parse';
import type { YamlNode } from '../../../shared/src/syntax/yaml/types';
import { expectLinear } from '../../support/growth';

// What libyaml and its ports read (in Kubernetes, Compose, GitHub and GitLab), and the library that we have does not, or reads otherwise.

/** What a document says, merge keys followed. */
function plain(node: YamlNode | null | undefined): unknown {
  if (!node) return null;
  if (node.kind === 'alias') return plain(node.target);
  if (node.kind === 'map') return Object.fromEntries(node.members().map(({ name, value }) => [name, plain(value)]));
  return node.kind === 'sequence' ? node.items.map(plain) : node.value;
}

const read = (text: string): readonly unknown[] => parseStream(text, new Map()).map(({ document }) => plain(document.root));

describe('is read', () => {
  it.each<[what: string, text: string, value: unknown]>([
    ['a carriage return as a line break', 'a: 1\rb: 2 # c\rc: |\r  d\r  e\r', { a: 1, b: 2, c: 'd\ne\n' }],
    ['a line break of YAML 1.1', 'a: 1\x85b: 2 # c\u2028c: [3,\u20294]', { a: 1, b: 2, c: [3, 4] }],
    ['the same in a quoted text', 'a: "b\u2028c"\nd: 1\n', { a: 'b c', d: 1 }],
    ['a quoted text at the margin', 'a: "b\nc: d\ne"\nf: 1\n', { a: 'b c: d e', f: 1 }],
    ['one in single quotes', "a:\n  b: 'it''s\nc: d'\n  e: 1\n", { a: { b: "it's c: d", e: 1 } }],
    ['brackets at the margin', 'a:\n  - b: [\nc, # d ]\n"e",\n]\n    f: {\ng: 1}\n', { a: [{ b: ['c', 'e'], f: { g: 1 } }] }],
    ['what looks like that in a block scalar', 'a: |\n  "b\n  [c\nd: "e\nf"\n', { a: '"b\n[c\n', d: 'e f' }],
    ['what looks like that in a plain scalar', "a: it's [b\nc: {d: [\n1]}\n", { a: "it's [b", c: { d: [1] } }],
    ['a byte order mark in front of a document', '---\n# a\n\uFEFFb: 1\n', { b: 1 }],
    ['base64', '!!binary YQ==: !!binary |\n  Yg\n  ==\nc: !!str d\n', { a: 'b', c: 'd' }],
    ['a tag that says of a key that it merges', 'a: &a {b: 1}\n!!merge "<<": *a\n', { a: { b: 1 }, b: 1 }],
    ['no merge key where a tag says otherwise', 'a: &a {b: 1}\n!!str <<: *a\n', { a: { b: 1 }, '<<': { b: 1 } }],
    ['what merge keys bring in, once', 'a: &a {b: 1, <<: {c: 2, b: 3}}\n<<: *a\nb: 4\n', { a: { b: 1, c: 2 }, b: 4, c: 2 }],
  ])('%s: %j', (_what, text, value) => {
    const document = parseDocument(text);
    expect(document.problems).toEqual([]);
    expect(plain(document.root)).toEqual(value);
  });

  it.each<[text: string, values: readonly unknown[]]>([
    ['{"a": 1}{"b": "}{"}\n{"c": "\\"{"}\n', [{ a: 1 }, { b: '}{' }, { c: '"{' }]],
    ['{"a": 1}\n', [{ a: 1 }]],
    ['{"a": {"b": {}}}\n\n---\n{"c": 1}\n', [{ a: { b: {} } }, { c: 1 }]],
  ])('JSON behind JSON: %j', (text, values) => expect(read(text)).toEqual(values));
});

describe('stays as it is', () => {
  it.each(['a: "b\nc: d\n', 'a: [b\nc: d\n', "a: 'b\nc: 'd'\n"])('what is never closed: %j', text =>
    expect(parseDocument(text).problems).not.toEqual([]),
  );
  it('a template that begins in braces', () => {
    expect(read('{{- if .Values.a }}\n{{ include "b" . }}\n{{- end }}\n')).toEqual([]);
  });
  it('where each node stands', () => {
    const text = 'a: "b\nc"\rd: e\u2028f: g\n';
    const root = parseDocument(text).root;
    const places = root?.kind === 'map' ? root.entries.map(({ range }) => text.slice(range.start, range.end)) : [];
    expect(places).toEqual(['a: "b\nc"', 'd: e', 'f: g']);
  });
});

it.each(['a: "b\nc"\nd: 1\n', 'a: 1\rd: 1\n', 'a: 1 # b\u2028d: 1\n'])('takes no edit: %j', text =>
  expect(renderYaml(parseDocument(text), [setValue(['d'], 2)])).toMatchObject({ ok: false, reason: 'syntax' }),
);

it.each(['a: "x\n', 'a: "\ny"\n', 'a: [\nb]\n', 'a: [\n', "a: '\n", 'a: [" #\n', 'a: b\r', '- {"\n"}\n'])(
  'costs what the text is long: %j again and again',
  line => expectLinear(line, n => `a: "\nb"\n${line.repeat(n)}`, parseDocument, 4000),
);
