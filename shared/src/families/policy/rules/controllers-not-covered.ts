import { defineRule } from '../../../rule/define-rule';
import type { Range } from '../../../base/text/range';
import { editText, removeNode, setValue, type YamlOperation } from '../../../syntax/yaml/operations';
import { sequenceOf } from '../../../syntax/yaml/values';
import { filtersOf, isForPodsAlone, kindsIn, resourceRulesOf } from '../model/matches';
import { placeInScalar } from '../../../syntax/cel/place';
import { has, isLiteral, keyRange, mapAt, mapIn, textAt, textsAt, type MapSpot, type TextSpot } from '../model/spots';
import { rulesOf } from '../model/rules';
import { textsWithVariables } from '../model/variables';
import type { PolicyView, RuleView } from '../model/types';

const annotation = 'pod-policies.kyverno.io/autogen-controllers';

/** What keeps Kyverno from deriving rules for controllers, in a rule for pods alone. */
function obstacle(rule: RuleView): { readonly filter: MapSpot; readonly key: string } | null {
  for (const filter of [...filtersOf(rule, 'match'), ...filtersOf(rule, 'exclude')])
    for (const key of ['name', 'names', 'selector', 'annotations']) if (has(mapAt(filter, 'resources'), key)) return { filter, key };
  return null;
}

/** Pods among other kinds, none of which creates pods: then nothing is derived for what does. */
function mixedKinds(rule: RuleView): TextSpot | null {
  const kinds = filtersOf(rule, 'match').flatMap(kindsIn);
  if (
    kinds.some(({ text }) => /[*?]|^(?:.*\/)?(?:Deployment|StatefulSet|DaemonSet|ReplicaSet|ReplicationController|Job|CronJob)$/.test(text))
  )
    return null;
  return kinds.length > 1 ? (kinds.find(({ text }) => text === 'Pod' || text === 'v1/Pod') ?? null) : null;
}

/** Whether a rule refuses something. One that changes pods changes those that controllers create, too. */
const isCheck = ({ at }: RuleView): boolean => has(at, 'validate') || has(at, 'verifyImages');

/** A selector by labels alone as preconditions that Kyverno leaves as they are in a derived rule. */
function asPreconditions(rule: RuleView, filter: MapSpot): readonly YamlOperation[] {
  const selector = mapIn(filter, 'resources', 'selector');
  const labels = mapAt(selector, 'matchLabels');
  const texts = labels?.map.entries.map(({ name }) => textAt(labels, name)) ?? [];
  const isPlain = selector?.map.entries.length === 1 && texts.length > 0 && texts.every(text => text && isLiteral(text));
  // one filter alone: of several, each may have its own
  if (!isPlain || has(rule.at, 'preconditions') || filtersOf(rule, 'match').length > 1 || filter.path.includes('exclude')) return [];
  const all = texts.map(text => ({
    key: `{{ request."object".metadata.labels."${String(text!.path.at(-1))}" || '' }}`,
    operator: 'Equals',
    value: text!.text,
  }));
  return [removeNode(selector.path, true), setValue([...rule.at.path, 'preconditions'], { all }, 'match')];
}

/** What of a pod's metadata a derived rule looks for in the template, where it is not. */
const ofPodAlone = /\brequest\.object\.metadata\.(?:namespace|name|generateName|uid)\b(?!\s*\|\||\s*[.[])/;

/** Whether a rule asks for what only pods have themselves: who created them, or what else is not in the template. Derived rules would refuse each Deployment. */
function isOfPodsAlone(rule: RuleView): boolean {
  const { start, end } = rule.at.map.range;
  if (/\bownerReferences\b/.test(rule.policy.document.text.slice(start, end))) return true;
  const pattern = mapIn(rule.at, 'validate', 'pattern');
  if (has(pattern, 'status') || ['namespace', 'name'].some(key => has(mapAt(pattern, 'metadata'), key))) return true;
  return textsWithVariables(rule).some(({ spot }) => spot.path.at(-1) !== 'message' && ofPodAlone.test(spot.text));
}

/** What keeps Kyverno from deriving policies in CEL for controllers: see `CanAutoGen` of its `policies.kyverno.io` (kyverno/kyverno). */
function celObstacle(policy: PolicyView): Range | null {
  const constraints = mapAt(policy.spec, 'matchConstraints');
  const rules = resourceRulesOf(policy);
  const [only] = rules;
  const isForPods =
    rules.length === 1 && textsAt(only!, 'resources').every(({ text }) => text.startsWith('pods')) && has(only!, 'resources');
  if (!isForPods) return null;
  return (
    keyRange(mapAt(constraints, 'objectSelector'), 'matchLabels') ??
    keyRange(mapAt(constraints, 'objectSelector'), 'matchExpressions') ??
    keyRange(constraints, 'excludeResourceRules') ??
    keyRange(only!, 'resourceNames')
  );
}

const celKinds = new Set(['ValidatingPolicy', 'ImageValidatingPolicy']);

export const rule = defineRule({
  id: 'policy/controllers-not-covered',
  title: 'Pod rule that does not apply to pod controllers',
  severity: 'info',
  category: 'correctness',
  profile: 'recommended',
  references: { links: ['https://kyverno.io/docs/policy-types/cluster-policy/autogen/'] },
  messages: {
    annotation: { text: '{object} does not check Deployments and other controllers: their pods fail later, unnoticed' },
    filter: { text: '{object} does not check Deployments and other controllers, since it selects pods by {key}' },
    mixed: { text: '{object} does not check Deployments and other controllers, since it lists pods together with other kinds' },
    narrow: { text: '{object} does not check Deployments and other controllers, since it does not match all pods' },
    variable: { text: '{object} fails on every Deployment: a pod template has no {found}', severity: 'warning' },
    pattern: { text: '{object} rejects every Deployment: a pod template has no {key}', severity: 'warning' },
    both: { text: 'Kyverno cannot generate both controller rules and a ValidatingAdmissionPolicy', severity: 'warning' },
  },
  fixes: {
    annotation: { title: 'Remove the annotation that turns off rules for pod controllers', class: 'attended' },
    request: { title: 'Replace with {instead}', class: 'attended' },
    precondition: { title: 'Select pods by preconditions instead', class: 'attended' },
  },
  on: {
    policy(policy, report) {
      const value = policy.annotations.get(annotation);
      const checks = rulesOf(policy).filter(each => isForPodsAlone(each) && isCheck(each));
      if (policy.is === 'ClusterPolicy' && value?.value === 'none' && checks.length > 0 && !checks.some(isOfPodsAlone)) {
        const path = [...policy.at.path, 'metadata', 'annotations', annotation];
        const fix = report.fix('annotation', () => [removeNode(path, true)]);
        report(value.node.range, 'annotation', {}, fix);
      }
      const autogen = mapAt(policy.spec, 'autogen');
      const generated = mapIn(autogen, 'validatingAdmissionPolicy');
      const narrow = celKinds.has(policy.is) ? celObstacle(policy) : null;
      if (narrow) report(narrow, 'narrow');
      const controllers = mapAt(autogen, 'podControllers');
      if (celKinds.has(policy.is) && sequenceOf(controllers?.map.get('controllers'))?.items.length === 0)
        report(
          keyRange(controllers, 'controllers')!,
          'annotation',
          {},
          report.fix('annotation', () => [removeNode([...controllers!.path, 'controllers'], true)]),
        );
      if (policy.is === 'ValidatingPolicy' && has(mapAt(autogen, 'podControllers'), 'controllers') && generated?.map.get('enabled'))
        report(keyRange(autogen, 'validatingAdmissionPolicy')!, 'both');
    },
    rule(rule, report) {
      const { policy, at } = rule;
      if (policy.annotations.has(annotation) || !isCheck(rule)) return;
      const mixed = mixedKinds(rule);
      if (mixed) return report(mixed.range, 'mixed');
      if (!isForPodsAlone(rule)) return;
      const found = obstacle(rule);
      if (found) {
        const operations = found.key === 'selector' ? asPreconditions(rule, found.filter) : [];
        const fix = operations.length > 0 && report.fix('precondition', () => operations);
        return report(keyRange(mapAt(found.filter, 'resources'), found.key)!, 'filter', { key: found.key }, fix);
      }
      const pattern = mapIn(at, 'validate', 'pattern', 'metadata');
      for (const key of ['namespace', 'name']) {
        const range = keyRange(pattern, key);
        if (range) report(range, 'pattern', { key });
      }
      for (const { spot } of has(at, 'validate') ? textsWithVariables(rule) : []) {
        // a message that cannot be filled in is shown as it is
        const word = spot.path.at(-1) === 'message' ? undefined : ofPodAlone.exec(spot.text);
        if (!word) continue;
        const [text] = word;
        const range = placeInScalar(policy.document, spot.node, { start: word.index, end: word.index + text.length });
        const instead = text.endsWith('.namespace') ? 'request.namespace' : text.endsWith('.name') ? 'request.name' : null;
        const fix =
          instead !== null &&
          policy.document.text.slice(range.start, range.end) === text &&
          report.fix('request', () => [editText(spot.path, [{ range, text: instead }])], { data: { instead } });
        report(range, 'variable', { found: text.slice(text.lastIndexOf('.') + 1) }, fix);
      }
    },
  },
});
