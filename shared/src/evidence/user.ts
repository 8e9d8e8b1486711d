import { reason, type Reason } from '../base/terms/evidence';
import { asReference, type ImageProfile } from '../knowledge/image-profiles';
import { processManagers } from '../knowledge/programs';
import { needsRootImage } from '../knowledge/root-images';
import { rootProgram } from '../knowledge/root-programs';
import type { StageRun } from '../workspace/stage-start';

/** What is known of the process that an image starts, whoever starts it: a Dockerfile's last stage, a container of a pod, a Compose service. */
export interface RunFacts extends Pick<StageRun, 'keepsEntryPoint' | 'programs' | 'obstacle' | 'named'> {
  /** What is known of the image, or of the image that a Dockerfile grows on. */
  readonly profile: ImageProfile | null;
  /** That image's reference, complete; `null` where part of it is not known. */
  readonly image: string | null;
  /** `pod`: volumes and low ports can be given from outside, so that more images do without root than in a Dockerfile. */
  readonly where: 'image' | 'pod';
}

/** The user that something can run as, before anybody writes it down. */
export interface RunAsUser {
  /**
   * `named`: the file settled on it. `image`: the image starts as it already. `profile`: the image has it for this. `any`: nothing speaks for
   * a number, so that the writer takes its own. `trial`: it ran as that.
   */
  readonly origin: 'named' | 'image' | 'profile' | 'any' | 'trial';
  /** A name, or what a file has written; `null` where there is only a number, or none. */
  readonly name: string | null;
  readonly uid: number | null;
  /** The group that goes with the number; `null`: that of the user's entry in /etc/passwd. */
  readonly gid: number | null;
}

/** As which user an image may run. */
export type RunAs =
  | { readonly kind: 'root'; readonly why: Reason }
  /** Nothing is known that would be right. */
  | { readonly kind: 'unknown'; readonly why: Reason | null }
  | { readonly kind: 'user'; readonly user: RunAsUser };

/** Decides as which user an image may run, from what is known of it and of what it starts. Pure: how it is written down is the caller's. */
export function decideRunAs(facts: RunFacts): RunAs {
  const { profile, named, where } = facts;
  const why = rootReason(facts) ?? facts.obstacle;
  if (why !== null) return { kind: 'root', why };
  if (named === 'unclear') return { kind: 'unknown', why: null };
  if (named) return { kind: 'user', user: { origin: 'named', name: named.text, uid: named.uid, gid: named.gid } };
  const any: RunAs = { kind: 'user', user: { origin: 'any', name: null, uid: null, gid: null } };
  // A Dockerfile would have to create a user, in a way that depends on the image.
  if (!profile) return where === 'pod' ? any : { kind: 'unknown', why: null };
  const own = profile.defaultUser;
  if (own?.uid) return { kind: 'user', user: { origin: 'image', name: own.name, uid: own.uid, gid: own.gid } };
  if (own?.name && own.uid === null && own.name !== 'root') {
    return where === 'pod'
      ? { kind: 'unknown', why: reason('uid-unknown') }
      : { kind: 'user', user: { origin: 'image', name: own.name, uid: null, gid: null } };
  }
  // of what is only configured it is not known whether it needs root, but which number may be right
  if (profile.kind === 'configured' && own?.name !== undefined && own.uid !== 0) return { kind: 'unknown', why: reason('uid-unknown') };
  if (profile.kind === 'configured')
    return where === 'pod' ? { ...any, user: { ...any.user, uid: profile.runAs.uid } } : { kind: 'unknown', why: null };
  const verdict = where === 'pod' ? profile.nonRootInPod : profile.nonRoot;
  if (where === 'pod' && verdict === 'already') return { kind: 'unknown', why: reason('uid-unknown') };
  // What has an entry point of its own only takes the files of an image that works as root.
  if (verdict === 'unknown' || verdict.startsWith('needs-')) return { kind: 'unknown', why: null };
  const { uid } = profile.runAs;
  if (!uid || isBeforeItsUser(profile, facts.image)) return any;
  const entry = profile.otherUsers.find(user => user.uid === uid);
  return {
    kind: 'user',
    user: { origin: 'profile', name: entry?.name ?? null, uid, gid: entry ? null : (profile.runAs.gid ?? uid) },
  };
}

/** Whether a program, by its name without folders, cannot do its work without root, or starts others as whatever user each needs. */
export function isRootProgram(word: string): boolean {
  return rootProgram(word) !== null || processManagers.has(word);
}

/** What of program and image needs root; `null`: neither is known to. */
function rootReason({ programs, keepsEntryPoint, profile, image, where }: RunFacts): Reason | null {
  const program = programs.find(isRootProgram);
  if (program !== undefined) return reason('program-needs-root', { program });
  if (!keepsEntryPoint) return null;
  if (profile && (where === 'pod' ? profile.nonRootInPod : profile.nonRoot).startsWith('needs-')) {
    const [twin] = profile.unprivilegedReplacement;
    return twin === undefined
      ? reason('image-starts-as-root', { image: profile.name })
      : reason('image-has-twin', { image: profile.name, twin });
  }
  return image !== null && needsRootImage(image) ? reason('image-needs-root', { image }) : null;
}

/** .NET images have a user of their own from 8.0 on. */
export function isBeforeItsUser({ name }: ImageProfile, image: string | null): boolean {
  const tag = image === null ? null : (asReference(image)?.tag ?? null);
  return name.startsWith('mcr.microsoft.com/dotnet/') && Number.parseInt(tag ?? '', 10) < 8;
}

/** Whether a user, with or without a group, is root. */
export function isRoot(user: string): boolean {
  const name = user.split(':', 1)[0]!.trim();
  return name === 'root' || /^0+$/.test(name);
}
