import type { MapValue, Value } from '../../../families/compose/model/value';
import type { Notes } from '../../../base/terms/notes';
import type { WrittenMap, WrittenYaml } from '../../../syntax/yaml/write';
import type { Filled } from './filled';

/** A map of a manifest while it is put together. */
export type Members = Record<string, WrittenYaml | undefined>;

/** A port of a pod, and the ports of a Service that lead to it. */
export interface DraftPort {
  readonly target: number;
  readonly protocol: string;
  readonly published: number[];
}

/** What somebody has to create for a pod, and the keys that have to be in it. */
export interface WantedObject {
  readonly kind: 'configmap' | 'secret';
  readonly name: string;
  readonly keys: Set<string>;
}

/** A service on its way into manifests. */
export interface PodDraft {
  /** The name of its objects. */
  readonly name: string;
  readonly service: MapValue;
  /** The whole project, for what stands at its top. */
  readonly project: MapValue;
  readonly notes: Notes;
  /** The pod's own fields. */
  readonly pod: Members;
  readonly container: Members;
  readonly podSecurity: Members;
  readonly containerSecurity: Members;
  readonly labels: Record<string, string>;
  readonly annotations: Record<string, string>;
  readonly env: WrittenMap[];
  readonly envFrom: WrittenMap[];
  readonly volumes: Members[];
  /** The names of volumes, and the volume of each claim. */
  readonly volumeNames: Set<string>;
  readonly claimVolumes: Map<string, string>;
  readonly mounts: Members[];
  readonly ports: DraftPort[];
  /** PersistentVolumeClaims by name. */
  readonly claims: Map<string, WrittenMap>;
  readonly wanted: Map<string, WantedObject>;
  replicas: number;
  /** Whether it runs once and ends. */
  once: boolean;
}

/** A name as Kubernetes takes it for an object that has one in DNS. */
export function dnsName(text: string, fallback = 'app'): string {
  const clean = text
    .toLowerCase()
    .replace(/[^a-z0-9]{1,300}/g, '-')
    .replace(/^[^a-z]{1,300}/, '')
    .slice(0, 60)
    .replace(/-{1,60}$/, '');
  return clean === '' ? fallback : clean;
}

/** A text that may be written: says which variables somebody has to fill in. `what`: what notes call it. */
export function settled({ notes }: Pick<PodDraft, 'notes'>, { text, variables }: Filled, what: string): string {
  for (const name of variables) notes.add('fill', what, { name: `\${${name}}` });
  return text;
}

/** Notes that an object has to hold a key. */
export function want({ wanted }: PodDraft, kind: WantedObject['kind'], name: string, key: string): void {
  const id = `${kind} ${name}`;
  let object = wanted.get(id);
  if (!object) wanted.set(id, (object = { kind, name, keys: new Set() }));
  object.keys.add(key);
}

/** A name for a volume that no other of the pod has. */
export function volumeName({ volumeNames }: PodDraft, wanted: string): string {
  const base = dnsName(wanted, 'data').slice(0, 50);
  for (let i = 1; ; i++) {
    const name = i === 1 ? base : `${base}-${i}`;
    if (volumeNames.has(name)) continue;
    volumeNames.add(name);
    return name;
  }
}

/** What a field of Compose comes to in a pod. */
export type Field = (value: Value, draft: PodDraft, what: string) => void;
