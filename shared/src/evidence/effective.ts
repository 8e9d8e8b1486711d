import type { Range } from '../base/text/range';
import type { PssLevel } from '../base/terms/types';
import type { WorkspaceIndex } from '../workspace/types';
import { evidenceOf } from './evidence';
import { imageUser } from './known-image';
import type { Service } from './service';

/** What is said of something that runs, in this order. */
const effectiveIds = [
  'level',
  'image',
  'starts',
  'user',
  'groups',
  'capabilities',
  'escalation',
  'seccomp',
  'root',
  'writes',
  'mounts',
  'devices',
  'ports',
  'network',
  'namespaces',
  'token',
  'limits',
  'health',
] as const;

/** One of `effectiveIds`. */
type EffectiveId = (typeof effectiveIds)[number];

/** Labels, values that are no text of a file, and where a value comes from. Translated under `effective/<key>`. */
export const effectiveTexts = {
  level: 'Pod Security',
  image: 'image',
  starts: 'starts',
  user: 'user',
  groups: 'groups',
  capabilities: 'capabilities',
  escalation: 'privilege escalation',
  seccomp: 'seccomp',
  root: 'root filesystem',
  writes: 'writes to',
  mounts: 'mounts',
  devices: 'devices',
  ports: 'ports',
  network: 'network',
  namespaces: 'host namespaces',
  token: 'service account token',
  limits: 'limits',
  health: 'health check',
  // values
  unknown: 'not known',
  none: 'none',
  lacks: '{level}; {next} also requires {list}',
  imageGroups: 'groups that the image defines for the user',
  allCapabilities: 'all',
  bounded: 'none at first; setuid programs can gain {list}',
  escalates: 'possible: setuid programs gain privileges',
  noEscalation: 'not possible',
  unconfined: 'unconfined',
  kubeletSeccomp: 'unconfined, unless the kubelet sets seccompDefault',
  engineSeccomp: 'engine default',
  writable: 'writable',
  readOnly: 'read-only',
  allDevices: 'all host devices',
  hostNetwork: 'host network',
  podNetwork: 'pod network',
  engineNetwork: 'default network of the engine',
  projectNetwork: 'project network',
  tokenMounted: 'mounted, for service account {value}',
  noToken: 'not mounted',
  // where it comes from
  ofFile: 'this file',
  ofPod: 'this file, at the pod level',
  ofImage: 'image {by}',
  ofDockerfile: '{by}',
  ofAccount: 'service account {by}',
  ofDefault: 'default',
} as const;

/** Something of `effectiveTexts` with what fills its places. */
export interface EffectivePhrase {
  readonly phrase: keyof typeof effectiveTexts;
  readonly data?: Readonly<Record<string, string>>;
}

/** A fact about something that runs. */
export interface EffectiveFact {
  readonly id: EffectiveId;
  /** A text as a file has it, or one of ours; several are a list. */
  readonly values: readonly (string | EffectivePhrase)[];
  readonly from: EffectivePhrase;
}

/** What really runs: a container, or what a stage builds, after every merge and default. */
export interface Effective {
  /** What tells it from others of the file: `web`, `Deployment/web/app`. */
  readonly name: string;
  /** Where the file says it: the name of a service or container, the image of a command or a stage. */
  readonly range: Range;
  /** The Pod Security level that its pod meets; `null`: none is asked of it, or it cannot be told. */
  readonly level: PssLevel | 'privileged' | null;
  readonly facts: readonly EffectiveFact[];
}

/** A fact with one value. */
export function fact(
  id: EffectiveId,
  value: string | EffectivePhrase | readonly (string | EffectivePhrase)[],
  from: EffectivePhrase,
): EffectiveFact {
  return { id, values: Array.isArray(value) ? (value as EffectiveFact['values']) : [value as string | EffectivePhrase], from };
}

/** A text of ours without places. */
export const phrase = (id: EffectivePhrase['phrase'], data?: Readonly<Record<string, string>>): EffectivePhrase => ({
  phrase: id,
  ...(data && { data }),
});

/** Where values come from, most often. */
export const origins = { file: phrase('ofFile'), pod: phrase('ofPod'), none: phrase('ofDefault') } as const;

/** The user that the image starts with, its number where it is known, and where that is said. */
export function userOfImage(service: Service): { readonly fact: EffectiveFact; readonly uid: number | null } {
  const { known, image } = service;
  const user = known.guess === null ? imageUser(known) : null;
  const by = known.stage
    ? phrase('ofDockerfile', { by: known.stage.path })
    : image?.text
      ? phrase('ofImage', { by: image.text })
      : origins.none;
  if (!user || (user.uid === null && user.name === null)) return { fact: fact('user', phrase('unknown'), by), uid: null };
  const name = user.uid === 0 ? 'root' : user.name;
  const value = user.uid === null ? name! : name === null || name === String(user.uid) ? String(user.uid) : `${user.uid} (${name})`;
  return { fact: fact('user', value, by), uid: user.uid };
}

/** The capabilities that a process has: those that it starts with, with what is dropped and added. */
export function capabilitiesFact(
  base: readonly string[],
  {
    add,
    drop,
    isPrivileged,
    uid,
  }: { readonly add: readonly string[]; readonly drop: readonly string[]; readonly isPrivileged: boolean; readonly uid: number | null },
): EffectiveFact {
  const plain = (name: string): string => name.toUpperCase().replace(/^CAP_/, '');
  const added = add.map(plain);
  const dropped = drop.map(plain);
  const from = add.length + drop.length > 0 || isPrivileged ? origins.file : origins.none;
  if (isPrivileged || (added.includes('ALL') && dropped.length === 0)) return fact('capabilities', phrase('allCapabilities'), from);
  const kept = dropped.includes('ALL') ? [] : base.filter(name => !dropped.includes(name));
  const all = [...new Set([...kept, ...added])].filter(name => name !== 'ALL').sort();
  if (all.length === 0) return fact('capabilities', phrase('none'), from);
  if (uid !== null && uid > 0) return fact('capabilities', phrase('bounded', { list: all.join(', ') }), from);
  return fact('capabilities', all, from);
}

/** The capabilities that engines give to whatever runs, by what runs it. */
export const givenCapabilities = {
  docker: 'AUDIT_WRITE CHOWN DAC_OVERRIDE FOWNER FSETID KILL MKNOD NET_BIND_SERVICE NET_RAW SETFCAP SETGID SETPCAP SETUID SYS_CHROOT'.split(
    ' ',
  ),
  // containers-common, default_capabilities of containers.conf
  podman: 'CHOWN DAC_OVERRIDE FOWNER FSETID KILL NET_BIND_SERVICE SETFCAP SETGID SETPCAP SETUID SYS_CHROOT'.split(' '),
} as const;

/** Where it is known to write besides its mounts. */
export function writesFact(service: Service, workspace: WorkspaceIndex): readonly EffectiveFact[] {
  const evidence = evidenceOf(service, { workspace });
  const places = evidence.writes.filter(({ level }) => level !== 'guessed').map(({ path }) => path);
  return places.length === 0
    ? []
    : [fact('writes', [...new Set(places)].sort(), phrase('ofImage', { by: service.image?.text ?? service.known.stage?.path ?? '' }))];
}

/** Facts in the order that is the same for all. */
export function inOrder(facts: readonly EffectiveFact[]): readonly EffectiveFact[] {
  return [...facts].sort((a, b) => effectiveIds.indexOf(a.id) - effectiveIds.indexOf(b.id));
}
