import {
  capabilitiesFact,
  type Effective,
  type EffectiveFact,
  type EffectivePhrase,
  fact,
  givenCapabilities,
  inOrder,
  origins,
  phrase,
  userOfImage,
  writesFact,
} from '../../../evidence/effective';
import type { Service } from '../../../evidence/service';
import { booleanOf, numberOf, resolve, sequenceOf } from '../../../syntax/yaml/values';
import { mayChange } from '../../../syntax/yaml/certainty';
import type { WorkspaceIndex } from '../../../workspace/types';
import { sharedNamespace } from './host';
import { evaluatePss } from './pss';
import { capabilities, containerFlag, podSetting, resource, runAsGroup, runAsUser, seccompType } from './security';
import type { ContainerView, PodView, Setting } from './types';
import { volumeNamed } from './volumes';

/** What a container of a pod is once it runs: its own settings, those of its pod, its image, and the defaults. */
export function effectiveOf(container: ContainerView, service: Service, workspace: WorkspaceIndex, minor: number): Effective {
  const { pod, image } = container;
  const isPrivileged = containerFlag(container, 'privileged')?.value === true;
  const user = userFact(container, service);
  const readOnly = containerFlag(container, 'readOnlyRootFilesystem')?.value === true;
  const escalates = containerFlag(container, 'allowPrivilegeEscalation');
  const names = (which: 'add' | 'drop'): readonly string[] => capabilities(container, which).items.map(({ name }) => name);
  const level = levelOf(pod, minor);
  const facts: EffectiveFact[] = [
    level.fact,
    ...(image ? [fact('image', image.text, origins.file)] : []),
    user.fact,
    groupsFact(container),
    capabilitiesFact(givenCapabilities.docker, { add: names('add'), drop: names('drop'), isPrivileged, uid: user.uid }),
    escalates?.value === false
      ? fact('escalation', phrase('noEscalation'), origins.file)
      : fact('escalation', phrase('escalates'), escalates ? origins.file : origins.none),
    seccompFact(container, isPrivileged),
    readOnly ? fact('root', phrase('readOnly'), origins.file) : fact('root', phrase('writable'), origins.none),
    ...writesFact(service, workspace),
    ...mountsFact(container),
    ...(isPrivileged ? [fact('devices', phrase('allDevices'), origins.file)] : []),
    ...portsFact(container),
    sharedNamespace(pod, 'hostNetwork')
      ? fact('network', phrase('hostNetwork'), origins.pod)
      : fact('network', phrase('podNetwork'), origins.none),
    ...namespacesFact(pod),
    tokenFact(pod, workspace),
    limitsFact(container),
  ];
  return { name: service.trial?.name ?? container.name ?? '', range: container.reportRange, level: level.level, facts: inOrder(facts) };
}

const fromOf = ({ from }: Setting<unknown>): EffectivePhrase => (from === 'pod' ? origins.pod : origins.file);

function userFact(container: ContainerView, service: Service): ReturnType<typeof userOfImage> {
  const set = runAsUser(container);
  if (!set) return userOfImage(service);
  const value = set.unknown || set.value === null ? phrase('unknown') : set.value === 0 ? '0 (root)' : String(set.value);
  return { fact: fact('user', value, fromOf(set)), uid: set.unknown ? null : set.value };
}

function groupsFact(container: ContainerView): EffectiveFact {
  const group = runAsGroup(container);
  const ofPod = podSetting(container.pod, ['fsGroup'], numberOf);
  const more = sequenceOf(container.pod.securityContext?.get('supplementalGroups'))?.items.flatMap(item => numberOf(item) ?? []) ?? [];
  const first = group?.value == null ? [phrase('imageGroups')] : [String(group.value)];
  const all = [...first, ...(ofPod?.value == null ? [] : [`fsGroup ${ofPod.value}`]), ...more.map(String)];
  return fact('groups', all, group ? fromOf(group) : all.length > 1 ? origins.pod : origins.none);
}

function seccompFact(container: ContainerView, isPrivileged: boolean): EffectiveFact {
  const set = seccompType(container);
  if (isPrivileged || set?.value === 'Unconfined') return fact('seccomp', phrase('unconfined'), origins.file);
  return set?.value ? fact('seccomp', set.value, fromOf(set)) : fact('seccomp', phrase('kubeletSeccomp'), origins.none);
}

function mountsFact({ pod, mounts }: ContainerView): readonly EffectiveFact[] {
  const all = mounts.map(({ mountPath, volume, readOnly }) => {
    const found = volumeNamed(pod, volume);
    const source = found?.type === 'hostPath' ? hostPathOf(found.source) : null;
    return `${mountPath ?? '?'} <- ${[found?.type ?? 'claim', source ?? volume ?? '?'].join(' ')} (${readOnly ? 'ro' : 'rw'})`;
  });
  return all.length === 0 ? [] : [fact('mounts', all, origins.file)];
}

function hostPathOf(source: unknown): string | null {
  const node = (source as { readonly get?: (key: string) => unknown } | null)?.get?.('path') as { readonly value?: unknown } | undefined;
  return typeof node?.value === 'string' ? node.value : null;
}

function portsFact({ ports }: ContainerView): readonly EffectiveFact[] {
  const all = ports.map(({ containerPort, hostPort, protocol }) =>
    hostPort === null || hostPort === 0
      ? `${containerPort ?? '?'}/${protocol}`
      : `0.0.0.0:${hostPort} -> ${containerPort ?? '?'}/${protocol}`,
  );
  return all.length === 0 ? [] : [fact('ports', all, origins.file)];
}

function namespacesFact(pod: PodView): readonly EffectiveFact[] {
  const shared = (['hostPID', 'hostIPC'] as const).filter(name => sharedNamespace(pod, name));
  return shared.length === 0 ? [] : [fact('namespaces', shared, origins.pod)];
}

function tokenFact(pod: PodView, workspace: WorkspaceIndex): EffectiveFact {
  const name = pod.serviceAccountName ?? 'default';
  const node = resolve(pod.node.get('automountServiceAccountToken'));
  const account = workspace.serviceAccount(pod.object.namespace, name);
  if (node && mayChange(node)) return fact('token', phrase('unknown'), origins.pod);
  const set = booleanOf(node);
  const mounted = set ?? account?.automount ?? true;
  const from = set !== null ? origins.pod : account?.automount == null ? origins.none : phrase('ofAccount', { by: name });
  return fact('token', mounted ? phrase('tokenMounted', { value: name }) : phrase('noToken'), from);
}

function limitsFact(container: ContainerView): EffectiveFact {
  const set = ['memory', 'cpu', 'ephemeral-storage'].flatMap(name => {
    const limit = resource(container, 'limits', name);
    return limit ? [`${name} ${limit.source}`] : [];
  });
  return set.length === 0 ? fact('limits', phrase('none'), origins.none) : fact('limits', set, origins.file);
}

/** The level that a pod meets, with what keeps it from the next one. */
function levelOf(pod: PodView, minor: number): { readonly level: Effective['level']; readonly fact: EffectiveFact } {
  const lacking = (level: 'baseline' | 'restricted'): readonly string[] => [
    ...new Set(evaluatePss(pod, level, minor).map(({ control }) => control.replace(/_(?:baseline|restricted)$/, ''))),
  ];
  const baseline = lacking('baseline');
  const restricted = baseline.length > 0 ? [] : lacking('restricted');
  // what is only part of a pod may meet more, or less, than what is seen
  if (!pod.complete && baseline.length === 0) return { level: null, fact: fact('level', phrase('unknown'), origins.file) };
  const level = baseline.length > 0 ? 'privileged' : restricted.length > 0 ? 'baseline' : 'restricted';
  const next = level === 'privileged' ? 'baseline' : 'restricted';
  const list = (level === 'privileged' ? baseline : restricted).join(', ');
  return { level, fact: fact('level', level === 'restricted' ? level : phrase('lacks', { level, next, list }), origins.pod) };
}
