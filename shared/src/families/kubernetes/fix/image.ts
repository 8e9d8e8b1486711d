import type { Assumption } from '../../../rule/fix/types';
import { memoizeFor } from '../../../base/text/memoize';
import { namedImage } from '../../../evidence/known-image';
import type { KnownImage } from '../../../evidence/service';
import type { WorkspaceIndex } from '../../../workspace/types';
import { containerName } from '../model/names';
import type { ContainerView } from '../model/types';

/** What an image is found by: the facts of other files, asked anew whenever they may have changed. */
type Workspace = Pick<WorkspaceIndex, 'buildsOf' | 'namesakeOf' | 'onlyImage' | 'images' | 'imageFacts'>;

/** What is known of the image of a container; `null` where that is nothing, or the reference is not complete. */
export function knownImage(container: ContainerView, { workspace }: { readonly workspace: Workspace }): KnownImage | null {
  return findImage(container, workspace);
}

const findImage = memoizeFor(({ image }: ContainerView, workspace: Workspace): KnownImage | null =>
  image?.reference.invalid === null ? namedImage(image.text, image.reference, image.variable, workspace) : null,
);

/** What stands to be confirmed of an image: which Dockerfile builds it, or what it is made from. */
export function imageAssumptions(container: ContainerView, image: KnownImage | null): readonly Assumption[] {
  const name = containerName(container);
  if (image?.facts) return [{ id: 'image-facts', data: { container: name, digest: image.facts.digest, level: image.facts.level } }];
  const likeness = image?.likeness ?? null;
  if (likeness === null) return [];
  return likeness.kind === 'dockerfile'
    ? [{ id: 'built-image', data: { container: name, path: likeness.of } }]
    : [{ id: 'derived-image', data: { container: name, image: likeness.of } }];
}
