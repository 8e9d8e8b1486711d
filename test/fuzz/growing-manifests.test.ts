import { describe, test } from 'vitest';
import { expectProportional, expectProportionalAt, type Lint } from './growth';
import { alone, engine } from './manifests';
import { patience } from '../support/growth';

const many = (n: number, make: (i: number) => string, between = ''): string => Array.from({ length: n }, (_, i) => make(i)).join(between);

const podOf = (n: number, item: (i: number) => string): string =>
  `apiVersion: v1\nkind: Pod\nmetadata:\n  name: a\nspec:\n  containers:\n${many(n, item)}`;

/** One container with a list. */
const list = (field: string, item: (i: number) => string) => (n: number) =>
  `apiVersion: v1\nkind: Pod\nmetadata:\n  name: a\nspec:\n  containers:\n    - name: a\n      image: nginx:1\n      ${field}:\n${many(n, i => `        ${item(i)}\n`)}`;

const deployment = (i: number | string, label: number | string = i): string =>
  `apiVersion: apps/v1\nkind: Deployment\nmetadata:\n  name: d${i}\n  namespace: n\nspec:\n  selector: {matchLabels: {app: a${label}}}\n  template:\n    metadata: {labels: {app: a${label}}}\n    spec:\n      containers:\n        - name: web\n          image: nginx:1\n          ports: [{containerPort: 80}]\n---\n`;

const service = (i: number | string, label: number | string = i): string =>
  `apiVersion: v1\nkind: Service\nmetadata: {name: s${i}, namespace: n}\nspec:\n  selector: {app: a${label}}\n  ports: [{port: 80, targetPort: 80}]\n---\n`;

const selecting = (kind: string, spec: string) => (i: number | string, label: number | string) =>
  `apiVersion: ${kind}\nmetadata: {name: p${i}, namespace: n}\nspec:\n  ${spec.replace('LABEL', `a${label}`)}\n---\n`;

const policy = selecting(
  'networking.k8s.io/v1\nkind: NetworkPolicy',
  'podSelector: {matchLabels: {app: LABEL}}\n  policyTypes: [Ingress, Egress]',
);
const budget = selecting('policy/v1\nkind: PodDisruptionBudget', 'selector: {matchLabels: {app: LABEL}}\n  maxUnavailable: 0');

const rbac = (i: number, role: string, account: string): string =>
  `apiVersion: rbac.authorization.k8s.io/v1\nkind: RoleBinding\nmetadata: {name: b${i}, namespace: n}\nroleRef: {apiGroup: rbac.authorization.k8s.io, kind: Role, name: ${role}}\nsubjects: [{kind: ServiceAccount, name: ${account}, namespace: n}]\n---\n`;
const role = (name: string): string =>
  `apiVersion: rbac.authorization.k8s.io/v1\nkind: Role\nmetadata: {name: ${name}, namespace: n}\nrules: [{apiGroups: [''], resources: [secrets], verbs: [get, '*']}]\n---\n`;

/** Texts that grow with `n`, each a way to cost more than its length. */
const growing: Readonly<Record<string, (n: number) => string>> = {
  'containers by the thousand': n => podOf(n, i => `    - name: c${i}\n      image: nginx\n`),
  'containers of one name and one port': n =>
    podOf(n, () => `    - name: c\n      image: nginx\n      ports: [{containerPort: 80, hostPort: 80}]\n`),
  // other documents for each size: those of the smaller text would come from the cache, those of the larger one are too many for it
  'documents by the thousand': n =>
    many(n, i => `apiVersion: v1\nkind: Pod\nmetadata: {name: p${i}-${n}}\nspec: {containers: [{name: a, image: b}]}\n---\n`),
  'objects of one name': n => many(n, () => deployment('x')),
  'objects in one List': n =>
    `apiVersion: v1\nkind: List\nitems:\n${many(n, i => `  - {apiVersion: v1, kind: Pod, metadata: {name: p${i}}, spec: {containers: [{name: a, image: b}]}}\n`)}`,
  variables: list('env', i => `- {name: V${i}, value: "$(V${i + 1}) password=${i}"}`),
  'variables of one name': list('env', () => '- {name: V, value: v}'),
  'variables of secrets': list('env', i => `- {name: V${i}, valueFrom: {secretKeyRef: {name: s, key: k${i}}}}`),
  ports: list('ports', i => `- {containerPort: ${i % 65536}, name: p${i}}`),
  'ports of one number': list('ports', () => '- {containerPort: 80, hostPort: 80}'),
  mounts: list('volumeMounts', i => `- {name: v${i}, mountPath: /m${i}}`),
  'mounts of one path': list('volumeMounts', () => `- {name: v, mountPath: /m}`),
  arguments: list('args', i => `- --token=${i}`),
  'unknown fields': n => podOf(1, () => `    - name: a\n      image: b\n${many(n, i => `      privilegd${i}: true\n`)}`),
  'volumes and mounts': n =>
    `${list('volumeMounts', i => `- {name: v${i}, mountPath: /m${i}}`)(n)}  volumes:\n${many(n, i => `    - {name: v${i}, hostPath: {path: /var/run}}\n`)}`,
  'volumes of one name': n =>
    `${podOf(1, () => '    - {name: a, image: b}\n')}  volumes:\n${many(n, () => `    - {name: v, emptyDir: {}}\n`)}`,
  capabilities: n =>
    podOf(
      1,
      () =>
        `    - name: a\n      image: b\n      securityContext: {capabilities: {add: [${many(n, i => `NET_ADMIN${i % 7}, `)}], drop: [${many(n, () => 'CHOWN, ')}]}}\n`,
    ),
  'the same key again': n => podOf(1, () => `    - name: a\n${many(n, () => '      image: nginx:latest\n')}`),
  'labels and annotations': n =>
    `apiVersion: v1\nkind: Pod\nmetadata:\n  name: a\n  labels:\n${many(n, i => `    l${i}: v\n`)}  annotations:\n${many(n, i => `    checkov.io/skip${i}: CKV_K8S_${i}=x\n`)}spec: {containers: [{name: a, image: b}]}\n`,
  directives: n =>
    many(
      n,
      i =>
        `# bulkhead-ignore: kubernetes/privileged\napiVersion: v1 # trivy:ignore:KSV-00${i % 90}\nkind: Pod\nspec: {containers: [{name: a, image: b}]}\n---\n`,
    ),
  'directives in one document': n =>
    podOf(
      n,
      i =>
        `    # bulkhead-ignore: kubernetes/latest-tag\n    - name: c${i} # trivy:ignore:KSV-0012\n      image: nginx # checkov:skip=CKV_K8S_14\n`,
    ),
  'aliases of one container': n => `x: &c {name: a, image: b, env: [{name: a, value: b}]}\n${podOf(n, () => '    - *c\n')}`,
  'merges of one map': n =>
    `x: &s {privileged: true, runAsUser: 0}\n${podOf(n, i => `    - {name: c${i}, image: b, securityContext: {<<: *s}}\n`)}`,
  'merges in a chain': n =>
    `x0: &x0 {name: a, image: b}\n${many(n, i => `x${i + 1}: &x${i + 1} {<<: *x${i}, k${i}: 1}\n`)}${podOf(1, () => `    - {<<: *x${n}}\n`)}`,
  'merges that double': n =>
    `x0: &x0 {name: a, image: b}\n${many(Math.min(n, 300), i => `x${i + 1}: &x${i + 1} {<<: [*x${i}, *x${i}]}\n`)}${podOf(n, () => `    - {<<: *x${Math.min(n, 300)}}\n`)}`,
  'lists of aliases that double': n =>
    `x0: &x0 [{name: a, value: b}]\n${many(n, i => `x${i + 1}: &x${i + 1} [*x${i}, *x${i}]\n`)}${podOf(1, () => `    - {name: a, image: b, env: *x${n}}\n`)}`,
  'Lists of aliases that double': n =>
    `x0: &x0 {apiVersion: v1, kind: Pod, spec: {containers: [{name: a, image: b}]}}\n${many(n, i => `x${i + 1}: &x${i + 1} {apiVersion: v1, kind: List, items: [*x${i}, *x${i}]}\n`)}apiVersion: v1\nkind: List\nitems: [*x${n}]\n`,
  'flow style on one line': n => `{apiVersion: v1, kind: Pod, spec: {containers: [${many(n, i => `{name: c${i}, image: b}, `)}]}}`,
  nesting: n => `apiVersion: v1\nkind: Pod\nspec:\n  x: ${'['.repeat(n)}\n`,
  'a long text': n => `apiVersion: v1\nkind: ConfigMap\nmetadata: {name: a}\ndata:\n  a: |\n${many(n, i => `    password=${i} ---\n`)}`,
  'a long word': n =>
    `apiVersion: v1\nkind: ConfigMap\nmetadata: {name: a}\ndata:\n  a: ${'ghp_abcdefgh'.repeat(n)}\n  b: ${'eyJhbGci.'.repeat(n)}\n`,
  'keys of a ConfigMap and who asks for them': n =>
    `apiVersion: v1\nkind: ConfigMap\nmetadata: {name: m}\ndata:\n${many(n, i => `  k${i}: v\n`)}---\n${list('env', i => `- {name: V${i}, valueFrom: {configMapKeyRef: {name: m, key: k${i}x}}}`)(n)}`,
  separators: n => '---\n'.repeat(n) + podOf(1, () => '    - {name: a, image: b}\n') + '---\n# x\n'.repeat(n),
  comments: n => podOf(n, i => `    # ${i}\n    # name\n`),
  'workloads and their services': n => many(n, i => deployment(i) + service(i)),
  'workloads of one label, and services for all of them': n => many(n, i => deployment(i, 'x') + service(i, 'x')),
  'workloads and policies of one label': n => many(n, i => deployment(i, 'x') + policy(i, 'x')),
  'workloads and budgets of one label': n => many(n, i => deployment(i, 'x') + budget(i, 'x')),
  'policies that select nothing': n => many(n, i => policy(i, `${i}x`)) + deployment(1),
  'selectors with expressions': n =>
    `${many(n, i => deployment(i))}apiVersion: networking.k8s.io/v1\nkind: NetworkPolicy\nmetadata: {name: p, namespace: n}\nspec:\n  podSelector:\n    matchExpressions:\n${many(n, i => `      - {key: app, operator: NotIn, values: [b${i}]}\n`)}`,
  'rules of one policy': n =>
    `apiVersion: networking.k8s.io/v1\nkind: NetworkPolicy\nmetadata: {name: p}\nspec:\n  podSelector: {}\n  egress:\n${many(n, i => `    - {to: [{ipBlock: {cidr: 0.0.0.0/0, except: [10.0.0.${i % 256}/32]}}], ports: [{port: ${i}}]}\n`)}`,
  'exceptions of one block': n =>
    `apiVersion: networking.k8s.io/v1\nkind: NetworkPolicy\nmetadata: {name: p}\nspec:\n  podSelector: {}\n  egress: [{to: [{ipBlock: {cidr: 0.0.0.0/0, except: [${many(n, i => `10.0.${i % 256}.0/24, `)}]}}]}]\n`,
  'scalers of one workload': n =>
    deployment('x') +
    many(
      n,
      i =>
        `apiVersion: autoscaling/v2\nkind: HorizontalPodAutoscaler\nmetadata: {name: h${i}, namespace: n}\nspec: {maxReplicas: 3, scaleTargetRef: {apiVersion: apps/v1, kind: Deployment, name: dx}}\n---\n`,
    ),
  'bindings of one account': n =>
    role('r') +
    many(n, i => rbac(i, 'r', 'a')) +
    many(
      n,
      i =>
        `apiVersion: v1\nkind: Pod\nmetadata: {name: p${i}, namespace: n}\nspec: {serviceAccountName: a, containers: [{name: a, image: b}]}\n---\n`,
    ),
  'bindings of many accounts to many roles': n => many(n, i => role(`r${i}`) + rbac(i, `r${i}`, `a${i}`)),
  'rules of one role': n =>
    `apiVersion: rbac.authorization.k8s.io/v1\nkind: ClusterRole\nmetadata: {name: r}\nrules:\n${many(n, () => `  - {apiGroups: ['*'], resources: [pods, secrets, nodes/proxy], verbs: [get, bind, escalate, '*']}\n`)}`,
  'resources of one rule': n =>
    `apiVersion: rbac.authorization.k8s.io/v1\nkind: ClusterRole\nmetadata: {name: r}\nrules:\n  - {apiGroups: ['*'], resources: [${'secrets, '.repeat(n)}], verbs: [${'get, '.repeat(n)}]}\n`,
  'paths of one Ingress': n =>
    `apiVersion: networking.k8s.io/v1\nkind: Ingress\nmetadata: {name: i, namespace: n}\nspec:\n  tls: [{hosts: [${many(n, i => `h${i}.example, `)}]}]\n  rules:\n${many(n, i => `    - {host: h${i}.example, http: {paths: [{path: /, pathType: Prefix, backend: {service: {name: s${i}, port: {number: 80}}}}]}}\n`)}---\n${many(n, i => service(i))}`,
  'ports of one Service': n =>
    `${deployment('x')}${service('x').replace('ports: [', `ports: [${many(n, i => `{name: p${i}, port: ${i % 65536}, targetPort: q${i}}, `)}`)}`,
  'actions of a template': n =>
    podOf(
      n,
      i =>
        `    {{- if .Values.a${i} }}\n    - name: {{ .b }}\n      image: {{ .c }}:latest\n      {{- toYaml .d | nindent 6 }}\n    {{- end }}\n`,
    ),
  'blocks of a template in each other': n =>
    podOf(1, () => `${'    {{- if .a }}\n'.repeat(n)}    - {name: a, image: b}\n${'    {{- end }}\n'.repeat(n)}`),
  values: n =>
    `image: {repository: a, tag: latest}\n${many(n, i => `c${i}: {securityContext: {privileged: true}, image: {repository: a, tag: latest}, hostNetwork: true}\n`)}`,
  'images of a kustomization': n =>
    `apiVersion: kustomize.config.k8s.io/v1beta1\nkind: Kustomization\nimages:\n${many(n, i => `  - {name: a${i}, newTag: latest}\n`)}`,
  'operations of a JSON patch': n =>
    many(n, i => `- {op: add, path: /spec/template/spec/containers/${i}/securityContext/privileged, value: true}\n`),
  'a long path in a JSON patch': n => `- op: add\n  path: /spec/containers/${'0/'.repeat(n)}\n  value: true\n`,
  'patches in a kustomization': n =>
    `apiVersion: kustomize.config.k8s.io/v1beta1\nkind: Kustomization\npatches:\n${many(n, i => `  - patch: |\n      apiVersion: v1\n      kind: Pod\n      metadata: {name: p${i}}\n      spec:\n        hostNetwork: true\n`)}`,
};

const pathOf = (name: string): string =>
  name === 'values' ? 'chart/values.yaml' : name.includes('template') ? 'chart/templates/a.yaml' : 'a.yaml';

const lintAs =
  (path: string): Lint =>
  text => {
    const file = { path, text };
    return engine.open(file).lint({ ...alone(file), sizeLimit: 1 << 24 }).findings;
  };

describe('manifests that grow cost in proportion, their folder known', () => {
  test.each(Object.keys(growing))('%s', name => expectProportional(name, growing[name]!, lintAs(pathOf(name))), patience);

  test.each([
    ['containers by the thousand', 10_000],
    ['documents by the thousand', 5000],
  ])('%s, %i of them', (name, n) => expectProportionalAt(n, name, growing[name]!, lintAs('a.yaml')), patience);
});
