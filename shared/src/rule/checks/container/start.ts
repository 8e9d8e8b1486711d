import type { ContainerOptions } from '../../container/types';
import type { RuleContext } from '../../define-rule';
import { evidenceFor, serviceOf } from '../../container/service';
import { isRoot } from '../../container/values';
import type { Evidence } from '../../../evidence/evidence';
import { keepsEntryPoint } from '../../../evidence/service';
import { calledKind } from '../../../evidence/known-image';
import { reason, type Reason } from '../../../base/terms/evidence';
import { isWithinPath, normalizeHostPath } from '../../../knowledge/host-paths';
import type { ImageProfile } from '../../../knowledge/image-profiles';
import { isWindowsReference } from '../../../syntax/image/windows';
import { memoizeFor } from '../../../base/text/memoize';
import type { StageFact } from '../../../workspace/types';

// What an engine can be told of a container: it has no groups for volumes, which belong to whoever made them.

/** As whom a container starts, and what is to become of that. */
export type StartUser =
  /** Another user than root already: it says so, or its image does. Numbers are `null` where they are not known. */
  | { readonly kind: 'kept'; readonly uid: number | null; readonly gid: number | null }
  /** Its image has a user that it can be told to start as; `user` is `uid:gid`. */
  | { readonly kind: 'settable'; readonly user: string; readonly uid: number; readonly gid: number }
  /** It starts as root and has to. `capabilities`: what it needs for that, `null` where nobody knows. */
  | { readonly kind: 'root'; readonly why: Reason; readonly capabilities: readonly string[] | null }
  /** Nothing is known of it. */
  | { readonly kind: 'unknown' };

/** What is known of what a container starts. */
export interface Start {
  /** What is known of its image, or of the one that a Dockerfile of the workspace builds it on. */
  readonly profile: ImageProfile | null;
  /** Whether the image's own entry point is what starts, so that the profile speaks of that, too. */
  readonly keepsEntryPoint: boolean;
  /** The stage that it is built from; `null`: it is not built here. */
  readonly stage: StageFact | null;
  /** The kind of software that it is called after where nothing else is known of it, as `a database`; `null`: its names tell nothing. */
  readonly kind: string | null;
  readonly user: StartUser;
  /** Why it may lose the right to write to what is mounted into it; `null`: nothing tells of that. */
  readonly owner: Reason | null;
  readonly evidence: Evidence;
}

type Workspace = Pick<RuleContext, 'workspace'>;

/** What is known of what a container starts. Several rules ask it of each. */
export function startOf(container: ContainerOptions, { workspace }: Workspace): Start {
  return startIn(container, workspace);
}

const startIn = memoizeFor((container: ContainerOptions, workspace: RuleContext['workspace']): Start => {
  const service = serviceOf(container, { workspace });
  const evidence = evidenceFor(container, { workspace });
  const { profile, stage } = service.known;
  const about = { profile, stage, keepsEntryPoint: keepsEntryPoint(service) };
  const user = userOf(container, about, evidence);
  return { ...about, kind: calledKind(service)?.kind ?? null, user, owner: ownerOf(container, about, user), evidence };
});

/** Why what is mounted may belong to somebody else than the user that a container starts as. */
function ownerOf(container: ContainerOptions, { profile, stage }: Pick<Start, 'profile' | 'stage'>, user: StartUser): Reason | null {
  if (user.kind === 'settable' && profile) {
    const path = foreignData(container, profile, stage);
    return unownedVolume(profile, user.uid) ?? (path === null ? null : reason('no-such-folder', { path }));
  }
  const path = user.kind === 'unknown' ? hostFolder(container) : null;
  return path === null ? null : reason('folder-of-host', { path });
}

function userOf(
  container: ContainerOptions,
  { profile, stage, keepsEntryPoint: keeps }: Pick<Start, 'profile' | 'stage' | 'keepsEntryPoint'>,
  { user: runAs, capabilities }: Evidence,
): StartUser {
  const written = container.get('user');
  if (written && (written.value === null || !isRoot(written.value))) return { kind: 'kept', ...numbersOf(written.value) };
  if (stage?.user && !written) {
    const { value, uid } = stage.user;
    if (value === null) return { kind: 'unknown' };
    if (!isRoot(value)) return { kind: 'kept', ...numbersOf(value), ...(uid !== null && { uid }) };
  }
  if (runAs.kind === 'root') return { kind: 'root', why: runAs.why, capabilities };
  if (!profile || profile.os === 'windows') return { kind: 'unknown' };
  const own = runAs.kind === 'user' ? runAs.user : null;
  if (own?.origin === 'image' && !written) return { kind: 'kept', uid: own.uid, gid: own.gid ?? profile.runAs.gid };
  const { uid = null, gid = null } = own ?? {};
  const isDoubted = runAs.kind === 'user' && (stage?.run?.doubts.length ?? 0) > 0;
  if (!uid || own?.origin === 'named' || isDoubted || !keeps)
    return capabilities
      ? { kind: 'root', why: reason('image-starts-as-root', { image: profile.name }), capabilities }
      : { kind: 'unknown' };
  // what a program of a language writes to belongs to whoever made it
  if (profile.kind !== 'server' && (stage !== null || container.list('mounts').items.length > 0)) return { kind: 'unknown' };
  const bound = boundData(container, profile);
  if (bound !== null) return { kind: 'root', why: reason('new-folder-of-root', { path: bound }), capabilities: capabilities ?? [] };
  const group = profile.runAs.gid ?? gid ?? uid;
  return { kind: 'settable', user: `${uid}:${group}`, uid, gid: group };
}

function numbersOf(user: string | null): { readonly uid: number | null; readonly gid: number | null } {
  const [, uid, gid] = /^([0-9]+)(?::([0-9]+))?$/.exec(user ?? '') ?? [];
  return { uid: uid === undefined ? null : Number(uid), gid: gid === undefined ? null : Number(gid) };
}

/** What a container needs to listen on the ports that its Dockerfile names: below 1024 of its host, root too is asked for a capability. */
export function portCapabilities(container: ContainerOptions, { stage }: Start): readonly string[] {
  const isLow = stage?.ports.some(({ port }) => port < 1024) === true;
  return isLow && container.get('network')?.value === 'host' ? ['NET_BIND_SERVICE'] : [];
}

/** Folders of what comes and goes. */
const temporary = /^\/(?:tmp|run|var\/(?:run|lock|tmp|cache|log)|var\/lib\/(?:haproxy|jetty|nginx))(?:\/|$)|\/(?:logs?|te?mp|cache|work)$/;

/** Whether a folder holds what may be lost when a container ends. */
export function isTemporary(path: string): boolean {
  return temporary.test(path);
}

/** A folder of the host in which a server keeps its data: a new one belongs to root; `null`: there is none. */
function boundData(container: ContainerOptions, profile: ImageProfile): string | null {
  const own = profile.writablePaths.flatMap(({ path, hasContent }) => (hasContent || isTemporary(path) ? [] : [path]));
  const folders = [...profile.volumes, ...own];
  for (const { value: mount } of container.list('mounts').items) {
    const target = mount?.target ?? null;
    if (!mount || target === null || mount.readOnly || (mount.kind !== 'bind' && mount.kind !== 'other')) continue;
    const isFile = /\.\w{1,5}$/.test(target);
    if (folders.some(folder => isWithinPath(folder, target) || (isWithinPath(target, folder) && !isFile))) return mount.source ?? target;
  }
  return null;
}

/** Why a user that an image does not have may not write to its volumes; `null`: it has the user, or no volume. */
function unownedVolume({ otherUsers, privilegeDrop, volumes: [path] }: ImageProfile, uid: number): Reason | null {
  const isThere = otherUsers.some(user => user.uid === uid) || privilegeDrop?.to?.name != null;
  return isThere || path === undefined ? null : reason('no-such-user', { uid, path });
}

/** Where images look for settings and for what prepares a database: they only read there. */
const settings = /^\/(?:etc|docker-entrypoint-initdb\.d|config|conf)(?:\/|$)|\.\w{1,5}$|\/(?:conf|config|conf\.d|plugins|themes)(?:\/|$)/;

/** The place of a volume, or of a folder of the host, that is none of those in which a server keeps what it writes; `null`: there is none. */
function foreignData(container: ContainerOptions, profile: ImageProfile, stage: Start['stage']): string | null {
  // a new volume takes over whose the folder of the image is
  const given = stage?.folders.flatMap(({ path, given }) => (given ? path : [])) ?? [];
  const own = [...profile.volumes, ...profile.writablePaths.map(({ path }) => path)];
  for (const { value: mount } of container.list('mounts').items) {
    const target = mount?.target ?? null;
    if (!mount || target === null || mount.readOnly || settings.test(target)) continue;
    if (mount.kind === 'volume' && given.some(path => isWithinPath(target, path))) continue;
    if (!own.some(path => isWithinPath(target, path) || isWithinPath(path, target))) return target;
  }
  return null;
}

/**
 * A folder of the host that a container may write to: it belongs to whoever made it, and root without capabilities may only write to what is root's.
 * `null`: there is none. Files are settings, and sockets belong to root.
 */
function hostFolder(container: ContainerOptions): string | null {
  for (const { value: mount } of container.list('mounts').items) {
    // of a source with a variable nobody knows whether it is a folder
    const mayBeFolder = mount?.kind === 'bind' || (mount?.kind === 'volume' && mount.source === null);
    if (mayBeFolder && !mount.readOnly && mount.target !== null && !settings.test(mount.target) && !/\.\w{1,5}$/.test(mount.source ?? ''))
      return mount.source ?? mount.target;
  }
  return null;
}

/** Whether a container runs programs that it unpacks into a folder: Java does so with its libraries, in `/tmp`. */
export function unpacksPrograms({ profile }: Start, folder: string): boolean {
  return profile?.isJvm === true && normalizeHostPath(folder) === '/tmp';
}

/** Names of images whose programs have many threads although they are no database, or few although they are one. */
const manyThreads = /(?:^|\/)(?:node|openjdk|eclipse-temurin|dotnet|aspnet|tomcat|maven|gradle)/;
const fewThreads = /(?:^|\/)(?:redis|valkey)$/;

/** Whether what a container starts has many threads, each of which counts as a process. */
export function hasManyThreads({ profile, kind }: Start): boolean {
  if (profile === null) return kind === 'a database' || kind === 'a message queue';
  if (fewThreads.test(profile.name)) return false;
  return profile.isDatabase || profile.isJvm || manyThreads.test(profile.name);
}

/** Whether Windows runs it, where nothing of Linux applies. */
export function runsOnWindows(container: ContainerOptions, context: Workspace): boolean {
  const isolation = container.get('isolation')?.value ?? '';
  return (
    /^windows\b/.test(container.get('platform')?.value ?? '') ||
    isolation === 'hyperv' ||
    isolation === 'process' ||
    (!container.isBuilt && isWindowsReference(container.image?.text ?? container.image?.name ?? '')) ||
    startOf(container, context).profile?.os === 'windows'
  );
}

/** The name of the group of what belongs together when a container is hardened: its user, capabilities, root file system and mounts. */
export function startGroup(container: ContainerOptions): string {
  return `start ${container.key}`;
}

/** Why harden leaves to a person what is in doubt: something is known to need root, or may, by the image's name or what is mounted. */
export function doubtReason({ user }: Start): 'needs-root' | 'attended' {
  return user.kind === 'root' ? 'needs-root' : 'attended';
}
