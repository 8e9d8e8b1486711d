import { defineRule } from '../../../rule/define-rule';

/** Groups without a resource left, with the release that dropped the last one. */
const removedGroups: Readonly<Record<string, number>> = { extensions: 22, 'settings.k8s.io': 20, 'auditregistration.k8s.io': 19 };

export const rule = defineRule({
  id: 'kubernetes/rbac-legacy-group',
  title: 'RBAC for a removed API group',
  severity: 'info',
  category: 'access',
  profile: 'recommended',
  references: { cisKubernetes: ['5.1.3'], nist800190: ['3.3.1', '4.3.1'], nsaCisa: ['7.1'], cwe: ['CWE-477', 'CWE-250'] },
  peers: {
    semgrep: ['legacy-api-clusterrole-excessive-permissions'],
  },
  messages: {
    removed: { text: '{object} names the API group "{group}", which Kubernetes 1.{since} removed' },
    resource: { text: '{object} names {resource}, which Kubernetes 1.{since} removed' },
    any: { text: '{object} names {resource} in every API group, future ones too' },
  },
  on: {
    role(role, report, { kubernetesMinor }) {
      for (const { groups, resources } of role.rules) {
        for (const { text: group, range } of groups) {
          const since = Object.hasOwn(removedGroups, group) ? removedGroups[group]! : null;
          if (since !== null && kubernetesMinor >= since) report(range, 'removed', { group, since });
          // a wildcard in the resources as well is what rbac-wildcard speaks of
          const [first] = resources;
          if (group === '*' && first && !resources.some(({ text }) => text === '*')) report(range, 'any', { resource: first.text });
        }
        const policies = kubernetesMinor >= 25 ? resources.find(({ text }) => text === 'podsecuritypolicies') : undefined;
        if (policies) report(policies.range, 'resource', { resource: policies.text, since: 25 });
      }
    },
  },
});
