import { defineRule } from '../../../rule/define-rule';
import type { RoleFact } from '../../../workspace/object-facts';

const everyone: Readonly<Record<string, 'anonymous' | 'authenticated' | 'masters'>> = {
  'system:anonymous': 'anonymous',
  'system:unauthenticated': 'anonymous',
  'system:authenticated': 'authenticated',
  'system:masters': 'masters',
};

/** Built-in roles that are made for everybody, and kubeadm's for nodes that join. */
const publicRoles = new Set([
  'system:basic-user',
  'system:discovery',
  'system:public-info-viewer',
  'system:service-account-issuer-discovery',
  'kubeadm:bootstrap-signer-clusterinfo',
]);

/** Whether a role only reads, and nothing that holds secrets: what projects publish for all who have an account. */
function onlyReads({ rules, aggregated }: RoleFact): boolean {
  return (
    !aggregated &&
    rules.every(
      ({ groups, resources, verbs }) =>
        verbs.every(verb => /^(?:get|list|watch)$/.test(verb)) &&
        !groups.includes('*') &&
        resources.every(resource => /^[a-z]+$/.test(resource) && resource !== 'secrets'),
    )
  );
}

export const rule = defineRule({
  id: 'kubernetes/rbac-anonymous',
  title: 'RBAC for everyone or for system:masters',
  severity: 'error',
  category: 'access',
  profile: 'baseline',
  references: {
    cisKubernetes: ['5.1.7'],
    nist800190: ['3.3.2', '4.3.2'],
    nsaCisa: ['7.0', '7.1'],
    mitre: ['T1078.001', 'T1190'],
    cwe: ['CWE-306', 'CWE-862'],
  },
  peers: {
    trivy: ['KSV-0122', 'KSV-01011', 'KSV-0123'],
    kubesec: ['BindingsToSystemAnonymous'],
    kubescape: ['C-0262', 'C-0265', 'C-0246'],
    'kyverno-policies': ['restrict-binding-system-groups'],
  },
  messages: {
    anonymous: { text: '{object} grants permissions to everyone, even without authentication' },
    authenticated: { text: '{object} grants permissions to every user and every pod' },
    reads: { text: '{object} lets every user and every pod read the resources that its role names', severity: 'info' },
    masters: { text: '{object} names system:masters, whose permissions cannot be revoked' },
  },
  on: {
    binding(binding, report, { workspace }) {
      for (const { name, kind, range } of binding.subjects) {
        const message = Object.hasOwn(everyone, name) && kind !== 'ServiceAccount' ? everyone[name] : undefined;
        if (message === undefined || (message !== 'masters' && publicRoles.has(binding.role?.name ?? ''))) continue;
        const { object, role } = binding;
        const isKnown = message === 'authenticated' && (role?.kind === 'Role' || role?.kind === 'ClusterRole');
        const known = isKnown ? workspace.role(role.kind, role.kind === 'Role' ? object.namespace : null, role.name) : undefined;
        report(range, known && onlyReads(known) ? 'reads' : message);
      }
    },
  },
});
