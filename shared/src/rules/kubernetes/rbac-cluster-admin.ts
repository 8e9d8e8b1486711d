import { defineRule } from '../../rule/define-rule';
import { objectName } from '../../model/kubernetes/names';
import type { SubjectView } from '../../model/kubernetes/rbac';

/** Whether a subject is a part of the cluster itself: all but the groups that hold every user or every account. */
function isComponent({ name }: SubjectView): boolean {
  return name.startsWith('system:') && !/^system:(?:serviceaccounts?(?::|$)|(?:un)?authenticated$|anonymous$)/.test(name);
}

export const rule = defineRule({
  id: 'kubernetes/rbac-cluster-admin',
  title: 'Binding to cluster-admin',
  severity: 'error',
  category: 'access',
  profile: 'baseline',
  references: {
    cisKubernetes: ['5.1.1'],
    nist800190: ['3.3.1', '4.3.1'],
    nsaCisa: ['7.1'],
    mitre: ['T1078', 'T1098.006'],
    cwe: ['CWE-250', 'CWE-269'],
  },
  peers: {
    trivy: ['KSV-0111'],
    'kube-linter': ['cluster-admin-role-binding'],
    polaris: ['clusterrolebindingClusterAdmin', 'rolebindingClusterAdminClusterRole', 'rolebindingClusterAdminRole'],
    kubescape: ['C-0035', 'C-0185', 'C-0272'],
    kics: ['cluster_admin_role_binding_with_super_user_permissions'],
    'kyverno-policies': ['restrict-binding-clusteradmin', 'block-cluster-admin-from-ns'],
    cnspec: ['rbac-restrict-cluster-admin-bindings', 'serviceaccount-no-cluster-admin'],
  },
  messages: {
    cluster: { text: '{object} gives {subject} full control of the cluster' },
    namespace: { text: '{object} gives {subject} full control of its namespace', severity: 'warning' },
    wide: { text: '{object} gives {subject} the role "{role}" in every namespace', severity: 'warning' },
  },
  on: {
    binding(binding, report) {
      const { role, cluster, subjects } = binding;
      if (role === null || !(role.name === 'cluster-admin' || (cluster && (role.name === 'admin' || role.name === 'edit')))) return;
      const [first] = subjects;
      if (!first || subjects.every(isComponent)) return;
      const more = subjects.length > 1 ? ` and ${subjects.length - 1} more` : '';
      const data = { object: objectName(binding.object), subject: `${first.kind} "${first.name}"${more}`, role: role.name };
      report(role.range, role.name !== 'cluster-admin' ? 'wide' : cluster ? 'cluster' : 'namespace', data);
    },
  },
});
