import { isFinal, isVariable, mayChange, mayGain } from '../../../syntax/yaml/certainty';
import { memoize } from '../../../base/text/memoize';
import { booleanOf, itemsOf, mapOf, numberOf, stringOf, scalarOf } from '../../../syntax/yaml/values';
import { nodeAt } from '../model/pod';
import type { MaybeNode } from '../../../syntax/yaml/lookup';
import type { YamlScalar } from '../../../syntax/yaml/types';
import type { ContainerView, KubernetesObject, PodView } from '../model/types';
import { cloudSign } from '../model/cloud';
import { worksAsRoot } from '../model/on-node';
import { evaluatePss } from '../model/pss';
import type { FactHead } from './fact-head';
import { readLabelMap, readLabels, type Labels } from '../../../workspace/selector';
import type { ContainerFact, ReferenceFact, WorkloadFact } from '../../../workspace/object-facts';

/** Kinds whose controllers are those of Kubernetes itself, so that it is known what they add. */
const controlled = new Set(['Pod', 'Deployment', 'ReplicaSet', 'ReplicationController', 'StatefulSet', 'DaemonSet', 'Job', 'CronJob']);

/** The labels that an object's pods get. */
export const podLabels = memoize((pod: PodView): Labels => {
  const { object, metadata, metadataPath } = pod;
  const place = metadataPath.slice(object.path.length);
  const known = [metadata ?? nodeAt(object.node, place), nodeAt(object.node, place.slice(0, -1))].every(
    node => !mayGain(object.document, node),
  );
  const { kind, name } = object;
  const labels = {
    ...readLabels(object.document, metadata?.get('labels')),
    ...(kind !== null && controlled.has(kind) && { of: { kind, name } }),
  };
  // a controller that is not known may add its own
  return known && pod.complete && (object.complete || !labels.open) ? labels : { ...labels, open: true };
});

/** The labels by which the workload itself selects its pods, else those of its pods; `null` where they are not known or there are none. */
export function ownLabels(pod: PodView): Readonly<Record<string, string>> | null {
  const { document, node } = pod.object;
  const { requirements, partial } = readLabelMap(document, mapOf(mapOf(node.get('spec'))?.get('selector'))?.get('matchLabels'));
  if (partial) return null;
  if (requirements.length > 0) return Object.fromEntries(requirements.map(({ key, values }) => [key, values[0]!]));
  const { values, open } = podLabels(pod);
  const known = Object.entries(values).filter((entry): entry is [string, string] => entry[1] !== null);
  return open || known.length === 0 || known.length < Object.keys(values).length ? null : Object.fromEntries(known);
}

/** A ConfigMap or Secret that a pod needs, and where it says so. */
export interface PodReference extends ReferenceFact {
  readonly nameNode: YamlScalar;
  /** The scalar with the key; the name's where there is none. */
  readonly node: YamlScalar;
}

/** What a pod needs in order to start: references that are optional or filled in later are none. */
export function podReferences(pod: PodView): readonly PodReference[] {
  const found: PodReference[] = [];
  const add = (kind: 'ConfigMap' | 'Secret', node: MaybeNode, nameKey: string, key: MaybeNode = null): void => {
    const map = mapOf(node);
    const nameNode = scalarOf(map?.get(nameKey));
    const name = stringOf(nameNode);
    if (!map || !nameNode || !name || isVariable(name) || booleanOf(map.get('optional')) === true || mayChange(map.get('optional'))) return;
    const keyNode = scalarOf(key ?? map.get('key'));
    const text = stringOf(keyNode);
    found.push(
      keyNode && text !== null && !isVariable(text)
        ? { kind, name, key: text, nameNode, node: keyNode }
        : { kind, name, key: null, nameNode, node: nameNode },
    );
  };
  for (const container of pod.containers) {
    for (const { map } of itemsOf(container.node.get('envFrom'))) {
      add('ConfigMap', map.get('configMapRef'), 'name');
      add('Secret', map.get('secretRef'), 'name');
    }
    for (const { node } of container.env) {
      const from = mapOf(node.get('valueFrom'));
      if (!from) continue;
      add('ConfigMap', from.get('configMapKeyRef'), 'name');
      add('Secret', from.get('secretKeyRef'), 'name');
    }
  }
  const addItems = (kind: 'ConfigMap' | 'Secret', node: MaybeNode, nameKey: string): void => {
    const items = itemsOf(mapOf(node)?.get('items'));
    if (items.length === 0) add(kind, node, nameKey);
    for (const { map } of items) add(kind, node, nameKey, map.get('key'));
  };
  for (const { type, source } of pod.volumes) {
    if (type === 'configMap') addItems('ConfigMap', source, 'name');
    else if (type === 'secret') addItems('Secret', source, 'secretName');
    else if (type === 'projected') {
      for (const { map } of itemsOf(mapOf(source)?.get('sources'))) {
        addItems('ConfigMap', map.get('configMap'), 'name');
        addItems('Secret', map.get('secret'), 'name');
      }
    }
  }
  return found;
}

function hasOpenPorts({ node, ports, pod }: ContainerView): boolean {
  const { document } = pod.object;
  if (!pod.complete || !isFinal(document, node, 'ports')) return true;
  return ports.some(
    port => port.containerPort === null || mayGain(document, port.node) || isVariable(stringOf(port.node.get('name')) ?? ''),
  );
}

function containerFact(container: ContainerView): ContainerFact {
  const { image } = container;
  return {
    name: container.name,
    image: image === null || image.variable ? null : image.text,
    ports: container.ports.flatMap(({ node, containerPort, protocol }) =>
      containerPort === null ? [] : [{ name: stringOf(node.get('name')), port: containerPort, protocol }],
    ),
    openPorts: hasOpenPorts(container),
    mayNeedRoot: worksAsRoot(container),
  };
}

/** The fact of a workload whose template has labels and nothing else yet. */
export function bareWorkloadFacts(object: KubernetesObject, head: FactHead): readonly WorkloadFact[] {
  const spec = mapOf(object.node.get('spec'));
  const template = mapOf(spec?.get('template'));
  if (!template) return [];
  const labels = readLabels(object.document, mapOf(template.get('metadata'))?.get('labels'));
  const replicas = numberOf(spec?.get('replicas'));
  return [
    {
      type: 'workload',
      ...head,
      labels,
      replicas,
      serviceAccount: null,
      hostNetwork: false,
      baseline: true,
      containers: [],
      references: [],
      cloud: null,
    },
  ];
}

/** Levels are those of the newest release: a fact does not know for which one somebody will ask. */
const newestMinor = 37;

/** The facts of an object's pods. */
export function workloadFacts(object: KubernetesObject, head: FactHead): readonly WorkloadFact[] {
  return object.pods.map(pod => ({
    type: 'workload',
    ...head,
    labels: podLabels(pod),
    replicas: numberOf(mapOf(object.node.get('spec'))?.get('replicas')),
    serviceAccount: pod.serviceAccountName,
    hostNetwork: booleanOf(pod.node.get('hostNetwork')) === true,
    baseline: evaluatePss(pod, 'baseline', newestMinor).length === 0,
    containers: pod.containers.map(containerFact),
    references: podReferences(pod).map(({ kind, name, key }) => ({ kind, name, key })),
    cloud: cloudSign(pod),
  }));
}
