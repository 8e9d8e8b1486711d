import { isFinal, mayGain } from '../../../syntax/yaml/certainty';
import type { Range } from '../../../base/text/range';
import type { Path, YamlMap, YamlNode, YamlScalar } from '../../../syntax/yaml/types';
import { createContainerView, hasFinalResources } from './container';
import type { PodPlace } from './kinds';
import { reportRangeOf, booleanOf, itemsOf, mapOf, resolve, scalarOf, sequenceOf, stringOf, stringsOf } from '../../../syntax/yaml/values';
import type { ContainerKind, ContainerView, KubernetesObject, PodView, VolumeView } from './types';
import type { StringMap } from '../../../syntax/yaml/values';

/** Whether something holds for every container of a pod, and templates add no other. */
export function everyContainer({ node, object, containers }: PodView, holds: (container: ContainerView) => boolean): boolean {
  return !mayGain(object.document, node.get('containers')) && containers.every(holds);
}

/** The node at `path` below `node`, aliases resolved; `null` where the way ends before. */
export function nodeAt(node: YamlNode | null, path: Path): YamlNode | null {
  let at = resolve(node);
  for (const step of path) {
    if (at === null) return null;
    at = resolve(typeof step === 'number' ? sequenceOf(at)?.items[step] : mapOf(at)?.get(step));
  }
  return at;
}

/** Views the pod at `place` of an object; `null` where there is no map. */
export function createPodView(object: KubernetesObject, place: PodPlace): PodView | null {
  const node = mapOf(nodeAt(object.node, place.path));
  return node && new PodNode(object, place, node);
}

/** A pod. A class for the same reason as containers. */
class PodNode implements PodView {
  readonly target = 'pod';
  readonly memo = new Map<unknown, unknown>();
  readonly flavor: PodView['flavor'];
  readonly path: Path;
  readonly reportRange: Range;
  readonly metadata: YamlMap | null;
  readonly metadataPath: Path;
  readonly securityContext: YamlMap | null;
  readonly securityContextPath: Path;
  readonly isWindows: boolean;
  readonly hostUsers: boolean | null;
  readonly serviceAccountName: string | null;
  readonly serviceAccountNode: YamlScalar | null;
  readonly complete: boolean;
  private allLabels: StringMap | undefined;
  private allAnnotations: StringMap | undefined;
  private allVolumes: readonly VolumeView[] | undefined;
  private allContainers: readonly ContainerView[] | undefined;

  constructor(
    readonly object: KubernetesObject,
    place: PodPlace,
    readonly node: YamlMap,
  ) {
    this.flavor = place.flavor;
    this.path = [...object.path, ...place.path];
    this.reportRange = place.flavor === 'argo-template' ? reportRangeOf(node) : keyRange(object.node, place.path, node);
    this.metadata = mapOf(nodeAt(object.node, place.metadata));
    this.metadataPath = [...object.path, ...place.metadata];
    const { securityContext, securityContextPath } = securityOf(object, place, node, this.path);
    this.securityContext = securityContext;
    this.securityContextPath = securityContextPath;
    this.isWindows = isWindows(node);
    this.hostUsers = booleanOf(node.get('hostUsers'));
    this.serviceAccountNode =
      scalarOf(node.get('serviceAccountName')) ??
      scalarOf(node.get('serviceAccount')) ??
      scalarOf(workflowField(object, place, 'serviceAccountName').node);
    this.serviceAccountName = stringOf(this.serviceAccountNode) || null;
    this.complete =
      place.whole &&
      !object.fragment &&
      !object.foreign &&
      isFinal(object.document, node, 'securityContext') &&
      // what a pod for Windows has to say is other than for Linux
      !mayGain(object.document, node.get('os')) &&
      !mayGain(object.document, mapOf(node.get('os'))?.get('name')) &&
      hasFinalResources(node, object.document);
  }

  get labels(): StringMap {
    return (this.allLabels ??= stringsOf(this.metadata?.get('labels')));
  }

  get annotations(): StringMap {
    return (this.allAnnotations ??= stringsOf(this.metadata?.get('annotations')));
  }

  get volumes(): readonly VolumeView[] {
    return (this.allVolumes ??= readVolumes(this));
  }

  get containers(): readonly ContainerView[] {
    return (this.allContainers ??= readContainers(this));
  }
}

/** The key of the last step of a path; for what no key leads to, the anchor of the map itself. */
function keyRange(object: YamlMap, path: Path, node: YamlMap): Range {
  const last = path[path.length - 1];
  const entry = typeof last === 'string' ? mapOf(nodeAt(object, path.slice(0, -1)))?.entry(last) : undefined;
  return entry?.key ? entry.key.range : reportRangeOf(node);
}

/** A field that an Argo template takes from its workflow where it has none of its own. */
function workflowField(object: KubernetesObject, place: PodPlace, name: string): { readonly node: YamlNode | null; readonly path: Path } {
  if (place.flavor !== 'argo-template') return { node: null, path: [] };
  const base = place.path.slice(0, -2);
  return { node: nodeAt(object.node, [...base, name]), path: [...object.path, ...base, name] };
}

function securityOf(
  object: KubernetesObject,
  place: PodPlace,
  node: YamlMap,
  path: Path,
): Pick<PodView, 'securityContext' | 'securityContextPath'> {
  const own = mapOf(node.get('securityContext'));
  if (!own) {
    const shared = workflowField(object, place, 'securityContext');
    const map = mapOf(shared.node);
    if (map) return { securityContext: map, securityContextPath: shared.path };
  }
  return { securityContext: own, securityContextPath: [...path, 'securityContext'] };
}

function isWindows(node: YamlMap): boolean {
  const os = stringOf(mapOf(node.get('os'))?.get('name'));
  return os !== null && os.toLowerCase() === 'windows';
}

function readVolumes(pod: PodView): VolumeView[] {
  return itemsOf(pod.node.get('volumes')).map(({ index, map }) => {
    // A source that is null counts as absent, and a volume without a source is an emptyDir.
    const entry =
      map.entries.find(({ name, value }) => name !== 'name' && name !== '<<' && !isNull(value)) ??
      map.entries.find(({ name }) => name === 'emptyDir');
    return {
      pod,
      path: [...pod.path, 'volumes', index],
      node: map,
      name: stringOf(map.get('name')),
      type: entry?.name ?? null,
      typeKey: entry?.key ?? null,
      source: resolve(entry?.value),
      reportRange: reportRangeOf(map),
    };
  });
}

function isNull(node: YamlNode | null): boolean {
  const at = resolve(node);
  return at === null || (at.kind === 'scalar' && at.value === null);
}

const lists: readonly (readonly [string, ContainerKind])[] = [
  ['containers', 'app'],
  ['initContainers', 'init'],
  ['ephemeralContainers', 'ephemeral'],
];

function readContainers(pod: PodView): ContainerView[] {
  const found: ContainerView[] = [];
  const list = (node: YamlNode | null | undefined, path: Path, kind: ContainerKind): void => {
    for (const { index, map } of itemsOf(node)) {
      const sidecar = kind === 'init' && stringOf(map.get('restartPolicy')) === 'Always';
      found.push(createContainerView(pod, map, [...path, index], sidecar ? 'sidecar' : kind));
    }
  };
  if (pod.flavor === 'argo-template') {
    for (const key of ['container', 'script']) {
      const map = mapOf(pod.node.get(key));
      if (map) found.push(createContainerView(pod, map, [...pod.path, key], 'app'));
    }
    list(mapOf(pod.node.get('containerSet'))?.get('containers'), [...pod.path, 'containerSet', 'containers'], 'app');
    list(pod.node.get('initContainers'), [...pod.path, 'initContainers'], 'init');
    list(pod.node.get('sidecars'), [...pod.path, 'sidecars'], 'app');
    return found;
  }
  for (const [key, kind] of lists) list(pod.node.get(key), [...pod.path, key], kind);
  return found;
}
