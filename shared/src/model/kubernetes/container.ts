import type { Path, YamlDocument, YamlMap, YamlScalar } from '../yaml/types';
import { createImageView } from './image-view';
import { anchorOf, booleanOf, isClosed, itemsOf, mapOf, numberOf, once, scalarOf, sequenceOf, stringOf } from './nodes';
import type { ContainerKind, ContainerView, EnvView, MountView, PodView, PortView } from './types';

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

function closed(node: YamlMap, document: YamlDocument): boolean {
  const security = node.get('securityContext');
  const resources = mapOf(node.get('resources'));
  const parts = [
    node,
    security,
    mapOf(security)?.get('capabilities'),
    node.get('resources'),
    resources?.get('limits'),
    resources?.get('requests'),
  ];
  return parts.every(part => isClosed(document, part));
}

/** Views one container of a pod. `path` leads to its map. */
export function createContainerView(pod: PodView, node: YamlMap, path: Path, kind: ContainerKind): ContainerView {
  const image = once(() => {
    const scalar = scalarOf(node.get('image'));
    return scalar && stringOf(scalar) !== null ? createImageView(view, scalar, [...path, 'image'], pod.object.document) : null;
  });
  const env = once(() => readEnv(node, path));
  const ports = once(() => readPorts(node, path));
  const mounts = once(() => readMounts(node, path));
  const view: ContainerView = {
    target: 'container',
    pod,
    kind,
    path,
    node,
    name: stringOf(node.get('name')),
    anchor: anchorOf(node),
    get image() {
      return image();
    },
    securityContext: mapOf(node.get('securityContext')),
    securityContextPath: [...path, 'securityContext'],
    get env() {
      return env();
    },
    get ports() {
      return ports();
    },
    get mounts() {
      return mounts();
    },
    get command() {
      return readWords(node, 'command');
    },
    get args() {
      return readWords(node, 'args');
    },
    complete: pod.complete && closed(node, pod.object.document),
  };
  return view;
}
