import { mayGain } from '../../../syntax/yaml/certainty';
import type { Path, YamlDocument, YamlMap, YamlScalar } from '../../../syntax/yaml/types';
import { createImageView } from './image-view';
import { reportRangeOf, booleanOf, itemsOf, mapOf, numberOf, scalarOf, sequenceOf, stringOf } from '../../../syntax/yaml/values';
import type { Range } from '../../../base/text/range';
import type { ContainerKind, ContainerView, EnvView, ImageView, MountView, PodView, PortView } from './types';

function readEnv(node: YamlMap, path: Path): EnvView[] {
  const found: EnvView[] = [];
  for (const { index, map } of itemsOf(node.get('env'))) {
    const nameNode = scalarOf(map.get('name'));
    const name = stringOf(nameNode);
    if (!nameNode || name === null) continue;
    const valueNode = mapOf(map.get('valueFrom')) ? null : scalarOf(map.get('value'));
    found.push({ path: [...path, 'env', index], node: map, name, nameNode, value: stringOf(valueNode), valueNode });
  }
  return found;
}

function readPorts(node: YamlMap, path: Path): PortView[] {
  return itemsOf(node.get('ports')).map(({ index, map }) => {
    const hostPortNode = map.get('hostPort') ?? null;
    return {
      path: [...path, 'ports', index],
      node: map,
      containerPort: numberOf(map.get('containerPort')),
      hostPort: numberOf(hostPortNode),
      hostPortNode,
      protocol: stringOf(map.get('protocol')) ?? 'TCP',
    };
  });
}

function readMounts(node: YamlMap, path: Path): MountView[] {
  return itemsOf(node.get('volumeMounts')).map(({ index, map }) => ({
    path: [...path, 'volumeMounts', index],
    node: map,
    volume: stringOf(map.get('name')),
    mountPath: stringOf(map.get('mountPath')),
    readOnly: booleanOf(map.get('readOnly')) === true,
    subPath: stringOf(map.get('subPath')) ?? stringOf(map.get('subPathExpr')),
  }));
}

function readWords(node: YamlMap, key: 'command' | 'args'): readonly YamlScalar[] | null {
  const sequence = sequenceOf(node.get(key));
  return sequence ? sequence.items.map(scalarOf).filter(word => word !== null) : null;
}

/** Whether templates add nothing to the resources of a container or of a pod. */
export function hasFinalResources(node: YamlMap, document: YamlDocument): boolean {
  const resources = node.get('resources');
  return [resources, mapOf(resources)?.get('limits'), mapOf(resources)?.get('requests')].every(part => !mayGain(document, part));
}

function isWhole(node: YamlMap, document: YamlDocument): boolean {
  const security = node.get('securityContext');
  const capabilities = mapOf(security)?.get('capabilities');
  const parts = [node, security, capabilities, mapOf(capabilities)?.get('add'), mapOf(capabilities)?.get('drop')];
  return parts.every(part => !mayGain(document, part)) && hasFinalResources(node, document);
}

/** Views one container of a pod. `path` leads to its map. */
export function createContainerView(pod: PodView, node: YamlMap, path: Path, kind: ContainerKind): ContainerView {
  return new ContainerNode(pod, node, path, kind);
}

/** A container. A class: object literals with accessors cost more than the parse of what they view. */
class ContainerNode implements ContainerView {
  readonly target = 'container';
  readonly memo = new Map<unknown, unknown>();
  readonly name: string | null;
  readonly reportRange: Range;
  readonly securityContext: YamlMap | null;
  readonly securityContextPath: Path;
  readonly complete: boolean;
  private ownImage: ImageView | null | undefined;
  private allEnv: readonly EnvView[] | undefined;
  private allPorts: readonly PortView[] | undefined;
  private allMounts: readonly MountView[] | undefined;

  constructor(
    readonly pod: PodView,
    readonly node: YamlMap,
    readonly path: Path,
    readonly kind: ContainerKind,
  ) {
    this.name = stringOf(node.get('name'));
    this.reportRange = reportRangeOf(node);
    this.securityContext = mapOf(node.get('securityContext'));
    this.securityContextPath = [...path, 'securityContext'];
    this.complete = pod.complete && isWhole(node, pod.object.document);
  }

  get image(): ImageView | null {
    if (this.ownImage === undefined) {
      const scalar = scalarOf(this.node.get('image'));
      const named = scalar && stringOf(scalar) !== null;
      this.ownImage = named ? createImageView(this, scalar, [...this.path, 'image'], this.pod.object.document) : null;
    }
    return this.ownImage;
  }

  get env(): readonly EnvView[] {
    return (this.allEnv ??= readEnv(this.node, this.path));
  }

  get ports(): readonly PortView[] {
    return (this.allPorts ??= readPorts(this.node, this.path));
  }

  get mounts(): readonly MountView[] {
    return (this.allMounts ??= readMounts(this.node, this.path));
  }

  get command(): readonly YamlScalar[] | null {
    return readWords(this.node, 'command');
  }

  get args(): readonly YamlScalar[] | null {
    return readWords(this.node, 'args');
  }
}
