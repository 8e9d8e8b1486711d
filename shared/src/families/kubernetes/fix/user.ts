import { appendItem, removeNode, setValue, type YamlOperation } from '../../../yaml/operations';
import type { NoFix, Remedy } from '../../../fix/remedy';
import type { Assumption } from '../../../fix/types';
import type { FixClass } from '../../../terms/types';
import type { ImageProfile } from '../../../knowledge/image-profiles';
import { memoize } from '../../../text/memoize';
import { containerName } from '../model/names';
import { sharedNamespace } from '../model/host';
import { booleanOf, itemsOf, mapOf, numberOf, sequenceOf, stringOf } from '../../../yaml/values';
import { capabilities, ownSetting, podSetting, runAsNonRoot, runAsUser } from '../model/security';
import type { ContainerView, MountView, PodView, Setting } from '../model/types';
import type { YamlNode } from '../../../yaml/types';
import { claimTemplates } from './claims';
import { knownImage } from './image';
import { needsRoot, worksOnNode } from './needs-root';
import { setInPod, setInPodContext } from './pod-level';
import { addsForEntryPoint } from './root-capabilities';
import { mountOperations } from './root-filesystem';
import { hasPodLevel, podGroup, type FixSettings } from './settings';
import { runsOnWindows } from './windows';

/** What is to become of the user of a container. */
export type UserDecision =
  /** It is bound to run as another user than root already. */
  | { readonly kind: 'kept' }
  | UserChange
  /** It must or may have to stay root. */
  | ({ readonly kind: 'left' } & NoFix);

/** A container that gets a user. */
export interface UserChange {
  readonly kind: 'set';
  /** `null`: manifest or image name a number other than 0 already. */
  readonly uid: number | null;
  /** The group of its volumes; `null` where they need none. */
  readonly fsGroup: number | null;
  /** A port below 1024 that it listens on; `null`: none. */
  readonly lowPort: number | null;
  readonly class: FixClass;
  readonly assumes: readonly Assumption[];
  /** Why harden leaves it all the same. */
  readonly noFix: NoFix | null;
}

interface PodPlan {
  readonly settings: FixSettings;
  readonly decisions: ReadonlyMap<ContainerView, UserDecision>;
  /** Whether every container will run as another user than root, so that the pod may say so for all. */
  readonly podWide: boolean;
  /** The user that all containers without one of their own share; `null` where they do not. */
  readonly podUser: number | null;
}

/** The plan made last. */
const plans = memoize((_: PodView): { last: PodPlan | null } => ({ last: null }));

function planOf(pod: PodView, settings: FixSettings): PodPlan {
  const plan = plans(pod);
  const known = plan.last;
  if (known && known.settings.defaults === settings.defaults && known.settings.kubernetesMinor === settings.kubernetesMinor) return known;
  const decisions = keepInheritedRoot(
    pod,
    alignVolumeOwners(new Map(pod.containers.map(container => [container, decide(container, settings)]))),
  );
  const podWide = hasPodLevel(pod) && [...decisions.values()].every(isHarmless);
  const inheritors = [...decisions]
    .filter(([container]) => !ownSetting(container, ['runAsUser'], numberOf))
    .map(([, decision]) => decision);
  const uids = new Set(inheritors.map(decision => (decision.kind === 'set' ? decision.uid : null)));
  return (plan.last = { settings, decisions, podWide, podUser: podWide && uids.size === 1 ? [...uids][0]! : null });
}

/** Where the pod itself says root and one of its containers has to stay root, that word stays: those that take it from the pod are root too. */
function keepInheritedRoot(pod: PodView, decisions: ReadonlyMap<ContainerView, UserDecision>): ReadonlyMap<ContainerView, UserDecision> {
  const says = podSetting(pod, ['runAsUser'], numberOf)?.value === 0 || podSetting(pod, ['runAsNonRoot'], booleanOf)?.value === false;
  const inherits = (container: ContainerView): boolean => !ownSetting(container, ['runAsUser'], numberOf);
  if (!says || [...decisions].every(([container, decision]) => isHarmless(decision) || !inherits(container))) return decisions;
  const left: UserDecision = {
    kind: 'left',
    reason: 'needs-root',
    detail: 'its pod sets root for every container, and another one needs it',
  };
  return new Map(
    [...decisions].map(([container, decision]) => [container, decision.kind === 'set' && inherits(container) ? left : decision]),
  );
}

/** A user that is guessed gives way to a known one with whom the container shares a volume: files have one owner. */
function alignVolumeOwners(decisions: ReadonlyMap<ContainerView, UserDecision>): ReadonlyMap<ContainerView, UserDecision> {
  const knownUid = (container: ContainerView, decision: UserDecision): number | null =>
    decision.kind === 'set' && decision.uid !== null ? (isGuess(decision) ? null : decision.uid) : (runAsUser(container)?.value ?? null);
  const owners = [...decisions].flatMap(([container, decision]) => {
    const uid = knownUid(container, decision);
    return uid ? [{ uid, volumes: new Set(container.mounts.map(mount => mount.volume)) }] : [];
  });
  const entries = [...decisions].map(([container, decision]): [ContainerView, UserDecision] => {
    if (decision.kind !== 'set' || !isGuess(decision)) return [container, decision];
    const owner = owners.find(({ volumes }) => container.mounts.some(mount => mount.volume !== null && volumes.has(mount.volume)));
    if (!owner) return [container, decision];
    const { uid } = owner;
    const assumes = decision.assumes.map(each => (each.id === 'guessed-user' ? { ...each, data: { ...each.data, uid } } : each));
    return [container, { ...decision, uid, assumes }];
  });
  return new Map(entries);
}

function isGuess(decision: UserChange): boolean {
  return decision.assumes.some(({ id }) => id === 'guessed-user');
}

/** Whether harden leads the container to another user than root, or it has one. */
function isHarmless(decision: UserDecision): boolean {
  return decision.kind === 'kept' || (decision.kind === 'set' && decision.noFix === null && decision.class !== 'attended');
}

/** What is to become of the user of a container. */
export function userDecision(container: ContainerView, settings: FixSettings): UserDecision {
  return planOf(container.pod, settings).decisions.get(container) ?? { kind: 'kept' };
}

/** Whether the container will not run as root once harden is through, as far as is known. */
export function endsNonRoot(container: ContainerView, settings: FixSettings): boolean {
  return isHarmless(userDecision(container, settings));
}

function decide(container: ContainerView, settings: FixSettings): UserDecision {
  const { pod } = container;
  const user = runAsUser(container);
  const flag = runAsNonRoot(container);
  if (flag?.value === true && user?.value !== 0) return { kind: 'kept' };
  if (runsOnWindows(pod)) return { kind: 'left', reason: 'windows' };
  const plain = { kind: 'set', uid: null, fsGroup: null, lowPort: null, assumes: [], noFix: null } as const;
  if (user?.value) return { ...plain, class: 'safe' };
  const needed = needsRoot(container);
  if (needed !== null) return { kind: 'left', reason: 'needs-root', detail: needed };
  const explicit = user?.value === 0 || flag?.value === false;
  if (explicit && (container.kind === 'init' || container.kind === 'sidecar')) {
    return { kind: 'left', reason: 'needs-root', detail: 'it prepares the pod as root' };
  }
  const image = knownImage(container);
  const profile = image?.profile ?? null;
  const own = profile?.defaultUser ?? null;
  if (own?.uid && user === null)
    return { ...plain, uid: own.numeric === true ? null : own.uid, class: 'review', assumes: image?.assumes ?? [] };
  if (profile?.nonRootInPod === 'already' && !own?.uid)
    return { kind: 'left', reason: 'unknown-image', detail: 'the UID of its user is not known' };
  if (profile?.nonRootInPod === 'unknown') return { kind: 'left', reason: 'unknown-image' };
  if (profile?.nonRootInPod === 'needs-root-or-replacement' || profile?.nonRootInPod === 'needs-replacement') {
    const [replacement] = profile.unprivilegedReplacement;
    return {
      kind: 'left',
      reason: 'needs-root',
      detail: replacement === undefined ? 'its image starts as root' : `its image starts as root; ${replacement} does not`,
    };
  }
  return change(container, profile, explicit, settings);
}

function change(container: ContainerView, profile: ImageProfile | null, explicit: boolean, settings: FixSettings): UserDecision {
  const { pod } = container;
  const known = profile?.runAs.uid || profile?.defaultUser?.uid || null;
  const uid = known ?? settings.defaults.uid;
  const lowPort = findLowPort(container, profile);
  if (lowPort !== null && (sharedNamespace(pod, 'hostNetwork') || settings.kubernetesMinor < 22 || !hasPodLevel(pod))) {
    return { kind: 'left', reason: 'needs-root', detail: `it listens on port ${lowPort}` };
  }
  const wanted = profile?.runAs.fsGroup || profile?.runAs.gid || (known ?? settings.defaults.gid);
  const fsGroup =
    hasPodLevel(pod) && !podSetting(pod, ['fsGroup'], numberOf)?.value && container.mounts.some(mount => needsGroup(pod, mount))
      ? wanted
      : null;
  const node = worksOnNode(container);
  const name = containerName(container);
  const assumes: Assumption[] = [...(knownImage(container)?.assumes ?? [])];
  if (known === null && profile?.nonRootInPod !== 'set-user') assumes.push({ id: 'guessed-user', data: { container: name, uid } });
  if (explicit && !profile) assumes.push({ id: 'explicit-root', data: { container: name } });
  if (fsGroup !== null) assumes.push({ id: 'volume-group', data: { container: name, gid: fsGroup } });
  if (lowPort !== null) assumes.push({ id: 'low-port', data: { container: name, port: lowPort } });
  const noFix: NoFix | null = node === null ? null : { reason: 'needs-root', detail: node };
  return { kind: 'set', uid, fsGroup, lowPort, class: node === null ? 'review' : 'attended', assumes, noFix };
}

/** A port below 1024, which only root may open unless the pod says otherwise. */
function findLowPort(container: ContainerView, profile: ImageProfile | null): number | null {
  const { pod, ports } = container;
  const low = ports.map(port => port.containerPort).find(port => port !== null && port > 0 && port < 1024) ?? null;
  const port = low ?? (ports.length === 0 ? (profile?.portsBelow1024[0] ?? null) : null);
  if (port === null) return null;
  const sysctl = itemsOf(pod.securityContext?.get('sysctls')).find(({ map }) => stringOf(map.get('name')) === unprivilegedPorts);
  return sysctl && Number(stringOf(sysctl.map.get('value'))) <= port ? null : port;
}

const unprivilegedPorts = 'net.ipv4.ip_unprivileged_port_start';

/** Volumes whose files come with owners of their own. */
const storage = new Set([
  'persistentVolumeClaim',
  'ephemeral',
  'csi',
  'flexVolume',
  'awsElasticBlockStore',
  'azureDisk',
  'gcePersistentDisk',
  'cinder',
  'iscsi',
  'fc',
  'rbd',
]);

/** Whether a mount holds files that another user than root may not be able to use without a group. */
function needsGroup(pod: PodView, mount: MountView): boolean {
  const volume = pod.volumes.find(({ name }) => name === mount.volume);
  if (!volume) return claimTemplates(pod).includes(mount.volume ?? '') && !mount.readOnly;
  if (volume.type !== null && storage.has(volume.type)) return !mount.readOnly;
  if (volume.type !== 'secret' && volume.type !== 'configMap' && volume.type !== 'projected') return false;
  const mode = stringOf(mapOf(volume.source)?.get('defaultMode'));
  return mode !== null && (Number.parseInt(mode, /^0o?\d/.test(mode) ? 8 : 10) & 0o004) === 0;
}

/** The operations that give a container its user. Containers that agree get it from their pod. */
export function userOperations(container: ContainerView, settings: FixSettings): YamlOperation[] {
  const { pod } = container;
  const plan = planOf(pod, settings);
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
  } else if (podFlag?.value !== true) put(plan.podWide && !ownUser ? 'pod' : 'own', 'runAsNonRoot', true);
  if (decision.uid !== null) put(!ownUser && plan.podUser === decision.uid ? 'pod' : 'own', 'runAsUser', decision.uid);
  if (decision.fsGroup !== null) put('pod', 'fsGroup', sharedFsGroup(plan) ?? decision.fsGroup);
  if (decision.lowPort !== null) operations.push(...openLowPorts(pod));
  const profile = knownImage(container)?.profile;
  // paths that belong to root in the image
  if (decision.uid !== null && profile && profile.nonRootInPod !== profile.nonRoot)
    operations.push(...mountOperations(container, settings));
  // what the entry point added to change its user is of no use to that user
  const spare = decision.uid !== null && addsForEntryPoint(container) ? capabilities(container, 'add').items : [];
  for (const { name, path } of spare) if (name !== 'NET_BIND_SERVICE') operations.push(removeNode(path, true));
  return operations;
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

/** How a container that may run as root comes to run as another user. */
export function userRemedy(container: ContainerView, settings: FixSettings): Remedy {
  const decision = userDecision(container, settings);
  if (decision.kind === 'kept') return { fix: null, noFix: null };
  if (decision.kind === 'left') return { fix: null, noFix: decision };
  const group = decision.class === 'review' ? { group: podGroup(container.pod) } : {};
  return {
    fix: { operations: () => userOperations(container, settings), class: decision.class, assumes: decision.assumes, ...group },
    noFix: decision.noFix,
  };
}

/** How a pod stops to make its containers root: what it says for all is set right, or goes where containers have to say it themselves. */
export function podUserRemedy(pod: PodView, settings: FixSettings): Remedy {
  const plan = planOf(pod, settings);
  const concerned = [...plan.decisions].filter(
    ([container, decision]) => decision.kind !== 'kept' || !ownSetting(container, ['runAsUser'], numberOf),
  );
  const stuck = concerned.map(([, decision]) => decision).find(decision => !isHarmless(decision));
  if (!hasPodLevel(pod)) return { fix: null, noFix: { reason: 'shared' } };
  if (stuck)
    return { fix: null, noFix: stuck.kind === 'set' ? (stuck.noFix ?? { reason: 'attended' }) : stuck.kind === 'left' ? stuck : null };
  const operations = (): YamlOperation[] => {
    const all = [...plan.decisions.keys()].flatMap(container => userOperations(container, settings));
    const isZero = podSetting(pod, ['runAsUser'], numberOf)?.value === 0;
    if (podSetting(pod, ['runAsNonRoot'], booleanOf)?.value === false) {
      all.push(setValue([...pod.securityContextPath, 'runAsNonRoot'], true));
    }
    if (isZero && plan.podUser === null) all.push(removeNode([...pod.securityContextPath, 'runAsUser']));
    return all;
  };
  const assumes = [...plan.decisions.values()].flatMap(decision => (decision.kind === 'set' ? decision.assumes : []));
  return { fix: { operations, class: 'review', assumes, group: podGroup(pod) }, noFix: null };
}

/** How a group 0 goes. */
export function groupRemedy({ path }: Pick<Setting<unknown>, 'path'>): Remedy {
  return { fix: { operations: () => [removeNode(path, true)] }, noFix: null };
}

/** Where a pod gives group 0 to all of its containers, with how that is mended. */
export function rootGroups(
  pod: PodView,
  settings: FixSettings,
): readonly { readonly field: string; readonly node: YamlNode; readonly remedy: Remedy }[] {
  const found: { field: string; node: YamlNode; remedy: Remedy }[] = [];
  const group = podSetting(pod, ['runAsGroup'], numberOf);
  if (group?.value === 0) found.push({ field: 'runAsGroup', node: group.node, remedy: groupRemedy(group) });
  const volumes = podSetting(pod, ['fsGroup'], numberOf);
  if (volumes?.value === 0) {
    const wanted = sharedFsGroup(planOf(pod, settings));
    const set: Remedy = {
      fix: { operations: () => [setValue(volumes.path, wanted)], group: podGroup(pod) },
      noFix: null,
    };
    found.push({ field: 'fsGroup', node: volumes.node, remedy: wanted === null ? groupRemedy(volumes) : set });
  }
  const path = [...pod.securityContextPath, 'supplementalGroups'];
  sequenceOf(pod.securityContext?.get('supplementalGroups'))?.items.forEach((item, index) => {
    if (item && numberOf(item) === 0)
      found.push({ field: 'supplementalGroups', node: item, remedy: groupRemedy({ path: [...path, index] }) });
  });
  return found;
}
