import type { Memo } from '../../../base/text/memoize';
import type { Range } from '../../../base/text/range';
import type { YamlDocument, YamlNode } from '../../../syntax/yaml/types';
import type { StringMap } from '../../../syntax/yaml/values';
import type { MapSpot, TextSpot } from './spots';

/** What a policy is of, its `Namespaced` form included; `other`: of an engine's groups, but of no kind that rules know. */
export type PolicyKind =
  | 'ClusterPolicy'
  | 'ValidatingPolicy'
  | 'ImageValidatingPolicy'
  | 'MutatingPolicy'
  | 'GeneratingPolicy'
  | 'DeletingPolicy'
  | 'PolicyException'
  | 'ClusterImagePolicy'
  | 'TrustRoot'
  | 'ValidatingAdmissionPolicy'
  | 'ValidatingAdmissionPolicyBinding'
  | 'MutatingAdmissionPolicy'
  | 'MutatingAdmissionPolicyBinding'
  | 'WebhookConfiguration'
  | 'other';

/** An object of an engine of admission policies. Ranges and paths count from the start of its document. */
export interface PolicyView extends Memo {
  readonly target: 'policy';
  readonly document: YamlDocument;
  readonly at: MapSpot;
  /** The group of its `apiVersion`, and what stands behind it. */
  readonly group: string;
  readonly version: string;
  readonly apiVersion: string;
  readonly apiVersionNode: YamlNode | null;
  readonly kind: string;
  readonly is: PolicyKind;
  readonly name: string | null;
  readonly namespace: string | null;
  readonly annotations: StringMap;
  readonly labels: StringMap;
  /** Where to report what the object lacks: its name, else its kind. */
  readonly reportRange: Range;
  readonly spec: MapSpot | null;
  /** Whether what is absent here is absent in the cluster: no patch, and no template action that may add to the object or its spec. */
  readonly complete: boolean;
}

/** Whether what fails a check is refused; `null`: a value that is filled in later, or that nobody knows, says so. */
export type Enforced = boolean | null;

/** Where the action of a policy, or of a part of it, is written; absent: nowhere, so that the engine's default holds. */
export interface ActionView {
  readonly enforced: Enforced;
  /** The value that decides: `Audit`, or a list of them. */
  readonly node: YamlNode | null;
  readonly spot: TextSpot | null;
}

/** A rule of a ClusterPolicy or Policy. */
export interface RuleView extends Memo {
  readonly target: 'rule';
  readonly policy: PolicyView;
  readonly at: MapSpot;
  readonly name: TextSpot | null;
  readonly reportRange: Range;
  /** The action of its `validate`; of what each of its `verifyImages` does, the verification tells. */
  readonly action: ActionView;
  readonly complete: boolean;
}

/** How an engine compares a pattern with an image. */
export type PatternEngine = 'kyverno' | 'kyverno-cel' | 'sigstore';

/** A pattern of images; `grants`: what it matches is let through, else it is verified. */
export interface PatternView extends Memo {
  readonly target: 'pattern';
  readonly verification: VerificationView;
  readonly engine: PatternEngine;
  readonly grants: boolean;
  readonly spot: TextSpot;
  readonly complete: boolean;
}

/** One place where signatures of images are verified: an item of `verifyImages`, an ImageValidatingPolicy, a ClusterImagePolicy. */
export interface VerificationView extends Memo {
  readonly target: 'verification';
  readonly policy: PolicyView;
  /** The rule that it stands in; `null`: the policy is one verification. */
  readonly rule: RuleView | null;
  readonly engine: PatternEngine;
  readonly at: MapSpot;
  readonly reportRange: Range;
  readonly action: ActionView;
  readonly patterns: readonly PatternView[];
  /** Patterns of images that it leaves alone. */
  readonly skips: readonly PatternView[];
  /** Where `required`, `verifyDigest` and `mutateDigest` stand; `null`: nowhere. */
  readonly settings: MapSpot | null;
  readonly authorities: readonly AuthorityView[];
  readonly complete: boolean;
}

/** One party whose signature counts. */
export interface AuthorityView extends Memo {
  readonly target: 'authority';
  readonly verification: VerificationView;
  readonly kind: 'key' | 'keyless' | 'certificate' | 'static' | 'other';
  /** The map that says whose: what `keys`, `keyless`, `key`, `static` hold, or the map around them where they hold nothing. */
  readonly at: MapSpot;
  /** The map around it, which may say where the log is. */
  readonly outer: MapSpot;
  /** The key `keyless`, `key`, ...: where to report what it lacks. */
  readonly reportRange: Range;
  readonly identities: readonly IdentityView[];
  readonly complete: boolean;
}

/** Whom a certificate of a keyless signature has to name. */
export interface IdentityView {
  readonly at: MapSpot;
  readonly issuer: TextSpot | null;
  readonly subject: TextSpot | null;
  readonly issuerRegExp: TextSpot | null;
  readonly subjectRegExp: TextSpot | null;
}

/** An expression in the Common Expression Language. */
export interface ExpressionView extends Memo {
  readonly target: 'expression';
  readonly policy: PolicyView;
  readonly spot: TextSpot;
  /** Whether a variable of the policy is declared before the expression; `undefined`: none has the name. `null`: not all are known. */
  readonly declares: ((name: string) => boolean | undefined) | null;
}
