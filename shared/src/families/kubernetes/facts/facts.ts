import { apiGroup } from '../model/kinds';
import { isBroken, isFinal, isVariable, mayGain } from '../../../syntax/yaml/certainty';
import { mayBeParameters } from '../../../workspace/admission-facts';
import { emptyFacts, factKind } from '../../../workspace/fact-kind';
import { shift } from '../../../base/text/range';
import { booleanOf, itemsOf, mapOf, numberOf, scalarOf, sequenceOf, stringOf } from '../../../syntax/yaml/values';
import { type MaybeNode } from '../../../syntax/yaml/lookup';
import type { YamlMap } from '../../../syntax/yaml/types';
import type { KubernetesObject } from '../model/types';
import { cloudIdentity } from '../model/cloud';
import type { FactHead } from './fact-head';
import { policyFacts } from './policy-facts';
import { chainsawFacts, kuttlFacts, gatorFacts } from './test-facts';
import { readLabelMap, readLabels, readLabelSelector } from '../../../workspace/selector';
import type { Fact, FileFacts } from '../../../workspace/types';
import type { BindingFact, DataFact, IngressFact, RoleFact, ServiceFact } from '../../../workspace/object-facts';
import { programFacts } from '../../../evidence/program/program-facts';
import type { ProgramFact } from '../../../workspace/unkeyed-facts';
import { bareWorkloadFacts, workloadFacts } from './workload-facts';

/**
 * The facts of one document's objects. Patches and objects whose name is filled in later have none, but for workloads and policies, which are
 * found by their labels.
 * @param path the file
 * @param base offset of the document in the file; ranges of facts are in the file's text
 */
export function collectFacts(objects: readonly KubernetesObject[], path: string, base: number): FileFacts {
  const found: Fact[] = [];
  for (const object of objects) {
    if (object.fragment) continue;
    const { namespace } = object;
    const head: FactHead = {
      path,
      range: shift(object.reportRange, base),
      kind: factKind(object.group, object.kind),
      namespace: namespace === null || isVariable(namespace) ? null : namespace,
      name: object.name === null || isVariable(object.name) ? '' : object.name,
    };
    const before = found.length;
    found.push(...factsOf(object, head));
    if (found.length === before && head.name !== '') found.push({ type: 'object', ...head });
    if (mayBeParameters(head.kind) && head.name !== '') found.push(...parameterFacts(object, head));
  }
  return found.length === 0 ? emptyFacts : found;
}

/** Longer objects are no parameters that anybody wrote. */
const longestParameters = 1 << 13;

/** An object as policies may take it for their parameters. */
function parameterFacts({ document, complete, path: at }: KubernetesObject, { path, range, kind, name }: FactHead): readonly Fact[] {
  const { text, templated } = document;
  if (!complete || templated || isBroken(document) || text.length > longestParameters) return [];
  return [{ type: 'policy-text', path, range, of: kind, name, text, at }];
}

/** Readers by group and kind. */
const readers: Readonly<Record<string, (object: KubernetesObject, head: FactHead) => readonly Fact[]>> = {
  '/ServiceAccount': (object, head) => [
    {
      type: 'service-account',
      ...head,
      automount: isFinal(object.document, object.node, 'automountServiceAccountToken')
        ? booleanOf(object.node.get('automountServiceAccountToken'))
        : false,
      identity: cloudIdentity(object.annotations, object.labels),
    },
  ],
  '/Namespace': (object, head) => [
    { type: 'namespace', ...head, namespace: null, labels: readLabels(object.document, object.metadata?.get('labels')) },
  ],
  '/ConfigMap': dataFacts,
  '/Secret': dataFacts,
  '/Service': serviceFacts,
  'rbac.authorization.k8s.io/RoleBinding': bindingFacts,
  'rbac.authorization.k8s.io/ClusterRoleBinding': (object, head) => bindingFacts(object, { ...head, namespace: null }),
  'rbac.authorization.k8s.io/Role': roleFacts,
  'rbac.authorization.k8s.io/ClusterRole': (object, head) => roleFacts(object, { ...head, namespace: null }),
  'networking.k8s.io/Ingress': ingressFacts,
  'extensions/Ingress': ingressFacts,
  'policy/PodDisruptionBudget': (object, head) => {
    const spec = mapOf(object.node.get('spec'));
    const selector = readLabelSelector(object.document, spec?.get('selector'));
    return [
      {
        type: 'budget',
        ...head,
        selector: selector ?? (object.complete ? null : { requirements: [], partial: true }),
        minAvailable: stringOf(spec?.get('minAvailable')),
        maxUnavailable: stringOf(spec?.get('maxUnavailable')),
      },
    ];
  },
  'autoscaling/HorizontalPodAutoscaler': (object, head) => scalerFacts(object, head, 'minReplicas', 'maxReplicas'),
  'keda.sh/ScaledObject': (object, head) => scalerFacts(object, head, 'minReplicaCount', 'maxReplicaCount'),
  'chainsaw.kyverno.io/Test': chainsawFacts,
  'chainsaw.kyverno.io/StepTemplate': chainsawFacts,
  'kuttl.dev/TestStep': kuttlFacts,
  'test.gatekeeper.sh/Suite': gatorFacts,
  // what makes a Secret of a name in the cluster
  'bitnami.com/SealedSecret': (object, head) => [made(head, text(nodeIn(object, 'template', 'metadata')?.get('name')) || head.name)],
  'external-secrets.io/ExternalSecret': (object, head) => [made(head, text(nodeIn(object, 'target')?.get('name')) || head.name)],
  'cert-manager.io/Certificate': (object, head) => [made(head, text(nodeIn(object)?.get('secretName')))],
  'onepassword.com/OnePasswordItem': (_, head) => [made(head, head.name)],
  'secrets.hashicorp.com/VaultStaticSecret': (object, head) => [made(head, text(nodeIn(object, 'destination')?.get('name')))],
  'secrets-store.csi.x-k8s.io/SecretProviderClass': (object, head) =>
    itemsOf(nodeIn(object)?.get('secretObjects')).map(({ map }) => made(head, text(map.get('secretName')))),
};

/** What counts without a name: it is found by labels, or may be the one that a template names. */
const nameless = new Set([
  '/Service',
  '/ServiceAccount',
  'policy/PodDisruptionBudget',
  'autoscaling/HorizontalPodAutoscaler',
  'keda.sh/ScaledObject',
  'chainsaw.kyverno.io/Test',
  'chainsaw.kyverno.io/StepTemplate',
  'kuttl.dev/TestStep',
  'test.gatekeeper.sh/Suite',
]);

function factsOf(object: KubernetesObject, head: FactHead): readonly Fact[] {
  const key = `${object.group}/${object.kind}`;
  const reader = Object.hasOwn(readers, key) ? readers[key] : undefined;
  if (reader) return head.name === '' && !nameless.has(key) ? [] : reader(object, head);
  if (object.pods.length > 0) return workloadFacts(object, head);
  return object.group === 'apps' ? bareWorkloadFacts(object, head) : policyFacts(object, head);
}

/** A Secret that something else than a manifest of its own makes. */
function made(head: FactHead, name: string): DataFact {
  return { type: 'data', ...head, kind: 'Secret', name, keys: null };
}

function nodeIn(object: KubernetesObject, ...names: readonly string[]): YamlMap | null {
  let at = mapOf(object.node.get('spec'));
  for (const name of names) at = mapOf(at?.get(name));
  return at;
}

/** More programs of one ConfigMap are not read. */
const mostPrograms = 16;

function dataFacts(object: KubernetesObject, head: FactHead): readonly DataFact[] {
  const keys: string[] = [];
  const programs: ProgramFact[] = [];
  let known = object.complete;
  for (const field of ['data', 'stringData', 'binaryData']) {
    const node = object.node.get(field);
    if (node === null || node === undefined) continue;
    const map = mapOf(node);
    if (!map || mayGain(object.document, map)) known = false;
    for (const { name, value } of map?.entries ?? []) {
      keys.push(name);
      if (head.kind === 'ConfigMap' && programs.length < mostPrograms) programs.push(...programFacts(stringOf(value) ?? '', name));
    }
  }
  // the token controller fills these
  if (stringOf(object.node.get('type')) === 'kubernetes.io/service-account-token') known = false;
  return [{ type: 'data', ...head, keys: known ? keys : null, ...(programs.length > 0 && { programs }) }];
}

function serviceFacts(object: KubernetesObject, head: FactHead): readonly ServiceFact[] {
  const spec = mapOf(object.node.get('spec'));
  const selector = spec?.get('selector');
  return [
    {
      type: 'service',
      ...head,
      labels: readLabels(object.document, object.metadata?.get('labels')),
      selector: selector === null || selector === undefined ? null : readLabelMap(object.document, selector),
      ports: itemsOf(spec?.get('ports')).map(({ map }) => {
        const protocol = stringOf(map.get('protocol')) ?? 'TCP';
        const [name, target] = [stringOf(map.get('name')), stringOf(map.get('targetPort'))];
        return { name, port: numberOf(map.get('port')), target, ...(protocol !== 'TCP' && { protocol }) };
      }),
    },
  ];
}

function ingressFacts(object: KubernetesObject, head: FactHead): readonly IngressFact[] {
  const spec = mapOf(object.node.get('spec'));
  return [
    {
      type: 'ingress',
      ...head,
      className: stringOf(spec?.get('ingressClassName')) ?? object.annotations.get('kubernetes.io/ingress.class')?.value ?? null,
      backends: ingressBackends(spec).map(({ service, port }) => ({ service: service.name, port: port?.name ?? null })),
    },
  ];
}

/** A name and where it is. */
interface Named {
  readonly name: string;
  readonly node: NonNullable<ReturnType<typeof scalarOf>>;
}

/** The Services that an Ingress (of any version) sends to. */
export function ingressBackends(spec: YamlMap | null): readonly { readonly service: Named; readonly port: Named | null }[] {
  const backends = [spec?.get('defaultBackend') ?? spec?.get('backend')];
  for (const { map } of itemsOf(spec?.get('rules')))
    for (const path of itemsOf(mapOf(map.get('http'))?.get('paths'))) backends.push(path.map.get('backend'));
  return backends.flatMap(node => {
    const backend = mapOf(node);
    const service = mapOf(backend?.get('service'));
    const port = mapOf(service?.get('port'));
    const name = named(service ? service.get('name') : backend?.get('serviceName'));
    return name ? [{ service: name, port: named(service ? (port?.get('number') ?? port?.get('name')) : backend?.get('servicePort')) }] : [];
  });
}

function named(node: MaybeNode): Named | null {
  const scalar = scalarOf(node);
  const name = stringOf(scalar);
  return scalar && name !== null && !isVariable(name) ? { name, node: scalar } : null;
}

function scalerFacts(object: KubernetesObject, head: FactHead, min: string, max: string): readonly Fact[] {
  const spec = mapOf(object.node.get('spec'));
  const target = mapOf(spec?.get('scaleTargetRef'));
  const apiVersion = text(target?.get('apiVersion'));
  const group = apiGroup(apiVersion);
  return [
    {
      type: 'scaler',
      ...head,
      target: { kind: factKind(group, text(target?.get('kind')) || 'Deployment'), name: text(target?.get('name')) },
      min: numberOf(spec?.get(min)),
      max: numberOf(spec?.get(max)),
    },
  ];
}

function roleFacts(object: KubernetesObject, head: FactHead): readonly RoleFact[] {
  const rules = itemsOf(object.node.get('rules')).map(({ map }) => ({
    groups: texts(map.get('apiGroups')),
    resources: texts(map.get('resources')),
    verbs: texts(map.get('verbs')),
    ...(map.entry('resourceNames') && { named: true as const }),
  }));
  return [{ type: 'role', ...head, rules, aggregated: mapOf(object.node.get('aggregationRule')) !== null }];
}

function bindingFacts(object: KubernetesObject, head: FactHead): readonly BindingFact[] {
  const role = mapOf(object.node.get('roleRef'));
  return [
    {
      type: 'binding',
      ...head,
      role: { kind: text(role?.get('kind')), name: text(role?.get('name')) },
      subjects: itemsOf(object.node.get('subjects')).map(({ map }) => ({
        kind: text(map.get('kind')),
        name: text(map.get('name')),
        namespace: known(stringOf(map.get('namespace'))),
      })),
    },
  ];
}

function texts(node: MaybeNode): readonly string[] {
  return (sequenceOf(node)?.items ?? []).map(item => text(item));
}

function text(node: MaybeNode): string {
  return known(stringOf(node)) ?? '';
}

function known(value: string | null): string | null {
  return value === null || isVariable(value) ? null : value;
}
