import type { Finding } from '../rule/finding/types';
import type { Fix } from '../rule/fix/types';

/** The rules whose attended fixes somebody has agreed to. */
export type Accepted = 'all' | ReadonlySet<string>;

/** Where nobody was asked. */
export const acceptsNothing: Accepted = new Set<string>();

/** Whether harden takes a fix: those that are safe or for review, and the attended ones of rules that were accepted, but for those of one finding alone. */
export function isTaken({ rule }: Pick<Finding, 'rule'>, fix: Pick<Fix, 'class' | 'alone'>, accepted: Accepted): boolean {
  if (fix.alone) return false;
  if (fix.class !== 'attended') return fix.class === 'safe' || fix.class === 'review';
  // what the engine itself says is about directives in comments: no agreement to a change of the workload is one to lose those
  return accepted === 'all' ? !rule.startsWith('bulkhead/') : accepted.has(rule);
}
