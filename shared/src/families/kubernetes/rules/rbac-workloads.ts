import { type Attachment, defineRule, type Report, weighs } from '../../../rule/define-rule';
import { withoutVerbs } from '../fix/rbac';
import { grantsOf, type Grant, type RoleView } from '../model/rbac';

const write = ['create', 'update', 'patch'];

/** What lets a subject run code, by message. */
const powers = [
  { message: 'pods', group: '', resources: ['pods', 'replicationcontrollers'], verbs: write },
  { message: 'pods', group: 'apps', resources: ['deployments', 'daemonsets', 'statefulsets', 'replicasets'], verbs: write },
  { message: 'pods', group: 'batch', resources: ['jobs', 'cronjobs'], verbs: write },
  { message: 'exec', group: '', resources: ['pods/exec', 'pods/attach'], verbs: ['create', 'get'] },
  { message: 'exec', group: '', resources: ['pods/ephemeralcontainers'], verbs: ['update', 'patch'] },
  { message: 'forward', group: '', resources: ['pods/portforward'], verbs: ['create', 'get'] },
  { message: 'nodes', group: '', resources: ['nodes/proxy'], verbs: ['create', 'get'] },
  { message: 'volumes', group: '', resources: ['persistentvolumes'], verbs: ['create'] },
] as const;

/** Whether a role is that of what makes volumes for claims: it reads their classes, or the nodes that they go to. */
function isProvisioner({ rules }: RoleView): boolean {
  return rules.some(
    ({ groups, resources }) =>
      groups.some(({ text }) => text === 'storage.k8s.io') &&
      resources.some(({ text }) => /^(?:storageclasses|csinodes|volumeattachments)$/.test(text)),
  );
}

/** Leaves the verbs that run nothing, or the other resources; `null` where nothing is left. */
function readFix(
  role: RoleView,
  grant: Grant,
  { resources, verbs }: { readonly resources: readonly string[]; readonly verbs: readonly string[] },
  report: Pick<Report<never, 'read' | 'other'>, 'fix'>,
): Attachment | null {
  const left = withoutVerbs(role, grant.rule, resources, verbs);
  if (!left) return null;
  const data = { verbs: left.verbs.join(', '), resources: grant.resources };
  const assumes = [{ id: 'unused', data: { verbs: grant.verbs, resources: grant.resources } }];
  return report.fix(left.verbs.length > 0 ? 'read' : 'other', () => left.operations, { data, assumes, alone: true });
}

export const rule = defineRule({
  id: 'kubernetes/rbac-workloads',
  title: 'RBAC permission to run code in pods or on nodes',
  severity: 'warning',
  category: 'access',
  profile: 'recommended',
  references: {
    cisKubernetes: ['5.1.4', '5.1.9', '5.1.10'],
    nist800190: ['3.3.1', '3.4.5', '4.3.1', '4.4.5'],
    nsaCisa: ['7.1'],
    mitre: ['T1053.007', 'T1543.005', 'T1609', 'T1610', 'T1611'],
    cwe: ['CWE-250', 'CWE-269'],
  },
  peers: {
    trivy: ['KSV-0048', 'KSV-0053', 'KSV-0054', 'KSV-0047'],
    'kube-linter': ['access-to-create-pods'],
    kubescape: ['C-0188', 'C-0002', 'C-0063', 'C-0279', 'C-0278', 'C-0267', 'C-0053', 'C-0014'],
    kics: [
      'permissive_access_to_create_pods',
      'rbac_roles_with_exec_permission',
      'rbac_roles_with_attach_permission',
      'rbac_roles_with_portforwarding_permissions',
    ],
    checkov: ['CKV2_K8S_2'],
    polaris: [
      'clusterrolePodExecAttach',
      'rolePodExecAttach',
      'clusterrolebindingPodExecAttach',
      'rolebindingClusterRolePodExecAttach',
      'rolebindingRolePodExecAttach',
    ],
    'kyverno-policies': ['restrict-clusterrole-nodesproxy'],
  },
  messages: {
    pods: { text: '{object} has {verbs} on {resources}: it can run any image' },
    exec: { text: '{object} has {verbs} on {resources}: it can enter any container' },
    forward: { text: '{object} has {verbs} on {resources}: it can reach any port of a pod', severity: 'info' },
    nodes: { text: '{object} has {verbs} on {resources}: it can enter any pod without an audit trail' },
    volumes: { text: '{object} has {verbs} on {resources}: it can mount any path on a node' },
    takeover: { text: 'Containers of {object} control the cluster: service account "{account}" is cluster-admin' },
    binding: { text: 'The binding' },
  },
  fixes: {
    read: { title: 'Allow only {verbs} on {resources}', class: 'attended' },
    other: { title: 'Remove access to {resources}', class: 'attended' },
  },
  assumptions: { unused: 'No subject bound to the role uses {verbs} on {resources}' },
  on: {
    role(role, report) {
      for (const power of powers)
        for (const grant of grantsOf(role, power.group, power.resources, power.verbs)) {
          const data = { verbs: grant.verbs, resources: grant.resources };
          const weight = power.message === 'volumes' && isProvisioner(role) && weighs('info');
          report(grant.range, power.message, data, weight, readFix(role, grant, power, report));
        }
    },
    pod(pod, report, { workspace }) {
      const { object, serviceAccountName } = pod;
      const account = serviceAccountName ?? 'default';
      const binding = workspace
        .bindingsOf(object.namespace, account)
        .find(({ role, namespace }) => role.name === 'cluster-admin' && namespace === null);
      if (!binding) return;
      const related = report.related(binding.range, 'binding', {}, binding.path);
      report(pod.serviceAccountNode?.range ?? pod.reportRange, 'takeover', { account }, related);
    },
  },
});
