import type { Effort } from '../../../base/text/automaton';
import { hasWildcard, matchesWildcard } from '../../../base/text/wildcard';
import { NotKnown, tooMuch } from '../../../syntax/yaml/data';
import type { Path } from '../../../syntax/yaml/types';
import type { Json } from '../../../syntax/jmespath/values';
import type { Reach } from '../model/reach';

/** What one judgement may cost. */
export interface Budget {
  readonly effort: Effort;
  spend(steps?: number): void;
}

/** Steps for one object under one rule of a policy. */
const mostOfOne = 200_000;

/** Does a check with the steps that it may take: no more than are left for the file of its object. */
export function withEffort<T>({ allowance }: { readonly allowance?: Effort | undefined }, check: (effort: Effort) => T): T {
  const given = Math.max(0, Math.min(mostOfOne, allowance?.left ?? mostOfOne));
  const effort = { left: given };
  try {
    return check(effort);
  } finally {
    if (allowance) allowance.left -= given - Math.max(effort.left, 0);
  }
}

/** Whether a text matches a pattern with wildcards, where that takes no more than is done for one check. */
export function matchesGlob(pattern: string, text: string): boolean {
  if (pattern.length > 64 && pattern !== text && hasWildcard(pattern) && pattern.length * text.length > 1 << 18)
    throw new NotKnown(tooMuch);
  return matchesWildcard(pattern, text);
}

/** A new budget for one object under one rule of a policy. */
export function createBudget(effort: Effort = { left: mostOfOne }): Budget {
  return {
    effort,
    spend: (steps = 1) => {
      effort.left -= steps;
      if (effort.left < 0) throw new NotKnown(tooMuch);
    },
  };
}

/** What is done with an object that a policy does not take. */
export type PolicyAction = 'deny' | 'warn' | 'audit';

/** Whether an exception leaves an object alone; `by`: the name of the one that does. */
export interface Excepted {
  readonly taken: Reach;
  readonly by: string | null;
}

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
  /** Of `error`: whether it keeps an object out where the policy refuses what fails. */
  readonly blocks?: boolean;
  readonly action: PolicyAction;
  /** The name of the exception that lets it through, whatever comes of it. */
  readonly excepted?: string;
}
