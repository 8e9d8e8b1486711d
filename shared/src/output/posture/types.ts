import type { MaskedText } from '../report/masked-text';
import type { SeverityCounts } from '../report/types';
import type { FixClass, Profile, Severity } from '../../base/terms/types';

/** The level of the Kubernetes Pod Security Standards that a workload keeps to; `privileged`: none. */
export type PodLevel = 'privileged' | 'baseline' | 'restricted';

/** How an image is named: with a digest, with a version, so that it can be another one tomorrow, or by a template. */
export type PinKind = 'digest' | 'tag' | 'moving' | 'template' | 'unknown';

/** A part of the workspace: a family, a folder, a file. */
export interface PostureGroup {
  readonly name: MaskedText;
  readonly files: number;
  readonly counts: SeverityCounts;
}

export interface PostureRule {
  readonly rule: MaskedText;
  readonly title: MaskedText;
  /** The worst of its findings. */
  readonly severity: Severity;
  readonly findings: number;
}

/** What harden does about a rule. */
export interface PostureFix {
  readonly rule: MaskedText;
  readonly title: MaskedText;
  readonly findings: number;
  readonly class: FixClass;
}

export interface PostureWorkload {
  readonly path: MaskedText;
  readonly kind: MaskedText;
  readonly namespace: MaskedText | null;
  readonly name: MaskedText;
  readonly before: PodLevel;
  /** Once it is hardened. */
  readonly after: PodLevel;
}

/** A policy of the workspace, and the objects that break it. */
export interface PosturePolicy {
  /** Its kind and its name. */
  readonly policy: MaskedText;
  /** What it does with them; `null`: there are none. */
  readonly action: 'deny' | 'warn' | 'audit' | null;
  readonly objects: number;
  /** Those that still do once they are hardened. */
  readonly after: number;
  /** Those that an exception lets through, which do not count. */
  readonly excepted: number;
}

export interface PostureImage {
  readonly image: MaskedText;
  /** How often it is named. */
  readonly places: number;
  readonly pin: PinKind;
  /** Whom it runs as unless it is told otherwise. */
  readonly user: 'root' | 'other' | 'unknown';
  readonly ended: { readonly product: MaskedText; readonly cycle: MaskedText; readonly date: MaskedText | null } | null;
}

/** An item of a standard that rules cover. */
export interface PostureControl {
  readonly id: MaskedText;
  readonly title: MaskedText;
  readonly status: 'failed' | 'passed' | 'not-applicable';
  readonly findings: number;
  /** The rules that cover it. */
  readonly rules: readonly MaskedText[];
  /** Those that found something. */
  readonly failing: readonly MaskedText[];
}

export interface PostureStandard {
  readonly key: 'cisDocker' | 'cisKubernetes' | 'nist800190' | 'nsaCisa' | 'pss';
  readonly name: MaskedText;
  readonly version: MaskedText | null;
  readonly controls: readonly PostureControl[];
}

/** One of the worst things of all files: a story, or a finding that is part of none. */
export interface PostureWorst {
  readonly path: MaskedText;
  /** From 1. */
  readonly line: number;
  /** What it is about, or what is found. */
  readonly title: MaskedText;
  /** What an intruder does, step by step; `closed`: not any more, once the file is hardened. Empty for a finding. */
  readonly steps: readonly { readonly text: MaskedText; readonly closed: boolean }[];
  /** What it comes to; `null` for a finding. */
  readonly stake: MaskedText | null;
  /** The one thing to do first; `null`: it takes more than an edit of the file. */
  readonly action: MaskedText | null;
  readonly rule: MaskedText | null;
}

/** What was found at an earlier time, as a baseline has it. */
export interface PostureMoment {
  /** ISO date; `null`: the baseline does not say. */
  readonly date: MaskedText | null;
  readonly findings: number;
  /** How many of them are still found. */
  readonly standing: number;
}

/** How secure what is in a workspace is, as files show it. */
export interface Posture {
  readonly version: string;
  readonly profile: Profile;
  /** Such as `1.37`. */
  readonly kubernetesVersion: string;
  /** ISO date. */
  readonly today: string;
  /** Files that were checked. */
  readonly files: number;
  /** Findings that are neither suppressed nor in the baseline. */
  readonly counts: SeverityCounts;
  readonly suppressed: number;
  /** How many findings the baseline has; `null`: there is none. */
  readonly baseline: { readonly known: number } | null;
  /** The worst first; at most five. */
  readonly worst: readonly PostureWorst[];
  /** The earlier times, the oldest first; empty without a baseline. */
  readonly trend: readonly PostureMoment[];
  /** Findings that harden fixes. */
  readonly fixable: number;
  /** The rules of which harden fixes most; at most five. */
  readonly fixes: readonly PostureFix[];
  readonly families: readonly PostureGroup[];
  /** The one with more of the worst first. */
  readonly folders: readonly PostureGroup[];
  readonly worstFiles: readonly PostureGroup[];
  /** The worst first. */
  readonly rules: readonly PostureRule[];
  /** The least secure first. */
  readonly workloads: readonly PostureWorkload[];
  /** Those that refuse most first. */
  readonly policies: readonly PosturePolicy[];
  readonly images: readonly PostureImage[];
  readonly standards: readonly PostureStandard[];
}
