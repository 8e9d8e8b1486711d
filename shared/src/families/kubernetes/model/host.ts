import { mayChange } from '../../../syntax/yaml/certainty';
import { booleanOf, resolve } from '../../../syntax/yaml/values';
import type { PodView, Setting } from './types';

/** The switches of a pod spec that join it to a namespace of its node. */
export type HostNamespace = 'hostNetwork' | 'hostPID' | 'hostIPC';

/** A switch of the pod spec that joins it to a namespace of its node; `null` where it is off or unset. */
export function sharedNamespace(pod: PodView, name: HostNamespace): Setting<true> | null {
  const node = resolve(pod.node.get(name));
  return node && booleanOf(node) === true ? { value: true, node, path: [...pod.path, name], unknown: false, from: 'pod' } : null;
}

/** Whether a pod is joined to a namespace of its node, or a template may join it. */
export function mayShareNamespace(pod: PodView, name: HostNamespace): boolean {
  return sharedNamespace(pod, name) !== null || mayChange(pod.node.get(name));
}
