import { describe, expect, test } from 'vitest';
import { defaultConfig } from '../../../shared/src/engine/config/effective';
import { createEngine } from '../../../shared/src/engine/create-engine';
import type { OpenedFile } from '../../../shared/src/engine/engine';
import type { HardenResult, LintContext, PlanGroup } from '../../../shared/src/engine/types';
import { rules } from '../../../shared/src/families/generated/index';
import { createWords } from '../../../shared/src/output/report/words';
import { createWorkspaceIndex } from '../../../shared/src/workspace/workspace-index';

const engine = createEngine(rules.filter(rule => rule.family === 'kubernetes'));
const words = createWords(rules);

/** Hardens the first of some files with all of them for a workspace. */
function harden(files: Readonly<Record<string, string>>): HardenResult {
  const { opened, context } = openAll(files);
  return opened.harden(context);
}

/** The groups of a plan for the first of some files. */
function groupsOf(files: Readonly<Record<string, string>>): readonly PlanGroup[] {
  const { opened, context } = openAll(files);
  return opened.plan(context).groups;
}

function openAll(files: Readonly<Record<string, string>>): { readonly opened: OpenedFile; readonly context: LintContext } {
  const opened = Object.entries(files).map(([path, text]) => engine.open({ path, text }));
  const facts = createWorkspaceIndex({ complete: true });
  for (const each of opened) facts.update(each.file.path, each.facts());
  return { opened: opened[0]!, context: { config: defaultConfig, today: '2026-11-24', workspace: facts.index, digest: () => null } };
}

/** What the fix of a rule takes for granted, where harden left its finding; `null` where harden took it. */
function leftBecause(result: HardenResult, rule: string): readonly string[] | null {
  const left = result.left.find(({ finding }) => finding.rule === rule);
  if (!left) {
    expect(result.applied.map(({ finding }) => finding.rule)).toContain(rule);
    return null;
  }
  const fix = left.finding.fixes[0]!;
  expect([left.reason, fix.class]).toEqual(['attended', 'attended']);
  return fix.assumes.filter(({ evidence }) => evidence).map(assumption => words.assumption(rule, assumption));
}

interface Parts {
  readonly annotations?: string;
  readonly labels?: string;
  readonly pod?: string;
  readonly image?: string;
  readonly container?: string;
}

const deployment = ({ annotations = '{}', labels = '', pod = '', image = 'example.com/web:1.2', container = '' }: Parts = {}): string =>
  `apiVersion: apps/v1
kind: Deployment
metadata: {name: web, namespace: shop}
spec:
  selector: {matchLabels: {app: web}}
  template:
    metadata:
      labels: {app: web${labels}}
      annotations: ${annotations}
    spec:
${pod.replace(/^(?=.)/gm, '      ')}      containers:
        - name: web
          image: ${image}
          ports:
            - containerPort: 8080
${container.replace(/^(?=.)/gm, '          ')}`;

const account = (annotations: string): string =>
  `apiVersion: v1\nkind: ServiceAccount\nmetadata:\n  name: web\n  namespace: shop\n  annotations: ${annotations}\n`;
const other = 'apiVersion: v1\nkind: ConfigMap\nmetadata: {name: other, namespace: shop}\n';
const ofAccount = { pod: 'serviceAccountName: web\n' };

describe('what shows a client of a cloud leaves the metadata service open', () => {
  const policy = 'kubernetes/missing-network-policy';
  const despite = (seen: string, path: string): readonly string[] => [
    `Deployment "web" needs nothing from the cloud metadata service, despite ${seen} in ${path}`,
  ];

  test.each<[string, Parts, string]>([
    ['an annotation of the pod', { annotations: '{iam.amazonaws.com/role: web}' }, 'iam.amazonaws.com/role'],
    ['a label of the pod', { labels: ', azure.workload.identity/use: "true"' }, 'azure.workload.identity/use'],
    ['a proxy', { image: 'gcr.io/cloud-sql-connectors/cloud-sql-proxy:2' }, 'gcr.io/cloud-sql-connectors/cloud-sql-proxy:2'],
    ['a command-line tool', { image: 'amazon/aws-cli:2.15' }, 'amazon/aws-cli:2.15'],
    ['a variable of an SDK', { container: 'env: [{name: AWS_REGION, value: eu-west-1}]\n' }, 'AWS_REGION'],
    ['a bucket in a variable', { container: 'env: [{name: STORE, value: "gs://shop/a"}]\n' }, 'gs://'],
    ['a command in a script', { container: 'command: [sh, -c, "cd /x && aws s3 sync . there"]\n' }, 'aws'],
  ])('%s', (_, parts, seen) => {
    expect(leftBecause(harden({ 'web.yaml': deployment(parts), 'other.yaml': other }), policy)).toEqual(despite(seen, 'web.yaml'));
  });

  test.each(['iam.gke.io/gcp-service-account', 'eks.amazonaws.com/role-arn', 'azure.workload.identity/client-id'])(
    'an account with %s, in another file',
    key => {
      const files = { 'web.yaml': deployment(ofAccount), 'accounts.yaml': account(`{${key}: web}`) };
      expect(leftBecause(harden(files), policy)).toEqual(despite(key, 'accounts.yaml'));
      const open = `apiVersion: networking.k8s.io/v1
kind: NetworkPolicy
metadata: {name: web, namespace: shop}
spec:
  podSelector: {matchLabels: {app: web}}
  policyTypes: [Egress]
  egress:
    - to:
        - ipBlock: {cidr: 0.0.0.0/0}
`;
      expect(leftBecause(harden({ 'policy.yaml': open, ...files }), 'kubernetes/metadata-egress')).toEqual(despite(key, 'accounts.yaml'));
    },
  );

  test.each<[string, Parts]>([
    ['nothing', {}],
    ['words that only look like one', { image: 'example.com/draws:1', container: 'args: [serve, --awsome, /awsdata/az]\n' }],
    ['a variable of something else', { container: 'env: [{name: GOOGLE_FONTS, value: roboto}]\n' }],
  ])('not %s', (_, parts) => {
    expect(leftBecause(harden({ 'web.yaml': deployment(parts), 'other.yaml': other }), policy)).toBeNull();
  });
});

describe('a port that may be missing from a policy is asked about', () => {
  const policy = 'kubernetes/missing-network-policy';
  const service = (target: string): string => `apiVersion: v1
kind: Service
metadata: {name: web, namespace: shop}
spec:
  selector: {app: web}
  ports: [{port: 80, targetPort: ${target}}]
`;
  const without = (port: string, seen: string, path: string): readonly string[] => [
    `Pods receive no traffic on port ${port}, despite ${seen} in ${path}`,
  ];

  test.each<[string, string, readonly string[]]>([
    ['one word', 'args: [serve, --metrics-addr=:9090]\n', without('9090', '--metrics-addr', 'web.yaml')],
    ['two words', 'args: [serve, --web.listen-address, "0.0.0.0:9100"]\n', without('9100', '--web.listen-address', 'web.yaml')],
    ['a variable', 'env: [{name: PORT, value: "3000"}]\n', without('3000', 'PORT', 'web.yaml')],
  ])('told by %s', (_, container, expected) => {
    expect(leftBecause(harden({ 'web.yaml': deployment({ container }), 'other.yaml': other }), policy)).toEqual(expected);
  });

  test('named by a Service and by no container', () => {
    const result = harden({ 'web.yaml': deployment(), 'service.yaml': service('http') });
    expect(leftBecause(result, policy)).toEqual(without('http', 'Service "web"', 'service.yaml'));
  });

  test("not where a Service or Prometheus gives its number, or it is another's", () => {
    const parts = {
      annotations: '{prometheus.io/port: "9100"}',
      container: 'args: [--port=8080, --db-addr=db:5432, --listen=127.0.0.1:9000]\n',
    };
    const result = harden({ 'web.yaml': deployment(parts), 'service.yaml': service('8443') });
    expect(leftBecause(result, policy)).toBeNull();
    expect(result.text).toContain('- ports: [{port: 8080}, {port: 8443}, {port: 9100}]');
  });

  test('none at all', () => {
    const text = deployment().replace(/ +ports:\n.*\n$/, '');
    expect(leftBecause(harden({ 'web.yaml': text, 'other.yaml': other }), policy)).toEqual(['Pods receive no traffic']);
  });

  test('none at all of one whose containers come later', () => {
    const text =
      'apiVersion: v1\nkind: Pod\nmetadata: {name: web, namespace: shop, labels: {app: web}}\nspec:\n  ephemeralContainers: [{name: web, image: nginx:1.29}]\n';
    expect(leftBecause(harden({ 'web.yaml': text, 'other.yaml': other }), policy)).toEqual(['Pods receive no traffic']);
  });
});

describe('what a policy may cut off, or not select, is asked about', () => {
  const policy = 'kubernetes/missing-network-policy';
  const meshed = (seen: string): readonly string[] => [`The service mesh that ${seen} adds the pods to uses no additional port on them`];
  const namespace = (labels: string): string => `apiVersion: v1\nkind: Namespace\nmetadata: {name: shop, labels: {${labels}}}\n`;

  test('the ports of a mesh', () => {
    const web = deployment({ annotations: '{linkerd.io/inject: enabled}', container: 'ports: [{containerPort: 8080}]\n' });
    expect(leftBecause(harden({ 'web.yaml': web, 'other.yaml': other }), policy)).toEqual(meshed('linkerd.io/inject'));
    const out = web.replace('enabled', 'disabled');
    expect(leftBecause(harden({ 'web.yaml': out, 'other.yaml': other }), policy)).toBeNull();
  });

  test('a mesh by the namespace', () => {
    const files = { 'web.yaml': deployment({ container: 'ports: [{containerPort: 8080}]\n' }), 'other.yaml': other };
    const meshing = { ...files, 'shop.yaml': namespace('istio.io/dataplane-mode: ambient') };
    expect(leftBecause(harden(meshing), policy)).toEqual(meshed('istio.io/dataplane-mode'));
    expect(leftBecause(harden({ ...files, 'shop.yaml': namespace('team: web') }), policy)).toBeNull();
  });

  test('labels that a patch may change', () => {
    const kustomization = 'resources: [web.yaml]\npatches:\n  - {path: labels.yaml, target: {kind: Deployment}}\n';
    const files = { 'web.yaml': deployment({ container: 'ports: [{containerPort: 8080}]\n' }), 'other.yaml': other };
    expect(leftBecause(harden({ ...files, 'kustomization.yaml': kustomization }), policy)).toEqual([
      'No Kustomize patch gives the pods different labels or ports, or their own policy',
    ]);
  });
});

describe('a policy', () => {
  test('is a group of its own', () => {
    const groups = groupsOf({ 'web.yaml': deployment(), 'other.yaml': other });
    const own = groups.filter(({ rules: of }) => of.includes('kubernetes/missing-network-policy'));
    expect(own.map(({ rules: of }) => of)).toEqual([['kubernetes/missing-network-policy']]);
    expect(groups.length).toBeGreaterThan(1);
  });

  test('is one group with the others of its file', () => {
    const two = [deployment(), deployment().replaceAll('web', 'api')].join('---\n');
    const { text } = harden({ 'web.yaml': two, 'other.yaml': other });
    const own = groupsOf({ 'web.yaml': two, 'other.yaml': other }).filter(({ rules: of }) =>
      of.includes('kubernetes/missing-network-policy'),
    );
    expect(own.map(({ fixes }) => fixes.length)).toEqual([2]);
    expect(text.match(/^kind: NetworkPolicy$/gm)).toHaveLength(2);
  });

  test('has no more than fifteen lines', () => {
    const { text } = harden({ 'web.yaml': deployment(), 'other.yaml': other });
    const [, policy = ''] = text.split(/^---\n/m);
    expect(policy.trimEnd().split('\n').length).toBeLessThanOrEqual(15);
    expect(policy.match(/169\.254\.169\.254/g)).toHaveLength(1);
  });
});

describe('what shows that a pod uses its token', () => {
  const token = 'kubernetes/service-account-token';
  /** Whether anything is said of the token, which a pod that asks the API server needs. */
  const isSaid = ({ applied, left }: HardenResult): boolean => [...applied, ...left].some(({ finding }) => finding.rule === token);

  test.each<[string, Parts]>([
    ['an image', { image: 'bitnami/kubectl:1.30' }],
    ['an argument', { container: 'args: [serve, --leader-elect]\n' }],
    ['an agent', { annotations: '{vault.hashicorp.com/agent-inject: "true"}' }],
  ])('%s: nothing is said of it', (_, parts) => {
    expect(isSaid(harden({ 'web.yaml': deployment({}), 'other.yaml': other }))).toBe(true);
    expect(isSaid(harden({ 'web.yaml': deployment(parts), 'other.yaml': other }))).toBe(false);
  });

  test('an account that is defined elsewhere may', () => {
    expect(leftBecause(harden({ 'web.yaml': deployment(ofAccount), 'other.yaml': other }), token)).toEqual([
      'No container in the pod talks to the API server as the service account "web", which no file here defines',
    ]);
  });

  test('a binding in another file', () => {
    const binding = `apiVersion: rbac.authorization.k8s.io/v1
kind: RoleBinding
metadata: {name: web, namespace: shop}
roleRef: {apiGroup: rbac.authorization.k8s.io, kind: Role, name: reader}
subjects: [{kind: ServiceAccount, name: web, namespace: shop}]
`;
    expect(isSaid(harden({ 'web.yaml': deployment(ofAccount), 'accounts.yaml': account('{}'), 'rbac.yaml': binding }))).toBe(false);
  });

  test('not an account that is here and has no rights', () => {
    expect(leftBecause(harden({ 'web.yaml': deployment(ofAccount), 'accounts.yaml': account('{}') }), token)).toBeNull();
  });
});

describe('what shows a setuid program leaves privilege escalation', () => {
  test.each<[string, Parts, string | null]>([
    ['an image that makes containers without root', { image: 'moby/buildkit:v0.6.2-rootless' }, 'moby/buildkit:v0.6.2-rootless'],
    ['a command', { container: 'command: [sh, -c, "cd /x && sudo make"]\n' }, 'sudo'],
    ['not a word that only looks like one', { image: 'example.com/buildkite:1', container: 'args: [--su, pseudo]\n' }, null],
  ])('%s', (_, parts, seen) => {
    const result = harden({ 'web.yaml': deployment(parts), 'other.yaml': other });
    const expected = seen === null ? null : [`Nothing in container "web" runs sudo or another setuid program, despite ${seen}`];
    expect(leftBecause(result, 'kubernetes/privilege-escalation')).toEqual(expected);
  });
});
