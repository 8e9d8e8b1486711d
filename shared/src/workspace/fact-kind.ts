import type { FileFacts } from './types';

/** What a file without facts has. */
export const emptyFacts: FileFacts = [];

/** The facts of a file, or of a part of one, that was not read. */
export function unreadFacts(path: string, at = 0): FileFacts {
  return [{ type: 'gap', path, range: { start: at, end: at } }];
}

/**
 * What facts call a kind: as it is for Kubernetes' own groups, with the group behind it for others. (`Service` is not Knative's, which is
 * `Service.serving.knative.dev`.)
 */
export function factKind(group: string, kind: string): string {
  return !group.includes('.') || group.endsWith('.k8s.io') ? kind : `${kind}.${group}`;
}
