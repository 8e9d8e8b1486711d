import { readFileSync } from 'node:fs';
import { describe, expect, test } from 'vitest';
import { parseStream } from '../../shared/src/syntax/yaml/parse';
import type { YamlEntry, YamlNode } from '../../shared/src/syntax/yaml/types';
import { rules } from '../../shared/src/families/generated/index';
import { fileText, parsePage } from '../../tools/rules/page';
import { ruleFile } from '../../tools/rules/files';
import { alone, engine, flaws, hardenFlaws } from './manifests';
import { sweep } from '../support/sweep';
import { patience } from '../support/growth';

/** What may stand where another thing belongs. `*none` names no anchor. */
const odd = [
  'null',
  'text',
  '"{{ x }}"',
  '7',
  '-1',
  '1e400',
  'true',
  '[]',
  '{}',
  '[null]',
  '[[]]',
  '{a: b}',
  '[{a: b}]',
  '""',
  '*none',
  '!x',
];

/** What may stand where a key belongs. */
const oddKeys = ['~', '7', '"a b"', '<<', 'true', '? []', '&a a', '""', '__proto__', 'constructor'];

interface Place {
  readonly start: number;
  readonly end: number;
  readonly texts: readonly string[];
}

/** Every value, key and entry of a text, with what may stand in its stead. */
function placesOf(text: string): readonly Place[] {
  const found: Place[] = [];
  const visitEntry = ({ key, value }: YamlEntry, base: number): void => {
    if (key) found.push({ start: base + key.range.start, end: base + key.range.end, texts: oddKeys });
    if (key && value) {
      const own = text.slice(base + key.range.start, base + value.range.end);
      const column = key.range.start - (text.lastIndexOf('\n', base + key.range.start - 1) + 1 - base);
      // the same key twice
      const at = base + value.range.end;
      found.push({ start: at, end: at, texts: [`\n${' '.repeat(Math.max(0, column))}${own}`] });
    }
    visit(value, base);
  };
  const visit = (node: YamlNode | null, base: number): void => {
    if (node === null) return;
    found.push({ start: base + node.range.start, end: base + node.range.end, texts: odd });
    if (node.kind === 'sequence') node.items.forEach(item => visit(item, base));
    if (node.kind === 'map') node.entries.forEach(entry => visitEntry(entry, base));
  };
  for (const { document, base } of parseStream(text, new Map())) visit(document.root, base);
  return found;
}

/** Every manifest of the rules' pages: together they have every field that a rule reads. */
const pages = rules
  .filter(rule => rule.family === 'kubernetes')
  .flatMap(rule =>
    parsePage(readFileSync(ruleFile(rule.id, '.md'), 'utf8')).cases.flatMap(({ blocks }) =>
      blocks.map(block => ({ rule: rule.id, path: block.setup.file ?? 'manifest.yaml', text: fileText(block) })),
    ),
  )
  .filter(({ path }) => /\.ya?ml$/.test(path) && path !== '.bulkhead.yaml');

test(
  'anything in the place of anything',
  () => {
    const every = sweep.full ? 1 : 599;
    const broken = new Map<string, string>();
    let number = 0;
    let tried = 0;
    pages.forEach(({ rule, path, text }, index) => {
      if (index % sweep.of !== sweep.part) return;
      for (const { start, end, texts } of placesOf(text)) {
        for (const other of texts) {
          if (number++ % every !== 0) continue;
          const file = { path, text: text.slice(0, start) + other + text.slice(end) };
          for (const flaw of [...flaws(file), ...(tried++ % 10 === 0 ? hardenFlaws(file) : [])])
            if (!broken.has(flaw)) broken.set(flaw, `${rule}, ${other} at ${start} to ${end} of ${JSON.stringify(file.text)}`);
        }
      }
    });
    console.log(`${tried} of ${number} mutants tried`);
    expect([...broken]).toEqual([]);
  },
  patience,
);

const pod = (spec: string): string => `apiVersion: v1\nkind: Pod\nmetadata:\n  name: a\nspec:\n${spec}`;
const deployment = (pod: string): string =>
  `apiVersion: apps/v1\nkind: Deployment\nmetadata:\n  name: a\nspec:\n  selector: {matchLabels: {a: b}}\n  template:\n    metadata: {labels: {a: b}}\n    spec:\n${pod}`;

const texts: Readonly<Record<string, string>> = {
  'an anchor that holds its own alias': pod(
    '  &s\n  containers: &c\n    - &d\n      name: a\n      image: nginx\n      env: *c\n    - *d\n  volumes: *s\n',
  ),
  'an alias in front of its anchor': pod('  containers: *c\n  initContainers: &c\n    - {name: a, image: b}\n'),
  'a map that merges itself': pod(
    '  containers:\n    - &c\n      <<: *c\n      name: a\n      image: nginx\n      securityContext: &s\n        <<: *s\n        privileged: true\n',
  ),
  'maps that merge each other': pod(
    '  containers:\n    - &c\n      name: a\n      image: nginx\n      x: &d\n        <<: *c\n        y: *d\n      <<: *d\n',
  ),
  'a merge of a list that holds itself': pod('  containers:\n    - &c\n      <<: &l [*c, *l, null, 7]\n      name: a\n'),
  'merges of what is no map': pod(
    '  <<: 7\n  containers:\n    - <<: [a, null]\n      name: a\n    - <<:\n      name: b\n    - <<: *nothing\n',
  ),
  'two merges in one map': pod('  containers:\n    - <<: {name: a, image: b}\n      <<: {securityContext: {privileged: true}}\n'),
  'a merge of a whole object': `x: &x\n  apiVersion: v1\n  kind: Pod\n  spec: {containers: [{name: a, image: b}]}\n<<: *x\napiVersion: v1\nkind: Pod\n`,
  'the same key twice, everywhere': pod(
    '  containers: []\n  containers:\n    - name: a\n      name: b\n      image: c\n      image: d\n      securityContext: {privileged: true}\n      securityContext: {privileged: false}\nspec: {}\nkind: Service\n',
  ),
  'keys that are numbers, null or maps': pod(
    '  7: a\n  ~: b\n  null: c\n  {a: b}: c\n  [d]: e\n  containers:\n    - 1: a\n      ~: b\n      true: c\n      ? |\n        long\n      : d\n',
  ),
  'keys without values': 'apiVersion: v1\nkind: Pod\nmetadata:\nspec:\n',
  'metadata as a list':
    'apiVersion: apps/v1\nkind: Deployment\nmetadata: []\nspec:\n  template:\n    metadata: []\n    spec: {containers: [{name: a, image: b}]}\n',
  'text in place of maps': 'apiVersion: apps/v1\nkind: Deployment\nmetadata: a\nspec:\n  selector: b\n  template: c\n',
  'maps in place of text':
    'apiVersion: {v1: x}\nkind: [Pod]\nmetadata: {name: {a: b}, namespace: [c], labels: [d], annotations: 7}\nspec: {containers: {name: a}}\n',
  'a List of a List': `apiVersion: v1\nkind: List\nitems:\n${[1, 2, 3, 4, 5, 6, 7, 8, 9, 10].map(n => `${'  '.repeat(n)}- apiVersion: v1\n${'  '.repeat(n)}  kind: List\n${'  '.repeat(n)}  items:\n`).join('')}${'  '.repeat(11)}- {apiVersion: v1, kind: Pod, spec: {containers: [{name: a, image: b, securityContext: {privileged: true}}]}}\n`,
  'a List that holds itself':
    'apiVersion: v1\nkind: List\nitems: &i\n  - &l\n    apiVersion: v1\n    kind: List\n    items: *i\n  - *l\n  - null\n  - 7\n  - []\n',
  'a List of nothing':
    'apiVersion: v1\nkind: List\nitems:\n---\napiVersion: v1\nkind: List\nitems: {}\n---\nkind: PodList\napiVersion: v1\nitems: [{spec: 7}, {}, null]\n',
  '--- in block scalars': `apiVersion: v1\nkind: ConfigMap\nmetadata:\n  name: a\ndata:\n  a: |\n    ---\n    apiVersion: v1\n    ---\n  b: >-\n    ---\n    ...\n---\n${pod('  containers:\n    - name: a\n      image: b\n      args:\n        - |\n          ---\n          x\n')}`,
  '--- in block scalars without indentation':
    'apiVersion: v1\nkind: ConfigMap\ndata:\n  a: |\n---\nb\n---\napiVersion: v1\nkind: Pod\n... # end\n---\n%YAML 1.2\n---\nx: "\n---\n"\n',
  'tabs as indentation': pod(
    '\tcontainers:\n\t- name: a\n\t\timage: b\n  containers:\n  -\tname: a\n  \timage: b\n\tsecurityContext:\n\t\tprivileged: true\n',
  ),
  'a document in flow style':
    '{apiVersion: v1, kind: Pod, metadata: {name: a}, spec: {hostNetwork: true, containers: [{name: a, image: nginx:latest, securityContext: {privileged: true}}, ]}}',
  'flow style that does not end': '{apiVersion: v1, kind: Pod, metadata: {name: a}, spec: {containers: [{name: a, image: "nginx',
  JSON: JSON.stringify(
    { apiVersion: 'v1', kind: 'Pod', metadata: { name: 'a' }, spec: { containers: [{ name: 'a', image: 'b' }] } },
    null,
    '\t',
  ),
  'tags and anchors on everything': `--- !!map &r\n!!str apiVersion: !!str v1\n&k kind: &v Pod\nmetadata: !!map\n  name: !!binary YQ==\nspec: !x &s\n  containers: !!seq\n    - !!map &c\n      name: !!str a\n      image: !!null ''\n      securityContext: !!set {privileged}\n`,
  'numbers that are none': pod(
    '  terminationGracePeriodSeconds: 1e400\n  containers:\n    - name: 0x10\n      image: 1.20\n      ports: [{containerPort: 99999999999999999999999}, {containerPort: -0}, {containerPort: .inf}, {containerPort: .nan}]\n      resources: {limits: {cpu: 1e999, memory: -1Ei}, requests: {cpu: .nan, memory: 9999999999999999999999999}}\n      securityContext: {runAsUser: -1, runAsGroup: 1.5, capabilities: {add: [1, null, [], {}]}}\n',
  ),
  'a JSON patch': `- op: add\n  path: /spec/containers/0\n  value: &v {name: a, image: nginx, securityContext: {privileged: true}, env: *v}\n- op: add\n  path: /spec/containers/0/securityContext/privileged\n  value: *v\n- {op: replace, path: /spec/containers/-/-/-, value: [*v]}\n- {op: add, path: /spec/template/spec/volumes/-, value: 7}\n- {op: add, path: 7, value: ~}\n- {op: [], path: {}, value: a}\n- {path: /spec/hostNetwork, value: true, op: add}\n- {op: add, path: /spec/containers/__proto__/constructor, value: {}}\n- op\n- []\n-\n`,
  'a comment alone': '# apiVersion: v1\n# kind: Pod\n',
  'a byte order mark in the middle': `\ufeff${pod('  containers: []\n')}\ufeff---\n\ufeff${pod('  containers: []\n')}`,
  'lone surrogates and other characters that YAML has not': pod(
    `  containers:\n    - name: "\ud800"\n      image: '\udc00\u0001\u2028\u0085'\n      env: [{name: "\\ud800", value: \u007f}]\n`,
  ),
  'prototype names':
    pod(
      '  __proto__: {privileged: true}\n  constructor: {}\n  containers:\n    - name: toString\n      image: valueOf\n      hasOwnProperty: 1\n      securityContext: {__proto__: {}, toString: 1}\n',
    ) +
    '---\napiVersion: constructor/v1\nkind: __proto__\nmetadata: {name: a, labels: {__proto__: b}}\n---\napiVersion: __proto__\nkind: constructor\n',
  'directives about nothing':
    '# bulkhead-ignore\n# bulkhead-ignore-file\n# bulkhead-ignore:\n# bulkhead-ignore: kubernetes/\n# trivy:ignore:\n# checkov:skip=\n# kics-scan disable=\n' +
    pod('  containers: [] # bulkhead-ignore: ,,,\n'),
  'actions of a template that do not close': `apiVersion: v1\nkind: Pod\nmetadata:\n  name: {{ .Values\nspec:\n  {{- if\n  containers:\n    {{- range }}\n    - name: {{ a }}{{ b }}\n      image: {{\n`,
  'a template with nothing but actions':
    '{{ if .a }}\napiVersion: {{ x }}\nkind: {{ y }}\n{{ end }}\n---\n{{ include "a" . }}\n---\nkind: Pod\napiVersion: v1\n{{ toYaml .Values | nindent 0 }}\n',
};

describe('texts that nobody should write', () => {
  const variants: Readonly<Record<string, (text: string) => string>> = {
    'as they are': text => text,
    'with CRLF': text => text.replace(/\r?\n/g, '\r\n'),
    'with CR': text => text.replace(/\r?\n/g, '\r'),
    'with a byte order mark': text => `\ufeff${text}`,
    'without the last line break': text => text.replace(/\s+$/, ''),
    'in a List': text => `apiVersion: v1\nkind: List\nitems:\n  - ${text.replace(/\n(?=.)/g, '\n    ')}`,
    'behind another document': text =>
      `${deployment('      containers:\n        - name: a\n          image: b\n')}---\n${text}---\n${text}`,
  };
  const paths = ['a.yaml', 'chart/templates/a.yaml', 'chart/values.yaml', 'overlays/a-patch.yaml', 'kustomization.yaml', 'a.json'];
  test.each(Object.keys(variants))(
    '%s',
    variant => {
      const number = Object.keys(variants).indexOf(variant);
      for (const [at, [name, text]] of Object.entries(texts).entries()) {
        // each variant of each text, each text under each path, each variant under each path: all three together only in a sweep
        for (const path of sweep.full ? paths : [paths[(at + number) % paths.length]!]) {
          const file = { path, text: variants[variant]!(text) };
          expect([...flaws(file), ...hardenFlaws(file)], `${name} as ${path}`).toEqual([]);
        }
      }
    },
    patience,
  );

  test('and their findings are still found around them', () => {
    const rulesOf = (text: string): readonly string[] => {
      const file = { path: 'a.yaml', text };
      return engine
        .open(file)
        .lint(alone(file))
        .findings.map(finding => finding.rule);
    };
    const privileged = 'kubernetes/privileged';
    expect(rulesOf(texts['a map that merges itself']!)).toContain(privileged);
    expect(rulesOf(texts['a document in flow style']!)).toContain(privileged);
    expect(rulesOf(pod('  7: x\n  ~: y\n  containers:\n    - {name: a, image: b, securityContext: {privileged: true}}\n'))).toContain(
      privileged,
    );
    expect(
      rulesOf(
        `metadata: []\n${pod('  containers: [{name: a, image: b, securityContext: {privileged: true}}]\n').replace(/metadata:\n.*\n/, '')}`,
      ),
    ).toContain(privileged);
  });
});
