import { findImageProfile } from '../../../knowledge/image-profiles';
import { osOfTag } from '../../../knowledge/os-families';
import { memoize } from '../../../base/text/memoize';
import { booleanOf, mapOf, stringOf } from '../../../syntax/yaml/values';
import type { YamlMap } from '../../../syntax/yaml/types';
import type { ContainerView, PodView } from '../model/types';

function isWindowsImage({ image }: ContainerView): boolean {
  if (image?.reference.invalid !== null) return false;
  const { reference } = image;
  if (reference.registry === 'mcr.microsoft.com' && /^(?:windows(?:\/|$)|powershell\/.*nanoserver)/.test(reference.repository)) return true;
  return osOfTag(reference.tag ?? '')?.family === 'windows' || findImageProfile(reference)?.os === 'windows';
}

/** Whether a pod or a container asks for a process on its node, which Windows alone has. */
const asksForProcess = ({ node }: { readonly node: YamlMap }): boolean =>
  booleanOf(mapOf(mapOf(node.get('securityContext'))?.get('windowsOptions'))?.get('hostProcess')) === true;

/**
 * Whether the containers of a pod run on Windows, where settings of the Linux kernel stop them: as the pod says, or as its node selector, an
 * image, or what it asks for shows. Pod Security goes by what the pod says alone.
 */
export const runsOnWindows = memoize((pod: PodView): boolean => {
  if (pod.isWindows || asksForProcess(pod) || pod.containers.some(asksForProcess)) return true;
  const selector = mapOf(pod.node.get('nodeSelector'));
  const os = stringOf(selector?.get('kubernetes.io/os')) ?? stringOf(selector?.get('beta.kubernetes.io/os'));
  return os === null ? pod.containers.some(isWindowsImage) : os === 'windows';
});
