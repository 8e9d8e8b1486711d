import { memoize } from '../../../base/text/memoize';
import type { Stage } from './types';
import { knownWorkdir } from '../../../knowledge/base-workdirs';
import { findImageProfile, type ImageProfile } from '../../../knowledge/image-profiles';

/** What is known of the image that a stage grows on, through `FROM alias`; `null` where the image or its name is not known. */
export const stageProfile = memoize((stage: Stage): ImageProfile | null => {
  const { kind, reference } = stage.root.image;
  if (kind === 'scratch') return findImageProfile('scratch');
  return reference !== null && reference.invalid === null ? findImageProfile(reference) : null;
});

const plainSystems = ['debian', 'ubuntu', 'alpine', 'rhel-like', 'busybox', 'scratch'];

/** The working directory that the base image of a stage has; `null`: unknown. */
export function imageDirectory(stage: Stage): string | null {
  const profile = stageProfile(stage);
  if (!profile?.os || !plainSystems.includes(profile.os)) return null;
  return profile.kind === 'base' ? '/' : knownWorkdir(stage.root.image.text);
}
