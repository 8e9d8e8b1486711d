import { fc } from '../../support/property';
import { describe, expect, test } from 'vitest';
import { createEngine } from '../../../shared/src/engine/create-engine';
import { dockerfilePart } from '../../../shared/src/families/dockerfile/part';
import { parseDockerfile } from '../../../shared/src/families/dockerfile/model/parse';
import type { Part, PartChange } from '../../../shared/src/families/family/part';
import { yamlPart } from '../../../shared/src/families/family/yaml-part';
import type { Operation } from '../../../shared/src/rule/fix/types';
import { rules } from '../../../shared/src/families/generated/index';
import { applyEdits } from '../../../shared/src/base/text/edits';
import { appendItem, removeNode, renameKey, setValue } from '../../../shared/src/syntax/yaml/operations';
import { parseDocument } from '../../../shared/src/syntax/yaml/parse';
import { corpusFiles, hasCorpus, noCorpus } from '../../../tools/corpus-folder';
import { plainContext } from '../../../tools/lint-context';
import { expectLinear, unseenPath } from '../../support/growth';

const engine = createEngine(rules);
const context = plainContext('strict');

const containers = (count: number): string =>
  `apiVersion: apps/v1
kind: Deployment
metadata:
  name: many
spec:
  template:
    spec:
      containers:
${Array.from({ length: count }, (_, i) => `        - name: c${i}\n          image: registry.example.com/app${i}:1.0\n`).join('')}`;
const stages = (count: number): string =>
  Array.from(
    { length: count },
    (_, i) => `FROM debian:12 AS s${i}
RUN apt-get update && apt-get install -y curl git
RUN curl http://example.com/x.sh | sh
ENV PASSWORD=hunter2secret
CMD node x.js
`,
  ).join('');

/** A part of a text, and changes to it that `render` makes of operations. */
function changesOf(part: Part, all: readonly (readonly Operation[])[]): readonly PartChange[] {
  return all.map(operations => {
    const rendered = part.render(operations);
    if (!rendered.ok) throw new Error(rendered.reason);
    return { operations, edits: rendered.edits };
  });
}

const manifest = `kind: Pod
metadata:
  # who
  name: a
  labels:
    app: a
spec:
  hostPID: true # why
  restart: Never
  # slow
  grace: 5
  containers:
    - name: a
      image: x
      securityContext: {}
      args: [one]
    - name: b
      command: |
        sh
  volumes:
    - name: v
`;
const container = (index: number, ...path: string[]) => ['spec', 'containers', index, ...path];
const flowManifest = `{
  "kind": "Pod",
  "metadata": {"name": "a", "name": "a"},
  "spec": {
    "hostPID": true,
    "containers": [
      {"name": "a", "image": "x", "securityContext": {}, "args": ["one"]},
      {
        "name": "b",
        "image": "y",
      },
      {
        "name": "c",
        "image": "z"
      }
    ],
    "volumes": [{"name": "v"}]
  }
}
`;

function yamlCase(text: string, all: readonly (readonly Operation[])[]) {
  const document = parseDocument(text);
  const piece = {
    path: 'a.yaml',
    fileText: text,
    base: 0,
    index: 0,
    dialect: { templated: false, fragment: false },
    document,
    memo: new Map(),
  };
  const part = yamlPart(piece, { family: 'kubernetes', visit: () => undefined, objectOf: () => null });
  return { part, changes: changesOf(part, all) };
}

const yaml = yamlCase(manifest, [
  [setValue(['spec', 'hostPID'], false)],
  [setValue(['spec', 'automount'], false)],
  [setValue(container(0, 'securityContext', 'privileged'), false)],
  [setValue(container(0, 'securityContext', 'readOnly'), true), appendItem(container(0, 'mounts'), { name: 'tmp' })],
  [setValue(container(1, 'securityContext', 'privileged'), false)],
  [setValue(container(1, 'securityContext', 'readOnly'), true), appendItem(['spec', 'volumes'], { name: 'tmp' })],
  [appendItem(container(0, 'args'), 'two')],
  [removeNode(container(0, 'image'))],
  [renameKey(['spec', 'grace'], 'seconds')],
  [setValue(['spec', 'restart'], 'Always'), renameKey(['spec', 'restart'], 'policy'), appendItem(['spec', 'volumes'], { name: 'tmp' })],
  [renameKey(container(1, 'command'), 'args')],
  [renameKey(container(1, 'name'), 'id'), setValue(container(1, 'image'), 'y')],
]);
const flow = yamlCase(flowManifest, [
  [setValue(['spec', 'hostPID'], false)],
  [setValue(['spec', 'automount'], false)],
  [setValue(container(0, 'securityContext', 'privileged'), false)],
  [setValue(container(0, 'readOnly'), true), appendItem(['spec', 'volumes'], { name: 'tmp' })],
  [setValue(container(0, 'privileged'), false)],
  [setValue(container(1, 'securityContext', 'privileged'), false)],
  [setValue(container(1, 'readOnly'), true), setValue(container(1, 'tty'), true), appendItem(['spec', 'volumes'], { name: 'var' })],
  [setValue(container(2, 'securityContext', 'privileged'), false), setValue(container(2, 'tty'), true)],
  [setValue(container(2, 'stdin'), false)],
  [appendItem(container(0, 'args'), 'two')],
  [removeNode(container(2, 'image'))],
  [renameKey(container(1, 'name'), 'id')],
  [setValue(container(0, 'name'), 'z'), renameKey(container(0, 'name'), 'id'), appendItem(['spec', 'volumes'], { name: 'tmp' })],
  [setValue(container(0, 'image'), 'w')],
  [renameKey(container(0, 'args'), 'command')],
]);
const docker = (() => {
  const part = dockerfilePart(parseDockerfile('FROM a\n# why\nRUN a \\\n  && b\nUSER root\nCMD ["x"]\nEXPOSE 22\n'));
  return {
    part,
    changes: changesOf(part, [
      [{ type: 'dockerfile.insert', at: 'before', instruction: 2, text: 'WORKDIR /x' }],
      [{ type: 'dockerfile.insert', at: 'after', instruction: 3, text: 'HEALTHCHECK CMD y' }],
      [{ type: 'dockerfile.remove-instruction', instruction: 4 }],
      [{ type: 'dockerfile.append-command', range: { start: 26, end: 27 }, text: 'c' }],
      [{ type: 'dockerfile.replace', range: { start: 33, end: 37 }, text: '1000' }],
    ]),
  };
})();

const verifiedAlone = (part: Part, { operations, edits }: PartChange): boolean =>
  part.verify(applyEdits(part.text, edits), operations, edits, false) === null;

describe.each([
  ['YAML', yaml, 12],
  ['JSON', flow, 14],
  ['a Dockerfile', docker, 2],
])('%s', (_, { part, changes }, together) => {
  test('what is right is proven together', () => {
    expect(changes.map(change => verifiedAlone(part, change))).toEqual(changes.map(() => true));
    expect(part.verifyEach(changes).size).toBe(together);
  });

  test('nothing is proven together that does not hold alone, however an edit is damaged', () => {
    const damage = fc.record({
      which: fc.nat(changes.length - 1),
      at: fc.nat(200),
      length: fc.nat(3),
      text: fc.constantFrom(
        '',
        ' ',
        '  ',
        '\n',
        '- ',
        ':',
        ',',
        ', ',
        '#',
        'x',
        '"',
        "'",
        '{',
        ']',
        '|',
        '\\',
        '&& ',
        'FROM x\n',
        '\n  y: 1',
        '*a',
        '---\n',
      ),
      shift: fc.integer({ min: -3, max: 3 }),
    });
    let wrong = 0;
    fc.assert(
      fc.property(fc.array(damage, { minLength: 1, maxLength: 3 }), damages => {
        const damaged = changes.map((change, index) => {
          const own = damages.filter(({ which }) => which === index);
          return own.reduce(({ operations, edits }, { at, length, text, shift }): PartChange => {
            const [first, ...rest] = edits;
            const { range, newText } = first!;
            const cut = at % (newText.length + 1);
            const moved = Math.max(0, Math.min(part.text.length, range.start + shift));
            const edit = {
              range: rest.length > 0 ? range : { start: moved, end: Math.max(moved, range.end) },
              newText: newText.slice(0, cut) + text + newText.slice(cut + length),
            };
            return { operations, edits: [edit, ...rest] };
          }, change);
        });
        for (const index of part.verifyEach(damaged)) expect(verifiedAlone(part, damaged[index]!)).toBe(true);
        wrong += damaged.filter(change => !verifiedAlone(part, change)).length;
      }),
      { numRuns: 200 },
    );
    expect(wrong).toBeGreaterThan(100);
  }, 60_000);
});

test('the cost of all fixes of a file grows with the file', () => {
  const run = (path: string) => (text: string) => {
    const opened = engine.open({ path: unseenPath(path), text });
    const { findings } = opened.lint(context);
    const all = opened.renderAll(findings);
    expect([...all.values()].flat().filter(({ ok }) => ok).length).toBeGreaterThan(50);
  };
  expectLinear('fixes of containers', containers, run('a.yaml'), 400);
  const json = (count: number): string => `{"apiVersion": "v1", "kind": "Pod", "metadata": {"name": "a"}, "spec": {"containers": [
${Array.from({ length: count }, (_, i) => `{"name": "c${i}", "image": "registry.example.com/app${i}:1.0"}`).join(',\n')}]}}`;
  expectLinear('fixes of containers in JSON', json, run('a.json'), 200);
  const set = (count: number): string => json(count).replaceAll(/:1.0"/g, ':1.0", "securityContext": {"privileged": true}');
  expectLinear('fixes that set values in JSON', set, run('a.json'), 100);
  const compose = (count: number): string =>
    `services:\n${Array.from({ length: count }, (_, i) => `  db${i}:\n    image: postgres:16\n    environment:\n      POSTGRES_PASSWORD: hunter2secret\n`).join('')}`;
  expectLinear('fixes that rename keys', compose, run('compose.yaml'), 200);
  expectLinear('fixes of stages', stages, run('Dockerfile'), 256);
}, 60_000);

if (!hasCorpus) console.log(noCorpus);
test.skipIf(!hasCorpus)(
  'real files get the same edits as one by one',
  () => {
    let fixes = 0;
    for (const file of [...corpusFiles('kubernetes'), ...corpusFiles('dockerfile')].filter((_, i) => i % 8 === 0)) {
      const opened = engine.open(file);
      const { findings } = opened.lint(context);
      const all = opened.renderAll(findings);
      for (const finding of findings) {
        const alone = finding.fixes.map(fix => opened.render(finding, fix));
        expect(all.get(finding)).toEqual(alone);
        fixes += alone.length;
      }
    }
    expect(fixes).toBeGreaterThan(500);
  },
  60_000,
);

test('a change that cannot share a round with itself is looked at alone', () => {
  // the fix of hostNetwork takes two entries away, of which one map has no more than two
  const text = `apiVersion: v1
kind: Pod
metadata:
  name: agent
spec:
  hostNetwork: true
  containers:
    - name: agent
      image: example.com/agent:1.2
      ports:
        - containerPort: 8181
          hostPort: 8181
`;
  const opened = engine.open({ path: 'pod.yaml', text });
  const { findings } = opened.lint(plainContext('recommended'));
  const all = opened.renderAll(findings);
  expect(findings.filter(({ rule }) => rule === 'kubernetes/host-network')).toHaveLength(1);
  expect(all).toHaveLength(findings.length);
});
