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
} from '../../evidence/effective';
import type { WorkspaceIndex } from '../../workspace/types';
import { serviceOf } from './service';
import type { ContainerOptions, ListField, ListFields, Mount, PublishedPort, ScalarField } from './types';

/** What an engine makes of a container that it runs. */
export function effectiveContainer(container: ContainerOptions, workspace: WorkspaceIndex): Effective {
  const service = serviceOf(container, { workspace });
  const { image } = container;
  const isPrivileged = container.get('privileged')?.value === true;
  const user = userFact(container, userOfImage(service));
  const options = values(container, 'securityOpt');
  const noNew = options.some(({ key, value }) => key === 'no-new-privileges' && value !== 'false');
  const given = container.runtime === 'podman' ? givenCapabilities.podman : givenCapabilities.docker;
  const facts: EffectiveFact[] = [
    ...(image?.text == null ? [] : [fact('image', image.text, origins.file)]),
    user.fact,
    ...groupsFact(container),
    capabilitiesFact(given, { add: values(container, 'capAdd'), drop: values(container, 'capDrop'), isPrivileged, uid: user.uid }),
    noNew ? fact('escalation', phrase('noEscalation'), origins.file) : fact('escalation', phrase('escalates'), origins.none),
    seccompFact(options, isPrivileged),
    container.get('readOnly')?.value === true
      ? fact('root', phrase('readOnly'), origins.file)
      : fact('root', phrase('writable'), origins.none),
    ...writesFact(service, workspace),
    ...mountsFact(container),
    ...devicesFact(container, isPrivileged),
    ...portsFact(container),
    networkFact(container),
    ...namespacesFact(container),
    limitsFact(container),
  ];
  return { name: container.name, range: container.reportRange, level: null, facts: inOrder(facts) };
}

function values<F extends ListField>(container: ContainerOptions, field: F): readonly ListFields[F][] {
  return container.list(field).items.flatMap(({ value }) => value ?? []);
}

function userFact(container: ContainerOptions, ofImage: ReturnType<typeof userOfImage>): ReturnType<typeof userOfImage> {
  const setting = container.get('user');
  if (!setting) return ofImage;
  const [name = ''] = setting.value?.split(':') ?? [];
  const uid = name === 'root' ? 0 : /^\d+$/.test(name) ? Number(name) : null;
  const value = setting.value === null ? phrase('unknown') : uid === 0 ? '0 (root)' : name;
  return { fact: fact('user', value, origins.file), uid };
}

function groupsFact(container: ContainerOptions): readonly EffectiveFact[] {
  const group = container.get('user')?.value?.split(':')[1];
  const more = values(container, 'groupAdd');
  const groups: readonly (string | EffectivePhrase)[] = [group ?? phrase('imageGroups'), ...more];
  return [fact('groups', groups, group === undefined && more.length === 0 ? origins.none : origins.file)];
}

function seccompFact(options: readonly ListFields['securityOpt'][], isPrivileged: boolean): EffectiveFact {
  const profile = options.find(({ key }) => key === 'seccomp');
  if (isPrivileged || profile?.value === 'unconfined') return fact('seccomp', phrase('unconfined'), origins.file);
  return profile ? fact('seccomp', profile.value, origins.file) : fact('seccomp', phrase('engineSeccomp'), origins.none);
}

function mountsFact(container: ContainerOptions): readonly EffectiveFact[] {
  const mounted = (mount: Mount): string => `${mount.target ?? '?'} <- ${mount.source ?? mount.kind} (${mount.readOnly ? 'ro' : 'rw'})`;
  const all = [
    ...values(container, 'mounts').map(mounted),
    ...values(container, 'tmpfs').map(({ target, options }) => `${target ?? '?'} <- tmpfs (${['rw', ...options].join(', ')})`),
  ];
  return all.length === 0 ? [] : [fact('mounts', all, origins.file)];
}

function devicesFact(container: ContainerOptions, isPrivileged: boolean): readonly EffectiveFact[] {
  if (isPrivileged) return [fact('devices', phrase('allDevices'), origins.file)];
  const all = values(container, 'devices').flatMap(({ source, permissions }) =>
    source === null ? [] : `${source} (${permissions ?? 'rwm'})`,
  );
  return all.length === 0 ? [] : [fact('devices', all, origins.file)];
}

function portsFact(container: ContainerOptions): readonly EffectiveFact[] {
  const everywhere = container.bindsToLoopback() ? '127.0.0.1' : '0.0.0.0';
  const numbers = (range: PublishedPort['host']): string =>
    range === null ? '?' : range.first === range.last ? String(range.first) : `${range.first}-${range.last}`;
  const all = values(container, 'ports').map(
    ({ address, host, container: inside, protocol }) => `${address ?? everywhere}:${numbers(host)} -> ${numbers(inside)}/${protocol}`,
  );
  return all.length === 0 ? [] : [fact('ports', all, origins.file)];
}

function networkFact(container: ContainerOptions): EffectiveFact {
  const mode = container.get('network')?.value;
  const named = values(container, 'networks');
  if (mode === 'host') return fact('network', phrase('hostNetwork'), origins.file);
  if (mode != null) return fact('network', mode, origins.file);
  if (named.length > 0) return fact('network', named, origins.file);
  const isProject = container.runtime === 'compose' || container.runtime === 'swarm';
  return fact('network', phrase(isProject ? 'projectNetwork' : 'engineNetwork'), origins.none);
}

function namespacesFact(container: ContainerOptions): readonly EffectiveFact[] {
  const fields = ['pid', 'ipc', 'uts', 'userns', 'cgroup'] as const;
  const shared = fields.filter(field => container.get(field)?.value === 'host');
  return shared.length === 0 ? [] : [fact('namespaces', shared, origins.file)];
}

function limitsFact(container: ContainerOptions): EffectiveFact {
  const fields: readonly (readonly [string, ScalarField])[] = [
    ['memory', 'memory'],
    ['cpu', 'cpus'],
    ['pids', 'pids'],
  ];
  const set = fields.flatMap(([name, field]) => {
    const setting = container.get(field);
    const isLimit = setting && typeof setting.value === 'number' && setting.value > 0;
    return isLimit ? [`${name} ${setting.text ?? String(setting.value)}`] : [];
  });
  return set.length === 0 ? fact('limits', phrase('none'), origins.none) : fact('limits', set, origins.file);
}
