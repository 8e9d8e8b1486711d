import { describe, expect, it } from 'vitest';
import { isMasked, isOpen, nodeAt } from '../../../shared/src/syntax/yaml/lookup';
import { mapOf, scalarOf } from '../../../shared/src/syntax/yaml/values';
import { maskTemplate, writtenText } from '../../../shared/src/syntax/yaml/mask';
import { parseDocument, parseStream } from '../../../shared/src/syntax/yaml/parse';
import type { Path } from '../../../shared/src/syntax/yaml/types';
import { yamlCorpus } from '../../support/yaml-corpus';

/** The mask made visible. */
function masked(text: string): string {
  return maskTemplate(text).text.replaceAll('\uE000', '~');
}

describe('maskTemplate', () => {
  it.each<[string, string]>([
    ['a: 1\n', 'a: 1\n'],
    ['a: {{ x }}\n', 'a: ~~~~~~~\n'],
    ['a: "{{ x }}"\nb: {{ y }}\n', 'a: "~~~~~~~"\nb: ~~~~~~~\n'],
    ['a: "{{ .Values.x }}"\n', 'a: "~~~~~~~~~~~~~~~"\n'],
    ['a: b-{{ x }}:c # d\nb: {{ y }}\n', 'a: b-~~~~~~~:c # d\nb: ~~~~~~~\n'],
    ['- {{ x }}\n', '- ~~~~~~~\n'],
    ['{{ x }}: 1\n', '~~~~~~~: 1\n'],
    ['{{- if x }}\na: 1\n{{- end }}\n', '           \na: 1\n          \n'],
    ['  {{ x }} {{ y }}  \r\n', '                   \r\n'],
    ['a: {{ "}}" }}\n', 'a: ~~~~~~~~~~\n'],
    ['a: {{ `}}` }}\n', 'a: ~~~~~~~~~~\n'],
    ['a: "{{ x == \\"y\\" }}"\nb: {{ 1 }}\n', 'a: "~~~~~~~~~~~~~~~~"\nb: ~~~~~~~\n'],
    // Jinja
    ['{% if x %}\na: {{ y }}\n{% elif z %}\na: 1\n{% endif %}\n', '          \na: ~~~~~~~\n            \na: 1\n           \n'],
    ['{#\n  note: {{ x }}\n#}\n{% set b = 1 %}\na: 1\n', '  \n               \n  \n               \na: 1\n'],
    // text to YAML, whoever fills it in
    ['a: "{{ x }}"\n', 'a: "{{ x }}"\n'],
    ['a: b-{{ x }}:c # {{ d }}\n', 'a: b-{{ x }}:c # {{ d }}\n'],
    ["args: [--format, '{{.Names}}', a{{.B}}]\n", "args: [--format, '{{.Names}}', a{{.B}}]\n"],
    ['{{/* }} */}}\na: 1\n', '            \na: 1\n'],
    ['{{- /*\nx: y\n*/}}\na: 1\n', '      \n    \n    \na: 1\n'],
    ['a: {{ x\n  y }} z\n', 'a: ~~~~\n       z\n'],
    ['a: {{ x\nb: 1\n', 'a: ~~~~\nb: 1\n'],
    ['a: ${{ x }}\n', 'a: ${{ x }}\n'],
    ['a: |\n  {{ range .x }}\n', 'a: |\n  {{ range .x }}\n'],
    ['# {{ x }}\na: 1\n', '# {{ x }}\na: 1\n'],
    ['a: |\n  {{ .Values.x }}\n', 'a: |\n  ~~~~~~~~~~~~~~~\n'],
    ['a: |\n{{ .Values.x }}\n  y\n{{ x }}\nb: 1\n', `a: |\n${' '.repeat(15)}\n  y\n       \nb: 1\n`],
    ['- a: >-\n    {{ .Values.x }}\n  b: {{ x }}\n', '- a: >-\n    ~~~~~~~~~~~~~~~\n  b: ~~~~~~~\n'],
    ['- |\n  {{ x }}\n- {{ x }}\n', '- |\n  ~~~~~~~\n- ~~~~~~~\n'],
  ])('%j', (text, expected) => {
    expect(masked(text)).toBe(expected);
    expect(masked(text)).toHaveLength(text.length);
  });

  it.each<[string, boolean]>([
    ['a: {{ x }}\n', true],
    ['a: "{{ x }}"\n', false],
    ['a: "{{ .Values.x }}"\n', true],
    ['a: b{{ x }}\n', false],
    ['{{ if x }}\na: 1\n', true],
    ['a: |\n  {{ .Values.x }}\n', true],
    ['a: |\n  {{ range .Alerts }}\n', false],
    ['a: 1 # {{ x }}\n', false],
    ['a: 1 # {{ .Values.x }}\n', true],
    ['# {{ x }}\na: 1\n', false],
    ['a: ${{ x }}\n', false],
    ['a: { b: { c: 1 } }\n', false],
  ])('%j is a template: %j', (text, expected) => {
    expect(maskTemplate(text).templated).toBe(expected);
    expect(parseDocument(text).templated).toBe(expected);
  });
});

describe('writtenText', () => {
  it.each<[string, string]>([
    ['{{ .Values.a }}:{{ .Values.b }}', '{{ .Values.a }}:{{ .Values.b }}'],
    ['"{{ .Values.a }}-\\u0041{{.b}}{{ .c }}"', '{{ .Values.a }}-A{{.b}}{{ .c }}'],
    ["'it''s {{ .Values.a | default \"x: y\" }}'", 'it\'s {{ .Values.a | default "x: y" }}'],
    ['x{{ .Values.a\n    | quote }}', 'x{{ .Values.a | quote }}'],
    ['1', '1'],
  ])('%j is %j', (value, expected) => {
    const document = parseDocument(`a: ${value}\nb: {{ .Values.z }}\n`);
    const node = scalarOf(nodeAt(document, ['a']))!;
    expect(writtenText(document, node, String(node.value))).toBe(expected);
  });
});

describe('isMasked', () => {
  const document = parseDocument(`a: {{ x }}
b: "p-{{ x }}"
c: 1
d:
  {{- toYaml .x | nindent 2 }}
e:
f: [{{ x }}, 1]
g:
  {{- if .y }}
  h: 1
  {{- end }}
`);

  it.each<[Path, boolean]>([
    [['a'], true],
    [['b'], true],
    [['c'], false],
    [['d'], true],
    [['e'], false],
    [['f', 0], true],
    [['f', 1], false],
    [['g'], false],
    [['g', 'h'], false],
    [['absent'], false],
  ])('%j: %j', (path, expected) => expect(isMasked(nodeAt(document, path))).toBe(expected));

  it('holds for expressions that are no templates', () => {
    expect(isMasked(nodeAt(parseDocument('a: ${{ github.sha }}\n'), ['a']))).toBe(true);
    expect(isMasked(nodeAt(parseDocument('a: |\n  {{ range . }}\n'), ['a']))).toBe(true);
  });
});

describe('isOpen', () => {
  it.each<[string, string, readonly string[]]>([
    ['an action inside', 'a:\n  b: 1\n  {{ include "x" . }}\n  c: 1\nd:\n  e: 1\n', ['/a']],
    ['an action at the end', 'a:\n  b:\n    c: 1\n{{ include "x" . }}\nd:\n  e: 1\n', ['', '/a', '/a/b']],
    ['an action that says its column', 'a:\n  b:\n    c: 1\n{{ include "x" . | nindent 2 }}\nd: 1\n', ['/a']],
    ['an action with indent', 'a:\n  b:\n    c: 1\n{{ include "x" . | indent 4 }}\nd: 1\n', ['/a/b']],
    ['an action that prints nothing', 'a:\n  {{- if .x }}\n  b: 1\n  {{- end }}\n  {{/* c */}}\n  {{- $x := 1 }}\n', []],
    ['a value', 'a:\n  b: {{ x }}\n', []],
    ['a key', 'a:\n  {{ x }}: 1\n  c: 1\n', ['/a']],
    ['an action before the first key', '{{ include "x" . }}\na:\n  b: 1\n', ['']],
    ['an action between key and first key', 'a:\n  {{- toYaml .x | nindent 2 }}\n  b: 1\n', ['/a']],
    ['an action in a sequence', 'a:\n  - b: 1\n  {{- toYaml .x | nindent 2 }}\nc: 1\n', ['/a']],
    ['an action behind a value that adds keys', 'a:\n  b: 1 {{- include "x" . | nindent 2 }}\n', ['/a']],
    ['an action that is the value of a key', 'a:\n  b:\n    {{- toYaml .x | nindent 4 }}\n  c:\n    {{ .y }}\n', []],
    ['an action below a key without a value', 'a:\n  b:\n  {{- toYaml .x | nindent 2 }}\n', ['/a']],
    ['no template', 'a:\n  b: 1\n', []],
  ])('%s', (_, text, expected) => {
    const document = parseDocument(text);
    const open: string[] = [];
    const visit = (path: Path): void => {
      const node = nodeAt(document, path);
      if (!node) return;
      if (isOpen(document, node)) open.push(path.map(step => `/${step}`).join(''));
      if (node.kind === 'map') for (const entry of node.entries) visit([...path, entry.name]);
      if (node.kind === 'sequence') node.items.forEach((_item, index) => visit([...path, index]));
    };
    visit([]);
    expect(open).toEqual(expected);
  });
});

const charts = yamlCorpus('helm').filter(({ path }) => path.endsWith('.yaml') && path.includes('/templates/'));

describe.skipIf(charts.length === 0)('real charts', () => {
  it('parse under the mask, with true positions', () => {
    const broken: string[] = [];
    let templated = 0;
    for (const { path: file, text } of charts) {
      for (const { document, base } of parseStream(text, new Map())) {
        if (document.templated) templated++;
        if (document.problems.length > 0) broken.push(`${file}: ${document.problems[0]!.message}`);
        for (const entry of mapOf(document.root)?.entries ?? []) {
          const key = entry.key!;
          if (!isMasked(key) && !key.source.includes('\n'))
            expect(text.slice(base + key.range.start, base + key.range.end)).toContain(entry.name);
        }
      }
    }
    expect(templated).toBeGreaterThan(100);
    expect(broken.length).toBeLessThan(charts.length * 0.02);
  });
});
