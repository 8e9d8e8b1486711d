import type { Finding } from '../../rule/finding/types';
import { exceptedBy, violationOf } from '../../rule/finding/violation';
import { isJudging, isPolicyText } from '../../workspace/admission-facts';
import type { FileFacts } from '../../workspace/types';
import { trusted, type MaskedText } from '../report/masked-text';
import type { PosturePolicy } from './types';

/** What is known of a policy while files are added. */
interface Sum {
  readonly policy: MaskedText;
  action: PosturePolicy['action'];
  objects: number;
  after: number;
  excepted: number;
}

/** The policies of a workspace by their kind and name. */
export type PolicySums = Map<string, Sum>;

/** A file as far as policies are concerned. */
interface Judged {
  readonly facts: FileFacts;
  readonly before: readonly Finding[];
  readonly after: readonly Finding[];
  readonly mask: (text: string) => MaskedText;
}

const actions = ['deny', 'warn', 'audit'] as const;

/** How many objects break each policy, and what that does with them. */
function brokenIn(
  findings: readonly Finding[],
): ReadonlyMap<string, { readonly action: (typeof actions)[number]; readonly count: number }> {
  const objects = new Map<string, { action: (typeof actions)[number]; readonly of: Set<string> }>();
  for (const finding of findings) {
    const violation = violationOf(finding);
    if (!violation) continue;
    const known = objects.get(violation.policy) ?? { action: violation.action, of: new Set() };
    if (actions.indexOf(violation.action) < actions.indexOf(known.action)) known.action = violation.action;
    known.of.add(`${finding.document} ${finding.object?.path ?? ''}`);
    objects.set(violation.policy, known);
  }
  return new Map([...objects].map(([policy, { action, of }]) => [policy, { action, count: of.size }]));
}

/** Adds the policies of a file, and what becomes of its objects under those of the workspace. Who silences a finding does not silence the policy: exceptions alone do. */
export function addPolicies(sums: PolicySums, { facts, before, after, mask }: Judged): void {
  const sumOf = (policy: string): Sum => {
    let sum = sums.get(policy);
    if (!sum) sums.set(policy, (sum = { policy: mask(policy), action: null, objects: 0, after: 0, excepted: 0 }));
    return sum;
  };
  for (const fact of facts) if (fact.type === 'policy-text' && isPolicyText(fact) && isJudging(fact)) sumOf(`${fact.of} "${fact.name}"`);
  const counting = (finding: Finding): boolean => exceptedBy(finding) === null;
  for (const [policy, { action, count }] of brokenIn(before.filter(counting))) {
    const sum = sumOf(policy);
    sum.objects += count;
    if (sum.action === null || actions.indexOf(action) < actions.indexOf(sum.action)) sum.action = action;
  }
  for (const [policy, { count }] of brokenIn(after.filter(counting))) sumOf(policy).after += count;
  for (const [policy, { count }] of brokenIn(before.filter(finding => !counting(finding)))) sumOf(policy).excepted += count;
}

/** Policies, those that most objects break first. */
export function sortPolicies(policies: Iterable<PosturePolicy>): readonly PosturePolicy[] {
  const rank = ({ action }: PosturePolicy): number => (action === null ? actions.length : actions.indexOf(action));
  return [...policies].sort((a, b) => rank(a) - rank(b) || b.objects - a.objects || (a.policy < b.policy ? -1 : 1));
}

/** The same policy in two postures. */
export function mergePolicy(a: PosturePolicy, b: PosturePolicy): PosturePolicy {
  const action = actions.find(each => each === a.action || each === b.action) ?? null;
  return { ...a, action, objects: a.objects + b.objects, after: a.after + b.after, excepted: a.excepted + b.excepted };
}

/** What a policy does, in a word. */
export function actionName({ action }: PosturePolicy): MaskedText {
  return trusted(action === null ? '' : { deny: 'refuses', warn: 'warns', audit: 'reports' }[action]);
}
