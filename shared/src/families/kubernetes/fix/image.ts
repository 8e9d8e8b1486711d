import type { Assumption } from '../../../rule/fix/types';
import { imageKey } from '../../../syntax/image/name';
import { findImageProfile, type ImageProfile, type ImageUser } from '../../../knowledge/image-profiles';
import { memoizeFor } from '../../../base/text/memoize';
import type { StageFact, WorkspaceIndex } from '../../../workspace/types';
import { containerName } from '../model/names';
import type { ContainerView } from '../model/types';

/** What is known of the image of a container. */
export interface KnownImage {
  /** What is known of what it runs: the image's own profile, or that of the image that its Dockerfile grows on, as far as that holds. */
  readonly profile: ImageProfile | null;
  /** The stage of a Dockerfile of the workspace that builds it; `null`: none is known. */
  readonly stage: StageFact | null;
  /** What is known of the image at the bottom of that stage. */
  readonly base: ImageProfile | null;
  /** What stands to be confirmed: that an image with the last name of a known server is made from it, or which Dockerfile builds it. */
  readonly assumes: readonly Assumption[];
  /** Why all of this may be another image's, as a sentence without a full stop; `null`: something says that it is this one. */
  readonly guess: string | null;
}

/** What an image is found by: the facts of other files, asked anew whenever they may have changed. */
type Workspace = Pick<WorkspaceIndex, 'buildsOf' | 'namesakeOf' | 'onlyImage' | 'images'>;

/** What is known of the image of a container; `null` where that is nothing, or the reference is not complete. */
export function knownImage(container: ContainerView, { workspace }: { readonly workspace: Workspace }): KnownImage | null {
  return findImage(container, workspace);
}

const findImage = memoizeFor((container: ContainerView, workspace: Workspace): KnownImage | null => {
  const { image } = container;
  if (image?.reference.invalid !== null) return null;
  const [build] = workspace.buildsOf(image.text);
  if (build) return builtImage(build.stage);
  const profile = findImageProfile(image.reference);
  if (profile) return { profile, stage: null, base: null, assumes: [], guess: null };
  const name = containerName(container);
  const namesake = image.variable ? null : workspace.namesakeOf(image.text);
  const stage = namesake ?? (image.variable ? null : onlyStage(image.text, workspace));
  if (stage) {
    const guess = namesake ? null : `nothing but being the only Dockerfile here says that ${stage.path} builds its image`;
    return { ...builtImage(stage), assumes: [{ id: 'built-image', data: { container: name, path: stage.path } }], guess };
  }
  const { repository, tag, registry } = image.reference;
  const slash = repository.lastIndexOf('/');
  if (slash < 0 && registry === null) return null;
  const like = findImageProfile(`${repository.slice(slash + 1)}${tag === null ? '' : `:${tag}`}`);
  // of a base or language image nothing follows for what is made from it
  if (like?.kind !== 'server') return null;
  const assumes = [{ id: 'derived-image', data: { container: name, image: like.name } }];
  return { profile: like, stage: null, base: null, assumes, guess: `nothing but its name says that its image is made from ${like.name}` };
});

/** What the only Dockerfile builds, where there is one unknown image. */
function onlyStage(image: string, workspace: Workspace): StageFact | null {
  const only = workspace.onlyImage();
  if (!only) return null;
  const key = imageKey(image);
  const unknown = new Set(workspace.images().flatMap(text => (findImageProfile(text) ? [] : (imageKey(text) ?? []))));
  return unknown.size === 1 && key !== null && unknown.has(key) ? only : null;
}

function builtImage(stage: StageFact): KnownImage {
  const base = stage.base === null ? null : findImageProfile(stage.base);
  // a server's profile speaks of that server; those of systems and languages hold for whatever is started
  const holds = base !== null && (base.kind !== 'server' || stage.run?.keepsStart === true);
  return { profile: holds ? base : null, stage, base, assumes: [], guess: null };
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
