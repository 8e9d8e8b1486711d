import { doubtAgainst } from '../../../evidence/evidence';
import { imageUser } from '../../../evidence/known-image';
import type { KnownImage } from '../../../evidence/service';
import type { RunAsUser } from '../../../evidence/user';
import { reason, type Reason } from '../../../base/terms/evidence';
import type { NoFix } from '../../../rule/fix/remedy';
import type { Assumption } from '../../../rule/fix/types';
import type { FixClass } from '../../../base/terms/types';
import { memoize } from '../../../base/text/memoize';
import { fileUid } from '../../../knowledge/image-facts';
import { containerName } from '../model/names';
import { sharedNamespace } from '../model/host';
import { booleanOf, mapOf, numberOf, stringOf } from '../../../syntax/yaml/values';
import { ownSetting, podSetting, runAsGroup, runAsNonRoot, runAsUser } from '../model/security';
import type { ContainerView, MountView, PodView } from '../model/types';
import { provedBy } from '../../../rule/fix/proved';
import { claimTemplates } from './claims';
import { imageAssumptions, knownImage } from './image';
import { worksOnNode } from '../model/on-node';
import { evidenceFor, lowPortOf, serviceOf } from './service';
import { hasPodLevel, type FixSettings } from './settings';
import { groupStorage } from './storage';
import { runsOnWindows } from './windows';
import { volumeNamed } from '../model/volumes';

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
  /** The group that goes with the number; `null`: that of the image, or of the manifest. */
  readonly gid: number | null;
  /** The group of its volumes; `null` where they need none. */
  readonly fsGroup: number | null;
  /** A port below 1024 that it listens on; `null`: none. */
  readonly lowPort: number | null;
  readonly class: FixClass;
  readonly assumes: readonly Assumption[];
  /** Why harden leaves it all the same. */
  readonly noFix: NoFix | null;
  /** Whether nothing speaks for the number. */
  readonly guessed: boolean;
}

/** What is to become of the users of a pod. */
export interface PodPlan {
  readonly settings: FixSettings;
  readonly decisions: ReadonlyMap<ContainerView, UserDecision>;
  /** Whether every container will run as another user than root, so that the pod may say so for all, the shared numbers included. */
  readonly podWide: boolean;
  /** The user that all containers without one of their own share; `null` where they do not. */
  readonly podUser: number | null;
  /** The same of their group. */
  readonly podGroup: number | null;
  /** The containers that change with what the pod says for all: without a number of their own, or the group of their volumes, they would not start or write any more. */
  readonly along: readonly ContainerView[];
}

/** A pod with more such containers has it said in each of them: the fix of each would change all. */
const mostAlong = 8;

/** The plan made last. */
const plans = memoize((_: PodView): { last: PodPlan | null } => ({ last: null }));

/** Decides for all containers of a pod at once: they share volumes, and what the pod says for all. */
export function planOf(pod: PodView, settings: FixSettings): PodPlan {
  const plan = plans(pod);
  const known = plan.last;
  if (
    known &&
    known.settings.defaults === settings.defaults &&
    known.settings.kubernetesMinor === settings.kubernetesMinor &&
    known.settings.workspace === settings.workspace
  )
    return known;
  const decisions = keepInheritedRoot(
    pod,
    alignVolumeOwners(new Map(pod.containers.map(container => [container, decide(container, settings)]))),
  );
  const all = [...decisions.values()];
  // who agrees to the fix of the only container agrees for its pod
  const agrees = hasPodLevel(pod) && (all.every(isHarmless) || (all.length === 1 && all.every(agreeable)));
  const inheritors = [...decisions]
    .filter(([container]) => !ownSetting(container, ['runAsUser'], numberOf))
    .map(([, decision]) => decision);
  const shared = (field: 'uid' | 'gid'): number | null => {
    const numbers = new Set(inheritors.map(decision => (decision.kind === 'set' ? decision[field] : null)));
    return numbers.size === 1 ? [...numbers][0]! : null;
  };
  const podUser = shared('uid');
  const along = [...decisions].flatMap(([container, decision]) => {
    if (decision.kind !== 'set') return [];
    const isNumbered = podUser === null && decision.uid !== null && !ownSetting(container, ['runAsNonRoot'], booleanOf);
    return isNumbered || decision.fsGroup !== null ? [container] : [];
  });
  const podWide = agrees && along.length <= mostAlong;
  return (plan.last = { settings, decisions, podWide, podUser, podGroup: shared('gid'), along: podWide ? along : [] });
}

/** Where the pod itself says root and one of its containers has to stay root, that word stays: those that take it from the pod are root too. */
function keepInheritedRoot(pod: PodView, decisions: ReadonlyMap<ContainerView, UserDecision>): ReadonlyMap<ContainerView, UserDecision> {
  const says = podSetting(pod, ['runAsUser'], numberOf)?.value === 0 || podSetting(pod, ['runAsNonRoot'], booleanOf)?.value === false;
  const inherits = (container: ContainerView): boolean => !ownSetting(container, ['runAsUser'], numberOf);
  if (!says || [...decisions].every(([container, decision]) => isHarmless(decision) || !inherits(container))) return decisions;
  const needed = [...decisions].some(([container, decision]) => !agreeable(decision) && inherits(container));
  const left: UserDecision = {
    kind: 'left',
    reason: 'needs-root',
    detail: reason(needed ? 'pod-needs-root' : 'pod-may-need-root'),
  };
  const gives = (decision: UserDecision): boolean => decision.kind === 'set' && (needed || isHarmless(decision));
  return new Map([...decisions].map(([container, decision]) => [container, gives(decision) && inherits(container) ? left : decision]));
}

/** A user that is guessed gives way to a known one with whom the container shares a volume: files have one owner. */
function alignVolumeOwners(decisions: ReadonlyMap<ContainerView, UserDecision>): ReadonlyMap<ContainerView, UserDecision> {
  const knownUid = (container: ContainerView, decision: UserDecision): number | null =>
    decision.kind === 'set' && decision.uid !== null ? (decision.guessed ? null : decision.uid) : (runAsUser(container)?.value ?? null);
  const owners = [...decisions].flatMap(([container, decision]) => {
    const uid = knownUid(container, decision);
    return uid
      ? [{ uid, gid: decision.kind === 'set' ? decision.gid : null, volumes: new Set(container.mounts.map(mount => mount.volume)) }]
      : [];
  });
  const entries = [...decisions].map(([container, decision]): [ContainerView, UserDecision] => {
    if (decision.kind !== 'set' || !decision.guessed) return [container, decision];
    const owner = owners.find(({ volumes }) => container.mounts.some(mount => mount.volume !== null && volumes.has(mount.volume)));
    if (!owner) return [container, decision];
    const { uid } = owner;
    const gid = decision.gid === null ? null : (owner.gid ?? uid);
    const assumes = decision.assumes.map(each => (each.data && 'uid' in each.data ? { ...each, data: { ...each.data, uid } } : each));
    return [container, { ...decision, uid, gid, assumes }];
  });
  return new Map(entries);
}

/** Whether harden leads the container to another user than root, or it has one. */
export function isHarmless(decision: UserDecision): boolean {
  return decision.kind === 'kept' || (decision.kind === 'set' && decision.noFix === null && decision.class !== 'attended');
}

/** Whether a container gets a user where a person agrees, or without that. */
export function agreeable(decision: UserDecision): boolean {
  return isHarmless(decision) || (decision.kind === 'set' && decision.noFix?.reason === 'attended');
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
  const user = runAsUser(container);
  const flag = runAsNonRoot(container);
  if (flag?.value === true && user?.value !== 0) return { kind: 'kept' };
  if (runsOnWindows(container.pod)) return { kind: 'left', reason: 'windows' };
  if (user?.value) return { ...plain, class: 'safe' };
  const {
    needsRoot: [needed],
    known,
  } = serviceOf(container, settings);
  const evidence = evidenceFor(container, settings);
  const proved = provedBy(evidence, 'user');
  if (needed && proved === null) return { kind: 'left', reason: 'needs-root', detail: needed.reason };
  const attended = doubtAgainst(evidence, 'user');
  const explicit = user?.value === 0 || flag?.value === false;
  if (proved !== null && evidence.user.kind === 'user')
    return change(container, evidence.user.user, { explicit, attended, proved }, settings);
  const own = imageUser(known);
  const served = own?.uid === null && own.name !== null ? fileUid(known.facts, own.name) : null;
  const claimed = own?.uid === null && known.stage === null ? (served ?? known.facts?.claimedUid ?? null) : null;
  if (own && claimed !== null) {
    const why = reason('uid-claimed', { user: own.name ?? '', uid: claimed });
    return change(container, { origin: 'named', name: own.name, uid: claimed, gid: own.gid }, { explicit, attended: why }, settings);
  }
  if (own && own.uid !== 0 && (known.stage?.user || own.uid !== null)) {
    if (own.uid === null) return { kind: 'left', reason: 'unknown-image', detail: unknownUid(own.name) };
    // the image may be older than what its Dockerfile says by now
    if (known.stage?.user)
      return change(container, { origin: 'named', name: own.name, uid: own.uid, gid: own.gid }, { explicit, attended }, settings);
    if (user === null && known.guess === null)
      return { ...plain, uid: own.numeric === true ? null : own.uid, class: 'review', assumes: imageAssumptions(container, known) };
  }
  const { user: runAs } = evidence;
  if (runAs.kind === 'root') return { kind: 'left', reason: 'needs-root', detail: runAs.why };
  // as whom it starts is known then, and not what it needs
  const unknown = known.facts === null ? 'unknown-image' : 'needs-input';
  if (runAs.kind === 'unknown') return { kind: 'left', reason: unknown, ...(runAs.why !== null && { detail: runAs.why }) };
  return change(container, own?.uid ? { ...runAs.user, uid: own.uid, gid: null } : runAs.user, { explicit, attended }, settings);
}

function unknownUid(user: string | null): Reason {
  return user === null ? reason('uid-unknown') : reason('uid-of-user-unknown', { user });
}

const plain = { kind: 'set', uid: null, gid: null, fsGroup: null, lowPort: null, assumes: [], noFix: null, guessed: false } as const;

function change(
  container: ContainerView,
  chosen: RunAsUser,
  {
    explicit,
    attended,
    proved = null,
  }: { readonly explicit: boolean; readonly attended: Reason | null; readonly proved?: readonly Assumption[] | null },
  settings: FixSettings,
): UserDecision {
  const { pod } = container;
  const { defaults } = settings;
  if (chosen.origin !== 'any' && chosen.uid === null) return { kind: 'left', reason: 'unknown-image', detail: unknownUid(chosen.name) };
  const image = knownImage(container, settings);
  const lowPort = lowPortOf(container, settings);
  const profile = image?.profile ?? null;
  const uid = chosen.uid ?? defaults.uid;
  // a number of which the image has no entry would come with the group of root; Knative refuses to be told one
  const gid = runAsGroup(container) || pod.flavor === 'knative' ? null : chosen.origin === 'any' ? defaults.gid : chosen.gid;
  if (lowPort !== null && (sharedNamespace(pod, 'hostNetwork') || settings.kubernetesMinor < 22 || !hasPodLevel(pod))) {
    return { kind: 'left', reason: 'needs-root', detail: reason('listens-low', { port: lowPort }) };
  }
  const wanted = (image?.stage ? null : profile?.runAs.fsGroup || profile?.runAs.gid) || (chosen.gid ?? chosen.uid ?? defaults.gid);
  const grouped = container.mounts.some(mount => needsGroup(pod, mount)) || mayGainVolume(container, image, settings);
  const fsGroup = hasPodLevel(pod) && !podSetting(pod, ['fsGroup'], numberOf)?.value && grouped ? wanted : null;
  const node = worksOnNode(container);
  const name = containerName(container);
  const guessed = chosen.origin === 'any' && profile?.nonRootInPod !== 'set-user';
  const assumes: Assumption[] = [...imageAssumptions(container, image), ...(proved ?? [])];
  if (!proved && image?.stage && !image.stage.user)
    assumes.push({ id: 'planned-user', data: { container: name, uid, path: image.stage.path } });
  else if (guessed) assumes.push(guess(container, image, uid));
  if (explicit && image === null && !proved) assumes.push({ id: 'explicit-root', data: { container: name } });
  if (fsGroup !== null) assumes.push({ id: 'volume-group', data: { container: name, gid: fsGroup } });
  if (node === null && attended !== null)
    assumes.push({ id: 'other-user', data: { container: name, uid, seen: attended }, evidence: true });
  if (lowPort !== null) assumes.push({ id: 'low-port', data: { container: name, port: lowPort } });
  const noFix: NoFix | null =
    node !== null ? { reason: 'needs-root', detail: node } : attended !== null ? { reason: 'attended', detail: attended } : null;
  return { kind: 'set', uid, gid, fsGroup, lowPort, class: noFix === null ? 'review' : 'attended', assumes, noFix, guessed };
}

/** Whether a patch may lay a claim over what a container writes: an overlay of kustomize has the volumes that its base has not. */
function mayGainVolume(container: ContainerView, image: KnownImage | null, settings: FixSettings): boolean {
  if (!settings.workspace.kustomizes(settings.path, 'changes')) return false;
  return (image?.profile?.volumes ?? []).length > 0 || (image?.stage != null && writesByProgram(container, settings));
}

const writesByProgram = (container: ContainerView, settings: FixSettings): boolean =>
  evidenceFor(container, settings).writes.some(({ witness }) => witness === 'program');

/** What is taken for granted with a number that nothing speaks for. */
function guess(container: ContainerView, image: KnownImage | null, uid: number): Assumption {
  const data = { container: containerName(container), uid };
  return image?.profile ? { id: 'any-user', data: { ...data, image: image.profile.name } } : { id: 'guessed-user', data };
}

/** Whether a mount holds files that another user than root may not be able to use without a group. */
function needsGroup(pod: PodView, mount: MountView): boolean {
  const volume = volumeNamed(pod, mount.volume);
  if (!volume) return claimTemplates(pod).includes(mount.volume ?? '') && !mount.readOnly;
  if (volume.type !== null && groupStorage.has(volume.type)) return !mount.readOnly;
  if (volume.type !== 'secret' && volume.type !== 'configMap' && volume.type !== 'projected') return false;
  const mode = stringOf(mapOf(volume.source)?.get('defaultMode'));
  return mode !== null && (Number.parseInt(mode, /^0o?\d/.test(mode) ? 8 : 10) & 0o004) === 0;
}
