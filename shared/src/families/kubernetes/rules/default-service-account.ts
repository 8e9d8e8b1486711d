import { mayChange } from '../../../syntax/yaml/certainty';
import { defineRule } from '../../../rule/define-rule';
import { booleanOf } from '../../../syntax/yaml/values';

export const rule = defineRule({
  id: 'kubernetes/default-service-account',
  title: 'Default service account used',
  severity: 'info',
  category: 'access',
  profile: 'strict',
  references: {
    cisKubernetes: ['5.1.5'],
    nist800190: ['3.3.2', '4.3.2'],
    nsaCisa: ['1.11'],
    mitre: ['T1078.001'],
    cwe: ['CWE-250', 'CWE-1188'],
  },
  peers: {
    checkov: ['CKV_K8S_41', 'CKV_K8S_42'],
    'kube-linter': ['default-service-account'],
    kubesec: ['ServiceAccountName'],
    kubescape: ['C-0189', 'C-0225', 'C-0239'],
    kics: ['service_account_name_undefined_or_empty', 'role_binding_to_default_service_account'],
    cnspec: ['serviceaccount'],
  },
  messages: {
    pod: { text: '{object} runs as the service account "default", which other pods in its namespace share' },
    binding: { text: '{object} grants permissions to every pod that sets no service account', severity: 'warning' },
    account: { text: 'The service account "default" gives its token to every pod that sets no service account' },
  },
  on: {
    object({ kind, group, name, complete, node, reportRange: anchor }, report) {
      if (kind !== 'ServiceAccount' || group !== '' || name !== 'default' || !complete) return;
      // `true` is what kubernetes/service-account-token speaks of
      if (node.get('automountServiceAccountToken') === undefined) report(anchor, 'account');
    },
    binding(binding, report) {
      for (const { kind, name, range } of binding.subjects) if (kind === 'ServiceAccount' && name === 'default') report(range, 'binding');
    },
    pod(pod, report) {
      const { serviceAccountName: name, serviceAccountNode: node } = pod;
      if ((name !== null && name !== 'default') || (name === null && !pod.complete)) return;
      // without its token the account gives a pod nothing
      const token = pod.node.get('automountServiceAccountToken');
      if (booleanOf(token) === false || mayChange(token)) return;
      report(name === null ? pod.reportRange : node!.range, 'pod');
    },
  },
});
