import { describe, expect, test } from 'vitest';
import { applyEdits } from '../../../shared/src/base/text/edits';
import { defaultConfig } from '../../../shared/src/engine/config/effective';
import { createEngine } from '../../../shared/src/engine/create-engine';
import { rules } from '../../../shared/src/families/generated/index';
import { emptyWorkspace } from '../../../shared/src/workspace/workspace-index';

const engine = createEngine(rules.filter(rule => rule.family === 'kubernetes'));
const context = { config: defaultConfig, today: '2026-11-24', workspace: emptyWorkspace, digest: () => null };
const file = (text: string) => ({ path: 'deploy.yaml', text });
const harden = (text: string, options = {}) => engine.open(file(text)).harden(context, options);
const planOf = (text: string) => engine.open(file(text)).plan(context);

/** A Deployment whose pod spec holds these lines. */
const deployment = (name: string, spec: string): string => `apiVersion: apps/v1
kind: Deployment
metadata:
  name: ${name}
spec:
  selector:
    matchLabels:
      app: ${name}
  template:
    metadata:
      labels:
        app: ${name}
    spec:
${spec.replace(/^(?=.)/gm, '      ')}`;

describe('hardening a workload as a whole', () => {
  test.each([
    ['where all containers are privileged', 'true', []],
    ['and another one where one is not', 'false', ['kubernetes/seccomp-profile']],
  ])('a pod gets no seccomp profile that would not apply: %s', (_, privileged, applied) => {
    const spec = ['true', privileged].map(
      (value, i) => `  - name: c${i}\n    image: nginx:1.29\n    securityContext: { privileged: ${value} }\n`,
    );
    const fixed = harden(deployment('view', `containers:\n${spec.join('')}`)).applied.map(({ finding }) => finding.rule);
    expect(fixed.filter(rule => rule === 'kubernetes/seccomp-profile')).toEqual(applied);
  });

  const unknown = deployment('shop', 'containers:\n  - name: shop\n    image: registry.example.com/shop:1.2.3\n');

  test('one bare container of an unknown image gets what cannot break, and the rest is asked', () => {
    const result = harden(unknown);
    expect(result.text).toBe(
      deployment(
        'shop',
        `automountServiceAccountToken: false
securityContext:
  seccompProfile:
    type: RuntimeDefault
containers:
  - name: shop
    image: registry.example.com/shop:1.2.3
    securityContext:
      allowPrivilegeEscalation: false
`,
      ),
    );
    const asked = ['kubernetes/run-as-root', 'kubernetes/capabilities-not-dropped', 'kubernetes/writable-root-filesystem'];
    for (const rule of asked)
      expect(result.left.find(({ finding }) => finding.rule === rule)).toMatchObject({
        reason: 'attended',
        detail: { seen: 'image-unknown', data: { registry: 'registry.example.com' } },
      });
  });

  test('the user of one container leaves none of its pod without one', () => {
    const text = deployment('web', 'containers:\n  - name: box\n    image: busybox:1.37\n  - name: nginx\n    image: nginx:1.29\n');
    const opened = engine.open(file(text));
    for (const finding of opened.lint(context).findings.filter(({ rule }) => rule === 'kubernetes/run-as-root')) {
      const rendered = opened.render(finding, finding.fixes[0]!);
      const changed = applyEdits(text, rendered.ok ? rendered.edits : []);
      expect(changed.match(/runAsNonRoot: .*|runAsUser: .*/g)).toEqual(['runAsNonRoot: true', 'runAsUser: 10001', 'runAsUser: 101']);
      expect(changed.match(/name: net\.ipv4|mountPath: \/tmp/g)?.length).toBe(2);
    }
  });

  test.each([
    ['the pod', 'securityContext:\n  windowsOptions: { hostProcess: true }\n', ''],
    ['a container', '', '    securityContext:\n      windowsOptions: { hostProcess: true }\n'],
  ])('a process on a Windows node gets nothing that Linux alone has: by %s', (_what, pod, container) => {
    const spec = `automountServiceAccountToken: false\n${pod}hostNetwork: true\ncontainers:\n  - name: shop\n    image: registry.example.com/shop:1.2.3\n${container}`;
    expect(harden(deployment('shop', spec)).text).toBe(deployment('shop', spec));
  });

  test('whoever agrees gets the whole', () => {
    const result = harden(unknown, { accept: 'all' });
    expect(result.text).toBe(
      deployment(
        'shop',
        `automountServiceAccountToken: false
securityContext:
  runAsNonRoot: true
  runAsUser: 10001
  runAsGroup: 10001
  seccompProfile:
    type: RuntimeDefault
containers:
  - name: shop
    image: registry.example.com/shop:1.2.3
    securityContext:
      allowPrivilegeEscalation: false
      readOnlyRootFilesystem: true
      capabilities:
        drop:
          - ALL
    volumeMounts:
      - name: tmp
        mountPath: /tmp
volumes:
  - name: tmp
    emptyDir: {}
`,
      ),
    );
    const ofIssue = ['kubernetes/missing-digest', 'kubernetes/missing-memory-limit', 'kubernetes/missing-requests'];
    const probes = ['kubernetes/missing-liveness-probe', 'kubernetes/missing-readiness-probe'];
    const left = result.left.map(({ finding }) => finding.rule).filter(rule => !probes.includes(rule));
    expect([...left].sort()).toEqual(ofIssue);
    const assumed = result.applied.flatMap(({ fix }) => fix.assumes.map(({ id }) => id));
    expect(assumed).toEqual(expect.arrayContaining(['guessed-user', 'writes-only', 'no-capabilities']));
  });

  test('user and capabilities are one group where the user changes, the root filesystem with its mounts is another', () => {
    const { groups } = planOf(deployment('cache', 'containers:\n  - name: cache\n    image: redis:7\n'));
    expect(groups.map(({ rules: own }) => own)).toEqual([
      ['kubernetes/seccomp-profile'],
      ['kubernetes/service-account-token'],
      ['kubernetes/capabilities-not-dropped', 'kubernetes/run-as-root'],
      ['kubernetes/privilege-escalation'],
      ['kubernetes/writable-root-filesystem'],
      ['kubernetes/missing-liveness-probe'],
      ['kubernetes/missing-readiness-probe'],
    ]);
  });

  test('user and capabilities are two groups where the user stays', () => {
    const own = `securityContext:\n  runAsNonRoot: true\n  runAsUser: 1000\n  runAsGroup: 1000\ncontainers:\n  - name: web\n    image: example.com/shop/web:1\n`;
    expect(planOf(deployment('web', own)).groups.map(group => group.rules)).toContainEqual(['kubernetes/capabilities-not-dropped']);
  });

  test('a container that has to stay root keeps what it needs', () => {
    const text = deployment('web', 'containers:\n  - name: web\n    image: phpmyadmin:5\n');
    const result = harden(text);
    expect(result.text).not.toContain('runAsNonRoot');
    expect(result.text).toContain('- SETGID\n');
    expect(result.left.find(({ finding }) => finding.rule === 'kubernetes/run-as-root')?.reason).toBe('needs-root');
  });

  test('nothing Linux-only on Windows, no false beside privileged', () => {
    const windows = deployment(
      'web',
      'os:\n  name: windows\nautomountServiceAccountToken: false\ncontainers:\n  - name: web\n    image: ghcr.io/acme/web:1\n',
    );
    expect(harden(windows).text).toBe(windows);
    const agent = deployment(
      'agent',
      'containers:\n  - name: agent\n    image: ghcr.io/acme/agent:1\n    securityContext:\n      privileged: true\n',
    );
    expect(harden(agent).text).not.toContain('allowPrivilegeEscalation');
  });

  test('hardening twice changes nothing', () => {
    const images = [
      'postgres:17',
      'nginx:1.29',
      'rabbitmq:4',
      'node:24',
      'ghcr.io/acme/x:1',
      'caddy:2',
      'grafana/grafana:12.1.0',
      'kong:3.9',
      'httpd:2.4',
    ];
    for (const image of images) {
      const once = harden(deployment('a', `containers:\n  - name: a\n    image: ${image}\n    ports:\n      - containerPort: 80\n`)).text;
      expect(harden(once).text).toBe(once);
    }
  });
});
