import type { AdmittedView } from '../../../rule/admitted';
import type { AuthorityView, ExpressionView, PatternView, PolicyView, RuleView, VerificationView } from './types';

/** The targets of policy rules. */
export const targets = [
  'policy',
  'rule',
  'verification',
  'pattern',
  'authority',
  'expression',
  'admitted',
] as const satisfies readonly (keyof PolicyTargets)[];

declare module '../../../rule/define-rule' {
  interface Targets {
    policy: PolicyTargets;
  }
}

/** What a policy rule may look at. */
export interface PolicyTargets {
  /** Each object of an engine of policies: policies, bindings, exceptions. */
  readonly policy: PolicyView;
  /** Each rule of a ClusterPolicy or Policy. */
  readonly rule: RuleView;
  /** Each place where signatures of images are verified, whatever the engine. */
  readonly verification: VerificationView;
  /** Each pattern of images of a verification. */
  readonly pattern: PatternView;
  /** Each party whose signature counts. */
  readonly authority: AuthorityView;
  /** Each expression in the Common Expression Language. */
  readonly expression: ExpressionView;
  /** Each object of a manifest that policies are asked about: other families show them. */
  readonly admitted: AdmittedView;
}
