import { describe, expect, it } from 'vitest';
import { readObjects } from '../../../shared/src/families/kubernetes/model/read';
import {
  capabilities,
  needsEscalation,
  resource,
  runAsNonRoot,
  runAsUser,
  seccompType,
} from '../../../shared/src/families/kubernetes/model/security';
import { visitKubernetes } from '../../../shared/src/families/kubernetes/model/visit';
import { parseDocument } from '../../../shared/src/syntax/yaml/parse';
import { pathToPointer } from '../../../shared/src/syntax/yaml/lookup';
import type { Range } from '../../../shared/src/base/text/range';
import { objectsOf } from './read-yaml';

const inFragment = { templated: false, fragment: true };
const inTemplate = { templated: true, fragment: false };

/** The text of a range of the document that an object stands in. */
const at = (text: string, range: Range): string => text.slice(range.start, range.end);

const podBody = (indent: string): string => ['containers:', '- name: a', '  image: x:1'].map(line => `${indent}${line}\n`).join('');

/** An object with a pod spec under dotted keys. */
function manifest(apiVersion: string, kind: string, keys: string): string {
  const steps = keys.split('.');
  const lines = steps.map((key, depth) => `${'  '.repeat(depth)}${key}:\n`).join('');
  return `apiVersion: ${apiVersion}\nkind: ${kind}\nmetadata:\n  name: n\n${lines}${podBody('  '.repeat(steps.length))}`;
}

describe('where pods are', () => {
  it.each([
    ['v1', 'Pod', 'spec'],
    ['v1', 'PodTemplate', 'template.spec'],
    ['v1', 'ReplicationController', 'spec.template.spec'],
    ['apps/v1', 'Deployment', 'spec.template.spec'],
    ['extensions/v1beta1', 'Deployment', 'spec.template.spec'],
    ['apps/v1', 'StatefulSet', 'spec.template.spec'],
    ['apps/v1', 'DaemonSet', 'spec.template.spec'],
    ['apps/v1', 'ReplicaSet', 'spec.template.spec'],
    ['batch/v1', 'Job', 'spec.template.spec'],
    ['batch/v1', 'CronJob', 'spec.jobTemplate.spec.template.spec'],
    ['argoproj.io/v1alpha1', 'Rollout', 'spec.template.spec'],
    ['apps.openshift.io/v1', 'DeploymentConfig', 'spec.template.spec'],
    ['serving.knative.dev/v1', 'Service', 'spec.template.spec'],
    ['serving.knative.dev/v1', 'Revision', 'spec'],
    ['keda.sh/v1alpha1', 'ScaledJob', 'spec.jobTargetRef.template.spec'],
    ['argoproj.io/v1alpha1', 'Experiment', 'spec.templates.template.spec'],
    ['kubeflow.org/v1', 'PyTorchJob', 'spec.pytorchReplicaSpecs.Worker.template.spec'],
    ['jobset.x-k8s.io/v1alpha2', 'JobSet', 'spec.job.template.spec.template.spec'],
    ['leaderworkerset.x-k8s.io/v1', 'LeaderWorkerSet', 'spec.leaderWorkerTemplate.workerTemplate.spec'],
    ['example.com/v1', 'Thing', 'spec.deep.podTemplate.spec'],
  ])('%s %s: %s', (apiVersion, kind, keys) => {
    const text = manifest(apiVersion, kind, keys);
    const [object] = objectsOf(text);
    expect(object!.pods.map(pod => pathToPointer(pod.path))).toEqual([`/${keys.replaceAll('.', '/')}`]);
    const pod = object!.pods[0]!;
    expect(at(text, pod.reportRange)).toBe('spec');
    expect(pathToPointer(pod.metadataPath)).toBe(
      `/${keys
        .split('.')
        .slice(0, -1)
        .map(key => `${key}/`)
        .join('')}metadata`,
    );
    expect(pod.containers.map(({ name, kind: which }) => [name, which])).toEqual([['a', 'app']]);
    expect(pod.complete).toBe(apiVersion !== 'example.com/v1');
  });

  it.each([
    ['v1', 'Service', 'spec.template.spec'],
    ['v1', 'ConfigMap', 'data'],
    ['apiextensions.k8s.io/v1', 'CustomResourceDefinition', 'spec.template.spec'],
    ['kyverno.io/v1', 'ClusterPolicy', 'spec.rule.podTemplate.spec'],
    ['networking.k8s.io/v1', 'Ingress', 'spec.template.spec'],
    ['templates.gatekeeper.sh/v1', 'ConstraintTemplate', 'spec.template.spec'],
    ['example.com/v1', 'Thing', 'spec'],
  ])('%s %s has none', (apiVersion, kind, keys) => expect(objectsOf(manifest(apiVersion, kind, keys))[0]!.pods).toEqual([]));

  it('takes each template of an Argo Workflow that runs something for a pod', () => {
    const text = `apiVersion: argoproj.io/v1alpha1
kind: Workflow
metadata: {generateName: x-}
spec:
  securityContext: {runAsNonRoot: true}
  serviceAccountName: runner
  templates:
  - name: steps
    steps: []
  - name: one
    container: {image: a:1}
    sidecars: [{name: s, image: b:1}]
    initContainers: [{name: i, image: c:1}]
  - name: two
    securityContext: {runAsUser: 5}
    script: {image: d:1, source: x}
`;
    const [object] = objectsOf(text);
    const [one, two] = object!.pods;
    expect(object!.pods).toHaveLength(2);
    expect(one!.containers.map(({ path, kind }) => [pathToPointer(path), kind])).toEqual([
      ['/spec/templates/1/container', 'app'],
      ['/spec/templates/1/initContainers/0', 'init'],
      ['/spec/templates/1/sidecars/0', 'app'],
    ]);
    expect(at(text, one!.reportRange)).toBe('one');
    expect(one!.serviceAccountName).toBe('runner');
    expect(pathToPointer(one!.securityContextPath)).toBe('/spec/securityContext');
    expect(runAsNonRoot(one!.containers[0]!)?.value).toBe(true);
    expect(pathToPointer(two!.securityContextPath)).toBe('/spec/templates/2/securityContext');
    expect(runAsNonRoot(two!.containers[0]!)).toBeNull();
  });
});

describe('Lists', () => {
  it('are unpacked, in Lists too, and typed lists lend their kind', () => {
    const text = `apiVersion: v1
kind: List
items:
- {apiVersion: v1, kind: Service, metadata: {name: s}}
- apiVersion: v1
  kind: List
  items:
  - {apiVersion: v1, kind: Pod, metadata: {name: p}, spec: {containers: []}}
- apiVersion: rbac.authorization.k8s.io/v1
  kind: RoleList
  items: [{metadata: {name: r}}]
- nonsense
`;
    expect(objectsOf(text).map(({ apiVersion, kind, name, path }) => [apiVersion, kind, name, pathToPointer(path)])).toEqual([
      ['v1', 'Service', 's', '/items/0'],
      ['v1', 'Pod', 'p', '/items/1/items/0'],
      ['rbac.authorization.k8s.io/v1', 'Role', 'r', '/items/2/items/0'],
    ]);
  });

  it('end somewhere', () => {
    const text = `${'{apiVersion: v1, kind: List, items: ['.repeat(50)}${']}'.repeat(50)}`;
    expect(objectsOf(text)).toEqual([]);
  });
});

const security = `apiVersion: v1
kind: Pod
metadata: {name: p, annotations: {a: "1"}, labels: {app: x, n: 5}}
spec:
  hostUsers: false
  os: {name: windows}
  serviceAccount: old
  securityContext:
    runAsNonRoot: true
    runAsUser: 1000
    seccompProfile: {type: RuntimeDefault}
  containers:
  - name: inherits
    image: 'registry:5000/a/b:1.0'
    ports: [{containerPort: 80, hostPort: 8080}]
    env: [{name: A, value: b}, {name: C, valueFrom: {}}, {name: N, value: 5}, {value: x}]
    volumeMounts: [{name: v, mountPath: /x, readOnly: true, subPath: s}]
    resources: {limits: {memory: 1Gi}}
    command: [sh, -c, 5]
  - name: overrides
    image: "a\\x62:1"
    securityContext:
      runAsNonRoot: no
      runAsUser: "0"
      seccompProfile: {}
      privileged: true
      capabilities: {add: [NET_ADMIN, 5], drop: [ALL]}
  initContainers:
  - {name: i, image: ""}
  - {name: side, image: s:1, restartPolicy: Always}
  ephemeralContainers:
  - {image: e}
  volumes:
  - {name: v, hostPath: {path: /x}}
  - {name: w, hostPath: null}
  - {name: x, emptyDir: }
`;

describe('views', () => {
  const [object] = objectsOf(security);
  const pod = object!.pods[0]!;
  const [inherits, overrides, init, side, ephemeral] = pod.containers;

  it('read the pod', () => {
    expect(pod).toMatchObject({ hostUsers: false, isWindows: true, serviceAccountName: 'old', complete: true });
    expect([...pod.labels].map(([key, { value }]) => [key, value])).toEqual([
      ['app', 'x'],
      ['n', '5'],
    ]);
    expect(pod.volumes.map(({ name, type }) => [name, type])).toEqual([
      ['v', 'hostPath'],
      ['w', null],
      ['x', 'emptyDir'],
    ]);
    expect(pod.containers.map(({ kind }) => kind)).toEqual(['app', 'app', 'init', 'sidecar', 'ephemeral']);
    expect(at(security, ephemeral!.reportRange)).toBe('image');
    expect(at(security, object!.reportRange)).toBe('p');
  });

  it('let the container win over the pod, field by field', () => {
    expect(runAsNonRoot(inherits!)).toMatchObject({ value: true, from: 'pod', path: ['spec', 'securityContext', 'runAsNonRoot'] });
    expect(runAsNonRoot(overrides!)).toMatchObject({ value: false, from: 'container' });
    expect(runAsUser(overrides!)).toMatchObject({ value: null, from: 'container' });
    expect(seccompType(overrides!)).toMatchObject({ value: null, from: 'container' });
    expect(seccompType(init!)).toMatchObject({ value: 'RuntimeDefault', from: 'pod' });
    expect(capabilities(overrides!, 'add').items.map(({ name }) => name)).toEqual(['NET_ADMIN', '5']);
    expect(needsEscalation(overrides!)).toBe(true);
    expect(needsEscalation(inherits!)).toBe(false);
  });

  it('read lists of a container', () => {
    expect(inherits!.env.map(({ name, value }) => [name, value])).toEqual([
      ['A', 'b'],
      ['C', null],
      ['N', '5'],
    ]);
    expect(inherits!.ports[0]).toMatchObject({ containerPort: 80, hostPort: 8080, protocol: 'TCP' });
    expect(inherits!.mounts[0]).toMatchObject({ volume: 'v', mountPath: '/x', readOnly: true, subPath: 's' });
    expect(resource(inherits!, 'limits', 'memory')?.source).toBe('1Gi');
    expect(resource(inherits!, 'requests', 'memory')).toBeNull();
    expect(inherits!.command?.map(({ source }) => source)).toEqual(['sh', '-c', '5']);
    expect(inherits!.args).toBeNull();
  });

  it('place an image to the character, and as a whole where escapes stand in it', () => {
    expect(at(security, inherits!.image!.range)).toBe('registry:5000/a/b:1.0');
    expect(at(security, inherits!.image!.at({ start: 18, end: 21 }))).toBe('1.0');
    expect(overrides!.image!.text).toBe('ab:1');
    expect(at(security, overrides!.image!.at({ start: 3, end: 4 }))).toBe('a\\x62:1');
    expect(init!.image!.reference.invalid).toBe('empty');
    expect(side!.image!.reference.invalid).toBeNull();
  });

  it.each([
    ['a: ${TAG}', true],
    ['"{{inputs.parameters.image}}"', true],
    ['<your-image>', true],
    ['$(IMAGE)', true],
    ['$IMAGE', true],
    ['gcr.io/@PROJECT@/x', true],
    ['nginx:1.27', false],
  ])('image %s is filled in later: %s', (image, variable) => {
    const [object] = objectsOf(`apiVersion: v1\nkind: Pod\nspec:\n  containers:\n  - name: a\n    image: ${image.replace('a: ', '')}\n`);
    expect(object!.pods[0]!.containers[0]!.image?.variable).toBe(variable);
  });
});

describe('completeness', () => {
  const deployment = (container: string, selector = true): string =>
    `apiVersion: apps/v1\nkind: Deployment\nmetadata: {name: web}\nspec:\n${selector ? '  selector: {}\n' : ''}  template:\n    spec:\n      containers:\n      - ${container}\n`;
  it.each([
    ['a whole workload', deployment('{name: a, image: b}'), undefined, true, true],
    ['no selector, but images', deployment('{name: a, image: b}', false), undefined, true, true],
    ['a patch: neither selector nor image', deployment('{name: a, env: []}', false), undefined, false, false],
    ['without a name it is none', deployment('{name: a, env: []}', false).replace('{name: web}', '{}'), undefined, true, true],
    ['nobody patches a bare Pod', 'kind: Pod\napiVersion: v1\nmetadata: {name: a}\nspec: {containers: [{name: b}]}', undefined, true, true],
    ['a selector, but no image: a mistake, no patch', deployment('{name: a}'), undefined, true, true],
    ['a fragment by its file', deployment('{name: a, image: b}'), inFragment, false, false],
    ['values of a template', deployment('{name: a, image: "{{ .Values.x }}"}'), inTemplate, true, true],
    [
      'a security context out of a template',
      deployment('name: a\n        image: b\n        securityContext: {{ toYaml .Values.s | nindent 10 }}'),
      inTemplate,
      true,
      false,
    ],
    [
      'keys of a container out of a template',
      deployment('name: a\n        image: b\n        {{- toYaml .Values.x | nindent 8 }}'),
      inTemplate,
      true,
      false,
    ],
    [
      'labels out of a template',
      `${deployment('{name: a, image: b}')}metadata:\n  labels:\n    {{- include "x" . | nindent 4 }}\n`,
      inTemplate,
      true,
      true,
    ],
    ['Jinja', `${deployment('{name: a, image: b}')}{% if x %}\n`, inTemplate, false, false],
  ])('%s', (_, text, dialect, pod, container) => {
    const view = objectsOf(text, dialect)[0]!.pods[0]!;
    expect([view.complete, view.containers[0]!.complete]).toEqual([pod, container]);
  });

  it('says nothing of a value that a template fills in', () => {
    const text = deployment('name: a\n        image: b\n        securityContext: {runAsNonRoot: {{ .Values.x }}, runAsUser: "${UID}"}');
    const container = objectsOf(text, inTemplate)[0]!.pods[0]!.containers[0]!;
    expect(runAsNonRoot(container)).toMatchObject({ value: null, unknown: true });
    expect(runAsUser(container)).toMatchObject({ value: null, unknown: true });
  });
});

it('visits only what somebody wants to see, from the outside in', () => {
  const document = parseDocument(security);
  const objects = readObjects(document, { templated: false, fragment: false });
  const seen: string[] = [];
  visitKubernetes(document, objects, {
    document: ({ objects: all }) => seen.push(`document ${all.length}`),
    object: ({ kind }) => seen.push(kind),
    pod: ({ path }) => seen.push(pathToPointer(path)),
    image: ({ text }) => seen.push(text),
  });
  expect(seen).toEqual(['document 1', 'Pod', '/spec', 'registry:5000/a/b:1.0', 'ab:1', '', 's:1', 'e']);
});

it('marks what an alias or a merge key brings in', () => {
  const text = `apiVersion: v1
kind: Pod
x-security: &s {runAsNonRoot: true}
spec:
  containers:
  - &c {name: a, image: b, securityContext: *s}
  - {<<: *c, name: d}
`;
  const [first, second] = objectsOf(text)[0]!.pods[0]!.containers;
  expect(runAsNonRoot(first!)?.node.shared).toBe(true);
  expect(second!.image!.node.shared).toBe(true);
  expect(runAsNonRoot(second!)?.value).toBe(true);
});
