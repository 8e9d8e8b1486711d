import { readDocument } from '../../../families/kubernetes/objects';
import type { ContainerView, KubernetesObject, PodView, VolumeView } from '../../../families/kubernetes/model/types';
import { manifestDialect } from '../../../families/family/manifest-dialect';
import { baseName } from '../../../workspace/source/names';
import { parseStream } from '../../../syntax/yaml/parse';
import { mayChange } from '../../../syntax/yaml/certainty';
import type { YamlNode } from '../../../syntax/yaml/types';
import { booleanOf, mapOf, numberOf, resolve, sequenceOf, stringOf, stringsOf, type StringMap } from '../../../syntax/yaml/values';
import { shift, type Range } from '../../../base/text/range';
import type { CannotReason } from '../contract';
import { addGroup, cannot, createDraft, refuse, type Draft } from './draft';
import { readContainer } from './pod-container';
import { createSubstitutes } from './substitutes';
import { subjectOf } from './subject-of';
import type { SubjectAnswer, SubjectReader, SubjectRequest } from './types';

/** A container that a trial may be about. */
interface Candidate {
  readonly container: ContainerView;
  readonly base: number;
  /** `web/app`: of the object and of the container. */
  readonly name: string;
}

/** Containers of pods. The others of the pod are started before: all share one network. */
export const podSubjects: SubjectReader = {
  names: (path, text) => candidatesIn(path, text).map(({ name }) => name),
  read: readPod,
};

function objectsIn(path: string, text: string): readonly { readonly object: KubernetesObject; readonly base: number }[] {
  const dialect = manifestDialect({
    path,
    stem: baseName(path)
      .toLowerCase()
      .replace(/\.(?:ya?ml|json)$/, ''),
    text,
  });
  return parseStream(text, new Map()).flatMap(({ document, base }) =>
    readDocument(document, dialect).objects.map(object => ({ object, base })),
  );
}

function candidatesIn(path: string, text: string): readonly Candidate[] {
  return objectsIn(path, text).flatMap(({ object: { name, pods }, base }) =>
    pods.flatMap(({ containers }) =>
      containers
        .filter(({ kind }) => kind === 'app')
        .map(container => ({ container, base, name: `${name ?? ''}/${container.name ?? ''}` })),
    ),
  );
}

/** What the ConfigMaps of the file hold that are of one namespace. */
function settingsIn(path: string, text: string, namespace: string | null): ReadonlyMap<string, StringMap> {
  const maps = objectsIn(path, text).filter(
    ({ object }) => object.kind === 'ConfigMap' && object.group === '' && object.namespace === namespace,
  );
  return new Map(maps.flatMap(({ object: { name, node } }) => (name === null ? [] : [[name, stringsOf(node.get('data'))] as const])));
}

/** A candidate by its whole name, or by that of its container or its object where no other has it. */
function chosenOf(candidates: readonly Candidate[], name: string | null): Candidate | null {
  if (name === null) return candidates.length === 1 ? candidates[0]! : null;
  const exact = candidates.find(one => one.name === name);
  const alike = candidates.filter(one => one.name.split('/').includes(name));
  return exact ?? (alike.length === 1 ? alike[0]! : null);
}

function readPod({ path, text, name, random }: SubjectRequest): SubjectAnswer {
  const chosen = chosenOf(candidatesIn(path, text), name);
  if (!chosen) return [cannot('not-here', name ?? path, null)];
  const { container, base } = chosen;
  const { pod } = container;
  const substitutes = createSubstitutes(random);
  const place = (node: YamlNode | null | undefined): Range | null => (node ? shift(node.range, base) : null);
  const settings = settingsIn(path, text, pod.object.namespace);
  const others = pod.containers.filter(one => one !== container && (one.kind === 'app' || one.kind === 'sidecar'));
  const drafts = [...others.filter(({ kind }) => kind === 'sidecar'), ...others.filter(({ kind }) => kind === 'app'), container].map(
    one => {
      const draft = createDraft(one.name ?? '', substitutes, shift(one.reportRange, base));
      readContainer(one, { draft, place, volumes: volumesOf(pod), settings });
      return draft;
    },
  );
  const subject = drafts.at(-1)!;
  readSpec(pod, subject, place);
  const group = numberOf(mapOf(pod.node.get('securityContext'))?.get('fsGroup'));
  for (const draft of drafts) takePodSecurity(pod, draft, place);
  shareNothing(pod, subject, place);
  return subjectOf({ family: 'kubernetes', path, platform: 'pod', volumeGroup: group, drafts });
}

function volumesOf({ volumes }: PodView): ReadonlyMap<string, VolumeView> {
  return new Map(volumes.flatMap(volume => (volume.name === null ? [] : [[volume.name, volume] as const])));
}

type Place = (node: YamlNode | null | undefined) => Range | null;

/** Fields of a pod that a trial leaves out on purpose: what is of the node, of the cluster, or of its accounts. */
const leftOut = new Set(
  (
    'activeDeadlineSeconds affinity automountServiceAccountToken dnsConfig dnsPolicy enableServiceLinks hostAliases hostname imagePullSecrets nodeName nodeSelector ' +
    'overhead preemptionPolicy priority priorityClassName readinessGates resources restartPolicy schedulerName schedulingGates serviceAccount serviceAccountName ' +
    'setHostnameAsFQDN subdomain tolerations topologySpreadConstraints'
  ).split(' '),
);
/** Fields that are read here or with the containers. */
const taken = new Set('containers volumes securityContext terminationGracePeriodSeconds'.split(' '));
/** Refused where they are switched on. */
const switches: Readonly<Record<string, CannotReason>> = {
  hostNetwork: 'needs-host',
  hostPID: 'needs-host',
  hostIPC: 'needs-host',
  shareProcessNamespace: 'unclear',
};
const refused: Readonly<Record<string, CannotReason>> = {
  runtimeClassName: 'needs-host',
  resourceClaims: 'needs-host',
};

function readSpec({ node, object, isWindows, flavor, complete, containers }: PodView, draft: Draft, place: Place): void {
  if (object.document.templated || object.foreign) return refuse(draft, 'unclear', '{{ }}');
  if (object.document.problems.length > 0) return refuse(draft, 'unclear', 'syntax', place(node));
  if (!complete || object.fragment || flavor !== 'core') refuse(draft, 'unclear', object.kind, shiftedTo(object, place));
  if (isWindows) refuse(draft, 'engine', 'windows', place(node.get('os')));
  for (const { name, value } of node.members()) {
    const at = resolve(value);
    if (at === null || (at.kind === 'scalar' && at.value === null) || taken.has(name)) continue;
    if (leftOut.has(name)) draft.leftOut.add(name);
    else if (Object.hasOwn(switches, name)) {
      if (booleanOf(at) !== false) refuse(draft, switches[name]!, name, place(value));
    } else if (name === 'hostUsers' || name === 'os') continue;
    else if (name === 'initContainers') {
      // they would have to end first, and what they leave in volumes be kept
      if (containers.some(({ kind }) => kind === 'init')) refuse(draft, 'unclear', name, place(value));
    } else refuse(draft, Object.hasOwn(refused, name) ? refused[name]! : 'unclear', name, place(value));
  }
  draft.stopGrace = numberOf(node.get('terminationGracePeriodSeconds')) ?? 30;
}

function shiftedTo({ node, kindNode }: KubernetesObject, place: Place): Range | null {
  return place(kindNode ?? node);
}

const podSecurity = new Set(
  'runAsUser runAsGroup runAsNonRoot fsGroup fsGroupChangePolicy supplementalGroups supplementalGroupsPolicy seccompProfile appArmorProfile'.split(
    ' ',
  ),
);

/** What the security context of a pod says of each of its containers; what a container inherits is read with it. */
function takePodSecurity({ securityContext }: PodView, draft: Draft, place: Place): void {
  for (const { name, value } of securityContext?.members() ?? []) {
    const at = resolve(value);
    if (at === null || (at.kind === 'scalar' && at.value === null)) continue;
    const isEmpty = at.kind === 'sequence' && at.items.length === 0;
    if (mayChange(value)) refuse(draft, 'unclear', name, place(value));
    else if (!podSecurity.has(name) && !isEmpty) refuse(draft, 'needs-host', name, place(value));
  }
  const group = securityContext?.get('fsGroup');
  if (group && stringOf(group) !== null) {
    if (numberOf(group) === null) refuse(draft, 'unclear', 'fsGroup', place(group));
    else addGroup(draft, String(numberOf(group)), place(group));
  }
  for (const item of sequenceOf(securityContext?.get('supplementalGroups'))?.items ?? [])
    addGroup(draft, stringOf(item) ?? '', place(item));
}

/** A volume that two containers mount would have to be one: memory is each container's own. */
function shareNothing({ containers }: PodView, draft: Draft, place: Place): void {
  const owners = new Map<string, ContainerView>();
  for (const container of containers)
    for (const { volume, node } of container.mounts) {
      if (volume === null) continue;
      const other = owners.get(volume);
      if (other) refuse(draft, 'unclear', `volume ${volume} (${[other.name, container.name].join(', ')})`, place(node));
      owners.set(volume, container);
    }
}
