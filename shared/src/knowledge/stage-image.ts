import type { Stage } from '../model/dockerfile/types';
import { findImageProfile, type ImageProfile } from './image-profiles';

/** What is known of the image that a stage grows on, through `FROM alias`; `null` where the image or its name is not known. */
export function stageProfile(stage: Stage): ImageProfile | null {
  const { kind, reference } = stage.root.image;
  if (kind === 'scratch') return findImageProfile('scratch');
  return reference !== null && reference.invalid === null ? findImageProfile(reference) : null;
}
