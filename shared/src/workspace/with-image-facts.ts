import type { WorkspaceIndex } from './types';

/** An index that knows facts of images, too. */
export function withImageFacts(index: WorkspaceIndex, imageFacts: WorkspaceIndex['imageFacts']): WorkspaceIndex {
  return Object.defineProperty(Object.create(index) as WorkspaceIndex, 'imageFacts', { value: imageFacts, enumerable: true });
}

/** An index that knows trial runs of what one file starts, too. */
export function withTrials(index: WorkspaceIndex, trials: WorkspaceIndex['trials']): WorkspaceIndex {
  return Object.defineProperty(Object.create(index) as WorkspaceIndex, 'trials', { value: trials, enumerable: true });
}
