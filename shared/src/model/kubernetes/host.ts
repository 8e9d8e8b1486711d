import { booleanOf, resolve } from './nodes';
import type { PodView, Setting } from './types';

/** A switch of the pod spec that joins it to a namespace of its node; `null` where it is off or unset. */
export function sharedNamespace(pod: PodView, name: 'hostNetwork' | 'hostPID' | 'hostIPC'): Setting<true> | null {
  const node = resolve(pod.node.get(name));
  return node && booleanOf(node) === true ? { value: true, node, path: [...pod.path, name], unknown: false, from: 'pod' } : null;
}
