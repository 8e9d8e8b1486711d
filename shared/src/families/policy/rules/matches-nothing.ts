import { builtInKinds } from '../../../knowledge/kubernetes-apis';
import { defineRule, type Report } from '../../../rule/define-rule';
import { mayGain } from '../../../yaml/certainty';
import { setValue } from '../../../yaml/operations';
import { sequenceOf } from '../../../yaml/values';
import { expressionsOf, parsed } from '../model/expressions';
import { filtersOf, kindsIn, resourceRulesOf } from '../model/matches';
import { has, isLiteral, keyRange, mapAt, mapsAt, textAt, textsAt, type MapSpot, type TextSpot } from '../model/spots';
import type { PolicyView, RuleView } from '../model/types';

type OwnReport = Report<'rules' | 'match' | 'empty' | 'kind' | 'resource' | 'group' | 'excluded' | 'never', 'kind' | 'resource' | 'group'>;

const kinds = builtInKinds();
const kindNames = new Map(kinds.flatMap(({ kind, resource }) => [[kind.toLowerCase(), kind] as const, [resource, kind] as const]));
const resourceNames = new Map(
  kinds.flatMap(({ kind, resource }) => [[kind.toLowerCase(), resource] as const, [resource, resource] as const]),
);
const groupsOf = new Map<string, readonly string[]>();
for (const { group, resource } of kinds) groupsOf.set(resource, [...(groupsOf.get(resource) ?? []), group]);

function isEmptyList(policy: PolicyView, spot: MapSpot | null, key: string): boolean {
  const list = sequenceOf(spot?.map.get(key));
  return list?.items.length === 0 && !mayGain(policy.document, list);
}

/** A kind of Kubernetes written in other letters, or as its resource: `deployment`, `Pods`. Kinds of others are not known. */
function checkKind(spot: TextSpot, report: OwnReport): void {
  const meant = isLiteral(spot) ? kindNames.get(spot.text.toLowerCase()) : undefined;
  if (meant === undefined || meant === spot.text) return;
  report(
    spot.range,
    'kind',
    { found: spot.text, meant },
    report.fix('kind', () => [setValue(spot.path, meant)], { data: { meant } }),
  );
}

function checkMatch(rule: RuleView, report: OwnReport): void {
  const { at, policy, reportRange, complete } = rule;
  if (!complete) return;
  if (!has(at, 'match')) return report(reportRange, 'match');
  const match = mapAt(at, 'match');
  for (const key of ['any', 'all']) if (isEmptyList(policy, match, key)) report(keyRange(match, key)!, 'empty', { key });
  const matched = filtersOf(rule, 'match');
  for (const filter of [...matched, ...filtersOf(rule, 'exclude')]) {
    kindsIn(filter).forEach(kind => checkKind(kind, report));
    const resources = mapAt(filter, 'resources');
    for (const key of ['kinds', 'namespaces', 'operations'])
      if (isEmptyList(policy, resources, key)) report(keyRange(resources, key)!, 'empty', { key });
  }
  const names = matched.flatMap(kindsIn).map(({ text }) => text);
  for (const filter of filtersOf(rule, 'exclude')) {
    const excluded = kindsIn(filter).map(({ text }) => text);
    const isBare = filter.map.entries.length === 1 && mapAt(filter, 'resources')?.map.entries.length === 1;
    if (
      isBare &&
      typeof filter.path.at(-1) === 'number' &&
      names.length > 0 &&
      names.every(name => excluded.includes(name) || excluded.includes('*'))
    )
      report(keyRange(mapAt(filter, 'resources'), 'kinds')!, 'excluded');
  }
}

function checkResources(policy: PolicyView, each: MapSpot, report: OwnReport): void {
  for (const key of ['apiGroups', 'apiVersions', 'operations', 'resources'])
    if (isEmptyList(policy, each, key)) report(keyRange(each, key)!, 'empty', { key });
  const groups = textsAt(each, 'apiGroups');
  const resources = textsAt(each, 'resources');
  for (const spot of resources.filter(isLiteral)) {
    const meant = resourceNames.get(spot.text.toLowerCase());
    if (meant === undefined) continue;
    if (meant !== spot.text)
      report(
        spot.range,
        'resource',
        { found: spot.text, meant },
        report.fix('resource', () => [setValue(spot.path, meant)], { data: { meant } }),
      );
    const own = groupsOf.get(meant)!;
    const [group] = groups;
    // metrics and others serve resources of the same names: what is not Kubernetes' own group may be right
    if (groups.length !== 1 || !group || !isLiteral(group) || own.includes(group.text) || group.text === '*' || group.text.includes('.'))
      continue;
    if (resources.length > 1 && !resources.every(({ text }) => groupsOf.get(text.split('/', 1)[0]!)?.includes(own[0]!))) continue;
    const fix = report.fix('group', () => [setValue(group.path, own[0]!)], { data: { group: own[0] === '' ? "''" : own[0]! } });
    report(group.range, 'group', { found: meant, group: group.text }, fix);
    return;
  }
}

/** The label of namespaces that policy-controller looks at. */
const include = 'policy.sigstore.dev/include';

export const rule = defineRule({
  id: 'policy/matches-nothing',
  title: 'Policy that matches no object',
  severity: 'error',
  category: 'correctness',
  profile: 'baseline',
  references: { nist800190: ['3.3.5', '4.3.5'], cwe: ['CWE-693'] },
  messages: {
    rules: { text: '{object} has no rule' },
    match: { text: '{object} does not say what this rule is for: match is missing' },
    empty: { text: '{object} matches nothing: {key} is empty' },
    kind: { text: '{object} matches nothing called {found}: the kind is {meant}' },
    resource: { text: '{object} matches nothing called {found}: the resource is {meant}' },
    group: { text: '{object} matches nothing: {found} are not of the group "{group}"' },
    excluded: { text: '{object} excludes all that the rule matches' },
    namespaces: {
      text: '{object} is asked in no namespace here: none has the label policy.sigstore.dev/include: "true"',
      severity: 'info',
      profile: 'recommended',
    },
    never: { text: '{object} matches nothing: this condition never holds' },
  },
  fixes: {
    kind: { title: 'Write {meant}', class: 'review' },
    resource: { title: 'Write {meant}', class: 'review' },
    group: { title: 'Write {group}', class: 'review' },
  },
  on: {
    rule: (rule, report) => checkMatch(rule, report),
    policy(policy, report, { workspace }) {
      const { spec, is, complete, reportRange } = policy;
      if (is === 'ClusterImagePolicy' && complete && workspace.complete) {
        const { namespaces } = workspace.admission();
        const isOut = ({ labels }: (typeof namespaces)[number]): boolean =>
          !labels.open && labels.values[include] !== 'true' && labels.values[include] !== null;
        if (namespaces.length > 0 && namespaces.every(isOut)) report(reportRange, 'namespaces');
      }
      if (
        is === 'ClusterPolicy' &&
        complete &&
        spec &&
        mapsAt(spec, 'rules').length === 0 &&
        !mayGain(policy.document, spec.map.get('rules'))
      )
        report(keyRange(spec, 'rules') ?? reportRange, 'rules');
      if (isEmptyList(policy, mapAt(spec, 'matchConstraints'), 'resourceRules'))
        report(keyRange(mapAt(spec, 'matchConstraints'), 'resourceRules')!, 'empty', { key: 'resourceRules' });
      for (const each of resourceRulesOf(policy)) checkResources(policy, each, report);
      const conditions = new Set(mapsAt(spec, 'matchConditions').flatMap(each => textAt(each, 'expression')?.node ?? []));
      for (const expression of conditions.size > 0 ? expressionsOf(policy) : []) {
        const tree = conditions.has(expression.spot.node) ? parsed(expression).tree : null;
        if (tree?.is === 'literal' && tree.value === false) report(expression.spot.range, 'never');
      }
    },
  },
});
