import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import { bulkhead, folder, today } from './cli';

/** `--policies DIR`: manifests are judged by policies that live elsewhere, whichever command asks. */

const policy = (name: string, validate: string): string => `apiVersion: kyverno.io/v1
kind: ClusterPolicy
metadata:
  name: ${name}
spec:
  rules:
    - name: ${name}
      match:
        any:
          - resources:
              kinds: [Pod]
      validate:
        failureAction: Enforce
        message: asked by ${name}
        ${validate}
`;
const manifest = `apiVersion: v1
kind: Pod
metadata:
  name: web
  namespace: shop
spec:
  enableServiceLinks: true
  containers:
    - name: web
      image: registry.example.com/web:1.0
`;
const links = policy('links', "pattern: { spec: { enableServiceLinks: 'false' } }");
const team = policy('team', "pattern: { metadata: { labels: { team: '?*' } } }");
const exception = `apiVersion: kyverno.io/v2
kind: PolicyException
metadata:
  name: web
spec:
  exceptions:
    - policyName: team
      ruleNames: [team]
  match:
    any:
      - resources:
          kinds: [Pod]
          names: [web]
`;

/** A workspace without policies, and what the cluster has beside it. */
function make(policies: Readonly<Record<string, string>> = { 'links.yaml': links, 'tests/team.yaml': team }) {
  const { path } = folder({
    'app/pod.yaml': manifest,
    'app/.git/HEAD': '',
    ...Object.fromEntries(Object.entries(policies).map(([name, text]) => [`cluster/${name}`, text])),
  });
  const run = (command: string, ...args: readonly string[]) => bulkhead([command, ...args, ...today], { cwd: join(path, 'app') });
  return { run, path };
}

const violations = (output: string): readonly string[] => output.split('\n').filter(line => line.includes('[policy/violates]'));

describe('lint --policies', () => {
  test('reports at the field what is refused, by policies in a folder of tests, too', () => {
    const { run } = make();
    expect(violations(run('lint', '--format', 'concise').stdout)).toEqual([]);
    const { code, stdout } = run('lint', '--policies', '../cluster', '--format', 'concise');
    expect(code).toBe(1);
    expect([...violations(stdout)].sort()).toEqual([
      'pod.yaml:3:1: error: Pod "web" is rejected by ClusterPolicy "team": asked by team [policy/violates]',
      'pod.yaml:7:23: error: Pod "web" is rejected by ClusterPolicy "links": asked by links [policy/violates]',
    ]);
  });

  test('does not check the policies themselves, where they are within what is checked, too', () => {
    const { path } = make();
    const { stdout } = bulkhead(['lint', '--policies', 'cluster', '--format', 'json', ...today], { cwd: path });
    const { files } = JSON.parse(stdout) as { files: readonly { path: string }[] };
    expect(files.map(file => file.path)).toEqual(['app/pod.yaml']);
  });

  test('takes several directories, and the exceptions in them', () => {
    const { run } = make({ 'a/links.yaml': links, 'b/team.yaml': team, 'b/exception.yaml': exception });
    const { stdout } = run('lint', '--policies', '../cluster/a', '--policies', '../cluster/b', '--format', 'concise');
    expect(violations(stdout).map(line => line.split(' ')[0])).toEqual(['pod.yaml:7:23:']);
  });

  test('what a PolicyException lets through is counted as suppressed, and shown where suppressions are not to hold', () => {
    const { run } = make({ 'team.yaml': team, 'exception.yaml': exception });
    const lint = (format: string, ...more: readonly string[]) =>
      run('lint', '--policies', '../cluster', '--format', format, ...more).stdout;
    expect(violations(lint('concise', '--no-suppress'))).toHaveLength(1);
    expect(lint('text')).toMatch(/1 suppressed/);
    const { files } = JSON.parse(lint('json')) as {
      files: readonly { findings: readonly { rule: string; suppression: unknown }[] }[];
    };
    expect(files[0]!.findings.find(({ rule }) => rule === 'policy/violates')!.suppression).toEqual({
      kind: 'config',
      reason: 'PolicyException "web"',
    });
    const { runs } = JSON.parse(lint('sarif')) as { runs: readonly { results: readonly { ruleId: string; suppressions: unknown }[] }[] };
    expect(runs[0]!.results.find(({ ruleId }) => ruleId === 'policy/violates')!.suppressions).toMatchObject([
      { kind: 'external', justification: 'PolicyException "web"' },
    ]);
  });

  test('takes the parameters of a policy from beside it', () => {
    const bound = `apiVersion: admissionregistration.k8s.io/v1
kind: ValidatingAdmissionPolicy
metadata: { name: team }
spec:
  paramKind: { apiVersion: v1, kind: ConfigMap }
  matchConstraints: { resourceRules: [{ apiGroups: [''], apiVersions: [v1], operations: [CREATE], resources: [pods] }] }
  validations: [{ expression: object.metadata.namespace in params.data }]
---
apiVersion: admissionregistration.k8s.io/v1
kind: ValidatingAdmissionPolicyBinding
metadata: { name: team }
spec: { policyName: team, validationActions: [Deny], paramRef: { name: teams, namespace: platform } }
`;
    const teams = (name: string): string =>
      `apiVersion: v1\nkind: ConfigMap\nmetadata: { name: teams, namespace: platform }\ndata: { ${name}: web }\n`;
    const lint = (name: string): string =>
      make({ 'team.yaml': bound, 'teams.yaml': teams(name) }).run('lint', '--policies', '../cluster', '--format', 'concise').stdout;
    expect(violations(lint('bank')).map(line => line.split(' ')[0])).toEqual(['pod.yaml:5:14:']);
    expect(violations(lint('shop'))).toEqual([]);
  });

  test('a policy that asks too much is said to judge nothing', () => {
    const costly = policy('links', `cel: { expressions: [{ expression: 'lists.range(1000000).all(n, n >= 0)' }] }`);
    const { stdout } = make({ 'links.yaml': costly }).run('lint', '--policies', '../cluster', '--format', 'concise');
    expect(violations(stdout)).toEqual([
      'pod.yaml:4:9: info: Pod "web" and the objects after it are not checked against ClusterPolicy "links": too much work for one check [policy/violates]',
    ]);
  });

  test.each<readonly [what: string, name: string, said: string]>([
    ['that is not there', '../gone', 'gone: '],
    ['that is a file', 'pod.yaml', 'pod.yaml: is not a directory'],
    ['without policies', '.', 'contains no admission policy'],
  ])('a directory %s is an error', (_, name, said) => {
    const { code, stdout, stderr } = make().run('lint', '--policies', name);
    expect([code, stdout]).toEqual([2, '']);
    expect(stderr).toContain('bulkhead: --policies ');
    expect(stderr).toContain(said);
  });
});

describe('harden --policies', () => {
  test('writes what a policy asks for where that is accepted, and nothing else of it', () => {
    const { run } = make({ 'links.yaml': links });
    const { stdout } = run('harden', '--policies', '../cluster', '--accept', 'policy/violates');
    expect(stdout).toContain('-  enableServiceLinks: true\n+  enableServiceLinks: false\n');
    expect(run('harden', '--policies', '../cluster').stdout).not.toContain('enableServiceLinks: false');
  });
});

describe('report --policies', () => {
  test('counts what the policies refuse', () => {
    const { run } = make();
    const errors = (...args: readonly string[]): number =>
      (JSON.parse(run('report', '--format', 'json', ...args).stdout) as { counts: { error: number } }).counts.error;
    expect(errors('--policies', '../cluster') - errors()).toBe(2);
  });
});
