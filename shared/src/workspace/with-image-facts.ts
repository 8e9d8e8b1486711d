import type { WorkspaceIndex } from './types';

/** An index that knows facts of images, too. */
export function withImageFacts(index: WorkspaceIndex, imageFacts: WorkspaceIndex['imageFacts']): WorkspaceIndex {
  return Object.defineProperty(Object.create(index) as WorkspaceIndex, 'imageFacts', { value: imageFacts, enumerable: true });
}
