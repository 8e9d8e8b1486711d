import type { WorkspaceIndex } from '../../../workspace/types';
import type { PodView } from '../model/types';

/** What a fix of a workload may know beside the manifest: the other files, the release of the cluster, and the values that it may write. */
export interface FixSettings {
  readonly workspace: WorkspaceIndex;
  readonly trustedRegistries: readonly string[];
  readonly kubernetesMinor: number;
  readonly defaults: {
    readonly uid: number;
    readonly gid: number;
    /** `sizeLimit` of an emptyDir for temporary files that is added; `null`: it gets none. */
    readonly tmpSize: string | null;
  };
}

/**
 * User, capabilities, root file system and mounts of a pod hold together: an entry point that changes to another user by itself needs
 * capabilities for that, and the paths that it writes depend on who it is.
 */
export function podGroup(pod: PodView): string {
  return `pod ${pod.path.join('/')}`;
}

/** Whether the pod's own securityContext may be written: Knative refuses one, and an Argo template may borrow that of its workflow. */
export function hasPodLevel(pod: PodView): boolean {
  return pod.flavor !== 'knative' && pod.path.every((step, at) => pod.securityContextPath[at] === step);
}
