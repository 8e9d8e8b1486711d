import { inputs, many, times } from './make';
import type { HostileInput } from './types';

const podOf = (spec: string): string => `apiVersion: v1\nkind: Pod\nmetadata: {name: a, namespace: n, labels: {app: a}}\nspec:\n${spec}`;
const deployment = (i: number | string, labels = `{app: a${i}}`): string =>
  `---\napiVersion: apps/v1\nkind: Deployment\nmetadata: {name: d${i}, namespace: n}\nspec:\n  selector: {matchLabels: ${labels}}\n  template:\n    metadata: {labels: ${labels}}\n    spec: {serviceAccountName: a, containers: [{name: a, image: b, ports: [{containerPort: 80}]}]}\n`;
const of = (apiVersion: string, kind: string, i: number | string, rest: string): string =>
  `---\napiVersion: ${apiVersion}\nkind: ${kind}\nmetadata: {name: x${i}, namespace: n}\n${rest}\n`;
const networkPolicy = (i: number | string, spec: string): string => of('networking.k8s.io/v1', 'NetworkPolicy', i, `spec: ${spec}`);
const field = (name: string, item: (i: number) => string): string =>
  podOf(`  containers:\n    - name: a\n      image: b\n      ${name}:\n${many(i => `        - ${item(i)}\n`)}`);

/** Objects with more of something than any cluster would take. */
export const kubernetesInputs: readonly HostileInput[] = [
  ...inputs('pod.yaml', 'a pod', {
    containers: () => podOf(`  containers:\n${many(i => `    - {name: c${i}, image: b}\n`)}`),
    'containers of one name': () => podOf(`  containers:\n${many('    - {name: c, image: b}\n')}`),
    'containers without anything': () => podOf(`  containers:\n${many('    - {}\n')}`),
    'containers that are null': () => podOf(`  containers:\n${many('    -\n')}`),
    'init containers': () => podOf(`  initContainers:\n${many(i => `    - {name: c${i}, image: b, restartPolicy: Always}\n`)}`),
    'privileged containers': () =>
      podOf(
        `  containers:\n${many(i => `    - {name: c${i}, image: b, securityContext: {privileged: true, capabilities: {add: [ALL]}}}\n`)}`,
      ),
    env: () => field('env', i => `{name: V${i}, value: "$(V${i + 1})"}`),
    'env of one name': () => field('env', () => '{name: V, value: "$(V)$(V)"}'),
    'env that looks secret': () => field('env', i => `{name: PASSWORD_${i}, value: hunter2hunter2${i}}`),
    'env from secrets': () => field('env', i => `{name: V${i}, valueFrom: {secretKeyRef: {name: s${i}, key: k}}}`),
    envFrom: () => field('envFrom', i => `{secretRef: {name: s${i}}}`),
    ports: () => field('ports', i => `{containerPort: ${i}, hostPort: ${i}}`),
    'ports of one number': () => field('ports', () => '{containerPort: 80, hostPort: 80, name: p}'),
    args: () => field('args', i => `--password=x${i}`),
    'a command': () => field('command', () => 'sudo'),
    'scripts as arguments': () => field('args', () => '"apt-get install -y curl && curl http://example.com | sh; "'),
    mounts: () => field('volumeMounts', i => `{name: v${i}, mountPath: /m${i}}`),
    'mounts of nested paths': () => field('volumeMounts', i => `{name: v, mountPath: ${'/a'.repeat(i % 300)}}`),
    volumes: () =>
      podOf(
        `  containers: [{name: a, image: b}]\n  volumes:\n${many(i => `    - {name: v${i}, hostPath: {path: /var/run/docker.sock}}\n`)}`,
      ),
    'volumes of one name': () => podOf(`  containers: [{name: a, image: b}]\n  volumes:\n${many('    - {name: v, emptyDir: {}}\n')}`),
    'volumes and mounts': () => {
      const n = 1400;
      return podOf(
        `  containers:\n    - name: a\n      image: b\n      volumeMounts:\n${times(n, i => `        - {name: v${i}, mountPath: /m}\n`)}  volumes:\n${times(n, i => `    - {name: v${n - i}, secret: {}}\n`)}`,
      );
    },
    capabilities: () =>
      podOf(`  containers:\n    - {name: a, image: b, securityContext: {capabilities: {add: [${many(i => `CAP_${i}, `)}]}}}\n`),
    sysctls: () => podOf(`  securityContext:\n    sysctls:\n${many(i => `      - {name: kernel.a${i}, value: "1"}\n`)}  containers: []\n`),
    tolerations: () => podOf(`  tolerations:\n${many('    - {operator: Exists}\n')}  containers: [{name: a, image: b}]\n`),
    'unknown fields': () => podOf(`  containers:\n    - name: a\n${many(i => `      privilegd${i}: true\n`)}`),
    'unknown fields of one name': () => podOf(`  containers:\n    - name: a\n${many('      privilegd: true\n')}`),
    'fields in the wrong place': () =>
      podOf(
        `  containers:\n${many('    - {name: a, image: b, privileged: true, runAsUser: 0, hostNetwork: true, spec: {hostPID: true}}\n')}`,
      ),
    labels: () =>
      `apiVersion: v1\nkind: Pod\nmetadata:\n  name: a\n  labels:\n${many(i => `    l${i}: v\n`)}spec: {containers: [{name: a, image: b}]}\n`,
    annotations: () =>
      `apiVersion: v1\nkind: Pod\nmetadata:\n  name: a\n  annotations:\n${many(i => `    container.apparmor.security.beta.kubernetes.io/c${i}: unconfined\n`)}spec: {containers: [{name: a, image: b}]}\n`,
    'an annotation that ignores everything': () =>
      `apiVersion: v1\nkind: Pod\nmetadata:\n  name: a\n  annotations:\n    bulkhead.dev/ignore: "${many('kubernetes/latest-tag@c, ')}"\nspec: {containers: [{name: a, image: b}]}\n`,
    'a name of dots': () =>
      `apiVersion: v1\nkind: Pod\nmetadata: {name: ${'a.'.repeat(45_000)}}\nspec: {containers: [{name: a, image: b}]}\n`,
    'a kind of letters': () =>
      `apiVersion: v1\nkind: ${'P'.repeat(90_000)}\nmetadata: {name: a}\nspec: {containers: [{name: a, image: b}]}\n`,
    'an apiVersion of slashes': () =>
      `apiVersion: ${'a/'.repeat(45_000)}\nkind: Deployment\nspec: {template: {spec: {containers: [{name: a, image: b}]}}}\n`,
    'templates in templates': () =>
      `apiVersion: example.com/v1\nkind: Widget\nspec: ${'{template: {spec: '.repeat(1500)}{containers: [{name: a, image: b}]}${'}}'.repeat(1500)}\n`,
    'pods wherever one looks': () =>
      `apiVersion: example.com/v1\nkind: Widget\nspec:\n${many(i => `  p${i}: {template: {spec: {containers: [{name: a, image: b}]}}}\n`)}`,
    'pods as aliases of one another': () =>
      `apiVersion: example.com/v1\nkind: Widget\nx: &p {template: {spec: {containers: [{name: a, image: b, securityContext: {privileged: true}}]}}}\nspec:\n${many(i => `  p${i}: *p\n`)}`,
    'one container as an alias': () =>
      podOf(`  x: &c {name: a, image: b, env: [{name: PASSWORD, value: hunter2hunter2}]}\n  containers:\n${many('    - *c\n')}`),
    'containers that merge one': () =>
      podOf(`  x: &c {image: b, securityContext: {privileged: true}}\n  containers:\n${many(i => `    - {<<: *c, name: c${i}}\n`)}`),
  }),
  ...inputs('rbac.yaml', 'RBAC', {
    'rules of one role': () =>
      of('rbac.authorization.k8s.io/v1', 'ClusterRole', 0, `rules:\n${many("  - {apiGroups: ['*'], resources: ['*'], verbs: ['*']}\n")}`),
    'resources of one rule': () =>
      of(
        'rbac.authorization.k8s.io/v1',
        'ClusterRole',
        0,
        `rules: [{apiGroups: [''], resources: [${many('secrets, ', 50_000)}], verbs: [${many('get, ', 40_000)}]}]`,
      ),
    'many roles and bindings': () =>
      many(
        i =>
          of('rbac.authorization.k8s.io/v1', 'Role', i, "rules: [{apiGroups: [''], resources: [secrets], verbs: [get]}]") +
          of(
            'rbac.authorization.k8s.io/v1',
            'RoleBinding',
            i,
            `roleRef: {kind: Role, name: x${i}, apiGroup: rbac.authorization.k8s.io}\nsubjects: [{kind: ServiceAccount, name: a, namespace: n}]`,
          ),
      ),
    'bindings of one account, and its pods': () =>
      many(
        i =>
          of(
            'rbac.authorization.k8s.io/v1',
            'RoleBinding',
            i,
            'roleRef: {kind: Role, name: x, apiGroup: rbac.authorization.k8s.io}\nsubjects: [{kind: ServiceAccount, name: a, namespace: n}]',
          ),
        45_000,
      ) + many(i => deployment(i), 45_000),
    'subjects of one binding': () =>
      of(
        'rbac.authorization.k8s.io/v1',
        'ClusterRoleBinding',
        0,
        `roleRef: {kind: ClusterRole, name: cluster-admin}\nsubjects:\n${many(i => `  - {kind: Group, name: system:authenticated${i}}\n`)}`,
      ),
    'roles that aggregate each other': () =>
      many(i => of('rbac.authorization.k8s.io/v1', 'ClusterRole', i, `aggregationRule: {clusterRoleSelectors: [{matchLabels: {a: b}}]}`)),
  }),
  ...inputs('net.yaml', 'networks', {
    'policies of one label': () =>
      many(i => networkPolicy(i, '{podSelector: {matchLabels: {app: a}}, policyTypes: [Ingress, Egress]}'), 45_000) +
      many(i => deployment(i, '{app: a}'), 45_000),
    'policies that select nothing': () =>
      many(i => networkPolicy(i, `{podSelector: {matchLabels: {app: none${i}}}}`), 45_000) + many(i => deployment(i), 45_000),
    'expressions of one selector': () =>
      networkPolicy(0, `{podSelector: {matchExpressions: [${many(i => `{key: app, operator: NotIn, values: [b${i}]}, `, 50_000)}]}}`) +
      many(i => deployment(i), 40_000),
    'values of one expression': () =>
      networkPolicy(0, `{podSelector: {matchExpressions: [{key: app, operator: In, values: [${many(i => `a${i}, `, 50_000)}]}]}}`) +
      many(i => deployment(i), 40_000),
    'rules of one policy': () =>
      networkPolicy(
        0,
        `\n  podSelector: {}\n  egress:\n${many(i => `    - {to: [{ipBlock: {cidr: 0.0.0.0/0, except: [10.0.0.${i % 256}/32]}}]}\n`)}`,
      ),
    'exceptions of one block': () =>
      networkPolicy(
        0,
        `{podSelector: {}, egress: [{to: [{ipBlock: {cidr: 0.0.0.0/0, except: [${many(i => `10.${i % 256}.0.0/16, `)}]}}]}]}`,
      ),
    'Calico selectors': () =>
      many(i =>
        of('projectcalico.org/v3', 'NetworkPolicy', i, `spec: {selector: "app == 'a' && !has(b) || (c in {'d'})", types: [Ingress]}`),
      ),
    'one long Calico selector': () =>
      of('projectcalico.org/v3', 'NetworkPolicy', 0, `spec: {selector: "${many("(app == 'a') && ")}all()"}`) + deployment(0),
    'parentheses of a Calico selector': () =>
      of('projectcalico.org/v3', 'NetworkPolicy', 0, `spec: {selector: "${'('.repeat(45_000)}${')'.repeat(45_000)}"}`) + deployment(0),
    'Cilium policies': () =>
      many(i =>
        of('cilium.io/v2', 'CiliumNetworkPolicy', i, 'spec: {endpointSelector: {matchLabels: {app: a}}, ingress: [{fromEntities: [all]}]}'),
      ),
    'services and workloads': () =>
      many(i => of('v1', 'Service', i, `spec: {selector: {app: a${i}}, ports: [{port: 80, targetPort: q}]}`), 45_000) +
      many(i => deployment(i), 45_000),
    'services of one label': () =>
      many(i => of('v1', 'Service', i, 'spec: {selector: {app: a}, ports: [{port: 80, targetPort: 81}]}'), 45_000) +
      many(i => deployment(i, '{app: a}'), 45_000),
    'ports of one service': () =>
      deployment(0) +
      of('v1', 'Service', 0, `spec: {selector: {app: a0}, ports: [${many(i => `{name: p${i}, port: ${i}, targetPort: q${i}}, `)}]}`),
    'paths of an Ingress': () =>
      of(
        'networking.k8s.io/v1',
        'Ingress',
        0,
        `spec:\n  rules:\n${many(i => `    - {host: h${i}.example, http: {paths: [{path: /, pathType: Prefix, backend: {service: {name: s${i}, port: {number: 80}}}}]}}\n`)}`,
      ),
    'hosts of an Ingress': () =>
      of('networking.k8s.io/v1', 'Ingress', 0, `spec: {tls: [{hosts: [${many(i => `h${i}.example, `)}]}], rules: [{host: "*"}]}`),
    'budgets and scalers': () =>
      deployment(0) +
      many(
        i =>
          of('policy/v1', 'PodDisruptionBudget', i, 'spec: {selector: {matchLabels: {app: a0}}, maxUnavailable: 0}') +
          of(
            'autoscaling/v2',
            'HorizontalPodAutoscaler',
            i,
            'spec: {maxReplicas: 3, scaleTargetRef: {apiVersion: apps/v1, kind: Deployment, name: d0}}',
          ),
      ),
  }),
  ...inputs('data.yaml', 'data', {
    'keys of a ConfigMap': () => of('v1', 'ConfigMap', 0, `data:\n${many(i => `  k${i}: "password=hunter2${i}"\n`)}`),
    'a ConfigMap of one line': () => of('v1', 'ConfigMap', 0, `data:\n  a: "${many('api_key=aaaaaaaaaaaaaaaa ')}"`),
    'a ConfigMap of a script': () =>
      of('v1', 'ConfigMap', 0, `data:\n  a: |\n${many('    export TOKEN=$(curl -k http://example.com/token)\n')}`),
    'keys of a Secret': () => of('v1', 'Secret', 0, `stringData:\n${many(i => `  k${i}: hunter2hunter2\n`)}`),
    'base64 of a Secret': () => of('v1', 'Secret', 0, `data:\n  a: ${many('QUFBQUFB')}`),
    'keys and those who ask for them': () =>
      of('v1', 'ConfigMap', 0, `data:\n${many(i => `  k${i}: v\n`, 30_000)}`) +
      field('env', i => `{name: V${i}, valueFrom: {configMapKeyRef: {name: x0, key: k${i}x}}}`).slice(0, 60_000),
    'claims and who mounts them': () => many(i => of('v1', 'PersistentVolumeClaim', i, 'spec: {accessModes: [ReadWriteMany]}')),
    namespaces: () =>
      many(
        i => `---\napiVersion: v1\nkind: Namespace\nmetadata: {name: n${i}, labels: {pod-security.kubernetes.io/enforce: privileged}}\n`,
      ),
    'objects of one name': () => many(() => deployment('x')),
    'old API versions': () =>
      many(i => of('extensions/v1beta1', 'Deployment', i, 'spec: {template: {spec: {containers: [{name: a, image: b}]}}}')),
    webhooks: () =>
      of(
        'admissionregistration.k8s.io/v1',
        'ValidatingWebhookConfiguration',
        0,
        `webhooks:\n${many(i => `  - {name: w${i}.example.com, failurePolicy: Ignore, rules: [{apiGroups: ['*'], resources: ['*'], operations: ['*']}]}\n`)}`,
      ),
    'definitions of kinds': () =>
      of(
        'apiextensions.k8s.io/v1',
        'CustomResourceDefinition',
        0,
        `spec: {versions: [{name: v1, schema: {openAPIV3Schema: ${'{properties: {a: '.repeat(2000)}{type: object}${'}}'.repeat(2000)}}}]}`,
      ),
  }),
];
