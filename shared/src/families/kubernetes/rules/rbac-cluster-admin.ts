import { markOf } from '../../../rule/fix/places';
import { setValue } from '../../../syntax/yaml/operations';
import { defineRule } from '../../../rule/define-rule';
import type { BindingView, SubjectView } from '../model/rbac';
import type { WorkspaceIndex } from '../../../workspace/types';

/** Whether a subject is a part of the cluster itself: all but the groups that hold every user or every account. */
function isComponent({ name }: SubjectView): boolean {
  return name.startsWith('system:') && !/^system:(?:serviceaccounts?(?::|$)|(?:un)?authenticated$|anonymous$)/.test(name);
}

const allVerbs = ['get', 'list', 'watch', 'create', 'update', 'patch', 'delete'];

/** The role of a binding, where it is one of the workspace and allows as much as cluster-admin. */
function equalRole({ role, object }: BindingView, workspace: WorkspaceIndex): ReturnType<WorkspaceIndex['role']> | null {
  if (role?.kind !== 'Role' && role?.kind !== 'ClusterRole') return null;
  const found = workspace.role(role.kind, role.kind === 'Role' ? object.namespace : null, role.name);
  const isAll = (words: readonly string[]): boolean => words.includes('*');
  const all = found?.rules.some(
    ({ groups, resources, verbs }) => isAll(groups) && isAll(resources) && (isAll(verbs) || allVerbs.every(verb => verbs.includes(verb))),
  );
  return all ? found : null;
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
    namespace: { text: "{object} gives {subject} full control of the binding's namespace", severity: 'warning' },
    wide: { text: '{object} gives {subject} the role "{role}" in every namespace', severity: 'warning' },
    equal: { text: '{object} gives {subject} a role that allows everything' },
    role: { text: 'The role' },
  },
  fixes: { role: { title: 'Bind a ClusterRole that you name', class: 'attended' } },
  assumptions: { enough: 'The role gives {subject} the required permissions; an existing binding must be deleted and re-created' },
  on: {
    binding(binding, report, { workspace }) {
      const { object, role, cluster, subjects } = binding;
      const [first] = subjects;
      if (!role || !first || subjects.every(isComponent)) return;
      const more = subjects.length > 1 ? ` and ${subjects.length - 1} more` : '';
      const data = { subject: `${first.kind} "${first.name}"${more}`, role: role.name };
      const fix = report.fix('role', () => [setValue([...object.path, 'roleRef', 'name'], markOf(1))], {
        places: [{ text: '', sample: 'view' }],
        assumes: [{ id: 'enough', data: { subject: data.subject } }],
      });
      if (role.name === 'cluster-admin') report(role.range, cluster ? 'cluster' : 'namespace', data, fix);
      else if (cluster && (role.name === 'admin' || role.name === 'edit')) report(role.range, 'wide', data, fix);
      else {
        const equal = equalRole(binding, workspace);
        if (equal) report(role.range, 'equal', data, report.related(equal.range, 'role', {}, equal.path));
      }
    },
  },
});
