import { expect, test } from 'vitest';
import { createEngine } from '../../../shared/src/engine/create-engine';
import { rules } from '../../../shared/src/families/generated/index';
import { plainContext } from '../../../tools/lint-context';

const engine = createEngine(rules);
const buildContext = { ignore: null, untracked: null, secrets: ['.git'], open: [] };

const kyverno = (version: string): string => `apiVersion: policies.kyverno.io/v1alpha1
kind: ValidatingPolicy
metadata:
  name: no-host-network
  annotations:
    kyverno.io/kyverno-version: ${version}
spec:
  validationActions: [Deny]
  matchConstraints:
    resourceRules:
      - {apiGroups: [''], apiVersions: [v1], operations: [CREATE, UPDATE], resources: [pods]}
  validations:
    - expression: object.spec.hostNetwork != true
`;

const checked = (resources: string): string =>
  kyverno('1.17.0')
    .replace('resources: [pods]', `resources: [${resources}]`)
    .replace('object.spec.hostNetwork != true', "object.spec.containers.all(c, c.image.contains(':'))");

const copied = (step: string): string => `# syntax=docker/dockerfile:1\nFROM alpine:3.22\n${step}\nCOPY . /app\n`;

const scanned = (path: string): string => `on: push
permissions: {}
jobs:
  build:
    runs-on: ubuntu-24.04
    steps:
      - uses: aquasecurity/trivy-action@57a97c7e7821a5776cebc9bb87c984fa69cba8f1 # v0.35.0
        with: {image-ref: 'app:local', output: trivy.txt}
      - uses: actions/upload-artifact@aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa # v5.0.0
        with: {name: scan, path: ${path}}
`;

const asking = (condition: string): string => `on:
  push:
  release:
  workflow_dispatch:
    inputs: {force: {type: boolean}}
permissions: {}
jobs:
  build:
    if: ${condition}
    runs-on: ubuntu-24.04
    steps:
      - run: make
`;

const stopped = (rest: string): string => `FROM debian:13-slim\nSTOPSIGNAL SIGKILL\nUSER 10001\n${rest}\n`;

const unconfined = `apiVersion: v1
kind: Pod
metadata:
  name: web
  annotations:
    seccomp.security.alpha.kubernetes.io/pod: unconfined
spec:
  containers:
    - {name: web, image: 'example.com/web:1.2'}
`;

test.each([
  ['policy.yaml', 'policy/deprecated-api', 'attended', 'is written for a Kyverno before v1', kyverno('1.14.0')],
  ['policy.yaml', 'policy/deprecated-api', 'attended', 'says nothing of a version', kyverno('1.17.0').replace(/.*annotations.*\n.*\n/, '')],
  [
    'policy.yaml',
    'policy/deprecated-api',
    'attended',
    'asks for less than was tried',
    kyverno('1.17.0\n    policies.kyverno.io/minversion: 1.14.0'),
  ],
  ['policy.yaml', 'policy/deprecated-api', 'review', 'is written for a Kyverno that serves v1', kyverno('1.17.0')],
  ['policy.yaml', 'policy/uncovered-containers', 'attended', 'is one that Kyverno derives others from', checked('pods')],
  ['policy.yaml', 'policy/uncovered-containers', 'review', 'is one that Kyverno derives nothing from', checked('pods, services')],
  ['Dockerfile', 'dockerfile/broad-copy', 'attended', 'has git, which may ask the history', copied('RUN apk add --no-cache git')],
  ['Dockerfile', 'dockerfile/broad-copy', 'review', 'has no git', copied('RUN apk add --no-cache curl')],
  ['Dockerfile', 'dockerfile/unstoppable-signal', 'attended', 'starts what is not known', stopped('CMD ["/opt/store/bin/store"]')],
  ['Dockerfile', 'dockerfile/unstoppable-signal', 'review', 'is that of a server', 'FROM redis:8.4\nSTOPSIGNAL 9\nUSER redis\n'],
  ['.github/workflows/ci.yml', 'workflow/scan-without-gate', 'attended', 'uploads what the scan does not name', scanned('reports/')],
  ['.github/workflows/ci.yml', 'workflow/scan-without-gate', 'review', 'uploads what the scan wrote', scanned('trivy.txt')],
  [
    '.github/workflows/ci.yml',
    'workflow/always-true-condition',
    'attended',
    'is also run by what brings no release',
    asking("${{ github.event.release.name != '' }} || ${{ failure() }}"),
  ],
  [
    '.github/workflows/ci.yml',
    'workflow/always-true-condition',
    'attended',
    'asks for what no event brings',
    asking("${{ github.event.workflow_dispatch.force == 'true' }} || failure()"),
  ],
  [
    '.github/workflows/ci.yml',
    'workflow/always-true-condition',
    'review',
    'asks which event it is',
    asking("${{ github.event_name != 'release' }} || ${{ github.event.release.name != '' }}"),
  ],
  ['pod.yaml', 'kubernetes/seccomp-annotation', 'attended', 'turns seccomp off', unconfined],
])('%s, %s: the fix is %s where the file %s', (path, rule, fixClass, _why, text) => {
  const { findings } = engine.open({ path, text }).lint({ ...plainContext(), buildContext: () => buildContext });
  expect(findings.filter(finding => finding.rule === rule).map(({ fixes }) => fixes[0]?.class)).toEqual([fixClass]);
});

test.each([
  [['attended', 'pods-alone'], 'pods'],
  [['review'], 'pods, deployments'],
])('how is asked where ephemeral containers are added for Kyverno: %j, of [%s]', (expected, resources) => {
  const text = kyverno('1.17.0')
    .replace('resources: [pods]', `resources: [${resources}]`)
    .replace('hostNetwork != true', '?ephemeralContainers == null');
  const { findings } = engine.open({ path: 'policy.yaml', text }).lint(plainContext());
  const asked = findings
    .filter(({ messageId }) => messageId === 'ephemeral')
    .map(({ fixes: [fix] }) => [fix?.class, ...fix!.assumes.map(({ id }) => id)]);
  expect(asked).toEqual([expected]);
});

test.each([
  ['system', 'gatekeeper-system'],
  ['available', 'gatekeeper-system, kube-system'],
])('what is assumed before a webhook refuses what it cannot check: %s, where it leaves out [%s]', (assumed, namespaces) => {
  const text = `apiVersion: admissionregistration.k8s.io/v1
kind: ValidatingWebhookConfiguration
metadata: {name: gatekeeper}
webhooks:
  - name: validation.gatekeeper.sh
    admissionReviewVersions: [v1]
    clientConfig: {service: {name: gatekeeper, namespace: gatekeeper-system}}
    failurePolicy: Ignore
    namespaceSelector:
      matchExpressions:
        - {key: kubernetes.io/metadata.name, operator: NotIn, values: [${namespaces}]}
    sideEffects: None
`;
  const { findings } = engine.open({ path: 'webhook.yaml', text }).lint(plainContext());
  const found = findings.filter(({ rule }) => rule === 'policy/failure-policy-ignore');
  expect(found.map(({ fixes: [fix] }) => fix?.assumes.map(({ id }) => id))).toEqual([[assumed]]);
});
