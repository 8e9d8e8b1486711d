import { matches } from '../../../workspace/selector';
import type { NamespaceFact, WorkloadFact } from '../../../workspace/object-facts';
import { resourceOf } from './api-names';
import { matchesText } from './globs';
import { filtersOf, kindsIn, resourceRulesOf } from './matches';
import { has, isLiteral, mapAt, textAt, textsAt, type MapSpot } from './spots';
import type { PolicyView, RuleView } from './types';

/** Whether a policy is asked about a workload or its pods; `null`: that depends on what manifests do not say. */
export type Reach = boolean | null;

/** The opposite; what is not known stays so. */
export const not = (reach: Reach): Reach => (reach === null ? null : !reach);
/** Both, where `false` needs no other. */
export const and = (all: readonly Reach[]): Reach => (all.includes(false) ? false : all.includes(null) ? null : true);
/** One of them. */
export const or = (all: readonly Reach[]): Reach => not(and(all.map(not)));

/** What a filter may hold that decides by nothing but the kind, the namespace and the name. */
const plainKeys = new Set(['kinds', 'namespaces', 'names', 'name', 'operations']);

/** The label that policy-controller wants of a namespace. */
export const includeLabel = 'policy.sigstore.dev/include';

function inNamespaces(patterns: readonly string[], namespace: string | null): Reach {
  return namespace === null ? null : patterns.some(pattern => matchesText('kyverno', pattern, namespace));
}

/** Whether one filter of a `match` or `exclude` takes a workload or its pods in. */
export function filterReach(filter: MapSpot, { kind, namespace, name }: WorkloadFact): Reach {
  const resources = mapAt(filter, 'resources');
  const kinds = kindsIn(filter);
  const texts = [...kinds, ...textsAt(resources, 'namespaces'), ...textsAt(resources, 'names')];
  if (!texts.every(isLiteral)) return null;
  const others = filter.map.entries.length > 1 || resources?.map.entries.some(entry => !plainKeys.has(entry.name));
  // the pods of a workload are asked about, whatever creates them; theirs is another name
  const own = kinds.map(({ text }) => text.split('/').at(-1)!);
  const isOwn = own.some(each => matchesText('kyverno', each, kind));
  const isPod = own.some(each => matchesText('kyverno', each, 'Pod'));
  const names = [...textsAt(resources, 'names'), ...[textAt(resources, 'name')].flatMap(each => each ?? [])];
  const named = names.length === 0 ? true : isOwn ? names.some(({ text }) => matchesText('kyverno', text, name)) : null;
  return and([
    kinds.length === 0 ? (resources ? true : null) : isOwn || isPod,
    has(resources, 'namespaces')
      ? inNamespaces(
          textsAt(resources, 'namespaces').map(({ text }) => text),
          namespace,
        )
      : true,
    named,
    others ? null : true,
  ]);
}

/** Whether a rule of Kyverno is asked about a workload. */
export function ruleReach(rule: RuleView, workload: WorkloadFact): Reach {
  const block = (name: 'match' | 'exclude'): Reach => {
    const filters = filtersOf(rule, name).map(filter => filterReach(filter, workload));
    if (filters.length === 0) return false;
    return has(mapAt(rule.at, name), 'all') ? and(filters) : or(filters);
  };
  return and([rule.complete ? true : null, policyReach(rule.policy, workload), block('match'), not(block('exclude'))]);
}

/** Whether a namespaced policy is in the namespace of a workload; others are everywhere. */
function policyReach(policy: PolicyView, { namespace }: WorkloadFact): Reach {
  const isNamespaced = policy.kind === 'Policy' || policy.kind.startsWith('Namespaced');
  if (!isNamespaced) return true;
  return policy.namespace === null || namespace === null ? null : policy.namespace === namespace;
}

/** What else than its resource rules narrows what a policy in CEL is asked about. */
const narrowing = ['excludeResourceRules', 'namespaceSelector', 'objectSelector'];

/** Whether a policy that is one check is asked about a workload: one in CEL by its resource rules, one of policy-controller by the namespace's label. */
export function wholeReach(policy: PolicyView, workload: WorkloadFact, namespaces: readonly NamespaceFact[]): Reach {
  if (policy.is === 'ClusterImagePolicy') {
    const fact = namespaces.find(({ name }) => name === workload.namespace);
    // labels may be given by hand: a namespace that is not here is taken for one that has it
    if (!fact) return has(policy.spec, 'match') ? null : true;
    const found = matches({ requirements: [{ key: includeLabel, operator: 'In', values: ['true'] }], partial: false }, fact.labels);
    return and([found === 'maybe' ? null : found === 'yes', has(policy.spec, 'match') ? null : true]);
  }
  const constraints = mapAt(policy.spec, 'matchConstraints');
  const rules = resourceRulesOf(policy);
  if (rules.length === 0 || !policy.complete) return null;
  const own = resourceOf(workload.kind);
  const byRule = rules.map((each): Reach => {
    const resources = textsAt(each, 'resources');
    if (!resources.every(isLiteral) || has(each, 'resourceNames')) return null;
    return resources.some(({ text }) => text === 'pods' || text === '*' || text === '*/*' || text === own);
  });
  const isNarrow = narrowing.some(key => has(constraints, key)) || has(policy.spec, 'matchConditions');
  return and([or(byRule), policyReach(policy, workload), isNarrow ? null : true]);
}
