import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import { bulkhead, folder, today } from './cli';

/** Rules over the files of a folder: the index covers the folder of the configuration, else the repository, whatever PATHs are given. */

const workload = `apiVersion: v1
kind: Pod
metadata:
  name: web
  namespace: shop
  labels:
    app: web
spec:
  securityContext:
    runAsNonRoot: true
  containers:
    - name: app
      image: example.com/shop/web:1.2
      ports:
        - containerPort: 8080
`;

const policy = (label: string): string => `apiVersion: networking.k8s.io/v1
kind: NetworkPolicy
metadata:
  name: web
  namespace: shop
spec:
  podSelector:
    matchLabels:
      app: ${label}
  policyTypes: [Ingress, Egress]
`;

interface Finding {
  readonly rule: string;
  readonly related: readonly { readonly path: string; readonly range: unknown; readonly message: string }[];
  readonly fixes: readonly {
    readonly id: string;
    readonly changes: readonly { readonly path: string; readonly edits: readonly unknown[] }[];
  }[];
}

function findings(cwd: string, path: string): readonly Finding[] {
  const { stdout } = bulkhead(['lint', '--format', 'json', '--fail-on', 'never', ...today, path], { cwd });
  const { files } = JSON.parse(stdout) as { readonly files: readonly { readonly findings: readonly Finding[] }[] };
  return files.flatMap(file => file.findings);
}

const missing = 'kubernetes/missing-network-policy';

describe('findings that depend on other files', () => {
  test.each([
    ['the repository', { '.git/HEAD': '' }],
    ['the folder of the configuration', { '.bulkhead.yaml': 'profile: recommended\n' }],
  ])('look at all of %s, and go when the other file changes', (_, root) => {
    const { path: cwd, write } = folder({ ...root, 'apps/web.yaml': workload, 'policies/web.yaml': policy('api') });
    expect(findings(cwd, 'apps/web.yaml').map(({ rule }) => rule)).toContain(missing);
    write('policies/web.yaml', policy('web'));
    expect(findings(cwd, 'apps/web.yaml').map(({ rule }) => rule)).not.toContain(missing);
  });

  test('are none for standard input outside of a project', () => {
    const { path: cwd } = folder({});
    const { stdout } = bulkhead(['lint', '--format', 'json', '--fail-on', 'never', ...today, '--stdin-filename', 'web.yaml'], {
      cwd,
      input: workload,
    });
    expect(stdout).not.toContain(missing);
  });

  test('name the other file, and a fix may be made there', () => {
    const { path: cwd } = folder({
      '.git/HEAD': '',
      'apps/web.yaml': workload,
      'web/Dockerfile': 'FROM debian:13\nRUN useradd --uid 1234 app\nUSER app\n',
      'compose.yaml': 'services:\n  web:\n    build: ./web\n    image: example.com/shop/web\n',
    });
    const finding = findings(cwd, 'apps/web.yaml').find(({ rule }) => rule === 'kubernetes/image-user-mismatch')!;
    const range = { start: { line: 2, character: 5 }, end: { line: 2, character: 8 } };
    expect(finding.related).toEqual([{ path: 'web/Dockerfile', range, message: 'The image runs as app' }]);
    expect(finding.fixes.map(({ id, changes }) => [id, changes.map(({ path }) => path)])).toEqual([
      ['uid', ['apps/web.yaml']],
      ['dockerfile', ['web/Dockerfile']],
    ]);
    expect(finding.fixes[1]!.changes[0]!.edits).toEqual([{ range, newText: '1234' }]);
  });

  test('harden adds the policy that is missing, once', () => {
    const { path: cwd, read } = folder({ '.git/HEAD': '', 'web.yaml': workload, 'other.yaml': policy('other') });
    bulkhead(['harden', '--write', ...today, 'web.yaml'], { cwd });
    const hardened = read('web.yaml');
    expect(hardened.match(/^kind: NetworkPolicy$/gm)).toHaveLength(1);
    expect(bulkhead(['harden', '--check', ...today, 'web.yaml'], { cwd }).code).toBe(0);
  });
});

test('a manifest is hardened for what its Dockerfile says once that is hardened', () => {
  const { path: cwd } = folder({
    '.git/HEAD': '',
    'a/pod.yaml':
      'apiVersion: v1\nkind: Pod\nmetadata:\n  name: web\nspec:\n  containers:\n    - name: web\n      image: registry.example.com/web:1\n',
    'web/Dockerfile': 'FROM python:3.13-slim\nCOPY main.py /srv/\nCMD ["python", "/srv/main.py"]\n',
    'web/main.py': 'import os\nos.makedirs("/var/lib/web", exist_ok=True)\n',
  });
  const { stdout } = bulkhead(['harden', ...today, '.'], { cwd });
  expect(stdout).toMatch(/^\+USER 10001$/m);
  expect(stdout).toMatch(/^\+\s+runAsUser: 10001$/m);
  expect(stdout).toMatch(/^\+\s+mountPath: \/var\/lib\/web$/m);
  // in the order in which they were found
  expect(stdout.indexOf('a/pod.yaml')).toBeLessThan(stdout.indexOf('web/Dockerfile'));
});

describe('a lone file, outside of any repository', () => {
  const files = {
    'shop/compose.yaml': 'services:\n  shop:\n    build: .\n    image: registry.example.com/shop:1\n',
    'shop/Dockerfile': 'FROM python:3.13-slim\nWORKDIR /app\nCOPY . .\nCMD ["python", "main.py"]\n',
    'shop/main.py': 'import os\nos.makedirs("inbox")\n',
    'shop/pod.yaml': workload.replace('example.com/shop/web', 'registry.example.com/shop'),
  };

  test.each([
    ['from its folder', 'shop', 'pod.yaml'],
    ['from one around it', '', 'shop/pod.yaml'],
    ['from elsewhere', 'other', '../shop/pod.yaml'],
  ])('is hardened for what lies beside it: %s', (_, from, name) => {
    const { path } = folder({ ...files, 'other/a.txt': '' });
    const { stdout } = bulkhead(['harden', ...today, name], { cwd: join(path, from) });
    expect(stdout).toMatch(/mountPath: \/app\/inbox$/m);
  });

  test('lacks nothing that may lie elsewhere', () => {
    const { path: cwd } = folder({ ...files, 'shop/other.yaml': policy('other') });
    const rules = (name: string): readonly string[] => findings(cwd, name).map(({ rule }) => rule);
    expect(rules('shop/pod.yaml')).not.toContain(missing);
    expect(rules('shop')).toContain(missing);
  });
});
