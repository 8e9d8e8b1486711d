import type { Effort } from '../../../base/text/automaton';
import { NotKnown } from '../../../syntax/yaml/data';
import type { Path } from '../../../syntax/yaml/types';
import type { Json } from '../../../syntax/jmespath/values';

/** What one judgement may cost. */
export interface Budget {
  readonly effort: Effort;
  spend(steps?: number): void;
}

/** A new budget for one object under one rule of a policy. */
export function createBudget(left = 200_000): Budget {
  const effort = { left };
  return {
    effort,
    spend: (steps = 1) => {
      effort.left -= steps;
      if (effort.left < 0) throw new NotKnown('more work than is done for one check');
    },
  };
}

/** What is done with an object that a policy does not take. */
export type PolicyAction = 'deny' | 'warn' | 'audit';

/** What becomes of an object under one check of a policy. */
export interface Outcome {
  /** `error`: the engine itself cannot say, and refuses or lets through as its policy has it. `unknown`: nothing here tells. */
  readonly is: 'pass' | 'fail' | 'skip' | 'error' | 'unknown';
  /** The rule of the policy; `null`: it has but one. */
  readonly rule: string | null;
  readonly message: string;
  /** The field that decides, from the root of the object; `[]`: none does alone. */
  readonly path: Path;
  /** A value that would do there; `undefined`: none is known. */
  readonly wants?: Json;
  /** Whether nothing may are there. */
  readonly negated?: boolean;
  /** Of `unknown`: what is missing; `null`: a value of the object is filled in later. */
  readonly reason?: string | null;
  readonly action: PolicyAction;
}
