import { isVariable } from '../../../syntax/yaml/certainty';
import { moveKey, setValue, type YamlOperation } from '../../../syntax/yaml/operations';
import { itemsOf } from '../../../syntax/yaml/values';
import type { KubernetesObject, PodView } from '../model/types';

/** Fields of a pod that a Deployment refuses in its template: what ends by itself is a Job's, and debug containers are added while it runs. */
const refused = ['activeDeadlineSeconds', 'ephemeralContainers'];

/** What two pods cannot have at once, so that the old one has to be gone before the new one comes: a port of the node, or a volume of one node. */
function isExclusive(pod: PodView): boolean {
  const ports = pod.containers.flatMap(({ node }) => itemsOf(node.get('ports')).map(({ map }) => map));
  return (
    pod.node.entry('hostNetwork') !== undefined ||
    ports.some(port => port.entry('hostPort')) ||
    pod.volumes.some(({ type }) => type === 'persistentVolumeClaim')
  );
}

/** A pod has some forty fields: with many more keys it is no pod that anybody runs. */
const mostFields = 100;

/**
 * Turns a Pod into a Deployment of one: its spec and annotations move into the template, its labels stand in both. `null` where a Deployment refuses the
 * pod, or where the labels by which it finds its pods are not known.
 */
export function intoDeployment(object: KubernetesObject, pod: PodView): readonly YamlOperation[] | null {
  const { path, name, labels, annotations } = object;
  // what came out of a cluster is not what goes into one
  if (object.node.entry('status') || refused.some(field => pod.node.entry(field)) || pod.node.flow) return null;
  const { length } = pod.node.entries;
  if (length === 0 || length > mostFields) return null;
  const own: Record<string, string> = {};
  for (const [key, { value }] of labels) {
    if (value === null || isVariable(value)) return null;
    own[key] = value;
  }
  if (Object.keys(own).length === 0) {
    if (name === null || !/^[a-z0-9](?:[a-z0-9-]{0,61}[a-z0-9])?$/.test(name)) return null;
    own.app = name;
  }
  const spec = [...path, 'spec'];
  const template = [...spec, 'template'];
  const moved = annotations.size > 0 ? [moveKey([...path, 'metadata', 'annotations'], [...template, 'metadata', 'annotations'])] : [];
  return [
    setValue([...path, 'apiVersion'], 'apps/v1'),
    setValue([...path, 'kind'], 'Deployment'),
    setValue([...spec, 'replicas'], 1),
    ...(isExclusive(pod) ? [setValue([...spec, 'strategy', 'type'], 'Recreate')] : []),
    setValue([...spec, 'selector', 'matchLabels'], own),
    setValue([...template, 'metadata', 'labels'], own),
    ...moved,
    ...pod.node.entries.map(({ name: key }) => moveKey([...spec, key], [...template, 'spec', key])),
  ];
}
