import type { Assumption, ReasonId, YamlOperation } from '../../../fix/types';
import type { FixClass } from '../../../terms/types';
import type { PodView } from '../model/types';

/** What a fix of a workload may know beside the manifest: the release of the cluster, and the values that it may write. */
export interface FixSettings {
  readonly kubernetesMinor: number;
  readonly defaults: {
    readonly uid: number;
    readonly gid: number;
    /** `sizeLimit` of an emptyDir that is added. */
    readonly tmpSize: string;
  };
}

/** Why harden leaves something to a person. */
export interface LeftReason {
  readonly reason: ReasonId;
  readonly detail?: string;
}

/** A fix as a builder gives it, without the words of a rule. */
export interface Remedy {
  readonly operations: () => readonly YamlOperation[];
  /** Absent: the class that the rule declares. */
  readonly class?: FixClass;
  readonly assumes?: readonly Assumption[];
  readonly group?: string;
}

/** What a builder has to say about a defect: a fix, or why harden leaves it, or both (a fix for a person who knows better). */
export interface Outcome {
  readonly fix: Remedy | null;
  readonly left: LeftReason | null;
}

/** Nothing can be done, for a reason. */
export function leave(reason: ReasonId, detail?: string): Outcome {
  return { fix: null, left: { reason, ...(detail !== undefined && { detail }) } };
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
