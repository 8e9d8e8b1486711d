import { setValue, type YamlOperation, type YamlValue } from '../../../syntax/yaml/operations';
import type { PodView } from '../model/types';

/** After which key of a pod spec a new key goes that concerns the whole pod: it comes before the containers. `null`: first. */
function placeAboveContainers(pod: PodView): string | null | undefined {
  const { entries } = pod.node;
  const index = entries.findIndex(({ name }) => name === 'initContainers' || name === 'containers');
  if (index < 0 || pod.flavor === 'argo-template') return undefined;
  return index === 0 ? null : entries[index - 1]!.name;
}

/** Sets a key of the pod spec itself, above the containers where it is new. */
export function setInPod(pod: PodView, name: string, value: YamlValue): YamlOperation {
  return setValue([...pod.path, name], value, placeAboveContainers(pod));
}

/** Sets a field of the pod's securityContext, which is made above the containers where it is missing. */
export function setInPodContext(pod: PodView, names: readonly [string, ...string[]], value: YamlValue): YamlOperation[] {
  const set = setValue([...pod.securityContextPath, ...names], value);
  return pod.node.entry('securityContext') ? [set] : [setInPod(pod, 'securityContext', {}), set];
}
