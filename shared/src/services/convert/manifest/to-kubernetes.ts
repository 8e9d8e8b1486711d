import { entriesOfValue, isNull, member, type MapValue } from '../../../families/compose/model/value';
import { isWindowsReference } from '../../../syntax/image/windows';
import type { Notes } from '../../../base/terms/notes';
import { type WrittenMap, writeYaml } from '../../../syntax/yaml/write';
import { shellWord } from '../quote';
import { dnsName, type Members, type PodDraft } from './draft';
import { carryField } from './fields';
import { knownPorts } from './ports';
import { mayEscalate } from './security';

/** A service of a project that becomes objects. */
export interface ServiceToConvert {
  readonly name: string;
  readonly service: MapValue;
  readonly project: MapValue;
  /** Whether it runs once and ends: a Job. */
  readonly once: boolean;
}

/** Objects as a stream of YAML documents, claims first. What has no counterpart goes to the notes. */
export function toKubernetes(services: readonly ServiceToConvert[], notes: Notes): string {
  const drafts = services.map(each => draftOf(each, notes));
  const claims = new Map(drafts.flatMap(({ claims: own }) => [...own]));
  const objects = [
    ...[...claims].map(([name, spec]) => ({ apiVersion: 'v1', kind: 'PersistentVolumeClaim', metadata: { name }, spec })),
    ...drafts.flatMap(objectsOf),
  ];
  return objects.map(writeYaml).join('---\n');
}

function draftOf({ name: written, service, project, once }: ServiceToConvert, notes: Notes): PodDraft {
  const name = dnsName(written);
  const draft: PodDraft = {
    name,
    service,
    project,
    notes,
    pod: {},
    container: { name, image: '' },
    podSecurity: {},
    containerSecurity: {},
    labels: {},
    annotations: {},
    env: [],
    envFrom: [],
    volumes: [],
    volumeNames: new Set(),
    claimVolumes: new Map(),
    mounts: [],
    ports: [],
    claims: new Map(),
    wanted: new Map(),
    replicas: 1,
    once,
  };
  for (const [key, { value }] of entriesOfValue(service)) if (!isNull(value)) carryField(key, value, draft);
  onWindows(draft);
  if (member(service, 'network_mode') === undefined)
    knownPorts(draft, typeof draft.container['image'] === 'string' ? draft.container['image'] : null);
  // the API server refuses one beside the other
  if (mayEscalate(draft)) delete draft.containerSecurity['allowPrivilegeEscalation'];
  if (once) notes.add('job', name);
  noteWanted(draft);
  return draft;
}

function noteWanted({ wanted, notes }: PodDraft): void {
  for (const { kind, name, keys } of wanted.values()) {
    // a value on a command line is in the history of the shell
    if (kind === 'secret') notes.add('secret-keys', `Secret ${name}`, { name, keys: [...keys].join(', ') });
    else
      notes.add('config-map-keys', `ConfigMap ${name}`, {
        name,
        keys: [...keys].map(key => `--from-literal=${shellWord(key)}=...`).join(' '),
      });
  }
}

/** Says of an image of Windows where it runs, so that nothing of Linux is asked of it. */
function onWindows({ container, pod }: PodDraft): void {
  if (typeof container['image'] !== 'string' || !isWindowsReference(container['image'])) return;
  pod['os'] = { name: 'windows' };
  pod['nodeSelector'] ??= { 'kubernetes.io/os': 'windows' };
}

const nonEmpty = <T extends object>(value: T): T | undefined => (Object.keys(value).length > 0 ? value : undefined);

/** The Deployment or the Job of a service, and the Service that leads to it. */
function objectsOf(draft: PodDraft): readonly WrittenMap[] {
  const { name, labels, annotations, replicas, once, claims } = draft;
  const own = { 'app.kubernetes.io/name': name };
  const template = { metadata: { labels: { ...labels, ...own }, annotations: nonEmpty(annotations) }, spec: podOf(draft) };
  const metadata = { name, labels: own };
  if (once) return [{ apiVersion: 'batch/v1', kind: 'Job', metadata, spec: { template } }];
  // two pods must not write to one volume while the one takes over from the other
  const strategy = claims.size > 0 ? { type: 'Recreate' } : undefined;
  const spec = { replicas, selector: { matchLabels: own }, strategy, template };
  return [{ apiVersion: 'apps/v1', kind: 'Deployment', metadata, spec }, ...serviceOf(draft, own)];
}

function podOf({ pod, podSecurity, container, containerSecurity, env, envFrom, volumes, mounts, ports, once }: PodDraft): Members {
  const { name, image, imagePullPolicy, command, args, workingDir, livenessProbe, resources, ...rest } = container;
  const containerPorts = ports.map(({ target, protocol }) => ({
    containerPort: target,
    protocol: protocol === 'TCP' ? undefined : protocol,
  }));
  return {
    ...(once && { restartPolicy: 'Never' }),
    ...pod,
    securityContext: nonEmpty(podSecurity),
    containers: [
      {
        name,
        image,
        imagePullPolicy,
        command,
        args,
        workingDir,
        ports: containerPorts.length > 0 ? containerPorts : undefined,
        env: env.length > 0 ? env : undefined,
        envFrom: envFrom.length > 0 ? envFrom : undefined,
        resources,
        livenessProbe,
        volumeMounts: mounts.length > 0 ? mounts : undefined,
        securityContext: nonEmpty(containerSecurity),
        ...rest,
      },
    ],
    volumes: volumes.length > 0 ? volumes : undefined,
  };
}

function serviceOf({ name, ports }: PodDraft, selector: Record<string, string>): readonly WrittenMap[] {
  const each = ports.flatMap(({ target, protocol, published }) => published.map(port => ({ port, target, protocol })));
  // several addresses of a host may have had the same port
  const all = each.filter((one, i) => each.findIndex(other => other.port === one.port && other.protocol === one.protocol) === i);
  if (all.length === 0) return [];
  const written = all.map(({ port, target, protocol }) => ({
    // several need names
    name: all.length > 1 ? `${protocol.toLowerCase()}-${port}` : undefined,
    port,
    targetPort: target,
    protocol: protocol === 'TCP' ? undefined : protocol,
  }));
  const metadata = { name, labels: selector };
  return [{ apiVersion: 'v1', kind: 'Service', metadata, spec: { selector, ports: written } }];
}
