import { has, mapAt, mapsAt, textsAt, type MapSpot, type TextSpot } from './spots';
import type { PolicyView, RuleView } from './types';

/** The filters of a `match` or `exclude` of a rule: items of `any` and `all`, or the block itself where it is written the old way. */
export function filtersOf(rule: RuleView, block: 'match' | 'exclude'): readonly MapSpot[] {
  const at = mapAt(rule.at, block);
  if (!at) return [];
  const listed = [...mapsAt(at, 'any'), ...mapsAt(at, 'all')];
  return listed.length > 0 || has(at, 'any') || has(at, 'all') ? listed : [at];
}

/** The kinds that a filter names. */
export function kindsIn(filter: MapSpot): readonly TextSpot[] {
  return textsAt(mapAt(filter, 'resources'), 'kinds');
}

/** Whether a rule is for pods and nothing else. */
export function isForPodsAlone(rule: RuleView): boolean {
  const kinds = filtersOf(rule, 'match').flatMap(kindsIn);
  return kinds.length > 0 && kinds.every(({ text }) => text === 'Pod' || text === 'v1/Pod');
}

/** The resource rules that are for pods, and not for what adds ephemeral containers to them. */
export function withoutEphemeral(policy: PolicyView): readonly MapSpot[] {
  const rules = resourceRulesOf(policy);
  const has = (test: (resource: string) => boolean): readonly MapSpot[] =>
    rules.filter(each => textsAt(each, 'resources').some(({ text }) => test(text)));
  // another rule of the same policy may be for them
  return has(resource => /^(?:pods|\*)\/(?:ephemeralcontainers|\*)$/.test(resource)).length > 0 ? [] : has(resource => resource === 'pods');
}

/** The resource rules of a policy in CEL. */
export function resourceRulesOf(policy: PolicyView): readonly MapSpot[] {
  return mapsAt(mapAt(policy.spec, 'matchConstraints'), 'resourceRules');
}

/**
 * Whether Kyverno derives rules for Deployments and other controllers from a resource rule: its resources have to be `pods` and nothing else (`CanAutoGen` in
 * pkg/cel/autogen/support.go of kyverno/kyverno, 1.14 to 1.19). Policies of Kubernetes itself have no derived rules.
 */
export function isDerivedFrom(policy: PolicyView, resourceRule: MapSpot): boolean {
  return policy.is !== 'ValidatingAdmissionPolicy' && textsAt(resourceRule, 'resources').length === 1;
}

/** What a fix takes for granted that adds a resource to one that rules are derived from. */
export const podsAlone =
  'Only pods need to be checked: Kyverno derives rules for Deployments and other controllers only if "pods" is listed alone';
