import type { WorkspaceIndex } from '../../../workspace/types';
import type { PodView } from '../model/types';

/** What a fix of a workload may know beside the manifest: the other files, the release of the cluster, and the values that it may write. */
export interface FixSettings {
  readonly workspace: WorkspaceIndex;
  /** The manifest's, in the index. */
  readonly path: string;
  readonly kubernetesMinor: number;
  readonly defaults: {
    readonly uid: number;
    readonly gid: number;
    /** `sizeLimit` of an emptyDir for temporary files that is added; `null`: it gets none. */
    readonly tmpSize: string | null;
  };
}

/**
 * The users of a pod hold together, with its group and what they are said to be for all of them, and with the capabilities of containers whose user changes, or
 * whose entry point changes it by itself: it needs capabilities for that.
 */
export function podGroup(pod: PodView): string {
  return `pod ${pod.path.join('/')}`;
}

/** Whether the pod's own securityContext may be written: Knative refuses one, and an Argo template may borrow that of its workflow. */
export function hasPodLevel(pod: PodView): boolean {
  return pod.flavor !== 'knative' && pod.path.every((step, at) => pod.securityContextPath[at] === step);
}
