import { defineRule, type Report } from '../../../rule/define-rule';
import { mayGain } from '../../../syntax/yaml/certainty';
import type { MaybeNode } from '../../../syntax/yaml/lookup';
import { setValue } from '../../../syntax/yaml/operations';
import { sequenceOf } from '../../../syntax/yaml/values';
import { meantKind, namedResources, nearKind, wrongGroup, type MeantName } from '../model/api-names';
import { valueOf } from '../model/containers';
import { expressionsOf, parsed } from '../model/expressions';
import { filtersOf, kindsIn, resourceRulesOf } from '../model/matches';
import { includeLabel } from '../model/reach';
import { has, keyRange, mapAt, mapsAt, textAt, isLiteral, type MapSpot, type TextSpot } from '../model/spots';
import type { PolicyView, RuleView } from '../model/types';

type OwnReport = Report<
  'rules' | 'match' | 'empty' | 'kind' | 'near' | 'resource' | 'group' | 'excluded' | 'never',
  'kind' | 'resource' | 'group'
>;

function isEmptyList(policy: PolicyView, spot: MapSpot | null, key: string): boolean {
  const list = sequenceOf(spot?.map.get(key));
  return list?.items.length === 0 && !mayGain(policy.document, list);
}

/** Whether two nodes say the same, whatever they look like. */
function isSame(a: MaybeNode, b: MaybeNode): boolean {
  const [one, other] = [valueOf(a ?? null), valueOf(b ?? null)];
  return one !== undefined && JSON.stringify(one) === JSON.stringify(other);
}

/** Conditions of `all` on one key that ask for two different values. */
function contradiction({ at }: RuleView): TextSpot | null {
  const asked = new Map<string, string>();
  for (const condition of mapsAt(mapAt(at, 'preconditions'), 'all')) {
    const [key, value] = [textAt(condition, 'key'), textAt(condition, 'value')];
    if (!key || !value || !/^Equals?$/.test(textAt(condition, 'operator')?.text ?? '') || /[*?]|\{\{/.test(value.text)) continue;
    const before = asked.get(key.text);
    if (before !== undefined && before !== value.text && isLiteral(value)) return value;
    asked.set(key.text, value.text);
  }
  return null;
}

/** Reports a word that stands for nothing, with the one that is meant. */
function reportName(name: MeantName | null, id: 'kind' | 'near' | 'resource', report: OwnReport): void {
  if (name === null) return;
  const { spot, meant } = name;
  const fix = report.fix(id === 'near' ? 'kind' : id, () => [setValue(spot.path, meant)], { data: { meant } });
  report(spot.range, id, { found: spot.text, meant }, fix);
}

function checkMatch(rule: RuleView, report: OwnReport): void {
  const { at, policy, reportRange, complete } = rule;
  if (!complete) return;
  if (!has(at, 'match')) return report(reportRange, 'match');
  const match = mapAt(at, 'match');
  for (const key of ['any', 'all']) if (isEmptyList(policy, match, key)) report(keyRange(match, key)!, 'empty', { key });
  const matched = filtersOf(rule, 'match');
  for (const filter of [...matched, ...filtersOf(rule, 'exclude')]) {
    for (const kind of kindsIn(filter)) {
      const meant = meantKind(kind);
      const near = meant ? null : nearKind(kind);
      reportName(meant, 'kind', report);
      reportName(near, 'near', report);
      const group = meant || near ? null : wrongGroup(kind);
      if (group)
        report(
          kind.range,
          'kind',
          { found: kind.text, meant: group },
          report.fix('kind', () => [setValue(kind.path, group)], { data: { meant: group } }),
        );
    }
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
    else if (matched.length > 0 && matched.every(each => isSame(each.map, filter.map))) report(keyRange(at, 'exclude')!, 'excluded');
  }
  const never = contradiction(rule);
  if (never) report(never.range, 'never');
}

function checkResources(policy: PolicyView, each: MapSpot, report: OwnReport): void {
  for (const key of ['apiGroups', 'apiVersions', 'operations', 'resources'])
    if (isEmptyList(policy, each, key)) report(keyRange(each, key)!, 'empty', { key });
  for (const { resource, name, group } of namedResources(each)) {
    reportName(name, 'resource', report);
    if (group === null) continue;
    const { spot, meant } = group;
    const fix = report.fix('group', () => [setValue(spot.path, meant)], { data: { group: meant === '' ? "''" : meant } });
    report(spot.range, 'group', { found: resource, group: spot.text }, fix);
  }
}

export const rule = defineRule({
  id: 'policy/matches-nothing',
  title: 'Policy that matches no object',
  severity: 'error',
  category: 'correctness',
  profile: 'baseline',
  references: { nist800190: ['3.3.5', '4.3.5'], cwe: ['CWE-693'] },
  messages: {
    rules: { text: '{object} has no rules' },
    match: { text: '{object} does not say what this rule applies to: match is missing' },
    empty: { text: '{object} matches nothing: {key} is empty' },
    kind: { text: '{object} matches nothing: no kind is called {found}; use {meant}' },
    near: {
      text: '{object} matches nothing, unless {found} is a custom resource; did you mean {meant}?',
      severity: 'warning',
      profile: 'recommended',
    },
    resource: { text: '{object} matches nothing: no resource is called {found}; use {meant}' },
    group: { text: '{object} matches nothing: {found} are not in the API group "{group}"' },
    excluded: { text: '{object} excludes everything that the rule matches' },
    namespaces: {
      text: '{object} matches nothing here: no namespace has the label policy.sigstore.dev/include: "true"',
      severity: 'info',
      profile: 'recommended',
    },
    never: { text: '{object} matches nothing: this condition is never true' },
  },
  fixes: {
    kind: { title: 'Replace with {meant}', class: 'review' },
    resource: { title: 'Replace with {meant}', class: 'review' },
    group: { title: 'Set the API group to {group}', class: 'review' },
  },
  on: {
    rule: (rule, report) => checkMatch(rule, report),
    policy(policy, report, { workspace }) {
      const { spec, is, complete, reportRange } = policy;
      if (is === 'ClusterImagePolicy' && complete && workspace.complete) {
        const { namespaces } = workspace.admission();
        const isOut = ({ labels }: (typeof namespaces)[number]): boolean =>
          !labels.open && labels.values[includeLabel] !== 'true' && labels.values[includeLabel] !== null;
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
