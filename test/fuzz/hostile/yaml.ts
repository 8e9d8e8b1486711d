import { hostileSize, inputs, many, times } from './make';
import type { HostileInput } from './types';

const size = hostileSize - 2000;
const head = 'apiVersion: v1\nkind: Pod\nmetadata:\n  name: a\nspec:\n';
const container = '  containers:\n    - name: a\n      image: nginx\n      securityContext: {privileged: true}\n';
const object = '{apiVersion: v1, kind: Pod, metadata: {name: a}, spec: {containers: [{name: a, image: b}]}}';

/** Blocks that go one level down with each line: as deep as the square root of the size lets them. */
const stairs = (step: (i: number) => string, width: number): string => {
  let [text, i] = ['', 0];
  for (; ; i++) {
    const line = `${' '.repeat(i * width)}${step(i)}\n`;
    if (text.length + line.length > size) return text;
    text += line;
  }
};

/** Lists of Lists, `levels` deep, each with `n` aliases of the one below. */
const lists = (levels: number, n: number, first = object): string =>
  `x: [&a0 ${first}, ${times(levels, i => `&a${i + 1} {apiVersion: v1, kind: List, items: [${times(n, () => `*a${i}`, ', ')}]}`, ', ')}]\n` +
  `apiVersion: v1\nkind: List\nitems: [*a${levels}]\n`;

/** Whole streams: how documents, blocks, lines and characters follow each other. */
export const yamlInputs: readonly HostileInput[] = [
  ...inputs('a.yaml', 'a stream', {
    'documents by the thousand': () => many('---\n'),
    'documents with one word': () => many('---\na\n'),
    'documents of pods': () =>
      many(i => `---\napiVersion: v1\nkind: Pod\nmetadata: {name: p${i}}\nspec: {containers: [{name: a, image: b}]}\n`),
    'document ends': () => `${head}${container}${many('...\n')}`,
    directives: () => `${many('%YAML 1.2\n')}---\n${head}${container}`,
    'tag directives': () => `${many(i => `%TAG !t${i}! tag:example.com,2000:\n`)}---\n${head}${container}`,
    'separators with words behind': () => many('--- a: b\n'),
    'half a separator': () => many('--\n'),
    'blocks in blocks': () => `${head}${stairs(() => '  x:', 1)}`,
    'lists in blocks': () => `${head}  x:\n${stairs(() => '    - a:', 2)}`,
    'dashes on one line': () => `${head}  x:\n    ${'- '.repeat(size / 2)}a\n`,
    'complex keys on one line': () => `${head}  ${'? '.repeat(size / 2)}a\n`,
    'complex keys, block after block': () => `${head}${stairs(() => '  ? a', 2)}`,
    'keys that are blocks': () => `${head}${many('  ? |\n    long\n  : b\n')}`,
    'one key again and again': () => `${head}${many('  x: 1\n')}`,
    'the key that counts, again and again': () => `${head}${many('  hostNetwork: true\n')}`,
    'keys by the thousand': () => `${head}${many(i => `  k${i}: v\n`)}`,
    'a huge key': () => `${head}  ${'k'.repeat(size)}: v\n`,
    'a huge quoted key': () => `${head}  "${'k'.repeat(size)}": v\n`,
    'keys of prototypes': () =>
      `${head}${many(i => `  ${['__proto__', 'constructor', 'toString', 'hasOwnProperty'][i % 4]!}: {a: ${i}}\n`)}`,
    'literal blocks': () => `${head}${many(i => `  k${i}: |\n    a\n\n`)}`,
    'a literal block of blank lines': () => `${head}  x: |\n${'\n'.repeat(size)}`,
    'a folded block with odd indents': () => `${head}  x: >9+\n${many(i => `${' '.repeat(i % 40)}a\n`)}`,
    'block headers that are none': () => `${head}${many(i => `  k${i}: |99\n`)}`,
    'one line of blanks': () => `${head}${container}${' '.repeat(size)}`,
    'blank lines': () => `${head}${container}${'\n'.repeat(size)}`,
    'lines of blanks': () => `${head}${many('    \n')}${container}`,
    'tabs as indents': () => `${head}${many('\tx: 1\n')}${container}`,
    'carriage returns alone': () => `${head}${container}`.replace(/\n/g, '\r') + many('\r'),
    'mixed line ends': () => `${head}${container}${many('  a: 1\r\n\r\n\n\r')}`,
    'a byte order mark on each line': () => `${head}${container}${many('\ufeffx: 1\n')}`,
    'comments by the thousand': () => `${head}${many('  # x\n')}${container}`,
    'comments that climb': () => `${head}${container}${many(i => `${' '.repeat(i % 60)}# x\n`)}`,
    'one long comment': () => `${head}${container}      # ${'x '.repeat(size / 2)}\n`,
    'comments behind everything': () => `${head}  x:\n${many(i => `    - a # ${i}\n`)}`,
    'anchors on everything': () => `${head}  x:\n${many(i => `    - &a${i} {b: &b${i} c}\n`)}`,
    'plain text over many lines': () => `${head}  x: a\n${many('    b\n')}`,
    'quoted text over many lines': () => `${head}  x: "a\n${many('    b\\\n')}"\n`,
    'an open flow over many lines': () => `${head}  x: [a,\n${many('    b,\n')}`,
    'a flow closed by the wrong bracket': () => `${head}  x: ${many('[{]}')}\n`,
    'indents that never fit': () => `${head}${many(i => `${' '.repeat((i * 7) % 13)}k${i}: v\n`)}`,
    'values beside blocks': () => `${head}${many(i => `  k${i}: v\n    w: x\n`)}`,
    'JSON as deep as it goes': () => `{"apiVersion": "v1", "kind": "Pod", "spec": ${'{"a": '.repeat(size / 8)}1${'}'.repeat(size / 8)}}`,
    'no line break at all': () => `{apiVersion: v1, kind: Pod, spec: {containers: [${many(i => `{name: c${i}, image: b}, `)}]}}`,
  }),
  ...inputs('list.yaml', 'Lists', {
    'seven levels of twenty aliases': () => lists(7, 20),
    'six levels of ten aliases': () => lists(6, 10),
    'thirty levels of two aliases': () => lists(30, 2),
    'a thousand levels of one alias': () => lists(1000, 1),
    'one List with thousands of aliases': () => lists(1, 15_000),
    'two levels of many aliases': () => lists(2, 1000),
    'aliases of a workload with many containers': () =>
      lists(3, 40, `{apiVersion: v1, kind: Pod, spec: {containers: [${times(300, i => `{name: c${i}, image: b}`, ', ')}]}}`),
    'a List of itself': () =>
      'apiVersion: v1\nkind: List\nitems: &i\n  - {apiVersion: v1, kind: List, items: *i}\n'.repeat(1) +
      `  - &o {apiVersion: v1, kind: List, items: [*o, *o, *i]}\n`,
    'Lists that hold each other': () =>
      `apiVersion: v1\nkind: List\nitems: &a\n${many(i => `  - {apiVersion: v1, kind: List, items: [*a, *a, {kind: List, apiVersion: v1, items: &b${i} [*a, *b${i}]}]}\n`)}`,
    'Lists in Lists, deep': () =>
      `apiVersion: v1\nkind: List\nitems: ${'[{apiVersion: v1, kind: List, items: '.repeat(1500)}[${object}]${'}]'.repeat(1500)}\n`,
    'Lists of Lists, wide': () => `apiVersion: v1\nkind: List\nitems:\n${many(`  - {apiVersion: v1, kind: List, items: [${object}]}\n`)}`,
    'a merge of a List': () =>
      `x: &x {apiVersion: v1, kind: List, items: [${many(`${object}, `, size / 2)}]}\n---\n<<: *x\napiVersion: v1\nkind: List\nitems:\n  - {<<: *x}\n`,
    'items of every odd kind': () =>
      `apiVersion: v1\nkind: List\nitems:\n${many(i => `  - ${['null', '[]', '{}', 'a', '7', '[[{}]]', '*x', '{kind: List}', '{items: []}'][i % 9]!}\n`)}`,
  }),
  ...inputs('kustomization.yaml', 'kustomizations', {
    'patches by the thousand': () =>
      `kind: Kustomization\npatches:\n${many('  - patch: |\n      kind: Pod\n      apiVersion: v1\n      spec: {hostNetwork: true}\n')}`,
    'patches in patches': () => {
      let text = 'apiVersion: v1\nkind: Pod\nspec: {hostNetwork: true}\n';
      for (let i = 0; text.length < 40_000; i++) text = `kind: Kustomization\npatches:\n  - patch: |\n${text.replace(/^/gm, '      ')}\n`;
      return text;
    },
    'JSON patches of deep paths': () =>
      `kind: Kustomization\npatches:\n  - patch: |\n${many(i => `      - {op: add, path: ${'/a'.repeat(i % 200)}, value: {privileged: true}}\n`)}`,
    'aliases of one patch': () =>
      `kind: Kustomization\nx: &p |\n${many('  kind: Pod\n', 20_000)}\npatches:\n${many('  - patch: *p\n', 60_000)}`,
    'one long patch of one line': () => `kind: Kustomization\npatchesStrategicMerge:\n  - '${many(`${object}, `)}'\n`,
    'images by the thousand': () => `kind: Kustomization\nimages:\n${many(i => `  - {name: a${i}, newTag: latest}\n`)}`,
    'separators within a patch': () => `kind: Kustomization\npatches:\n  - patch: |\n${many('      ---\n')}`,
  }),
  ...inputs('patch.yaml', 'JSON patches', {
    'operations by the thousand': () => many(i => `- {op: add, path: /spec/containers/${i}/securityContext/privileged, value: true}\n`),
    'a path of slashes': () => `- op: add\n  path: ${'/'.repeat(size)}\n  value: {privileged: true}\n`,
    'a path of tildes': () => `- op: add\n  path: ${many('/~0~1~')}\n  value: {privileged: true}\n`,
  }),
  ...inputs('chart/templates/b.yaml', 'templates', {
    'actions on every line': () => `${head}${many('  {{- if .a }}\n')}${container}`,
    'blocks in blocks': () => `${head}${'  {{ if .a }}\n'.repeat(3000)}${container}${'  {{ end }}\n'.repeat(3000)}`,
    'ends without a beginning': () => `${head}${container}${many('{{ end }}\n')}`,
    'comments that never end': () => `${head}${many('{{/* ')}${container}`,
    'raw strings that never end': () => `${head}${many('{{ ` ')}${container}`,
    'actions within words': () => `${head}${many(i => `  a{{ .b }}c${i}: {{ .d }}e{{ .f }}\n`)}`,
    'closing braces': () => `${head}${many('}} ')}\n${container}`,
    definitions: () => `${many(i => `{{- define "a${i}" }}{{ include "a${i + 1}" . }}{{ end }}\n`)}${head}${container}`,
  }),
];
