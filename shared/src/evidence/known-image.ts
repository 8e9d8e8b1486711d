import { reason, type Reason } from '../base/terms/evidence';
import { upTo } from '../base/text/ends';
import { claimedProfile, factsProfile, isDescribed, startsAsRoot } from '../knowledge/configured-image';
import { findImageProfile, type ImageProfile, type ImageUser } from '../knowledge/image-profiles';
import { servedFile, startedCapabilities } from '../knowledge/image-facts';
import { tellingKind } from '../knowledge/telling-images';
import { imageKey } from '../syntax/image/name';
import type { ImageReference } from '../syntax/image/reference';
import type { StageFact, WorkspaceIndex } from '../workspace/types';
import type { KnownImage, Service } from './service';

/** What an image is found by: the facts of other files. */
type Images = Pick<WorkspaceIndex, 'buildsOf' | 'namesakeOf' | 'onlyImage' | 'images' | 'imageFacts'>;

/** Nothing is known of an image. */
export const unknown: KnownImage = { profile: null, stage: null, base: null, likeness: null, guess: null, facts: null };

/** What is known of what a stage builds. */
export function builtImage(stage: StageFact, workspace: Pick<WorkspaceIndex, 'imageFacts'>): KnownImage {
  const base = stage.base === null ? null : profileOf(stage.base, workspace);
  // a server's profile speaks of that server; those of systems and languages hold for whatever is started
  const holds = base !== null && (base.kind !== 'server' || stage.run?.keepsStart === true);
  return { ...unknown, profile: holds ? base : null, stage, base };
}

/** The capabilities that the file of its program carries: without them in the bounding set the program does not start. */
export function carriedCapabilities({ profile, stage, facts }: KnownImage): readonly string[] {
  const read = stage === null ? (startedCapabilities(facts, servedFile) ?? []) : [];
  return [...new Set([...(profile?.fileCapabilities ?? []), ...(stage?.run?.fileCapabilities ?? []), ...read])];
}

/** The profile of an image: what its configuration says, where that is verified, over what the table has; `null`: neither says anything. */
export function profileOf(text: string, { imageFacts }: Pick<WorkspaceIndex, 'imageFacts'>): ImageProfile | null {
  const table = findImageProfile(text);
  const facts = imageFacts(text);
  return facts?.level === 'verified' ? factsProfile(facts, table, nameOf(text)) : table;
}

/** What an image is called. */
const nameOf = (text: string): string => upTo(text, '@');

/** The facts of images for a platform that is asked for: those of another one say nothing of it. `null`: none is asked for; empty: it is not known which. */
export function ofPlatform(
  { imageFacts }: Pick<WorkspaceIndex, 'imageFacts'>,
  platform: string | null,
): Pick<WorkspaceIndex, 'imageFacts'> {
  if (platform === null) return { imageFacts };
  return {
    imageFacts: image => {
      const facts = imageFacts(image);
      return facts !== null && `${facts.platform}/`.startsWith(`${platform}/`) ? facts : null;
    },
  };
}

/** What is known of an image that nothing here builds; `null`: nothing. Facts that are not verified never say more than somebody who guesses. */
export function pulledImage(text: string, { imageFacts }: Pick<WorkspaceIndex, 'imageFacts'>): KnownImage | null {
  const table = findImageProfile(text);
  const facts = imageFacts(text);
  if (facts?.level === 'verified') return { ...unknown, profile: factsProfile(facts, table, nameOf(text)), facts };
  if (table === null) {
    return (
      facts && { ...unknown, profile: claimedProfile(facts, nameOf(text)), facts, guess: reason('image-claimed', { image: nameOf(text) }) }
    );
  }
  const isOther = facts !== null && table.defaultUser !== null && (table.defaultUser.uid === 0) !== startsAsRoot(facts);
  return { ...unknown, profile: table, facts, guess: isOther ? reason('image-differs', { image: nameOf(text) }) : null };
}

/** What is known of an image by its reference; `null`: nothing. */
export function namedImage(text: string, reference: ImageReference, mayVary: boolean, workspace: Images): KnownImage | null {
  const pulled = mayVary ? null : pulledImage(text, workspace);
  // what a digest has is not what a Dockerfile here says by now
  if (pulled?.facts?.level === 'verified') return pulled;
  const [build] = workspace.buildsOf(text);
  if (build) return builtImage(build.stage, workspace);
  const profile = findImageProfile(reference);
  if (profile) return pulled ?? { ...unknown, profile };
  const namesake = mayVary ? null : workspace.namesakeOf(text);
  const stage = namesake ?? (mayVary ? null : onlyStage(text, workspace));
  if (stage) {
    const guess = namesake ? null : reason('dockerfile-only', { path: stage.path });
    return { ...builtImage(stage, workspace), likeness: { kind: 'dockerfile', of: stage.path }, guess };
  }
  const { repository, tag, registry } = reference;
  const slash = repository.lastIndexOf('/');
  if (slash < 0 && registry === null) return pulled;
  const like = findImageProfile(`${repository.slice(slash + 1)}${tag === null ? '' : `:${tag}`}`);
  // of a base or language image nothing follows for what is made from it
  if (like?.kind !== 'server' || pulled !== null) return pulled;
  return { ...unknown, profile: like, likeness: { kind: 'image', of: like.name }, guess: reason('image-like', { image: like.name }) };
}

/** What the only Dockerfile builds, where there is one unknown image. */
function onlyStage(image: string, workspace: Images): StageFact | null {
  const only = workspace.onlyImage();
  if (!only) return null;
  const key = imageKey(image);
  const unknownOnes = new Set(workspace.images().flatMap(text => (findImageProfile(text) ? [] : (imageKey(text) ?? []))));
  return unknownOnes.size === 1 && key !== null && unknownOnes.has(key) ? only : null;
}

/** Whether its own configuration says that it starts as another user than root. */
export function isVerifiedUser({ facts }: KnownImage): boolean {
  return facts?.level === 'verified' && !startsAsRoot(facts);
}

/** The user that an image starts as; `uid: null`: its number is not known, `gid: null`: its group is that of its entry in /etc/passwd. */
export function imageUser({ profile, stage, base }: KnownImage): ImageUser | null {
  if (!stage?.user) return (stage ? base : profile)?.defaultUser ?? null;
  const { value, uid } = stage.user;
  const [name = null, group = ''] = value?.split(':') ?? [];
  return {
    name,
    uid: name === 'root' ? 0 : uid,
    gid: /^\d+$/.test(group) ? Number(group) : null,
    numeric: name !== null && /^\d+$/.test(name),
  };
}

/** The kind of software that an image of which nothing else is known is called after, or else what starts it; `null`: neither name tells anything. */
export function calledKind({ known, image, name, isBuilt }: Service): { readonly kind: string; readonly reason: Reason } | null {
  if (isDescribed(known.profile) || known.stage !== null || isKo(image?.text)) return null;
  const called = image?.reference?.repository ?? image?.name ?? null;
  const kind = called === null ? null : tellingKind(called);
  if (kind) return { kind: kind.kind, reason: reason(isBuilt ? 'container-called' : 'image-called', kind) };
  const own = name === null ? null : tellingKind(name);
  return own && { kind: own.kind, reason: reason('container-called', own) };
}

/** Whether ko builds an image from the sources here, on an image that is not root. */
const isKo = (text: string | null | undefined): boolean => text?.startsWith('ko://') === true;

/**
 * Why an image may be anything, what tells most first; `null`: it is known. Unknown is unknown: where an image comes from says nothing of it,
 * neither a registry of one's own, nor one that the configuration trusts, nor a name without an owner.
 */
export function unknownImage({ known, image, isBuilt, words, lowPort, keptVolume }: Service): Reason | null {
  const { stage, profile, guess } = known;
  if (stage !== null) return unknownBase(known, stage) ?? guess;
  if (isDescribed(profile)) return guess;
  if (isBuilt) return reason('dockerfile-unseen');
  if (isKo(image?.text)) return null;
  if (lowPort !== null) return reason('low-port', { port: lowPort });
  if (keptVolume !== null) return reason('volume-of-others', { volume: keptVolume });
  const [first] = words;
  const program = first === undefined || first.startsWith('-') ? null : tellingKind(first);
  if (program !== null) return reason('starts-kind', program);
  const reference = image?.reference ?? null;
  if (guess !== null) return guess;
  if (profile !== null) return reason('image-configured', { image: profile.name });
  return reference === null ? reason('image-later') : reason('image-unknown', { registry: reference.registry ?? 'docker.io' });
}

/** Why nothing follows for a built image from what its Dockerfile says: the image that this grows on may be anything; `null`: it is known. */
function unknownBase({ base: profile }: KnownImage, { base, user, run, path, name }: StageFact): Reason | null {
  if (user !== null || run?.named != null) return null;
  if (base === null) return reason('base-unseen', { path });
  if (profile === null) return reason('base-unknown', { image: base, path });
  if (!isDescribed(profile)) return reason('image-configured', { image: base });
  return run === null ? reason('stage-silent', { path, stage: name ?? '' }) : null;
}
