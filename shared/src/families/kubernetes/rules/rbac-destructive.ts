import { defineRule } from '../../../rule/define-rule';
import { grantsOf } from '../model/rbac';

const remove = ['delete', 'deletecollection'];
const change = ['create', 'update', 'patch', ...remove];

/** What lets a subject harm what is not its own, by message. */
const harms = [
  { message: 'workloads', group: '', resources: ['pods', 'replicationcontrollers', 'namespaces'], verbs: remove },
  { message: 'workloads', group: 'apps', resources: ['deployments', 'daemonsets', 'statefulsets', 'replicasets'], verbs: remove },
  { message: 'workloads', group: 'batch', resources: ['jobs', 'cronjobs'], verbs: remove },
  { message: 'traces', group: '', resources: ['events', 'pods/log'], verbs: remove },
  { message: 'traces', group: 'events.k8s.io', resources: ['events'], verbs: remove },
  { message: 'config', group: '', resources: ['configmaps'], verbs: change },
  { message: 'network', group: '', resources: ['services', 'services/status', 'endpoints'], verbs: change },
  { message: 'network', group: 'discovery.k8s.io', resources: ['endpointslices'], verbs: change },
  { message: 'network', group: 'networking.k8s.io', resources: ['ingresses', 'networkpolicies'], verbs: change },
] as const;

export const rule = defineRule({
  id: 'kubernetes/rbac-destructive',
  title: 'Destructive RBAC permissions',
  severity: 'info',
  category: 'access',
  profile: 'strict',
  references: { nist800190: ['3.3.1', '4.3.1'], nsaCisa: ['7.1'], mitre: ['T1485', 'T1070'], cwe: ['CWE-250', 'CWE-732'] },
  peers: {
    trivy: ['KSV-0042', 'KSV-0049', 'KSV-0115', 'KSV-0056'],
    kubescape: ['C-0007', 'C-0031', 'C-0037'],
    checkov: ['CKV2_K8S_4'],
    'kyverno-policies': ['restrict-edit-for-endpoints'],
  },
  messages: {
    workloads: { text: '{object} has {verbs} on {resources}: it can stop running workloads' },
    traces: { text: '{object} has {verbs} on {resources}: an attacker could use it to erase evidence' },
    config: { text: '{object} has {verbs} on {resources}: it can change how other workloads behave' },
    network: { text: '{object} has {verbs} on {resources}: it can redirect traffic' },
  },
  on: {
    role(role, report) {
      for (const { message, group, resources, verbs } of harms)
        for (const grant of grantsOf(role, group, resources, verbs))
          report(grant.range, message, { verbs: grant.verbs, resources: grant.resources });
    },
  },
});
