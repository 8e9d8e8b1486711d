import type { Dialect } from '../../source/types';
import type { Path, YamlDocument, YamlMap } from '../yaml/types';
import { findPods } from './kinds';
import { createPodView } from './pod';
import { anchorOf, isClosed, itemsOf, mapOf, once, scalarOf, stringOf, stringsOf } from './nodes';
import type { KubernetesObject, PodView } from './types';

/** How deep Lists may lie in Lists. */
const deepestList = 8;

/**
 * Reads the API objects of a YAML document. Lists (`kind: List`, `RoleList`, ...) and OpenShift Templates are unpacked; a document that
 * holds no object gives none. Objects that share a document share its ranges.
 */
export function readObjects(document: YamlDocument, dialect: Dialect): KubernetesObject[] {
  const found: KubernetesObject[] = [];
  const root = mapOf(document.root);
  if (root) readInto(found, document, dialect, root, [], null, 0);
  return found;
}

function readInto(
  found: KubernetesObject[],
  document: YamlDocument,
  dialect: Dialect,
  node: YamlMap,
  path: Path,
  inherited: { readonly apiVersion: string; readonly kind: string } | null,
  depth: number,
): void {
  const apiVersion = stringOf(node.get('apiVersion')) ?? inherited?.apiVersion ?? null;
  const kind = stringOf(node.get('kind')) ?? inherited?.kind ?? null;
  if (apiVersion === null || kind === null) return;
  const items = kind.endsWith('List') ? 'items' : kind === 'Template' && apiVersion === 'template.openshift.io/v1' ? 'objects' : null;
  if (items !== null && node.entry(items)) {
    if (depth >= deepestList) return;
    const typed = kind === 'List' || items === 'objects' ? null : { apiVersion, kind: kind.slice(0, -'List'.length) };
    for (const { index, map } of itemsOf(node.get(items)))
      readInto(found, document, dialect, map, [...path, items, index], typed, depth + 1);
    return;
  }
  found.push(createObject(document, dialect, node, path, apiVersion, kind));
}

function createObject(
  document: YamlDocument,
  dialect: Dialect,
  node: YamlMap,
  path: Path,
  apiVersion: string,
  kind: string,
): KubernetesObject {
  const slash = apiVersion.indexOf('/');
  const group = slash < 0 ? '' : apiVersion.slice(0, slash);
  const metadata = mapOf(node.get('metadata'));
  const nameNode = scalarOf(metadata?.get('name'));
  const kindNode = scalarOf(node.get('kind'));
  const name = stringOf(nameNode);
  const places = findPods(group, kind, node);
  const fragment = dialect.fragment || places.some(place => isPatch(node, mapOf(nodeAtPath(node, place.path))));
  const foreign = isForeign(document, dialect);
  const labels = once(() => stringsOf(metadata?.get('labels')));
  const annotations = once(() => stringsOf(metadata?.get('annotations')));
  const pods = once(() => places.map(place => createPodView(object, place)).filter((pod): pod is PodView => pod !== null));
  const object: KubernetesObject = {
    target: 'object',
    document,
    path,
    node,
    apiVersion,
    group,
    version: apiVersion.slice(slash + 1),
    kind,
    apiVersionNode: scalarOf(node.get('apiVersion')),
    kindNode,
    metadata,
    name,
    nameNode,
    namespace: stringOf(metadata?.get('namespace')),
    get labels() {
      return labels();
    },
    get annotations() {
      return annotations();
    },
    anchor: nameNode && name !== null ? nameNode.range : kindNode ? kindNode.range : anchorOf(node),
    complete: !fragment && !foreign && [node, metadata, node.get('spec')].every(part => isClosed(document, part)),
    fragment,
    foreign,
    get pods() {
      return pods();
    },
  };
  return object;
}

/** Whether the document is a template in a language that the parser does not mask (Jinja). */
function isForeign(document: YamlDocument, dialect: Dialect): boolean {
  return dialect.templated && !document.templated && document.text.includes('{%');
}

function nodeAtPath(node: YamlMap, path: Path): YamlMap | null {
  let at: YamlMap | null = node;
  for (const step of path) {
    if (typeof step === 'number') return null;
    at = mapOf(at?.get(step));
  }
  return at;
}

/**
 * Whether a workload reads like a patch: it names containers without saying what they run, and does not select its pods either.
 * (The API lets an image be absent only because something may fill it in later.)
 */
function isPatch(object: YamlMap, pod: YamlMap | null): boolean {
  if (!pod || mapOf(object.get('spec'))?.entry('selector')) return false;
  const containers = itemsOf(pod.get('containers'));
  return containers.length === 0 ? !pod.entry('containers') : containers.some(({ map }) => map.entry('name') && !map.entry('image'));
}
