import type { Assumption } from '../../../fix/types';
import { findImageProfile, type ImageProfile } from '../../../knowledge/image-profiles';
import { memoize } from '../../../text/memoize';
import { containerName } from '../model/names';
import type { ContainerView } from '../model/types';

/** What is known of the image of a container. */
export interface KnownImage {
  readonly profile: ImageProfile;
  /** What stands to be confirmed: that an image with the last name of a known server is made from it. */
  readonly assumes: readonly Assumption[];
}

/** What is known of the image of a container; `null` where that is nothing, or the reference is not complete. */
export const knownImage = memoize((container: ContainerView): KnownImage | null => {
  const { image } = container;
  if (image?.reference.invalid !== null) return null;
  const profile = findImageProfile(image.reference);
  if (profile) return { profile, assumes: [] };
  const { repository, tag, registry } = image.reference;
  const slash = repository.lastIndexOf('/');
  if (slash < 0 && registry === null) return null;
  const like = findImageProfile(`${repository.slice(slash + 1)}${tag === null ? '' : `:${tag}`}`);
  // of a base or language image nothing follows for what is made from it
  if (like?.kind !== 'server') return null;
  return { profile: like, assumes: [{ id: 'derived-image', data: { container: containerName(container), image: like.name } }] };
});
