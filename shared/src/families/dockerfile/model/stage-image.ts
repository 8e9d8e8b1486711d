import { memoize, memoizeFor } from '../../../base/text/memoize';
import { ofPlatform, pulledImage } from '../../../evidence/known-image';
import type { KnownImage } from '../../../evidence/service';
import type { ImageFacts } from '../../../knowledge/image-facts';
import type { WorkspaceIndex } from '../../../workspace/types';
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

/** The facts of images for the platform that a stage asks for. */
export function factsFor(stage: Stage, workspace: Pick<WorkspaceIndex, 'imageFacts'>): Pick<WorkspaceIndex, 'imageFacts'> {
  const flag = stage.root.from.flag('platform');
  return ofPlatform(workspace, flag ? (flag.value ?? '') : null);
}

/** What is known of that image with what its configuration says; `null` where its name is not known, or nothing else is. */
const pulledBy = memoizeFor((stage: Stage, workspace: WorkspaceIndex): KnownImage | null => {
  const { text, reference } = stage.root.image;
  return text !== null && reference !== null && reference.invalid === null ? pulledImage(text, factsFor(stage, workspace)) : null;
});

/** The profile of the image that a stage grows on, its configuration included as far as somebody has looked. */
export function knownProfile(stage: Stage, workspace: WorkspaceIndex): ImageProfile | null {
  return pulledBy(stage, workspace)?.profile ?? stageProfile(stage);
}

/** The configuration of that image, as far as it can be relied on; `null`: it was not read. */
export function baseFacts(stage: Stage, workspace: WorkspaceIndex): ImageFacts | null {
  return pulledBy(stage, workspace)?.facts ?? null;
}

/** The same where it is verified. */
export function verifiedFacts(stage: Stage, workspace: WorkspaceIndex): ImageFacts | null {
  const facts = baseFacts(stage, workspace);
  return facts?.level === 'verified' ? facts : null;
}

/** The working directory that the base image of a stage has; `null`: unknown. */
export function imageDirectory(stage: Stage): string | null {
  const profile = stageProfile(stage);
  if (!profile?.os || !plainSystems.includes(profile.os)) return null;
  return profile.kind === 'base' ? '/' : knownWorkdir(stage.root.image.text);
}
