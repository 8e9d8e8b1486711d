import { defineRule } from '../../../rule/define-rule';
import { appendItem } from '../../../syntax/yaml/operations';
import { filtersOf, isDerivedFrom, podsAlone, resourceRulesOf, withoutEphemeral } from '../model/matches';
import { expressionsOf } from '../model/expressions';
import { has, keyRange, mapAt, textsAt, type MapSpot } from '../model/spots';
import type { PolicyView } from '../model/types';

const workloads = new Set(
  'pods deployments statefulsets daemonsets replicasets jobs cronjobs replicationcontrollers * */* pods/*'.split(' '),
);

/** Whether what a policy checks is about images, which may change in a pod that runs. */
function isAboutImages(policy: PolicyView): boolean {
  return policy.is === 'ImageValidatingPolicy' || expressionsOf(policy).some(({ spot }) => /\bimages?\b/.test(spot.text));
}

function readsEphemeral(policy: PolicyView): boolean {
  return policy.is === 'ImageValidatingPolicy' || expressionsOf(policy).some(({ spot }) => spot.text.includes('ephemeralContainers'));
}

/** Whether a list of operations has what creates and not what changes. */
function isCreationAlone(spot: MapSpot | null): boolean {
  const operations = textsAt(spot, 'operations').map(({ text }) => text);
  return operations.includes('CREATE') && !operations.includes('UPDATE') && !operations.includes('*');
}

export const rule = defineRule({
  id: 'policy/update-not-covered',
  title: 'Policy that checks only create requests',
  severity: 'warning',
  category: 'correctness',
  profile: 'recommended',
  references: { nist800190: ['3.3.5', '4.3.5'], cwe: ['CWE-693'] },
  messages: {
    images: { text: '{object} allows the image of a running pod to be changed: UPDATE is not among the operations' },
    update: { text: '{object} checks what is created, not what is changed', severity: 'hint', profile: 'strict' },
    ephemeral: { text: '{object} does not check ephemeral containers: pods/ephemeralcontainers is a separate resource' },
  },
  fixes: {
    update: { title: 'Add UPDATE to the operations', class: 'review' },
    ephemeral: { title: 'Add pods/ephemeralcontainers to the resources', class: 'review' },
  },
  assumptions: { 'pods-alone': podsAlone },
  on: {
    policy(policy, report) {
      const isCheck = ['ValidatingPolicy', 'ImageValidatingPolicy', 'ValidatingAdmissionPolicy'].includes(policy.is);
      const bare = new Set(withoutEphemeral(policy).map(({ map }) => map));
      for (const each of isCheck ? resourceRulesOf(policy) : []) {
        const resources = textsAt(each, 'resources').map(({ text }) => text);
        if (!resources.some(resource => workloads.has(resource))) continue;
        const path = [...each.path, 'operations'];
        const fix = report.fix('update', () => [appendItem(path, 'UPDATE')]);
        if (isCreationAlone(each)) report(keyRange(each, 'operations')!, isAboutImages(policy) ? 'images' : 'update', {}, fix);
        if (!bare.has(each.map)) continue;
        const add = report.fix('ephemeral', () => [appendItem([...each.path, 'resources'], 'pods/ephemeralcontainers')], {
          assumes: isDerivedFrom(policy, each) ? [{ id: 'pods-alone', evidence: true }] : [],
        });
        if (readsEphemeral(policy)) report(keyRange(each, 'resources')!, 'ephemeral', {}, add);
      }
    },
    rule(rule, report) {
      const verifies = has(rule.at, 'verifyImages');
      if (!verifies && !has(rule.at, 'validate')) return;
      for (const filter of filtersOf(rule, 'match')) {
        const resources = mapAt(filter, 'resources');
        if (!isCreationAlone(resources)) continue;
        const path = [...resources!.path, 'operations'];
        const fix = report.fix('update', () => [appendItem(path, 'UPDATE')]);
        report(keyRange(resources, 'operations')!, verifies ? 'images' : 'update', {}, fix);
      }
    },
  },
});
