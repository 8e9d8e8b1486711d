import { appendItem, removeNode, setValue, type YamlOperation } from '../../../syntax/yaml/operations';
import type { Remedy } from '../../../rule/fix/remedy';
import type { Assumption } from '../../../rule/fix/types';
import { booleanOf, itemsOf, numberOf, stringOf } from '../../../syntax/yaml/values';
import { capabilities, ownSetting, podSetting, runAsNonRoot } from '../model/security';
import type { ContainerView, PodView } from '../model/types';
import { knownImage } from './image';
import { setInPod, setInPodContext } from './pod-level';
import { addsForEntryPoint } from './root-capabilities';
import { isTemporary, mountOperations } from './root-filesystem';
import { agreeable, isHarmless, planOf, userDecision, type PodPlan } from './run-as';
import { unprivilegedPorts } from './service';
import { hasPodLevel, podGroup, type FixSettings } from './settings';

/** The operations that give a container its user. Containers that agree get it from their pod; `wide`: whether all of them do. */
export function userOperations(container: ContainerView, settings: FixSettings, wide?: boolean): YamlOperation[] {
  const { pod } = container;
  const plan = planOf(pod, settings);
  const podWide = wide ?? plan.podWide;
  const decision = plan.decisions.get(container);
  if (decision?.kind !== 'set') return [];
  const operations: YamlOperation[] = [];
  const put = (level: 'own' | 'pod', name: string, value: number | boolean): void => {
    if (level === 'pod') operations.push(...setInPodContext(pod, [name], value));
    else operations.push(setValue([...container.securityContextPath, name], value));
  };
  const ownUser = ownSetting(container, ['runAsUser'], numberOf);
  const ownFlag = ownSetting(container, ['runAsNonRoot'], booleanOf);
  const podFlag = podSetting(pod, ['runAsNonRoot'], booleanOf);
  if (ownFlag) {
    if (ownFlag.value !== true) put('own', 'runAsNonRoot', true);
  } else if (podFlag?.value !== true) put(podWide && !ownUser ? 'pod' : 'own', 'runAsNonRoot', true);
  if (decision.uid !== null) put(podWide && !ownUser && plan.podUser === decision.uid ? 'pod' : 'own', 'runAsUser', decision.uid);
  if (decision.gid !== null) put(podWide && !ownUser && plan.podGroup === decision.gid ? 'pod' : 'own', 'runAsGroup', decision.gid);
  if (decision.fsGroup !== null) put('pod', 'fsGroup', sharedFsGroup(plan) ?? decision.fsGroup);
  if (decision.lowPort !== null) operations.push(...openLowPorts(pod));
  const image = knownImage(container, settings);
  const profile = image?.profile;
  // paths that belong to root in the image
  if (decision.uid !== null && profile && profile.nonRootInPod !== profile.nonRoot)
    operations.push(...mountOperations(container, settings));
  else if (decision.uid !== null && image?.stage && !image.stage.user)
    operations.push(...mountOperations(container, settings, path => !isTemporary(path)));
  // what the entry point added to change its user is of no use to that user
  const spare = decision.uid !== null && addsForEntryPoint(container, settings) ? capabilities(container, 'add').items : [];
  for (const { name, path } of spare) if (name !== 'NET_BIND_SERVICE') operations.push(removeNode(path, true));
  return operations;
}

/** The group that the volumes of a pod get with the users of its containers; `null` where they need none. */
export function volumeGroup(pod: PodView, settings: FixSettings): number | null {
  return sharedFsGroup(planOf(pod, settings));
}

/** The first group that a container of the pod asks for: there can be only one. */
function sharedFsGroup(plan: PodPlan): number | null {
  for (const decision of plan.decisions.values())
    if (decision.kind === 'set' && decision.noFix === null && decision.fsGroup !== null) return decision.fsGroup;
  return null;
}

/** Lets every user of a pod open ports below 1024, by a sysctl that the restricted level allows. */
export function openLowPorts(pod: PodView): YamlOperation[] {
  const value = { name: unprivilegedPorts, value: '0' };
  const path = [...pod.securityContextPath, 'sysctls'];
  const index = itemsOf(pod.securityContext?.get('sysctls')).find(({ map }) => stringOf(map.get('name')) === unprivilegedPorts)?.index;
  if (index !== undefined) return [setValue([...path, index, 'value'], '0')];
  const context = pod.node.entry('securityContext') ? [] : [setInPod(pod, 'securityContext', {})];
  return [...context, appendItem(path, value)];
}

/** What gives a container its user: what is then said for the pod, that nothing in it runs as root, holds for the others, too, so that they get theirs. */
export function userChange(
  container: ContainerView,
  settings: FixSettings,
): { readonly operations: () => YamlOperation[]; readonly assumes: readonly Assumption[] } {
  const { decisions, along } = planOf(container.pod, settings);
  const changed = runAsNonRoot(container) ? [container] : [...new Set([container, ...along])];
  const assumes = changed.flatMap(each => {
    const changing = decisions.get(each);
    return changing?.kind === 'set' ? changing.assumes : [];
  });
  return { operations: () => changed.flatMap(each => userOperations(each, settings)), assumes };
}

/** How a container that may run as root comes to run as another user. */
export function userRemedy(container: ContainerView, settings: FixSettings): Remedy {
  const decision = userDecision(container, settings);
  if (decision.kind === 'kept') return { fix: null, noFix: null };
  if (decision.kind === 'left') return { fix: null, noFix: decision };
  const group = decision.class === 'review' ? { group: podGroup(container.pod) } : {};
  return {
    fix: { ...userChange(container, settings), class: decision.class, ...group },
    noFix: decision.noFix,
  };
}

/** How a pod stops to make its containers root: what it says for all is set right, or goes where containers have to say it themselves. */
export function podUserRemedy(pod: PodView, settings: FixSettings): Remedy {
  const plan = planOf(pod, settings);
  const concerned = [...plan.decisions].filter(
    ([container, decision]) => decision.kind !== 'kept' || !ownSetting(container, ['runAsUser'], numberOf),
  );
  const stuck = concerned.map(([, decision]) => decision).find(decision => !agreeable(decision));
  if (!hasPodLevel(pod)) return { fix: null, noFix: { reason: 'shared' } };
  if (stuck)
    return { fix: null, noFix: stuck.kind === 'set' ? (stuck.noFix ?? { reason: 'attended' }) : stuck.kind === 'left' ? stuck : null };
  const asked = concerned.map(([, decision]) => decision).find(decision => !isHarmless(decision));
  const operations = (): YamlOperation[] => {
    const all = [...plan.decisions.keys()].flatMap(container => userOperations(container, settings, true));
    const isZero = podSetting(pod, ['runAsUser'], numberOf)?.value === 0;
    if (podSetting(pod, ['runAsNonRoot'], booleanOf)?.value === false) {
      all.push(setValue([...pod.securityContextPath, 'runAsNonRoot'], true));
    }
    if (isZero && plan.podUser === null) all.push(removeNode([...pod.securityContextPath, 'runAsUser']));
    return all;
  };
  const assumes = [...plan.decisions.values()].flatMap(decision => (decision.kind === 'set' ? decision.assumes : []));
  if (asked) return { fix: { operations, class: 'attended', assumes }, noFix: asked.kind === 'set' ? asked.noFix : null };
  return { fix: { operations, class: 'review', assumes, group: podGroup(pod) }, noFix: null };
}
