import { describe, expect, it } from 'vitest';
import { isCommit } from '../../../shared/src/syntax/action/reference';
import { levelOf, readPermissions } from '../../../shared/src/families/workflow/model/permissions';
import { readWorkflow } from '../../../shared/src/families/workflow/model/read';
import type { ActionView, WorkflowView } from '../../../shared/src/families/workflow/model/types';
import { readUses } from '../../../shared/src/families/workflow/model/uses';
import { textOf } from '../../../shared/src/families/workflow/model/values';
import { parseDocument } from '../../../shared/src/syntax/yaml/parse';
import { mapOf, scalarOf } from '../../../shared/src/syntax/yaml/values';

function workflowOf(text: string): WorkflowView {
  const file = readWorkflow(parseDocument(text), '.github/workflows/a.yaml');
  if (file?.target !== 'workflow') throw new Error('no workflow');
  return file;
}

describe('what is used', () => {
  it.each([
    ['actions/checkout@v4', 'repository', 'actions/checkout', 'v4'],
    ['GitHub/CodeQL-Action/upload-sarif@main', 'repository', 'github/codeql-action/upload-sarif', 'main'],
    ['"octo/call/.github/workflows/a.yaml@refs/heads/main"', 'repository', 'octo/call/.github/workflows/a.yaml', 'refs/heads/main'],
    ['./.github/actions/build', 'local', '', ''],
    ['$/build', 'self', '', ''],
    ['docker://alpine:3.20', 'docker', '', ''],
    ['actions/checkout', 'invalid', '', ''],
    ['checkout@v4', 'invalid', '', ''],
  ])('%s is of the kind %s', (text, kind, name, ref) => {
    const document = parseDocument(`uses: ${text}\n`);
    const uses = readUses(document, scalarOf(mapOf(document.root)!.get('uses'))!, ['uses'])!;
    expect({ kind: uses.kind, name: uses.name, ref: uses.ref }).toEqual({ kind, name, ref });
    if (kind === 'repository') {
      expect(document.text.slice(uses.refRange.start, uses.refRange.end)).toBe(ref);
      expect(document.text.slice(uses.nameRange.start, uses.nameRange.end).toLowerCase()).toBe(name);
    }
  });
});

it.each([
  ['11bd71901bbe5b1630ceea73d27597364c9af683', true],
  ['11bd719', false],
  ['v4', false],
])('%s is a commit: %s', (ref, is) => expect(isCommit(ref)).toBe(is));

it('inputs are looked up without regard to case', () => {
  const { jobs } = workflowOf('on: push\njobs:\n  a:\n    steps:\n      - uses: a/b@v1\n        with: { Fetch-Depth: 0, path: }\n');
  const { inputs } = jobs[0]!.steps[0]!;
  expect(['fetch-depth', 'path', 'token'].map(name => textOf(inputs, name))).toEqual(['0', null, null]);
});

describe('triggers', () => {
  it.each([
    ['on: push', ['push']],
    ['on: [push, pull_request]', ['push', 'pull_request']],
    ['true:\n  workflow_run:\n    workflows: [a]\n  push:', ['workflow_run', 'push']],
    ['on:', []],
    ['on: ${{ x }}', ['${{ x }}']],
  ])('%s', (text, names) => {
    const { triggers } = workflowOf(`${text}\njobs: {}\n`);
    expect(triggers.all.map(({ name }) => name)).toEqual(names);
    for (const name of names) expect(triggers.get(name)?.name).toBe(name);
  });
});

describe('permissions', () => {
  it.each([
    ['read-all', 'contents', 'read'],
    ['read-all', 'id-token', 'none'],
    ['write-all', 'id-token', 'write'],
    ['{}', 'contents', 'none'],
    ['{ contents: write }', 'contents', 'write'],
    ['{ contents: write }', 'packages', 'none'],
    ['{ contents: nonsense }', 'contents', 'none'],
  ])('%s gives %s %s', (text, scope, level) => {
    const permissions = readPermissions(mapOf(parseDocument(`permissions: ${text}\n`).root)!, [])!;
    expect(levelOf(permissions, scope)).toBe(level);
  });

  it('a job without its own has those of the workflow', () => {
    const { jobs, permissions } = workflowOf('on: push\npermissions: read-all\njobs:\n  a: {}\n  b:\n    permissions: {}\n');
    expect(jobs.map(({ effective }) => effective === permissions)).toEqual([true, false]);
  });
});

describe('the shell in force', () => {
  const step = '\n    steps:\n      - run: echo\n';
  it.each([
    [`jobs:\n  a:\n    runs-on: ubuntu-24.04${step}`, 'posix'],
    [`jobs:\n  a:\n    runs-on: windows-2022${step}`, 'powershell'],
    [`jobs:\n  a:\n    runs-on: [self-hosted, windows]${step}`, 'powershell'],
    [`jobs:\n  a:\n    runs-on: \${{ matrix.os }}\n    strategy: { matrix: { os: [ubuntu-24.04, macos-14] } }${step}`, 'posix'],
    [`jobs:\n  a:\n    runs-on: \${{ matrix.os }}\n    strategy: { matrix: { os: [ubuntu-24.04, windows-2022] } }${step}`, 'mixed'],
    [`jobs:\n  a:\n    runs-on: \${{ matrix.os }}\n    strategy: { matrix: "\${{ fromJSON(x) }}" }${step}`, 'unknown'],
    [`jobs:\n  a:\n    runs-on: windows-2022\n    defaults: { run: { shell: bash } }${step}`, 'posix'],
    [`defaults: { run: { shell: pwsh } }\njobs:\n  a:\n    runs-on: ubuntu-24.04${step}`, 'powershell'],
    [`jobs:\n  a:\n    runs-on: ubuntu-24.04${step}        shell: bash -e {0}\n`, 'posix'],
    [`jobs:\n  a:\n    runs-on: ubuntu-24.04${step}        shell: python\n`, 'python'],
    [`jobs:\n  a:\n    runs-on: ubuntu-24.04${step}        shell: cmd\n`, 'cmd'],
    [`jobs:\n  a:\n    runs-on: ubuntu-24.04${step}        shell: \${{ matrix.shell }}\n`, 'unknown'],
  ])('%s: %s', (text, shell) => expect(workflowOf(`on: push\n${text}`).jobs[0]!.steps[0]!.run!.shell).toBe(shell));
});

describe('scripts', () => {
  it('have their commands where they stand, with expressions masked', () => {
    const text = 'on: push\njobs:\n  a:\n    steps:\n      - run: |\n          echo "${{ github.ref }}" && make -j${{ matrix.n }} all\n';
    const script = workflowOf(text).jobs[0]!.steps[0]!.run!.script()!;
    expect(script.complete).toBe(true);
    expect(script.commands.map(({ range }) => text.slice(range.start, range.end))).toEqual([
      'echo "${{ github.ref }}"',
      'make -j${{ matrix.n }} all',
    ]);
  });
});

describe('steps', () => {
  it('of a group stand in the order of the text', () => {
    const { jobs } = workflowOf(
      'on: push\njobs:\n  a:\n    steps:\n      - run: a\n      - parallel:\n          - run: b\n          - run: c\n      - run: d\n',
    );
    expect(jobs[0]!.steps.map(({ run, index }) => `${index} ${run?.text}`)).toEqual(['0 a', '1 b', '2 c', '3 d']);
    expect(jobs[0]!.steps[2]!.path).toEqual(['jobs', 'a', 'steps', 1, 'parallel', 1]);
  });

  it('of a composite action belong to no job, those of other actions are none', () => {
    const read = (using: string): ActionView =>
      readWorkflow(
        parseDocument(`name: a\nruns:\n  using: ${using}\n  steps:\n    - run: a\n      shell: bash\n`),
        'action.yml',
      ) as ActionView;
    expect(read('composite').steps.map(({ job, run }) => [job, run?.shell])).toEqual([[null, 'posix']]);
    expect(read('node20').steps).toEqual([]);
    expect(read('node20').using?.text).toBe('node20');
  });
});

describe('a file that is half typed', () => {
  it.each([
    'on: push\njobs:\n  a:\n',
    'on: push\njobs:\n  a:\n    steps:\n      -\n',
    'on:\njobs: x\n',
    'jobs: [a]\non: {}\n',
    'on: push\njobs:\n  a:\n    steps: {}\n',
  ])('%j is read', text => expect(workflowOf(text).jobs.flatMap(({ steps }) => steps)).toEqual([]));
});
