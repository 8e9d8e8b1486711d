import type { ContainerOptions } from '../../../container/types';
import { isWithinPath, normalizeHostPath } from '../../../knowledge/host-paths';
import { findImageProfile, type ImageProfile } from '../../../knowledge/image-profiles';
import { needsRootImage } from '../../../knowledge/root-images';
import type { RuleContext } from '../../../rule/define-rule';
import type { StageFact } from '../../../workspace/types';

/** What is known of the image that a container runs. */
export interface RunningImage {
  readonly profile: ImageProfile | null;
  /** The stage of a Dockerfile that it is built from. */
  readonly stage: StageFact | null;
  /** Why it has to start as root, whatever else is known; `null`: nothing says so. */
  readonly root: string | null;
}

/** As whom a container runs, and what is to become of that. */
export type RunningUser =
  /** Another user than root already: it says so, or its image does. */
  | { readonly kind: 'kept'; readonly uid: number | null; readonly gid: number | null }
  /** Its image has a user that it can be told to start as. */
  | { readonly kind: 'settable'; readonly user: string; readonly uid: number; readonly gid: number }
  /** It starts as root and has to; `capabilities`: what it needs for that, `null` where nobody knows. */
  | { readonly kind: 'root'; readonly why: string; readonly capabilities: readonly string[] | null }
  /** Nothing is known of it. */
  | { readonly kind: 'unknown' };

type Workspace = Pick<RuleContext, 'workspace'>;

/** Whether a user, with or without a group, is root. */
export function isRoot(user: string): boolean {
  const name = user.split(':', 1)[0]!.trim();
  return name === 'root' || /^0+$/.test(name);
}

/** What is known of a container's image: by the Dockerfile that it is built from, else by its name. */
export function runningImage(container: ContainerOptions, { workspace }: Workspace): RunningImage {
  const stage = container.builds(workspace)[0] ?? null;
  const reference = container.image?.reference;
  const text = container.image?.text ?? null;
  const own = reference && reference.invalid === null && !stage ? findImageProfile(reference) : null;
  const base = stage?.base && stage.run?.keepsStart ? findImageProfile(stage.base) : null;
  const drops = container.list('env').items.some(({ value }) => value?.name === 'PUID' || value?.name === 'S6_KEEP_ENV');
  const root =
    text !== null && needsRootImage(text)
      ? `${text} works only as root`
      : drops
        ? 'its entry point changes to the user of PUID by itself'
        : null;
  return { profile: own ?? base, stage, root };
}

/** Folders of small files that no server keeps data in. */
const scratch = /^\/(?:tmp|run|var\/(?:run|lock|log|tmp|cache))(?:\/|$)/;

/** The folders that a server keeps its data in. */
function dataFolders(profile: ImageProfile): readonly string[] {
  if (profile.volumes.length > 0) return profile.volumes;
  return profile.writablePaths.flatMap(({ path }) => (scratch.test(path) ? [] : [path]));
}

/** A folder of the host in which a server keeps its data: a new one belongs to root; `null`: there is none. */
export function boundData(container: ContainerOptions, profile: ImageProfile): string | null {
  const folders = dataFolders(profile);
  for (const { value: mount } of container.list('mounts').items) {
    const target = mount?.target ?? null;
    if (!mount || target === null || (mount.kind !== 'bind' && mount.kind !== 'other')) continue;
    if (folders.some(folder => isWithinPath(folder, target) || (isWithinPath(target, folder) && !/\.\w{1,5}$/.test(target))))
      return mount.source ?? target;
  }
  return null;
}

/** What an image needs as long as it is root; ports below 1024 need nothing in a network of the container's own. */
function rootCapabilities(container: ContainerOptions, profile: ImageProfile): readonly string[] | null {
  const listed = profile.rootCapabilities.length > 0 ? profile.rootCapabilities : (profile.privilegeDrop?.capabilities ?? null);
  if (!listed) return null;
  const onHost = container.get('network')?.value === 'host';
  return [...new Set([...listed, ...(onHost && profile.portsBelow1024.length > 0 ? ['NET_BIND_SERVICE'] : [])])]
    .filter(name => onHost || name !== 'NET_BIND_SERVICE')
    .sort();
}

/** As whom a container runs, and what is to become of that; what it says itself aside where that is root. */
export function runningUser(container: ContainerOptions, context: Workspace): RunningUser {
  const written = container.get('user');
  if (written && (written.value === null || !isRoot(written.value))) return { kind: 'kept', ...numbersOf(written.value) };
  const { profile, stage, root } = runningImage(container, context);
  if (root !== null) return { kind: 'root', why: root, capabilities: null };
  if (stage?.user && !written) {
    const { value, uid } = stage.user;
    if (value === null) return { kind: 'unknown' };
    if (!isRoot(value)) return { kind: 'kept', ...numbersOf(value), ...(uid !== null && { uid }) };
  }
  if (!profile || profile.os === 'windows') return { kind: 'unknown' };
  const own = profile.defaultUser;
  if (!written && own && (own.uid !== null ? own.uid !== 0 : own.name !== null && own.name !== 'root'))
    return { kind: 'kept', uid: own.uid, gid: own.gid };
  const capabilities = rootCapabilities(container, profile);
  if (profile.nonRoot.startsWith('needs-')) return { kind: 'root', why: `${profile.name} starts as root`, capabilities };
  if (container.list('entrypoint').items.length > 0) return { kind: 'unknown' };
  const { uid, gid } = profile.runAs;
  if (profile.kind !== 'server' || !uid)
    return profile.kind === 'server' && capabilities
      ? { kind: 'root', why: `${profile.name} starts as root`, capabilities }
      : { kind: 'unknown' };
  const bound = boundData(container, profile);
  if (bound !== null) return { kind: 'root', why: `a new ${bound} belongs to root`, capabilities: capabilities ?? [] };
  return { kind: 'settable', user: `${uid}:${gid ?? uid}`, uid, gid: gid ?? uid };
}

function numbersOf(user: string | null): { readonly uid: number | null; readonly gid: number | null } {
  const [, uid, gid] = /^([0-9]+)(?::([0-9]+))?$/.exec(user ?? '') ?? [];
  return { uid: uid === undefined ? null : Number(uid), gid: gid === undefined ? null : Number(gid) };
}

/** A tmpfs that a container needs for what it writes. */
export interface Scratch {
  readonly path: string;
  /** In short form, options included. */
  readonly text: string;
}

/** What a container writes to, once its root file system is read-only. */
export interface Writes {
  readonly tmpfs: readonly Scratch[];
  /** A folder with files of the image that it may write to, which a mount would hide; `null`: none is known. */
  readonly shipped: string | null;
  /** Whether it is known what the image writes. */
  readonly known: boolean;
}

/** Images that go on where they cannot write to what they ship. */
const tolerant = new Set(['nginx', 'tomcat', 'hashicorp/vault', 'hashicorp/consul', 'rabbitmq', 'elasticsearch']);

/** Folders that everybody may write to in the images that have them; a tmpfs takes over their mode. */
const open = /^\/tmp$|\/(?:postgresql|mysqld)$/;

/** What a container has to be able to write to. */
export function writesOf(container: ContainerOptions, context: RuleContext): Writes {
  const { profile, stage } = runningImage(container, context);
  const mounted = [...container.list('mounts').items, ...container.list('tmpfs').items]
    .flatMap(({ value }) => value?.target ?? [])
    .map(normalizeHostPath);
  const volumes = (profile?.volumes ?? []).map(normalizeHostPath);
  const isCovered = (path: string): boolean => [...mounted, ...volumes].some(target => isWithinPath(normalizeHostPath(path), target));
  const isServer =
    profile !== null && (profile.kind === 'server' || profile.kind === 'tool') && container.list('entrypoint').items.length === 0;
  const listed = isServer
    ? profile.writablePaths.map(({ path, hasContent }) => ({ path, filled: hasContent && !tolerant.has(profile.name), skip: hasContent }))
    : [];
  const folders = (stage?.folders ?? []).map(({ path, filled }) => ({ path, filled, skip: filled }));
  const all = [...(isServer ? [] : [{ path: '/tmp', filled: false, skip: false }]), ...listed, ...folders].filter(
    ({ path }) => !isCovered(path),
  );
  const wanted = [...new Set(all.filter(({ skip }) => !skip).map(({ path }) => path))]
    // a tmpfs would hide what is mounted, or lies in a volume of the image, below it
    .filter(path => ![...mounted, ...volumes].some(target => isWithinPath(target, normalizeHostPath(path))))
    .sort((a, b) => Number(b === '/tmp') - Number(a === '/tmp'));
  const paths = wanted.filter(path => !wanted.some(other => other !== path && isWithinPath(path, other)));
  const user = runningUser(container, context);
  return {
    tmpfs: paths.map(path => ({ path, text: `${path}:${optionsFor(path, user, profile, context)}` })),
    shipped: all.find(({ filled }) => filled)?.path ?? null,
    known: isServer,
  };
}

function optionsFor(path: string, user: RunningUser, profile: ImageProfile | null, context: RuleContext): string {
  const exec = profile?.isJvm === true && path === '/tmp' ? 'exec' : 'noexec';
  const uid = user.kind === 'kept' || user.kind === 'settable' ? user.uid : null;
  const owner =
    uid === null || open.test(path) ? '' : `,uid=${uid},gid=${(user.kind === 'kept' || user.kind === 'settable' ? user.gid : null) ?? uid}`;
  return `${exec},nosuid,nodev,size=${context.defaults.tmpfsSize}${owner}`;
}

/** A quantity of Kubernetes (`512Mi`) as engines and Compose read it: `512m`. */
export function engineSize(quantity: string): string {
  return quantity.replace(/^(\d+(?:\.\d+)?)([KMGT])i?$/i, (_, number: string, unit: string) => number + unit.toLowerCase());
}

/** The name of the group in which user, capabilities and root file system of a container change together. */
export function containerGroup(container: ContainerOptions): string {
  return `container ${container.key}`;
}

/** Whether Windows runs it, where nothing of Linux applies. */
export function runsOnWindows(container: ContainerOptions, context: Workspace): boolean {
  const platform = container.get('platform')?.value ?? '';
  const isolation = container.get('isolation')?.value ?? '';
  return (
    platform.startsWith('windows') ||
    isolation === 'hyperv' ||
    isolation === 'process' ||
    runningImage(container, context).profile?.os === 'windows'
  );
}
