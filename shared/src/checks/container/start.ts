import type { ContainerOptions } from '../../container/types';
import type { RuleContext } from '../../rule/define-rule';
import { isWithinPath, normalizeHostPath } from '../../knowledge/host-paths';
import { findImageProfile, type ImageProfile } from '../../knowledge/image-profiles';
import { tellingKind } from '../../knowledge/telling-images';
import { decideRunAs, type RunAs } from '../../run-as/decide';
import { startedPrograms } from '../../run-as/started';
import type { StageFact } from '../../workspace/types';

/** What is known of what a container starts. */
export interface Start {
  /** What is known of its image, or of the one that a Dockerfile of the workspace builds it on. */
  readonly profile: ImageProfile | null;
  /** The stage that it is built from; `null`: it is not built here. */
  readonly stage: StageFact | null;
  /** The number of the user that it starts as; `null`: not known. */
  readonly uid: number | null;
  /** The user that it can be given. */
  readonly runAs: RunAs;
  /** A bind mount over the folder of its data, which belongs to root when it is new; `null`: none. */
  readonly boundData: string | null;
  /** Why its image is left alone, as a sentence without a full stop; `null`: nothing speaks against a change. */
  readonly doubt: string | null;
}

/** The number that a text of `user` names: `root` is 0; `null` for other names. */
export function uidOf(user: string): number | null {
  const [name = ''] = user.split(':', 1);
  return name === 'root' ? 0 : /^\d{1,10}$/.test(name) ? Number(name) : null;
}

/** What is known of what a container starts. */
export function startOf(container: ContainerOptions, { workspace }: Pick<RuleContext, 'workspace'>): Start {
  const [stage = null] = container.builds(workspace);
  const reference = container.image?.reference?.invalid === null ? container.image.reference : null;
  const base = stage ? (stage.base === null ? null : findImageProfile(stage.base)) : reference && findImageProfile(reference);
  const entrypoint = container.list('entrypoint').items.flatMap(({ value }) => value ?? []);
  const keepsEntryPoint = entrypoint.length === 0 && (stage === null || stage.run?.keepsStart === true);
  const profile = keepsEntryPoint || base?.kind !== 'server' ? base : null;
  const user = container.get('user');
  const imageUid = stage?.user ? stage.user.uid : (base?.defaultUser?.uid ?? null);
  const args = container.list('args').items.flatMap(({ value }) => value ?? []);
  const text = container.image?.text ?? '';
  const kind = profile === null && stage === null && reference ? tellingKind(reference.repository) : null;
  const runAs = decideRunAs({
    profile,
    image: stage ? stage.base : text || null,
    keepsEntryPoint,
    // Docker opens low ports to everybody in a container, but volumes of an image stay what they are
    where: 'image',
    programs: startedPrograms(entrypoint.length > 0 ? entrypoint : profile === null ? args : []),
    obstacle: stage?.run?.obstacle ?? null,
    named: stage?.run?.named ?? null,
    doubts: stage?.run?.doubts ?? [],
  });
  return {
    profile,
    stage,
    uid: user ? (user.text === null ? null : uidOf(user.text)) : imageUid,
    runAs,
    boundData: profile ? boundData(container, profile) : null,
    doubt: kind === null ? (runAs.kind === 'root' ? runAs.detail : null) : `its image is called ${kind.word}: it may be ${kind.kind}`,
  };
}

/** Folders of what comes and goes. */
const temporary = /^\/(?:tmp|run|var\/(?:run|lock|tmp|cache|log))(?:\/|$)|\/(?:logs?|te?mp|cache)$/;

/** Whether a folder holds what may be lost when a container ends. */
export function isTemporary(path: string): boolean {
  return temporary.test(path);
}

function boundData(container: ContainerOptions, profile: ImageProfile): string | null {
  const folders = [
    ...profile.volumes,
    ...profile.writablePaths.filter(({ path, hasContent }) => !hasContent && !isTemporary(path)).map(({ path }) => path),
  ];
  const bound = container
    .list('mounts')
    .items.find(
      ({ value }) =>
        value?.kind === 'bind' &&
        !value.readOnly &&
        value.target !== null &&
        folders.some(folder => isWithinPath(value.target!, folder) || isWithinPath(folder, value.target!)),
    );
  return bound?.value?.target ?? null;
}

/** The user that a fix gives a container: `uid:gid`; `null`: it keeps its own. */
export function fixedUser(container: ContainerOptions, start: Start): { readonly uid: number; readonly gid: number } | null {
  const { runAs, profile, boundData: bound, doubt, stage } = start;
  if (start.uid !== 0 || doubt !== null || bound !== null || stage !== null || runAs.kind !== 'user' || runAs.attended !== null)
    return null;
  const { uid, gid, origin } = runAs.user;
  if (uid === null || uid === 0 || origin === 'any') return null;
  // a folder of the host that a language's image works on belongs to whoever made it
  if (profile?.kind !== 'server' && container.list('mounts').items.some(({ value }) => value?.kind !== 'volume')) return null;
  return { uid, gid: profile?.runAs.gid ?? gid ?? uid };
}

/** Whether a container runs programs that it unpacks into a folder: Java does so with its libraries, in `/tmp`. */
export function unpacksPrograms({ profile }: Start, folder: string): boolean {
  return profile?.isJvm === true && normalizeHostPath(folder) === '/tmp';
}

/** Whether what a container starts has many threads, each of which counts as a process. */
export function hasManyThreads({ profile }: Start): boolean {
  return (
    profile !== null &&
    (profile.isDatabase || profile.isJvm || /(?:^|\/)(?:node|openjdk|eclipse-temurin|dotnet|aspnet|tomcat|maven|gradle)/.test(profile.name))
  );
}

/** The name of the group of what belongs together when a container is hardened: its user, capabilities, root file system and mounts. */
export function startGroup(container: ContainerOptions): string {
  return `start ${container.key}`;
}
