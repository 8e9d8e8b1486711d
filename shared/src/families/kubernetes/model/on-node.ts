import { reason, type Reason } from '../../../base/terms/evidence';
import { isWithinPath, normalizeHostPath } from '../../../knowledge/host-paths';
import { mapOf, stringOf } from '../../../syntax/yaml/values';
import { sharedNamespace } from './host';
import { capabilities, containerFlag, runAsUser } from './security';
import type { ContainerView, PodView, VolumeView } from './types';
import { usesOf } from './volumes';

/** Paths of the node that everybody may read. */
const readable = [
  '/etc/localtime',
  '/etc/timezone',
  '/usr/share/zoneinfo',
  '/etc/ssl/certs',
  '/usr/share/ca-certificates',
  '/etc/os-release',
];

/** The path of the node that a volume mounts; `null` for other volumes. */
export function hostPathOf(volume: VolumeView): string | null {
  return volume.type === 'hostPath' ? (stringOf(mapOf(volume.source)?.get('path')) ?? '/') : null;
}

/** Whether a pod is a part of its node, such as its network, storage or proxy: its class says so. */
export function isNodeCritical({ node }: PodView): boolean {
  return stringOf(node.get('priorityClassName')) === 'system-node-critical';
}

/** Why a container is likely to need root because it works on its node; `null`: it does not. */
export function worksOnNode(container: ContainerView): Reason | null {
  const { pod } = container;
  for (const volume of pod.volumes) {
    const path = hostPathOf(volume);
    if (path === null || !usesOf(volume).some(use => use.container === container)) continue;
    const normal = normalizeHostPath(path);
    if (!readable.some(folder => isWithinPath(normal, folder))) return reason('mounts-node', { path });
  }
  return sharedNamespace(pod, 'hostPID') ? reason('sees-node') : null;
}

/** Whether a manifest has a container work as root, or on its node: what it says of the user counts more than what it mounts. */
export function worksAsRoot(container: ContainerView): boolean {
  const user = runAsUser(container)?.value;
  if (user != null) return user === 0;
  // what it adds no other user gets
  if (capabilities(container, 'add').items.some(({ name }) => name !== 'NET_BIND_SERVICE')) return true;
  return containerFlag(container, 'privileged')?.value === true || worksOnNode(container) !== null;
}
