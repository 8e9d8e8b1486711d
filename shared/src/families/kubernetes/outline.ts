import { isVariable } from '../../syntax/yaml/certainty';
import { itemsOf, mapOf, scalarOf, stringOf } from '../../syntax/yaml/values';
import type { YamlNode } from '../../syntax/yaml/types';
import { factKind } from '../../workspace/fact-kind';
import type { FactPlace } from '../../workspace/fact-place';
import { matches, readLabelMap } from '../../workspace/selector';
import type { WorkspaceIndex } from '../../workspace/types';
import type { NameLink, OutlineItem } from '../family/outline';
import { podReferences } from './facts/workload-facts';
import { apiGroup } from './model/kinds';
import { containerName, shown } from './model/names';
import type { KubernetesObject } from './model/types';

/** The objects of a document, with the containers of their pods. */
export function objectsOutlined(objects: readonly KubernetesObject[]): readonly OutlineItem[] {
  return objects.map(({ kind, name, node, reportRange, pods }) => ({
    kind: 'object',
    // of one that a template names entirely its kind is known
    name: name === null ? kind : shown(name).replace(/^…$/, kind),
    detail: kind,
    range: node.range,
    named: reportRange,
    children: pods
      .flatMap(({ containers }) => containers)
      .map(container => ({
        kind: 'container' as const,
        name: containerName(container),
        detail: shown(container.image?.text ?? ''),
        range: container.node.range,
        named: container.reportRange,
        children: [],
      })),
  }));
}

type Add = (node: YamlNode | null | undefined, found: readonly (FactPlace | undefined)[] | FactPlace | undefined) => void;

/** Where objects name others: ConfigMaps, Secrets, claims, accounts, roles, Services, what an autoscaler scales, and the pods that a Service selects. */
export function objectLinks(objects: readonly KubernetesObject[], workspace: WorkspaceIndex): readonly NameLink[] {
  const links: NameLink[] = [];
  const add: Add = (node, found) => {
    for (const fact of [found].flat()) if (node && fact) links.push({ range: node.range, target: fact.range, path: fact.path });
  };
  for (const object of objects) {
    for (const pod of object.pods) {
      for (const { kind, name, nameNode } of podReferences(pod)) add(nameNode, workspace.object(kind, object.namespace, name));
      const account = pod.serviceAccountName;
      if (account !== null) add(pod.serviceAccountNode, workspace.serviceAccount(object.namespace, account));
      for (const { type, source } of pod.volumes)
        if (type === 'persistentVolumeClaim') named(object, 'PersistentVolumeClaim', mapOf(source)?.get('claimName'), workspace, add);
    }
    ofObject(object, workspace, add);
  }
  return links;
}

function named(
  { namespace }: KubernetesObject,
  kind: string,
  node: YamlNode | null | undefined,
  workspace: WorkspaceIndex,
  add: Add,
): void {
  const name = stringOf(node);
  if (name !== null && !isVariable(name)) add(node, workspace.object(kind, namespace, name));
}

function ofObject(object: KubernetesObject, workspace: WorkspaceIndex, add: Add): void {
  const { kind, node, namespace } = object;
  const spec = mapOf(node.get('spec'));
  const target = mapOf(spec?.get('scaleTargetRef'));
  if (target) named(object, kindIn(target.get('apiVersion'), target.get('kind'), 'Deployment'), target.get('name'), workspace, add);
  const role = mapOf(node.get('roleRef'));
  if (role) named(object, stringOf(role.get('kind')) ?? 'Role', role.get('name'), workspace, add);
  if (/Binding$/.test(kind))
    for (const { map } of itemsOf(node.get('subjects'))) {
      const name = stringOf(map.get('name'));
      if (stringOf(map.get('kind')) === 'ServiceAccount' && name !== null)
        add(map.get('name'), workspace.serviceAccount(stringOf(map.get('namespace')) ?? namespace, name));
    }
  if (kind === 'Ingress')
    for (const { map } of itemsOf(spec?.get('rules')))
      for (const path of itemsOf(mapOf(map.get('http'))?.get('paths')))
        named(object, 'Service', mapOf(mapOf(path.map.get('backend'))?.get('service'))?.get('name'), workspace, add);
  if (kind === 'Service') {
    const labels = mapOf(spec?.get('selector'));
    const selector = readLabelMap(object.document, labels);
    if (!labels || selector.partial || selector.requirements.length === 0) return;
    const selected = workspace
      .workloads()
      .filter(
        workload => (workload.namespace ?? namespace) === (namespace ?? workload.namespace) && matches(selector, workload.labels) === 'yes',
      );
    for (const entry of labels.entries) add(scalarOf(entry.value), selected);
  }
}

const kindIn = (apiVersion: YamlNode | null | undefined, kind: YamlNode | null | undefined, usual: string): string =>
  factKind(apiGroup(stringOf(apiVersion) ?? ''), stringOf(kind) ?? usual);
