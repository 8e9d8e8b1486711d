import { defineRule } from '../../../rule/define-rule';
import { setValue } from '../../../syntax/yaml/operations';
import { filtersOf, kindsIn, resourceRulesOf } from '../model/matches';
import { has, mapAt, textsAt, type TextSpot } from '../model/spots';

/** What makes pods from a template; the group may stand in front. */
const controller = /^(?:.*\/)?(?:Deployment|StatefulSet|DaemonSet|ReplicaSet|ReplicationController|Job|CronJob)$/i;
const resource = /^(?:deployments|statefulsets|daemonsets|replicasets|replicationcontrollers|jobs|cronjobs)$/;

/** The first of some names, where all are of controllers. */
function onlyControllers(names: readonly TextSpot[], pattern: RegExp): TextSpot | null {
  return names.length > 0 && names.every(({ text }) => pattern.test(text)) ? names[0]! : null;
}

export const rule = defineRule({
  id: 'policy/pods-not-covered',
  title: 'Image policy that standalone pods bypass',
  severity: 'warning',
  category: 'supply-chain',
  profile: 'baseline',
  references: {
    nist800190: ['3.1.5', '4.1.5'],
    cwe: ['CWE-693'],
    links: ['https://kyverno.io/docs/policy-types/cluster-policy/autogen/'],
  },
  messages: { controllers: { text: '{object} verifies images only in {kinds}, not in standalone pods or other kinds' } },
  fixes: { pod: { title: 'Verify the images of all pods', class: 'attended' } },
  assumptions: { autogen: 'Kyverno derives the rules for Deployments and other controllers from the rule for pods' },
  on: {
    rule(rule, report) {
      if (!has(rule.at, 'verifyImages')) return;
      const kinds = filtersOf(rule, 'match').flatMap(kindsIn);
      const first = onlyControllers(kinds, controller);
      if (!first) return;
      const path = first.path.slice(0, -1);
      const isOneList = kinds.every(({ path: own }) => own.slice(0, -1).join('\n') === path.join('\n'));
      const fix = isOneList && report.fix('pod', () => [setValue(path, ['Pod'])], { assumes: [{ id: 'autogen' }] });
      report(first.range, 'controllers', { kinds: kinds.map(({ text }) => text).join(', ') }, fix);
    },
    policy(policy, report) {
      if (policy.is !== 'ImageValidatingPolicy' || mapAt(policy.spec, 'autogen')) return;
      const names = resourceRulesOf(policy).flatMap(each => textsAt(each, 'resources'));
      const first = onlyControllers(names, resource);
      if (first) report(first.range, 'controllers', { kinds: names.map(({ text }) => text).join(', ') });
    },
  },
});
