import { has, mapAt, mapsAt, type MapSpot } from './spots';
import type { PolicyView, RuleView } from './types';

/** The filters of a `match` or `exclude` of a rule: items of `any` and `all`, or the block itself where it is written the old way. */
export function filtersOf(rule: RuleView, block: 'match' | 'exclude'): readonly MapSpot[] {
  const at = mapAt(rule.at, block);
  if (!at) return [];
  const listed = [...mapsAt(at, 'any'), ...mapsAt(at, 'all')];
  return listed.length > 0 || has(at, 'any') || has(at, 'all') ? listed : [at];
}

/** The resource rules of a policy in CEL. */
export function resourceRulesOf(policy: PolicyView): readonly MapSpot[] {
  return mapsAt(mapAt(policy.spec, 'matchConstraints'), 'resourceRules');
}
