import { removeNode, setValue } from '../../../syntax/yaml/operations';
import { leave, type Remedy } from '../../../rule/fix/remedy';
import type { Assumption } from '../../../rule/fix/types';
import { numberOf, sequenceOf } from '../../../syntax/yaml/values';
import type { Path, YamlNode } from '../../../syntax/yaml/types';
import { containerName } from '../model/names';
import { ownSetting, podSetting, runAsUser } from '../model/security';
import type { ContainerView, PodView, Setting } from '../model/types';
import { imageUser } from '../../../evidence/known-image';
import { imageAssumptions, knownImage } from './image';
import { podGroup, type FixSettings } from './settings';
import { userDecision } from './run-as';
import { volumeGroup } from './user';

/** The group that a container is to have in place of 0, and what that takes for granted. */
function groupOf(container: ContainerView, settings: FixSettings): { readonly gid: number; readonly assumes: readonly Assumption[] } {
  const decision = userDecision(container, settings);
  // a user that is guessed, or asked about, comes with its group
  if (decision.kind === 'set' && decision.gid) return { gid: decision.gid, assumes: decision.assumes };
  const image = knownImage(container, settings);
  const known = image && (imageUser(image)?.gid || image.profile?.runAs.gid || image.profile?.defaultUser?.gid);
  if (known) return { gid: known, assumes: imageAssumptions(container, image) };
  const uid = (decision.kind === 'set' ? decision.uid : null) ?? runAsUser(container)?.value;
  const gid = uid && uid !== settings.defaults.uid ? uid : settings.defaults.gid;
  // images that any user may run give their files to group 0
  return { gid, assumes: [{ id: 'root-group', data: { container: containerName(container), gid }, evidence: true }] };
}

/** How containers come to have another group than 0: without `runAsGroup` they would have the one of the image, or 0 again. */
function ownGroupRemedy(containers: readonly ContainerView[], path: Path, settings: FixSettings): Remedy {
  const groups = containers.map(container => groupOf(container, settings));
  const [first, ...others] = groups;
  if (!first || others.some(({ gid }) => gid !== first.gid)) return leave('attended', 'its containers need different groups');
  const assumes = groups.flatMap(group => group.assumes);
  return { fix: { operations: () => [setValue(path, first.gid)], assumes }, noFix: null };
}

/** How a container comes to have another `runAsGroup` than the 0 that it asks for. */
export function groupRemedy(container: ContainerView, { path }: Setting<unknown>, settings: FixSettings): Remedy {
  return ownGroupRemedy([container], path, settings);
}

/** How a group 0 goes that was given beside the one that a process has anyway. */
function spareGroupRemedy(path: Path): Remedy {
  return { fix: { operations: () => [removeNode(path, true)] }, noFix: null };
}

/** Where a pod gives group 0 to all of its containers, with how that is mended. */
export function rootGroups(
  pod: PodView,
  settings: FixSettings,
): readonly { readonly field: string; readonly node: YamlNode; readonly remedy: Remedy }[] {
  const found: { field: string; node: YamlNode; remedy: Remedy }[] = [];
  const group = podSetting(pod, ['runAsGroup'], numberOf);
  if (group?.value === 0) {
    const heirs = pod.containers.filter(container => !ownSetting(container, ['runAsGroup'], numberOf));
    found.push({ field: 'runAsGroup', node: group.node, remedy: ownGroupRemedy(heirs, group.path, settings) });
  }
  const volumes = podSetting(pod, ['fsGroup'], numberOf);
  if (volumes?.value === 0) {
    const wanted = volumeGroup(pod, settings);
    const set: Remedy = {
      fix: { operations: () => [setValue(volumes.path, wanted)], group: podGroup(pod) },
      noFix: null,
    };
    found.push({ field: 'fsGroup', node: volumes.node, remedy: wanted === null ? spareGroupRemedy(volumes.path) : set });
  }
  const path = [...pod.securityContextPath, 'supplementalGroups'];
  sequenceOf(pod.securityContext?.get('supplementalGroups'))?.items.forEach((item, index) => {
    if (item && numberOf(item) === 0) found.push({ field: 'supplementalGroups', node: item, remedy: spareGroupRemedy([...path, index]) });
  });
  return found;
}
