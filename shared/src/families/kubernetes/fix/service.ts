import { memoizeFor } from '../../../base/text/memoize';
import { evidenceOf } from '../../../evidence/evidence';
import type { Evidence } from '../../../evidence/testimony';
import { unknown } from '../../../evidence/known-image';
import { plainService, type BroughtFile, type Service, type ServiceMount } from '../../../evidence/service';
import { itemsOf, mapOf, stringOf } from '../../../syntax/yaml/values';
import type { WorkspaceIndex } from '../../../workspace/types';
import { sharedNamespace } from '../model/host';
import { runAsGroup, runAsUser } from '../model/security';
import type { ContainerView, PodView } from '../model/types';
import { volumeNamed } from '../model/volumes';
import { knownImage } from './image';
import { rootReasons, startWords } from './needs-root';
import { keptVolume, ownerDoubt } from './storage';

/** What a container of a pod starts, as evidence asks for it. */
export function serviceOf(container: ContainerView, { workspace }: { readonly workspace: WorkspaceIndex }): Service {
  return serviceIn(container, workspace);
}

/** What a container needs to run. */
export function evidenceFor(container: ContainerView, settings: { readonly workspace: WorkspaceIndex }): Evidence {
  return evidenceOf(serviceOf(container, settings), settings);
}

/** Containers that say nothing are all one: a list of them is soon longer than any other. */
const emptyOnes = memoizeFor((_pod: PodView, _workspace: WorkspaceIndex): { service: Service | null } => ({ service: null }));

const serviceIn = memoizeFor((container: ContainerView, workspace: WorkspaceIndex): Service => {
  if (container.node.entries.length > 0) return readService(container, workspace);
  const shared = emptyOnes(container.pod, workspace);
  return (shared.service ??= readService(container, workspace));
});

function readService(container: ContainerView, workspace: WorkspaceIndex): Service {
  const { image, command, args, kind, pod } = container;
  const known = knownImage(container, { workspace }) ?? unknown;
  const owner = ownerDoubt(container, known.profile);
  return {
    // its name is what it does in the pod
    ...plainService,
    memo: new Map(),
    platform: 'pod',
    image: image && {
      text: image.text,
      name: image.text,
      reference: image.reference.invalid === null && !image.variable ? image.reference : null,
    },
    known,
    words: startWords(container),
    replacesEntryPoint: command !== null,
    replacesCommand: command !== null || (args !== null && known.stage?.run?.keepsEntryPoint === true),
    prepares: kind === 'init' && command !== null,
    environment: container.env,
    workdir: stringOf(container.node.get('workingDir')),
    mounts: mountsOf(container),
    guardsLowPorts: sharedNamespace(pod, 'hostNetwork') !== null,
    needsRoot: rootReasons(container, { workspace }),
    doubts: owner ? [{ reason: owner, against: ['user'] }] : [],
    lowPort: lowPortOf(container, { workspace }),
    keptVolume: keptVolume(container),
    ...broughtFiles(container, workspace),
    trial: { name: trialName(container), user: userText(container), options: () => optionsOf(container) },
  };
}

/** What tells a container from others of the file: its object, and its own name. */
function trialName({ name, path, pod: { object } }: ContainerView): string {
  return [object.kind, object.name ?? '', name ?? `#${path.at(-1)}`].join('/');
}

/** The user of a container, with a group where one is written for it. */
function userText(container: ContainerView): string | null {
  const [user, group] = [runAsUser(container)?.value ?? null, runAsGroup(container)?.value ?? null];
  return user === null ? null : group === null ? `${user}` : `${user}:${group}`;
}

/** What else of a pod decides how a container runs, of what harden changes nothing where a trial was made. */
const optionsOf = ({ kind, pod }: ContainerView): readonly unknown[] => [
  kind,
  ['hostNetwork', 'hostPID', 'hostIPC', 'shareProcessNamespace', 'runtimeClassName', 'os', 'hostUsers'].map(key =>
    stringOf(pod.node.get(key)),
  ),
];

function mountsOf({ pod, mounts }: ContainerView): readonly ServiceMount[] {
  return mounts.flatMap(({ volume, mountPath, readOnly }): ServiceMount[] => {
    const type = volumeNamed(pod, volume)?.type ?? '';
    const kind = /^(?:configMap|secret|projected|downwardAPI)$/.test(type) ? 'given' : type === 'hostPath' ? 'host' : 'volume';
    return mountPath === null ? [] : [{ path: mountPath, source: volume, kind, readOnly }];
  });
}

/** The programs and configurations that a container has from ConfigMaps of the workspace. */
function broughtFiles({ pod, mounts }: ContainerView, workspace: WorkspaceIndex): Pick<Service, 'brought' | 'hidden'> {
  const hidden: string[] = [];
  const brought = mounts.flatMap(({ volume, mountPath, subPath }): readonly BroughtFile[] => {
    const found = volumeNamed(pod, volume);
    if (found?.type !== 'configMap' || mountPath === null) return [];
    hidden.push(mountPath);
    const name = stringOf(mapOf(found.source)?.get('name'));
    const fact = name === null ? undefined : workspace.object('ConfigMap', pod.object.namespace, name);
    if (fact?.type !== 'data') return [];
    return (fact.programs ?? []).flatMap(program =>
      subPath !== null && subPath !== program.path
        ? []
        : { source: `${name}/${program.path}`, path: subPath === null ? `${mountPath}/${program.path}` : mountPath, fact: program },
    );
  });
  return { brought, hidden };
}

/** A port below 1024 that a container listens on, which only root may open unless the pod says otherwise. */
export function lowPortOf(container: ContainerView, settings: { readonly workspace: WorkspaceIndex }): number | null {
  const { pod, ports } = container;
  const image = knownImage(container, settings);
  const low = ports.map(port => port.containerPort).find(port => port !== null && port > 0 && port < 1024) ?? null;
  const exposed = image?.stage?.ports.map(each => each.port).find(each => each > 0 && each < 1024);
  const port = low ?? (ports.length === 0 ? (exposed ?? image?.profile?.portsBelow1024[0] ?? null) : null);
  if (port === null) return null;
  const sysctl = itemsOf(pod.securityContext?.get('sysctls')).find(({ map }) => stringOf(map.get('name')) === unprivilegedPorts);
  return sysctl && Number(stringOf(sysctl.map.get('value'))) <= port ? null : port;
}

/** The sysctl that says from which port on every user may listen. */
export const unprivilegedPorts = 'net.ipv4.ip_unprivileged_port_start';
