import { mayChange, mayGain } from '../../../syntax/yaml/certainty';
import { memoize } from '../../../base/text/memoize';
import type { PssLevel } from '../../../base/terms/types';
import type { Path, YamlNode } from '../../../syntax/yaml/types';
import { booleanOf, itemsOf, mapOf, numberOf, resolve, stringOf } from '../../../syntax/yaml/values';
import { capabilities, containerFlag, ownSetting, podSetting } from './security';
import type { ContainerView, PodView, Setting } from './types';

/** The checks of the Pod Security Standards, by the ids of the admission controller. */
export type PssControl =
  | 'windowsHostProcess'
  | 'hostNamespaces'
  | 'privileged'
  | 'capabilities_baseline'
  | 'hostPathVolumes'
  | 'hostPorts'
  | 'appArmorProfile'
  | 'seLinuxOptions'
  | 'procMount'
  | 'seccompProfile_baseline'
  | 'sysctls'
  | 'hostProbesAndHostLifecycle'
  | 'restrictedVolumes'
  | 'allowPrivilegeEscalation'
  | 'runAsNonRoot'
  | 'runAsUser'
  | 'seccompProfile_restricted'
  | 'capabilities_restricted'
  | 'procMount_restricted';

/** One violation. `container: null` means that the pod itself is at fault; `node: null` that something required is absent. */
export interface PssHit {
  readonly control: PssControl;
  readonly container: ContainerView | null;
  readonly node: YamlNode | null;
  /** Where the bad value stands, or where the missing one would. */
  readonly path: Path;
}

/** What one check finds in a pod at a minor version, without control and level. */
type Found = Omit<PssHit, 'control'>;
type Check = (pod: PodView, minor: number) => Found[];

interface Definition {
  readonly level: PssLevel;
  /** The first minor version that has the check. */
  readonly since: number;
  /** The baseline check that this stricter one stands in for. */
  readonly overrides?: PssControl;
  readonly check: Check;
}

const baselineCapabilities = new Set(
  'AUDIT_WRITE CHOWN DAC_OVERRIDE FOWNER FSETID KILL MKNOD NET_BIND_SERVICE SETFCAP SETGID SETPCAP SETUID SYS_CHROOT'.split(' '),
);
const restrictedVolumes = new Set([
  'configMap',
  'csi',
  'downwardAPI',
  'emptyDir',
  'ephemeral',
  'image',
  'persistentVolumeClaim',
  'projected',
  'secret',
]);

const safeSysctls: readonly (readonly [since: number, names: readonly string[]])[] = [
  [
    0,
    [
      'kernel.shm_rmid_forced',
      'net.ipv4.ip_local_port_range',
      'net.ipv4.tcp_syncookies',
      'net.ipv4.ping_group_range',
      'net.ipv4.ip_unprivileged_port_start',
    ],
  ],
  [27, ['net.ipv4.ip_local_reserved_ports']],
  [29, ['net.ipv4.tcp_keepalive_time', 'net.ipv4.tcp_fin_timeout', 'net.ipv4.tcp_keepalive_intvl', 'net.ipv4.tcp_keepalive_probes']],
  [32, ['net.ipv4.tcp_rmem', 'net.ipv4.tcp_wmem']],
  [37, ['net.ipv4.tcp_slow_start_after_idle', 'net.ipv4.tcp_notsent_lowat']],
];

/** Whether a sysctl is on the safe list of a minor version. */
export function isSafeSysctl(name: string, minor: number): boolean {
  return safeSysctls.some(([since, names]) => minor >= since && names.includes(name));
}

/** Whether the standards let a pod be root inside, since 1.35: in a user namespace of its own it is nobody on the node. A template may give it one. */
export const isRootInside = (pod: PodView, minor: number): boolean =>
  minor >= 35 && (pod.hostUsers === false || mayChange(pod.node.get('hostUsers')));
/** Since 1.25 Linux-only fields are not asked of a Windows pod. */
const exemptWindows = (pod: PodView, minor: number): boolean => minor >= 25 && pod.isWindows;

const at = <T>(setting: Setting<T>, container: ContainerView | null): Found => ({ container, node: setting.node, path: setting.path });
const missing = (container: ContainerView, ...names: string[]): Found => ({
  container,
  node: null,
  path: [...container.securityContextPath, ...names],
});
const isProfile = (type: string | null): boolean => type === 'RuntimeDefault' || type === 'Localhost';
/** Whether a profile confines nothing, whatever templates or the object of a patch fill in. */
export const isBadProfile = (pod: PodView, { value, node }: Setting<string>): boolean =>
  !isProfile(value) && (value !== null || !pod.object.fragment) && !mayGain(pod.object.document, mapOf(node)?.get('type') ?? node);
/** The `type` of a seccomp or AppArmor profile. */
export const profileType = (node: YamlNode | null | undefined): string | null => stringOf(mapOf(node)?.get('type'));

/** Settings of one field at pod level and of every container. */
function everywhere<T>(
  pod: PodView,
  names: readonly ['appArmorProfile' | 'seLinuxOptions' | 'windowsOptions' | 'seccompProfile' | 'runAsUser', ...string[]],
  reader: (node: YamlNode | null | undefined) => T | null,
): { container: ContainerView | null; setting: Setting<T> }[] {
  const found: { container: ContainerView | null; setting: Setting<T> }[] = [];
  const own = podSetting(pod, names, reader);
  if (own) found.push({ container: null, setting: own });
  for (const container of pod.containers) {
    const setting = ownSetting(container, names, reader);
    if (setting) found.push({ container, setting });
  }
  return found;
}

function flag(pod: PodView, name: string): Found[] {
  const node = resolve(pod.node.get(name));
  return booleanOf(node) === true ? [{ container: null, node, path: [...pod.path, name] }] : [];
}

function annotationHits(pod: PodView, bad: (key: string, value: string) => boolean): Found[] {
  const found: Found[] = [];
  for (const [key, { value, node }] of pod.annotations) {
    if (bad(key, value)) found.push({ container: null, node, path: [...pod.metadataPath, 'annotations', key] });
  }
  return found;
}

const appArmor: Check = pod => [
  ...everywhere(pod, ['appArmorProfile'], profileType)
    .filter(({ setting }) => isBadProfile(pod, setting))
    .map(({ container, setting }) => at(setting, container)),
  ...annotationHits(
    pod,
    (key, value) =>
      key.startsWith('container.apparmor.security.beta.kubernetes.io/') &&
      value !== '' &&
      value !== 'runtime/default' &&
      !value.startsWith('localhost/'),
  ),
];

const seLinux: Check = (pod, minor) => {
  const types = new Set(['', 'container_t', 'container_init_t', 'container_kvm_t', ...(minor >= 31 ? ['container_engine_t'] : [])]);
  return (['type', 'user', 'role'] as const).flatMap(name =>
    everywhere(pod, ['seLinuxOptions', name], stringOf)
      .filter(({ setting }) => setting.value !== null && (name === 'type' ? !types.has(setting.value) : setting.value !== ''))
      .map(({ container, setting }) => at(setting, container)),
  );
};

const procMounts = (pod: PodView): Found[] =>
  pod.containers.flatMap(container => {
    const setting = ownSetting(container, ['procMount'], stringOf);
    return setting && setting.value !== 'Default' ? [at(setting, container)] : [];
  });

const badSeccomp = (pod: PodView): Found[] =>
  everywhere(pod, ['seccompProfile'], profileType)
    .filter(({ setting }) => isBadProfile(pod, setting))
    .map(({ container, setting }) => at(setting, container));

const seccompBaseline: Check = (pod, minor) => {
  if (minor >= 19) return badSeccomp(pod);
  const names = new Set(pod.containers.map(({ name }) => `container.seccomp.security.alpha.kubernetes.io/${name}`));
  return annotationHits(
    pod,
    (key, value) =>
      (key === 'seccomp.security.alpha.kubernetes.io/pod' || names.has(key)) &&
      value !== 'runtime/default' &&
      value !== 'docker/default' &&
      !value.startsWith('localhost/'),
  );
};

const seccompRestricted: Check = (pod, minor) => {
  if (exemptWindows(pod, minor)) return [];
  const covered = isProfile(podSetting(pod, ['seccompProfile'], profileType)?.value ?? null);
  const unset = covered ? [] : pod.containers.filter(container => !ownSetting(container, ['seccompProfile'], profileType));
  return [...badSeccomp(pod), ...unset.map(container => missing(container, 'seccompProfile'))];
};

const probeKeys = ['livenessProbe', 'readinessProbe', 'startupProbe'];
const hookKeys = ['postStart', 'preStop'];

const hostProbes: Check = pod =>
  pod.containers.flatMap(container => {
    const handlers: [YamlNode | null | undefined, Path][] = probeKeys.map(key => [container.node.get(key), [...container.path, key]]);
    const lifecycle = mapOf(container.node.get('lifecycle'));
    for (const key of hookKeys) handlers.push([lifecycle?.get(key), [...container.path, 'lifecycle', key]]);
    return handlers.flatMap(([handler, path]) =>
      ['httpGet', 'tcpSocket'].flatMap(action => {
        const node = resolve(mapOf(mapOf(handler)?.get(action))?.get('host'));
        return stringOf(node) ? [{ container, node, path: [...path, action, 'host'] }] : [];
      }),
    );
  });

const runAsNonRoot: Check = (pod, minor) => {
  if (isRootInside(pod, minor)) return [];
  const found: Found[] = [];
  const own = podSetting(pod, ['runAsNonRoot'], booleanOf);
  if (own && own.value !== true) found.push(at(own, null));
  for (const container of pod.containers) {
    const setting = ownSetting(container, ['runAsNonRoot'], booleanOf);
    if (setting && setting.value !== true) found.push(at(setting, container));
    else if (!setting && !own) found.push(missing(container, 'runAsNonRoot'));
  }
  return found;
};

const capabilitiesRestricted: Check = (pod, minor) =>
  exemptWindows(pod, minor)
    ? []
    : pod.containers.flatMap(container => {
        const drop = capabilities(container, 'drop');
        const dropped = drop.items.some(({ name }) => name === 'ALL');
        const added = capabilities(container, 'add').items.filter(({ name }) => name !== 'NET_BIND_SERVICE');
        return [
          ...added.map(({ node, path }) => ({ container, node, path })),
          ...(dropped ? [] : [{ container, node: drop.node, path: drop.path }]),
        ];
      });

const definitions: Readonly<Record<PssControl, Definition>> = {
  windowsHostProcess: {
    level: 'baseline',
    since: 0,
    check: pod =>
      everywhere(pod, ['windowsOptions', 'hostProcess'], booleanOf)
        .filter(({ setting }) => setting.value === true)
        .map(({ container, setting }) => at(setting, container)),
  },
  hostNamespaces: { level: 'baseline', since: 0, check: pod => ['hostNetwork', 'hostPID', 'hostIPC'].flatMap(name => flag(pod, name)) },
  privileged: {
    level: 'baseline',
    since: 0,
    check: pod =>
      pod.containers.flatMap(container => {
        const setting = containerFlag(container, 'privileged');
        return setting?.value === true ? [at(setting, container)] : [];
      }),
  },
  capabilities_baseline: {
    level: 'baseline',
    since: 0,
    check: pod =>
      pod.containers.flatMap(container =>
        capabilities(container, 'add')
          .items.filter(({ name }) => !baselineCapabilities.has(name))
          .map(({ node, path }) => ({ container, node, path })),
      ),
  },
  hostPathVolumes: {
    level: 'baseline',
    since: 0,
    check: pod =>
      pod.volumes
        .filter(({ type }) => type === 'hostPath')
        .map(({ source, path }) => ({ container: null, node: source, path: [...path, 'hostPath'] })),
  },
  hostPorts: {
    level: 'baseline',
    since: 0,
    check: pod =>
      pod.containers.flatMap(container =>
        container.ports
          .filter(({ hostPort }) => hostPort !== null && hostPort !== 0)
          .map(({ hostPortNode, path }) => ({ container, node: hostPortNode, path: [...path, 'hostPort'] })),
      ),
  },
  appArmorProfile: { level: 'baseline', since: 0, check: appArmor },
  seLinuxOptions: { level: 'baseline', since: 0, check: seLinux },
  procMount: { level: 'baseline', since: 0, check: (pod, minor) => (isRootInside(pod, minor) ? [] : procMounts(pod)) },
  seccompProfile_baseline: { level: 'baseline', since: 0, check: seccompBaseline },
  sysctls: {
    level: 'baseline',
    since: 0,
    check: (pod, minor) =>
      itemsOf(pod.securityContext?.get('sysctls')).flatMap(({ index, map }) => {
        const name = stringOf(map.get('name'));
        const path = [...pod.securityContextPath, 'sysctls', index, 'name'];
        return name !== null && !isSafeSysctl(name, minor) ? [{ container: null, node: resolve(map.get('name')), path }] : [];
      }),
  },
  hostProbesAndHostLifecycle: { level: 'baseline', since: 34, check: hostProbes },
  restrictedVolumes: {
    level: 'restricted',
    since: 0,
    overrides: 'hostPathVolumes',
    check: pod =>
      pod.volumes
        .filter(({ type }) => type !== null && !restrictedVolumes.has(type))
        .map(({ type, source, path }) => ({ container: null, node: source, path: [...path, type!] })),
  },
  allowPrivilegeEscalation: {
    level: 'restricted',
    since: 8,
    check: (pod, minor) =>
      exemptWindows(pod, minor)
        ? []
        : pod.containers.flatMap(container => {
            const setting = containerFlag(container, 'allowPrivilegeEscalation');
            return setting?.value === false ? [] : [setting ? at(setting, container) : missing(container, 'allowPrivilegeEscalation')];
          }),
  },
  runAsNonRoot: { level: 'restricted', since: 0, check: runAsNonRoot },
  runAsUser: {
    level: 'restricted',
    since: 23,
    check: (pod, minor) =>
      isRootInside(pod, minor)
        ? []
        : everywhere(pod, ['runAsUser'], numberOf)
            .filter(({ setting }) => setting.value === 0)
            .map(({ container, setting }) => at(setting, container)),
  },
  seccompProfile_restricted: { level: 'restricted', since: 19, overrides: 'seccompProfile_baseline', check: seccompRestricted },
  capabilities_restricted: { level: 'restricted', since: 22, overrides: 'capabilities_baseline', check: capabilitiesRestricted },
  procMount_restricted: { level: 'restricted', since: 35, overrides: 'procMount', check: procMounts },
};

/** All controls, baseline first. */
export const pssControls = Object.keys(definitions) as readonly PssControl[];

/** The level that a control belongs to, and the first minor version that has it (0: every one). */
export function pssDefinition(control: PssControl): { readonly level: PssLevel; readonly since: number } {
  const { level, since } = definitions[control];
  return { level, since };
}

/** Whether the standards have the control at a minor version. */
export function isPssControl(control: PssControl, minor: number): boolean {
  return minor >= definitions[control].since;
}

/** How a pod violates one control at a minor version (37 for 1.37); empty where it does not, or where the version lacks the control. */
export function violationsOf(pod: PodView, control: PssControl, minor: number): PssHit[] {
  const { since, check } = definitions[control];
  if (minor < since) return [];
  // What a template fills in cannot be judged.
  return check(pod, minor)
    .filter(({ node }) => !mayChange(node))
    .map(found => ({ control, ...found }));
}

/** The hits of a control at a version and who is at fault, by pod: each container asks for itself, and a pod may have many. */
const faults = memoize(
  (_: PodView) => new Map<string, { readonly hits: readonly PssHit[]; readonly at: ReadonlySet<ContainerView | null> }>(),
);

function faultsOf(
  pod: PodView,
  control: PssControl,
  minor: number,
): { readonly hits: readonly PssHit[]; readonly at: ReadonlySet<unknown> } {
  const known = faults(pod);
  const key = `${control} ${minor}`;
  let found = known.get(key);
  if (!found) {
    const hits = violationsOf(pod, control, minor);
    known.set(key, (found = { hits, at: new Set(hits.map(({ container }) => container)) }));
  }
  return found;
}

/** Whether a container is at fault itself, or a pod has any fault, under one control at a minor version. */
export function isViolation(view: PodView | ContainerView, control: PssControl, minor: number): boolean {
  return view.target === 'pod' ? faultsOf(view, control, minor).at.size > 0 : faultsOf(view.pod, control, minor).at.has(view);
}

/** What a view itself is at fault for under one control: of a pod what no container of it answers for. */
export function ownViolations(view: PodView | ContainerView, control: PssControl, minor: number): readonly PssHit[] {
  const owner = view.target === 'pod' ? null : view;
  const { hits, at } = faultsOf(view.target === 'pod' ? view : view.pod, control, minor);
  return at.has(owner) ? hits.filter(({ container }) => container === owner) : [];
}

/** All violations of a level at a minor version, as the admission controller gives them: stricter checks stand in for the ones that they override. */
export function evaluatePss(pod: PodView, level: PssLevel, minor: number): PssHit[] {
  const active = pssControls.filter(
    control => minor >= definitions[control].since && (level === 'restricted' || definitions[control].level === 'baseline'),
  );
  const overridden = new Set(active.map(control => definitions[control].overrides));
  return active.filter(control => !overridden.has(control)).flatMap(control => violationsOf(pod, control, minor));
}
