import { defineRule } from '../../../rule/define-rule';
import { editText, removeNode } from '../../../yaml/operations';
import { filtersOf, isForPodsAlone } from '../model/matches';
import { placeInScalar } from '../model/cel/place';
import { has, keyRange, mapAt, mapIn, type MapSpot } from '../model/spots';
import { rulesOf } from '../model/rules';
import { textsWithVariables } from '../model/variables';
import type { RuleView } from '../model/types';

const annotation = 'pod-policies.kyverno.io/autogen-controllers';

/** What keeps Kyverno from deriving rules for controllers, in a rule for pods alone. */
function obstacle(rule: RuleView): { readonly filter: MapSpot; readonly key: string } | null {
  for (const filter of [...filtersOf(rule, 'match'), ...filtersOf(rule, 'exclude')])
    for (const key of ['name', 'names', 'selector', 'annotations']) if (has(mapAt(filter, 'resources'), key)) return { filter, key };
  return null;
}

/** The namespace of a pod, which becomes that of the template in a derived rule, where none is. */
const namespace = 'request.object.metadata.namespace';

export const rule = defineRule({
  id: 'policy/controllers-not-covered',
  title: 'Pod rule that pod controllers do not get',
  severity: 'info',
  category: 'correctness',
  profile: 'recommended',
  references: { links: ['https://kyverno.io/docs/policy-types/cluster-policy/autogen/'] },
  messages: {
    annotation: { text: '{object} says nothing of Deployments and their kin: their pods fail later, where nobody looks' },
    filter: { text: '{object} says nothing of Deployments and their kin, since it selects pods by their {key}' },
    namespace: {
      text: '{object} fails on every Deployment: the namespace of its pods is known as request.namespace alone',
      severity: 'warning',
    },
    pattern: { text: '{object} refuses every Deployment: the template of its pods has no namespace', severity: 'warning' },
    both: { text: 'Rules for controllers and a policy of Kubernetes are not generated together', severity: 'warning' },
  },
  fixes: {
    annotation: { title: 'Let Kyverno derive the rules', class: 'attended' },
    namespace: { title: 'Write request.namespace', class: 'attended' },
  },
  on: {
    policy(policy, report) {
      const value = policy.annotations.get(annotation);
      if (policy.is === 'ClusterPolicy' && value?.value === 'none' && rulesOf(policy).some(isForPodsAlone)) {
        const path = [...policy.at.path, 'metadata', 'annotations', annotation];
        report(
          value.node.range,
          'annotation',
          {},
          report.fix('annotation', () => [removeNode(path, true)]),
        );
      }
      const autogen = mapAt(policy.spec, 'autogen');
      const generated = mapIn(autogen, 'validatingAdmissionPolicy');
      if (policy.is === 'ValidatingPolicy' && has(mapAt(autogen, 'podControllers'), 'controllers') && generated?.map.get('enabled'))
        report(keyRange(autogen, 'validatingAdmissionPolicy')!, 'both');
    },
    rule(rule, report) {
      const { policy, at } = rule;
      if (!isForPodsAlone(rule) || policy.annotations.has(annotation)) return;
      const found = obstacle(rule);
      if (found) return report(keyRange(mapAt(found.filter, 'resources'), found.key)!, 'filter', { key: found.key });
      const key = keyRange(mapIn(at, 'validate', 'pattern', 'metadata'), 'namespace');
      if (key) report(key, 'pattern');
      for (const { spot } of has(at, 'validate') ? textsWithVariables(rule) : []) {
        const start = spot.text.indexOf(namespace);
        if (start < 0) continue;
        const range = placeInScalar(policy.document, spot.node, { start, end: start + namespace.length });
        const isExact = policy.document.text.slice(range.start, range.end) === namespace;
        report(
          range,
          'namespace',
          {},
          isExact && report.fix('namespace', () => [editText(spot.path, [{ range, text: 'request.namespace' }])]),
        );
      }
    },
  },
});
