import type { ContainerOptions } from '../../container/types';
import type { RuleContext } from '../../define-rule';
import { isWithinPath, normalizeHostPath } from '../../../knowledge/host-paths';
import { findImageProfile, type ImageProfile } from '../../../knowledge/image-profiles';
import { neededCapabilities } from '../../../knowledge/root-capabilities';
import { tellingKind } from '../../../knowledge/telling-images';
import { isWindowsReference } from '../../../syntax/image/windows';
import { keptAtHome, stageDoubts, type StageDoubts } from '../../../evidence/program/stage-doubts';
import { startedWords } from '../../../evidence/program/started-command';
import { unknownImageDoubt } from '../../../evidence/run-as/unknown-image';
import { decideRunAs, type RunAs } from '../../../evidence/run-as/decide';
import type { NamedValue } from '../../../knowledge/folders';
import { startedPrograms } from '../../../evidence/run-as/started';
import { memoizeFor } from '../../../base/text/memoize';
import type { StageFact } from '../../../workspace/types';

/** As whom a container starts, and what is to become of that. */
export type StartUser =
  /** Another user than root already: it says so, or its image does. Numbers are `null` where they are not known. */
  | { readonly kind: 'kept'; readonly uid: number | null; readonly gid: number | null }
  /** Its image has a user that it can be told to start as; `user` is `uid:gid`. */
  | { readonly kind: 'settable'; readonly user: string; readonly uid: number; readonly gid: number }
  /** It starts as root and has to; `why` as a sentence without a full stop. `capabilities`: what it needs for that, `null` where nobody knows. */
  | { readonly kind: 'root'; readonly why: string; readonly capabilities: readonly string[] | null }
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
  /** Why a person has to say whether it does with less than it has, as a sentence without a full stop; `null`: nothing speaks against it. */
  readonly doubt: string | null;
  /** Why it may lose the right to write to what is mounted into it; `null`: nothing tells of that. */
  readonly owner: string | null;
  /** What its Dockerfile, its start script and its program write, and tell against fewer rights; `null`: it is not built here. */
  readonly built: StageDoubts | null;
}

type Workspace = Pick<RuleContext, 'workspace'>;

/** Whether a user, with or without a group, is root. */
export function isRoot(user: string): boolean {
  const name = user.split(':', 1)[0]!.trim();
  return name === 'root' || /^0+$/.test(name);
}

/** What is known of what a container starts. Several rules ask it of each. */
export function startOf(container: ContainerOptions, { workspace }: Workspace): Start {
  return startIn(container, workspace);
}

const startIn = memoizeFor((container: ContainerOptions, workspace: RuleContext['workspace']): Start => {
  const [stage = null] = container.builds(workspace);
  const reference = container.image?.reference?.invalid === null ? container.image.reference : null;
  // what is built goes by a name of its own
  const image = stage || container.isBuilt ? (stage?.base ?? null) : (container.image?.text ?? null);
  const base = image === null ? null : findImageProfile(image);
  const entrypoint = wordsOf(container, 'entrypoint');
  const keepsImage = stage === null || stage.run?.keepsStart === true;
  // what a server's image is for, its own program says; a language is the same whatever it runs
  const profile = keepsImage || base?.kind !== 'server' ? base : null;
  const keepsEntryPoint = entrypoint.length === 0 && keepsImage;
  const args = profile === null ? wordsOf(container, 'args') : [];
  const drops = stage?.run?.drops === true && !(keepsEntryPoint && profile?.kind === 'server') && entrypoint.length === 0;
  const isReplaced = entrypoint.length > 0 || container.list('args').items.length > 0;
  const command = commandOf(container);
  const runAs = decideRunAs({
    profile,
    image,
    keepsEntryPoint,
    // engines open low ports to everybody in a container, but volumes of an image stay what they are
    where: 'image',
    programs: [...startedPrograms(entrypoint.length > 0 ? entrypoint : args), ...(isReplaced ? [] : (stage?.run?.programs ?? []))],
    obstacle: changesUser(container)
      ? 'its entry point changes to the user of PUID by itself'
      : (stage?.run?.obstacle ?? (drops ? 'its image goes on as another user by itself' : null)),
    named: stage?.run?.named ?? null,
    doubts: stage?.run?.doubts ?? [],
  });
  const user = userOf(container, { profile, stage, keepsEntryPoint }, runAs);
  const name = reference?.repository ?? container.image?.name ?? null;
  // what is built elsewhere, or goes by a name of its own, is called after what it is in the project
  const kind = profile === null && stage === null ? ((name === null ? null : tellingKind(name)) ?? tellingKind(container.name)) : null;
  const folder =
    user.kind === 'settable' && profile ? foreignData(container, profile, stage) : user.kind === 'unknown' ? hostFolder(container) : null;
  const unowned = user.kind === 'settable' && profile ? unownedVolume(profile, user.uid) : null;
  const owner =
    unowned ??
    (folder === null
      ? null
      : user.kind === 'settable'
        ? `its image has no ${folder}: what is mounted there belongs to root at first`
        : `${folder} belongs to whoever made it: root without capabilities may not write there`);
  const doubt = kind === null ? null : `it is called ${kind.word}: it may be ${kind.kind}`;
  return {
    profile,
    keepsEntryPoint,
    stage,
    kind: kind?.kind ?? null,
    user,
    doubt: user.kind === 'root' && user.capabilities === null ? user.why : doubt,
    owner,
    built: stage && stageDoubts(stage, workspace, environmentOf(container), isReplaced ? command : null),
  };
});

/**
 * Why what a container starts may be more than a program that only serves, as a sentence without a full stop: its command prepares something, or
 * nothing is known of its image, or of the one that it is built on. `null`: neither is seen, or what it is built from tells more.
 */
export function strangerDoubt(container: ContainerOptions, { stage, profile }: Start): string | null {
  if (stage !== null) return unknownBase(stage);
  const words = commandOf(container);
  const { does, keeper } = startedWords(words, environmentOf(container));
  if (does !== null) return `its command ${does}`;
  const { image } = container;
  if (keeper !== null || profile !== null) return keptAtHome(keeper);
  if (container.isBuilt) return 'the Dockerfile that it is built from is not known here';
  if (image === null) return null;
  const reference = image.reference?.invalid === null ? image.reference : null;
  return unknownImageDoubt({ reference, image: image.text ?? '', words, volume: null, lowPort: null });
}

/** Why nothing follows for a built image from what its Dockerfile says: the image that this grows on may be anything; `null`: it is known. */
export function unknownBase({ base, user, run, path }: StageFact): string | null {
  if (user !== null || run?.named != null || (base !== null && findImageProfile(base) !== null)) return null;
  return `nothing is known about ${base ?? 'the image'} on which ${path} builds`;
}

/** What a container sets of variables, as far as it is known. */
const environmentOf = (container: ContainerOptions): readonly NamedValue[] =>
  container.list('env').items.flatMap(({ value }) => (value?.name ? [{ name: value.name, value: value.value }] : []));

const wordsOf = (container: ContainerOptions, field: 'entrypoint' | 'args'): readonly string[] =>
  container.list(field).items.flatMap(({ value }) => value ?? []);

/** What is started in place of the image's own command, word for word. */
const commandOf = (container: ContainerOptions): readonly string[] => [...wordsOf(container, 'entrypoint'), ...wordsOf(container, 'args')];

/** Images of linuxserver.io and their kin are told by these as whom they go on. */
function changesUser(container: ContainerOptions): boolean {
  return container.list('env').items.some(({ value }) => value?.name === 'PUID' || value?.name === 'S6_KEEP_ENV');
}

function userOf(
  container: ContainerOptions,
  { profile, stage, keepsEntryPoint }: Pick<Start, 'profile' | 'stage' | 'keepsEntryPoint'>,
  runAs: RunAs,
): StartUser {
  const written = container.get('user');
  if (written && (written.value === null || !isRoot(written.value))) return { kind: 'kept', ...numbersOf(written.value) };
  if (stage?.user && !written) {
    const { value, uid } = stage.user;
    if (value === null) return { kind: 'unknown' };
    if (!isRoot(value)) return { kind: 'kept', ...numbersOf(value), ...(uid !== null && { uid }) };
  }
  const capabilities = profile && keepsEntryPoint ? rootCapabilities(container, profile) : null;
  if (runAs.kind === 'root') return { kind: 'root', why: runAs.detail, capabilities };
  if (!profile || profile.os === 'windows') return { kind: 'unknown' };
  const own = runAs.kind === 'user' ? runAs.user : null;
  if (own?.origin === 'image' && !written) return { kind: 'kept', uid: own.uid, gid: own.gid ?? profile.runAs.gid };
  const { uid = null, gid = null } = own ?? {};
  if (!uid || own?.origin === 'named' || (runAs.kind === 'user' && runAs.attended !== null) || !keepsEntryPoint)
    return capabilities ? { kind: 'root', why: `${profile.name} starts as root`, capabilities } : { kind: 'unknown' };
  // what a program of a language writes to belongs to whoever made it
  if (profile.kind !== 'server' && (stage !== null || container.list('mounts').items.length > 0)) return { kind: 'unknown' };
  const bound = boundData(container, profile);
  if (bound !== null) return { kind: 'root', why: `a new ${bound} belongs to root`, capabilities: capabilities ?? [] };
  const group = profile.runAs.gid ?? gid ?? uid;
  return { kind: 'settable', user: `${uid}:${group}`, uid, gid: group };
}

function numbersOf(user: string | null): { readonly uid: number | null; readonly gid: number | null } {
  const [, uid, gid] = /^([0-9]+)(?::([0-9]+))?$/.exec(user ?? '') ?? [];
  return { uid: uid === undefined ? null : Number(uid), gid: gid === undefined ? null : Number(gid) };
}

/** What an image needs as long as it is root; ports below 1024 need nothing in a network of the container's own. */
function rootCapabilities(container: ContainerOptions, profile: ImageProfile): readonly string[] | null {
  const needed = neededCapabilities(profile);
  return needed?.filter(name => name !== 'NET_BIND_SERVICE' || isOnHost(container)) ?? null;
}

const isOnHost = (container: ContainerOptions): boolean => container.get('network')?.value === 'host';

/** What a container needs to listen on the ports that its Dockerfile names: below 1024 of its host, root too is asked for a capability. */
export function portCapabilities(container: ContainerOptions, { stage }: Start): readonly string[] {
  const isLow = stage?.ports.some(({ port }) => port < 1024) === true;
  return isLow && isOnHost(container) ? ['NET_BIND_SERVICE'] : [];
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

/** Why a user that an image does not have may not write to its volumes, as a sentence without a full stop; `null`: it has the user, or no volume. */
function unownedVolume({ otherUsers, privilegeDrop, volumes }: ImageProfile, uid: number): string | null {
  const isThere = otherUsers.some(user => user.uid === uid) || privilegeDrop?.to?.name != null;
  return isThere || volumes.length === 0 ? null : `its image has no user ${uid}: a new volume at ${volumes[0]} belongs to root`;
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
