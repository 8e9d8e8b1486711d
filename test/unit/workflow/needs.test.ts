import { describe, expect, test } from 'vitest';
import { createEngine } from '../../../shared/src/engine/create-engine';
import { ownRelease } from '../../../shared/src/families/workflow/model/needs';
import { rules } from '../../../shared/src/families/generated/index';
import { plainContext } from '../../../tools/lint-context';

/** When a pipeline may need more of its token than its steps tell, a person is asked: a release that fails at its push is worse than a token that may write. */

const engine = createEngine(rules);

/** The class of a rule's fix for a workflow of one job with these steps, and what it assumes. */
function fixOf(rule: string, steps: readonly string[], job = '') {
  const text = `on: push\njobs:\n  a:\n    runs-on: ubuntu-24.04\n${job}    steps:\n${steps.map(step => `      - ${step}\n`).join('')}`;
  const { findings } = engine.open({ path: '.github/workflows/a.yml', text }).lint(plainContext());
  const fix = findings.find(finding => finding.rule === rule)?.fixes[0];
  return fix && { class: fix.class, what: fix.assumes.map(({ data }) => data?.['what']).find(what => what !== undefined) };
}

describe('the least permissions', () => {
  test.each([
    ['a script without the token', ['run: make test']],
    ['an action that is known', ['uses: actions/setup-node@v4']],
    ['a login and a push', ['run: echo ${{ github.token }} | docker login ghcr.io -u a --password-stdin', 'run: docker push ghcr.io/a/b']],
    [
      'a login and a chart',
      ['run: echo ${{ github.token }} | helm registry login ghcr.io -u a --password-stdin', 'run: helm push a.tgz oci://ghcr.io/a'],
    ],
  ])('are written where the steps tell them: %s', (_, steps) => {
    expect(fixOf('workflow/missing-permissions', steps)?.class).toBe('review');
  });
  test.each([
    ['an action that may take the token by itself', ['uses: example/comment@v1'], 'example/comment@v1'],
    [
      'a script that uses the token in its text',
      ['run: curl -u a:${{ secrets.GITHUB_TOKEN }} https://api.example.com'],
      'a script that uses the token',
    ],
    [
      'a login, and scripts that may push',
      ['run: echo ${{ github.token }} | docker login ghcr.io -u a --password-stdin', 'run: ./build'],
      'scripts that run after the job logs in to ghcr.io',
    ],
    ['a target that releases', ['run: make release'], 'make release'],
    ['a program that publishes', ['run: ./ci/publish --all'], './ci/publish'],
    ['a script of npm', ['run: npm run publish-docs'], 'npm publish-docs'],
  ])('are a question where something may need more: %s', (_, steps, what) => {
    expect(fixOf('workflow/missing-permissions', steps)).toEqual({ class: 'attended', what });
  });
});

test('a job that pushes keeps the permission to, whatever else it is asked about', () => {
  const steps = 'runs-on: ubuntu-24.04\n    steps:\n      - uses: actions/checkout@v4\n      - run: ';
  const text = `on: push\njobs:\n  test:\n    ${steps}make\n  merge:\n    ${steps}git push origin main\n`;
  const opened = engine.open({ path: '.github/workflows/a.yml', text });
  const context = plainContext();
  const finding = opened.lint(context).findings.find(({ rule }) => rule === 'workflow/missing-permissions')!;
  const operations = finding.fixes[0]!.operations();
  expect(operations).toMatchObject([
    { path: ['permissions'], value: { contents: 'read' } },
    { path: ['jobs', 'merge', 'permissions'], value: { contents: 'write' } },
  ]);
});

describe('credentials of a checkout', () => {
  const checkout = 'uses: actions/checkout@v4';
  test.each([['run: make test'], ['run: npm ci'], ['run: echo push']])('nobody needs them: %s', step => {
    expect(fixOf('workflow/persisted-credentials', [checkout, step])?.class).toBe('review');
  });
  test.each([
    ['run: make release', 'make release'],
    ['run: ./hack/tag.sh v1', './hack/tag.sh'],
    ['run: git clone https://forge.example.com/acme/web', 'git clone'],
  ])('somebody may: %s', (step, what) => {
    expect(fixOf('workflow/persisted-credentials', [checkout, step])).toEqual({ class: 'attended', what });
  });
});

test.each(['run: git push', 'run: git fetch origin main', 'run: gh pr checkout 1', 'uses: endbug/add-and-commit@v9'])(
  'credentials of a checkout are kept for %s',
  step => expect(fixOf('workflow/persisted-credentials', ['uses: actions/checkout@v4', step])).toBeUndefined(),
);

describe('a release that asks for more than the one before', () => {
  const moved = (permissions: string): string | undefined =>
    fixOf('workflow/outdated-action', ['uses: actions/stale@v8'], permissions)?.class;
  test('is a question where the job does not have it', () => {
    expect(moved('    permissions: { issues: write }\n')).toBe('attended');
    expect(moved('    permissions: { issues: write, actions: read }\n')).toBe('attended');
  });
  test('is none where it has, or where nothing limits the token', () => {
    expect(moved('    permissions: { issues: write, actions: write }\n')).toBe('review');
    expect(moved('    permissions: write-all\n')).toBe('review');
    expect(moved('')).toBe('review');
  });
});

test('a program of the repository is named with the whole of an expression', () => {
  expect(ownRelease('make push_${{ matrix.img }} now')).toBe('make push_${{matrix.img}}');
});

describe('a permission that an action needs by its defaults', () => {
  const inDoubt = (inputs: string): unknown =>
    fixOf('workflow/missing-permission', [`uses: actions/stale@v10\n        with: ${inputs}`], '    permissions: { issues: write }\n')
      ?.what;
  test('is in doubt, since the default may not be meant', () => {
    expect(inDoubt('{ days-before-issue-stale: 4, days-before-issue-close: 1 }')).toBe('actions/stale');
  });
  test('is not where the inputs ask for it', () => {
    expect(inDoubt('{ days-before-stale: 30 }')).toBeUndefined();
    expect(inDoubt('{ days-before-pr-stale: 30 }')).toBeUndefined();
  });
});

describe('a release that is not like the one before', () => {
  const moved = (step: string): string | undefined => fixOf('workflow/outdated-action', [step], '')?.class;
  test('is a question where the same inputs do something else', () => {
    expect(moved('uses: golangci/golangci-lint-action@v3')).toBe('attended');
    expect(moved('uses: actions/checkout@v3')).toBe('review');
  });
  test('is a question where the step gives an input that is gone', () => {
    expect(moved('uses: docker/setup-buildx-action@v2\n        with: { install: true }')).toBe('attended');
    expect(moved('uses: docker/setup-buildx-action@v2\n        with: { driver: docker }')).toBe('review');
  });
});

describe('a scan that fails for what is known already', () => {
  const scan = 'uses: aquasecurity/trivy-action@v0.35.0\n        with: { image-ref: app, format: sarif, output: a.sarif }';
  test('is what nobody looks at needs', () => {
    expect(fixOf('workflow/scan-without-gate', [scan])?.class).toBe('review');
  });
  test('is a question where code scanning gets the report', () => {
    const upload = 'uses: github/codeql-action/upload-sarif@v4\n        with: { sarif_file: a.sarif }';
    expect(fixOf('workflow/scan-without-gate', [scan, upload])?.class).toBe('attended');
  });
});
