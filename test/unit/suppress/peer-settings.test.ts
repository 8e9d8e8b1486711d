import { describe, expect, it } from 'vitest';
import { createEngine } from '../../../shared/src/engine/create-engine';
import type { Finding } from '../../../shared/src/rule/finding/types';
import { rules } from '../../../shared/src/families/generated/index';
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

/** What is found of a workflow beside other files. */
function lint(text: string, files: Readonly<Record<string, string>>, peerDirectives = true, file = path): readonly Finding[] {
  const engine = createEngine(rules);
  const facts = createWorkspaceIndex({ complete: true });
  for (const [name, other] of Object.entries(files)) facts.update(name, engine.open({ path: name, text: other }).facts());
  facts.settle(true);
  const context = plainContext('strict');
  return engine.open({ path: file, text }).lint({ ...context, config: { ...context.config, peerDirectives }, workspace: facts.index })
    .findings;
}

/** The texts at which findings of pins stand that a configuration of another tool suppresses, with the tool. */
function suppressed(files: Readonly<Record<string, string>>, peerDirectives = true, file = path): readonly string[] {
  const findings = lint(workflow, files, peerDirectives, file);
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

it('poutine names actions of creators that are not verified, by tag and by branch', () => {
  const files = { '.poutine.yml': 'skip:\n  - rule: github_action_from_unverified_creator_used\n' };
  expect(suppressed(files)).toEqual(all('poutine'));
});

describe('actionlint', () => {
  const old = 'on: push\njobs:\n  a:\n    runs-on: linux-large\n    steps:\n      - uses: actions/setup-node@v3\n';
  const settings = (...patterns: readonly string[]): string =>
    `self-hosted-runner:\n  labels: [linux-large]\nconfig-variables: [A]\npaths:\n  .github/workflows/*.yml:\n    ignore: ${JSON.stringify(patterns)}\n`;
  it.each<[string, string, boolean]>([
    ['the words of a message', settings('is too old to run on GitHub Actions'), true],
    ['words behind what may be anything', settings('.*action is too old to run on.+'), true],
    ['escaped characters, beside a pattern of no rule', settings('too old to run on GitHub Actions\\. update', 'shellcheck'), true],
    ['a pattern that is more than words', settings('the runner of ".*" action is too old'), false],
    ['the words of another message', settings('is potentially untrusted'), false],
    ['too little to tell', settings('old', '.*', ''), false],
    ['another file', settings('is too old to run on GitHub Actions').replace('*.yml', 'cd.yml'), false],
    ['no patterns', 'paths: []\nself-hosted-runner: { labels: [linux-large] }\n', false],
  ])('%s', (_, text, expected) => {
    for (const [path, there] of [
      ['.github/actionlint.yaml', expected],
      // a workflow may be called so
      ['.github/workflows/actionlint.yml', false],
    ] as const) {
      const found = lint(old, { [path]: text }).filter(({ rule }) => rule === 'workflow/outdated-action');
      expect(found.map(({ suppression }) => suppression?.peer)).toEqual([there ? 'actionlint' : undefined]);
    }
  });
});

describe('unused', () => {
  const step = (uses: string, more = ''): string =>
    `on: push\njobs:\n  a:\n    runs-on: ubuntu-24.04\n    steps:\n      - uses: ${uses}\n${more}`;
  const commit = 'a'.repeat(40);
  const off = '        with:\n          persist-credentials: false\n';
  const words = (text: string, files: Readonly<Record<string, string>> = {}): readonly string[] =>
    lint(text, files)
      .filter(({ rule }) => rule === 'bulkhead/unused-suppression')
      .map(({ range, data, messageId }) => `${messageId} ${String(data['id'])} ${text.slice(0, range.start).split('\n').length}`);

  it.each<[string, string, readonly string[]]>([
    ['an action that is pinned', step(`a/b@${commit} # v1 # zizmor: ignore[unpinned-uses]`), ['peer unpinned-uses 6']],
    ['an action that is not', step('a/b@v1 # zizmor: ignore[unpinned-uses]'), []],
    ['a local action', step('./b # zizmor: ignore[unpinned-uses]'), ['peer unpinned-uses 6']],
    ['a step that is no checkout', step('a/b@v1 # zizmor: ignore[artipacked, unpinned-uses]'), ['peer artipacked 6']],
    ['a checkout without credentials', step('actions/checkout@v4 # zizmor: ignore[artipacked]', off), ['peer artipacked 6']],
    [
      'one that only a comment speaks of',
      step('actions/checkout@v4 # zizmor: ignore[artipacked]', off.replace('persist', '# persist')),
      [],
    ],
    ['one behind it', step('a/b@v1', `      - uses: actions/checkout@v4 # zizmor: ignore[artipacked]\n`), []],
    [
      'a script without an expression',
      step('a/b@v1', '      - run: make # zizmor: ignore[template-injection]\n'),
      ['peer template-injection 7'],
    ],
    ['a script with one', step('a/b@v1', '      - run: make ${{ github.head_ref }} # zizmor: ignore[template-injection]\n'), []],
    ['text of a script', step('a/b@v1', '      - run: |\n          make # zizmor: ignore[template-injection]\n'), []],
    ['what an alias may bring', step('&a a/b@v1', '      - uses: *a # zizmor: ignore[unpinned-uses]\n'), []],
    [
      'a line of its own, or outside of steps',
      `# zizmor: ignore[artipacked]\n${step('a/b@v1', '        # zizmor: ignore[artipacked]\n        id: b\n')}`,
      [],
    ],
    ['an audit of which nothing is known', step('a/b@v1 # zizmor: ignore[anonymous-definition, what-is-this]'), []],
    ['a check of checkov, for the document', `# checkov:skip=CKV_GHA_2:no\n${step('a/b@v1')}`, ['peer CKV_GHA_2 1']],
    ['one with something to find', `# checkov:skip=CKV_GHA_2:no\n${step('a/b@${{ x }}')}`, []],
  ])('%s', (_, text, expected) => {
    expect(words(text)).toEqual(expected);
  });

  it.each<[string, Readonly<Record<string, string>>, readonly string[]]>([
    ['a line that is not there', { 'zizmor.yml': 'rules: { unpinned-uses: { ignore: ["ci.yml:80"] } }' }, ['peer-line unpinned-uses 15']],
    [
      'a line of another step',
      { 'zizmor.yml': 'rules: { artipacked: { ignore: ["ci.yml:7", "ci.yml:8:9"] } }' },
      ['peer-line artipacked 8'],
    ],
    ['a line outside of steps', { 'zizmor.yml': 'rules: { artipacked: { ignore: ["ci.yml:5", "cd.yml:8"] } }' }, []],
    ['a file', { 'zizmor.yml': 'rules: { template-injection: { ignore: [ci.yml] } }' }, ['peer-file template-injection 1']],
    ['a file in which it may be', { 'zizmor.yml': 'rules: { unpinned-uses: { ignore: [ci.yml] } }' }, []],
    ['all files', { 'zizmor.yml': 'rules: { template-injection: { disable: true } }', '.checkov.yaml': 'skip-check: [CKV_GHA_2]' }, []],
    [
      'a path of poutine',
      { '.poutine.yml': `skip: [{ rule: injection, path: ${path} }, { rule: injection, path: "**" }]` },
      ['peer-file injection 1'],
    ],
    [
      'a path of actionlint',
      { '.github/actionlint.yaml': `paths: { ${path}: { ignore: [is potentially untrusted] } }` },
      ['peer-file expression 1'],
    ],
  ])('in the configuration: %s', (_, files, expected) => {
    expect(words(workflow, files)).toEqual(expected);
  });
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
