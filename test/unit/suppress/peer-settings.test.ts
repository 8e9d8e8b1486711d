import { expect, it } from 'vitest';
import { createEngine } from '../../../shared/src/engine/create-engine';
import { rules } from '../../../shared/src/generated/index';
import { createWorkspaceIndex } from '../../../shared/src/workspace/workspace-index';
import { plainContext } from '../../../tools/lint-context';

const workflow = `on: push
permissions: {}
jobs:
  build:
    runs-on: ubuntu-24.04
    steps:
      - uses: actions/checkout@v4
      - uses: example/build@v1
      - uses: example/tools/scan@main
  lint:
    runs-on: ubuntu-24.04
    steps:
      - uses: example/lint@v1
      - run: curl -fsSL https://example.com/install.sh | sh
`;
const path = '.github/workflows/ci.yml';

/** The texts at which findings of pins stand that a configuration of another tool suppresses, with the tool. */
function suppressed(files: Readonly<Record<string, string>>, peerDirectives = true, file = path): readonly string[] {
  const engine = createEngine(rules);
  const facts = createWorkspaceIndex({ complete: true });
  for (const [name, text] of Object.entries(files)) facts.update(name, engine.open({ path: name, text }).facts());
  facts.settle(true);
  const context = plainContext('strict');
  const { findings } = engine
    .open({ path: file, text: workflow })
    .lint({ ...context, config: { ...context.config, peerDirectives }, workspace: facts.index });
  return findings.flatMap(({ suppression, range, rule }) => {
    if (!suppression || !/action$|piped-script$/.test(rule)) return [];
    const line = workflow.slice(0, range.start).split('\n').length;
    return [`${suppression.kind} ${suppression.peer} ${line}`];
  });
}

const all = (peer: string): readonly string[] => [7, 8, 9, 13].map(line => `config ${peer} ${line}`);

it.each<[string, Readonly<Record<string, string>>, readonly string[]]>([
  ['a rule that is off', { 'zizmor.yml': 'rules:\n  unpinned-uses:\n    disable: true\n' }, all('zizmor')],
  ['a rule that is not off', { 'zizmor.yml': 'rules:\n  unpinned-uses:\n    disable: false\n' }, []],
  ['a file', { '.github/zizmor.yml': 'rules: { unpinned-uses: { ignore: [ci.yml] } }' }, all('zizmor')],
  ['another file', { '.github/zizmor.yml': 'rules: { unpinned-uses: { ignore: [cd.yml, ci.yaml] } }' }, []],
  ['a line', { '.github/zizmor.yml': 'rules: { unpinned-uses: { ignore: ["ci.yml:8"] } }' }, ['config zizmor 8']],
  ['a place', { 'zizmor.yaml': 'rules: { unpinned-uses: { ignore: ["ci.yml:13:9"] } }' }, ['config zizmor 13']],
  ['a line that is not there', { 'zizmor.yml': 'rules: { unpinned-uses: { ignore: ["ci.yml:800"] } }' }, []],
  ['another rule', { 'zizmor.yml': 'rules: { artipacked: { disable: true } }' }, []],
  [
    'policies, of which the longest pattern counts',
    {
      'zizmor.yml':
        'rules:\n  unpinned-uses:\n    config:\n      policies:\n        "*": hash-pin\n        example/*: ref-pin\n        example/lint: hash-pin\n',
    },
    ['config zizmor 8', 'config zizmor 9'],
  ],
  [
    'the nearer of two files',
    {
      '.github/zizmor.yml': 'rules: { unpinned-uses: { ignore: ["ci.yml:7"] } }',
      'zizmor.yml': 'rules: { unpinned-uses: { disable: true } }',
    },
    ['config zizmor 7'],
  ],
  [
    'another job',
    {
      '.poutine.yml': 'skip:\n  - rule: unverified_script_exec\n    job: build\n  - rule: unpinnable_action\n    path: other.yml\n',
    },
    [],
  ],
  ['what is no configuration', { 'zizmor.yml': '- a\n', '.poutine.yml': 'skip: {', '.checkov.yaml': '' }, []],
])('%s', (_, files, expected) => {
  expect(suppressed(files)).toEqual(expected);
  expect(suppressed(files, false)).toEqual([]);
});

it('poutine names a rule, files and jobs; an entry that also asks for something else is left alone', () => {
  const skip = (more: string): string => `skip:\n  - rule: [unverified_script_exec]\n${more}`;
  const lines = (more: string): readonly string[] => suppressed({ '.poutine.yml': skip(more) });
  expect(lines('')).toEqual(['config poutine 14']);
  expect(lines('    path: .github/workflows/ci.yml\n')).toEqual(['config poutine 14']);
  expect(lines('    path: .github/workflows/cd.yml\n')).toEqual([]);
  expect(lines('    job: lint\n')).toEqual(['config poutine 14']);
  expect(lines('    job: build\n')).toEqual([]);
  expect(lines('    purl: pkg:githubactions/example/tools\n')).toEqual([]);
});

it('checkov is told what to skip for every family', () => {
  const text = 'apiVersion: v1\nkind: Pod\nmetadata: { name: a }\nspec: { hostPID: true }\n';
  const engine = createEngine(rules);
  const facts = createWorkspaceIndex({ complete: true });
  facts.update('.checkov.yaml', engine.open({ path: '.checkov.yaml', text: 'skip-check:\n  - CKV_K8S_17\n' }).facts());
  const opened = engine.open({ path: 'deploy/pod.yaml', text });
  const context = { ...plainContext(), workspace: facts.index };
  const result = opened.lint(context);
  expect(result.findings.find(({ rule }) => rule === 'kubernetes/host-pid')?.suppression).toEqual({
    kind: 'config',
    reason: null,
    peer: 'checkov',
  });
  // what it says of a file goes with it
  expect(result.isFresh(context)).toBe(true);
  facts.update('.checkov.yaml', []);
  expect(result.isFresh(context)).toBe(false);
});
