import { mayGain } from '../../../syntax/yaml/certainty';
import { budgets } from '../../../base/limits/budgets';
import type { Range } from '../../../base/text/range';
import type { Dialect } from '../../../workspace/source/types';
import type { Path, YamlDocument, YamlMap, YamlScalar } from '../../../syntax/yaml/types';
import { apiGroup, coreGroups, findPods } from './kinds';
import { createPodView } from './pod';
import { reportRangeOf, itemsOf, mapOf, scalarOf, sequenceOf, stringOf, stringsOf } from '../../../syntax/yaml/values';
import type { KubernetesObject, PodView } from './types';
import type { StringMap } from '../../../syntax/yaml/values';

/**
 * Reads the API objects of a YAML document. Lists (`kind: List`, `RoleList`: to kubectl, whatever has `items`) and OpenShift Templates are unpacked; a
 * document that holds no object gives none. Objects that share a document share its ranges.
 */
export function readObjects(document: YamlDocument, dialect: Dialect): KubernetesObject[] {
  const found: KubernetesObject[] = [];
  const root = mapOf(document.root);
  if (root) readInto(found, document, dialect, root, [], null);
  return found;
}

function readInto(
  found: KubernetesObject[],
  document: YamlDocument,
  dialect: Dialect,
  node: YamlMap,
  path: Path,
  inherited: { readonly apiVersion: string; readonly kind: string } | null,
): void {
  // one more than are checked, so that the checks find that there are more
  if (found.length > budgets.views) return;
  const apiVersion = stringOf(node.get('apiVersion')) ?? inherited?.apiVersion ?? null;
  const kind = stringOf(node.get('kind')) ?? inherited?.kind ?? null;
  if (apiVersion === null || kind === null) return;
  const items = kind === 'Template' && apiVersion === 'template.openshift.io/v1' ? 'objects' : 'items';
  const list = sequenceOf(node.get(items));
  if (list || (kind.endsWith('List') && node.entry(items))) {
    const typed = kind === 'List' || items === 'objects' ? null : { apiVersion, kind: kind.replace(/List$/, '') };
    for (const { index, map } of itemsOf(list)) readInto(found, document, dialect, map, [...path, items, index], typed);
    return;
  }
  found.push(createObject(document, dialect, node, path, apiVersion, kind));
}

/** Views a map as an object of a kind, wherever it comes from. */
export function createObject(
  document: YamlDocument,
  dialect: Dialect,
  node: YamlMap,
  path: Path,
  apiVersion: string,
  kind: string,
): KubernetesObject {
  return new ObjectNode(document, dialect, node, path, apiVersion, kind);
}

/** An object. A class for the same reason as containers. */
class ObjectNode implements KubernetesObject {
  readonly target = 'object';
  readonly memo = new Map<unknown, unknown>();
  readonly group: string;
  readonly apiVersionNode: YamlScalar | null;
  readonly kindNode: YamlScalar | null;
  readonly metadata: YamlMap | null;
  readonly name: string | null;
  readonly nameNode: YamlScalar | null;
  readonly namespace: string | null;
  readonly reportRange: Range;
  readonly complete: boolean;
  readonly fragment: boolean;
  readonly foreign: boolean;
  private readonly places: ReturnType<typeof findPods>;
  private allLabels: StringMap | undefined;
  private allAnnotations: StringMap | undefined;
  private allPods: readonly PodView[] | undefined;

  constructor(
    readonly document: YamlDocument,
    dialect: Dialect,
    readonly node: YamlMap,
    readonly path: Path,
    readonly apiVersion: string,
    readonly kind: string,
  ) {
    this.group = apiGroup(apiVersion);
    this.apiVersionNode = scalarOf(node.get('apiVersion'));
    this.kindNode = scalarOf(node.get('kind'));
    this.metadata = mapOf(node.get('metadata'));
    this.nameNode = scalarOf(this.metadata?.get('name'));
    this.name = stringOf(this.nameNode);
    this.namespace = stringOf(this.metadata?.get('namespace'));
    this.reportRange =
      this.nameNode && this.name !== null ? this.nameNode.range : this.kindNode ? this.kindNode.range : reportRangeOf(node);
    this.places = findPods(this.group, kind, node, dialect.podPaths);
    this.fragment =
      dialect.fragment || (this.isPatchable() && this.places.some(place => isPatch(node, mapOf(nodeAtPath(node, place.path)))));
    this.foreign = isForeign(document, dialect);
    this.complete = !this.fragment && !this.foreign && [node, this.metadata, node.get('spec')].every(part => !mayGain(document, part));
  }

  /**
   * Whether what looks like a patch may be one: a patch names its object; nobody patches bare Pods, whose containers cannot change; and of
   * kinds that are not built in a patch replaces the list of containers as a whole.
   */
  private isPatchable(): boolean {
    const isNamed = this.nameNode !== null || mayGain(this.document, this.metadata ?? this.node.get('metadata'));
    return this.kind !== 'Pod' && isNamed && coreGroups.has(this.group);
  }

  get labels(): StringMap {
    return (this.allLabels ??= stringsOf(this.metadata?.get('labels')));
  }

  get annotations(): StringMap {
    return (this.allAnnotations ??= stringsOf(this.metadata?.get('annotations')));
  }

  get pods(): readonly PodView[] {
    return (this.allPods ??= this.places.map(place => createPodView(this, place)).filter((pod): pod is PodView => pod !== null));
  }
}

/** Whether the document is a template in a language whose loops and macros may add anything anywhere (Jinja). */
function isForeign({ text, written = text }: YamlDocument, dialect: Dialect): boolean {
  return dialect.templated && written.includes('{%');
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
