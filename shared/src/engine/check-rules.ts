import type { Family } from '../families/family/types';
import type { Rule } from '../rule/define-rule';

/**
 * Refuses rules that nobody would ever run.
 * @throws Error with a line for each rule of a family that is not registered, or that wants to see what its family does not show
 */
export function checkRules(rules: readonly Rule[], families: readonly Family[]): void {
  const problems = rules.flatMap(({ id, family, on }) => {
    const known = families.find(f => f.id === family);
    if (!known)
      return [`${id}: there is no family "${family}" (${families.map(f => f.id).join(', ')}): see shared/src/families/registry.ts`];
    return Object.keys(on)
      .filter(target => !known.targets.includes(target))
      .map(target => `${id}: the family "${family}" has no target "${target}" (${known.targets.join(', ')})`);
  });
  if (problems.length > 0) throw new Error(problems.join('\n'));
}
