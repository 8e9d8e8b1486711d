import { reason, type Reason } from '../base/terms/evidence';
import { isWithinPath } from '../knowledge/host-paths';
import type { ImageProfile } from '../knowledge/image-profiles';
import type { Evidence } from './testimony';
import { keepsEntryPoint, type Service, type ServiceMount } from './service';
import { isRoot } from './user';

// As whom an engine can be told to start something. It has no groups for volumes: what is mounted belongs to whoever made it.

/** As whom something starts, and what is to become of that. */
export type StartUser =
  /** Another user than root already: it says so, or its image does. Numbers are `null` where they are not known. */
  | { readonly kind: 'kept'; readonly uid: number | null; readonly gid: number | null }
  /** Its image has a user that it can be told to start as; `user` is `uid:gid`. */
  | { readonly kind: 'settable'; readonly user: string; readonly uid: number; readonly gid: number }
  /** It starts as root and has to. `capabilities`: what it needs for that, `null` where nobody knows. */
  | { readonly kind: 'root'; readonly why: Reason; readonly capabilities: readonly string[] | null }
  /** Nothing is known of it. */
  | { readonly kind: 'unknown' };

/** What becomes of what an engine starts. */
export interface EngineStart {
  readonly user: StartUser;
  /** Why it may lose the right to write to what is mounted into it; `null`: nothing tells of that. */
  readonly owner: Reason | null;
}

/** As whom an engine can start something. */
export function engineStart(service: Service, evidence: Evidence): EngineStart {
  const user = userOf(service, evidence);
  return { user, owner: ownerOf(service, user, evidence) };
}

/** Why what is mounted may belong to somebody else than the user that it starts as. */
function ownerOf(service: Service, user: StartUser, { trial }: Evidence): Reason | null {
  const { profile } = service.known;
  if (user.kind === 'settable' && (profile || trial)) {
    // a user that is written here and settable is root
    const written = service.user && service.mounts.find(({ kind, readOnly }) => kind !== 'memory' && kind !== 'given' && !readOnly);
    if (written) return reason('written-as-root', { path: written.path });
    // new volumes were its own in the trial
    if (trial || !profile) return null;
    const path = foreignData(service, profile);
    return unownedVolume(profile, user.uid) ?? (path === null ? null : reason('no-such-folder', { path }));
  }
  const path = user.kind === 'unknown' ? hostFolder(service.mounts) : null;
  return path === null ? null : reason('folder-of-host', { path });
}

function userOf(service: Service, { user: runAs, capabilities, trial }: Evidence): StartUser {
  const { known, mounts, user: written } = service;
  const { profile, stage } = known;
  if (written && (written.value === null || !isRoot(written.value))) return { kind: 'kept', ...numbersOf(written.value) };
  if (trial && runAs.kind === 'user' && runAs.user.origin === 'trial' && !(stage?.user?.value && !written && !isRoot(stage.user.value))) {
    const { uid, gid } = trial.facts.user!;
    return { kind: 'settable', user: `${uid}:${gid}`, uid, gid };
  }
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
  const isDoubted = own !== null && (stage?.run?.doubts.length ?? 0) > 0;
  if (!uid || own?.origin === 'named' || isDoubted || !keepsEntryPoint(service))
    return capabilities
      ? { kind: 'root', why: reason('image-starts-as-root', { image: profile.name }), capabilities }
      : { kind: 'unknown' };
  // what a program of a language writes to belongs to whoever made it
  if (profile.kind !== 'server' && (stage !== null || service.hasMoreMounts || mounts.some(({ kind }) => kind !== 'memory')))
    return { kind: 'unknown' };
  const bound = boundData(mounts, profile);
  if (bound !== null) return { kind: 'root', why: reason('new-folder-of-root', { path: bound }), capabilities: capabilities ?? [] };
  const group = profile.runAs.gid ?? gid ?? uid;
  return { kind: 'settable', user: `${uid}:${group}`, uid, gid: group };
}

function numbersOf(user: string | null): { readonly uid: number | null; readonly gid: number | null } {
  const [, uid, gid] = /^([0-9]+)(?::([0-9]+))?$/.exec(user ?? '') ?? [];
  return { uid: uid === undefined ? null : Number(uid), gid: gid === undefined ? null : Number(gid) };
}

/** Folders of what comes and goes. */
const temporary =
  /^\/(?:tmp|run|var\/(?:run|lock|tmp|cache|log)|var\/lib\/(?:haproxy|jetty|nginx))(?:\/|$)|\/(?:logs?|te?mp|cache|work)$|\/(?:te?mp|cache)\//;

/** Whether a folder holds what may be lost when a container ends. */
export function isTemporary(path: string): boolean {
  return temporary.test(path);
}

/** Whether a path is that of a file, by its ending. */
export const isFile = (path: string): boolean => /\.\w{1,5}$/.test(path);

/** Whether a mount is of the host, or may be: a source with a variable names a folder or a volume, `${DATA}/db` as a rule a folder. */
const mayBeOfHost = ({ kind, source }: ServiceMount): boolean => kind === 'host' || (kind === 'volume' && source === null);

/** A folder of the host in which a server keeps its data: a new one belongs to root; `null`: there is none. */
function boundData(mounts: readonly ServiceMount[], profile: ImageProfile): string | null {
  const own = profile.writablePaths.flatMap(({ path, hasContent }) => (hasContent || isTemporary(path) ? [] : [path]));
  const folders = [...profile.volumes, ...own];
  const found = mounts.find(
    mount =>
      !mount.readOnly &&
      (mayBeOfHost(mount) || mount.kind === 'other') &&
      folders.some(folder => isWithinPath(folder, mount.path) || (isWithinPath(mount.path, folder) && !isFile(mount.path))),
  );
  return found ? (found.source ?? found.path) : null;
}

/** Why a user that an image does not have may not write to its volumes; `null`: it has the user, or no volume. */
function unownedVolume({ otherUsers, privilegeDrop, volumes: [path] }: ImageProfile, uid: number): Reason | null {
  const isThere = otherUsers.some(user => user.uid === uid) || privilegeDrop?.to?.name != null;
  return isThere || path === undefined ? null : reason('no-such-user', { uid, path });
}

/** Where images look for settings and for what prepares a database: they only read there. */
const settings = /^\/(?:etc|docker-entrypoint-initdb\.d|config|conf)(?:\/|$)|\.\w{1,5}$|\/(?:conf|config|conf\.d|plugins|themes)(?:\/|$)/;

/** The place of a volume, or of a folder of the host, that is none of those in which a server keeps what it writes; `null`: there is none. */
function foreignData({ known: { stage }, mounts }: Service, profile: ImageProfile): string | null {
  // a new volume takes over whose the folder of the image is
  const given = stage?.folders.flatMap(({ path, given }) => (given ? path : [])) ?? [];
  const own = [...profile.volumes, ...profile.writablePaths.map(({ path }) => path)];
  const found = mounts.find(
    ({ kind, path: target, readOnly }) =>
      kind !== 'memory' &&
      !readOnly &&
      !settings.test(target) &&
      !(kind === 'volume' && given.some(path => isWithinPath(target, path))) &&
      !own.some(path => isWithinPath(target, path) || isWithinPath(path, target)),
  );
  return found?.path ?? null;
}

/**
 * A folder of the host that may be written to: it belongs to whoever made it, and root without capabilities may only write to what is root's.
 * `null`: there is none. Files are settings, and sockets belong to root.
 */
function hostFolder(mounts: readonly ServiceMount[]): string | null {
  const found = mounts.find(mount => mayBeOfHost(mount) && !mount.readOnly && !settings.test(mount.path) && !isFile(mount.source ?? ''));
  return found ? (found.source ?? found.path) : null;
}
