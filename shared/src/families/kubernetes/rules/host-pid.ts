import { literalAssumptions, literalFixes, switchOff } from '../fix/literal';
import { removeNode } from '../../../syntax/yaml/operations';
import { defineRule, violates } from '../../../rule/define-rule';
import { sharedNamespace } from '../model/host';

export const rule = defineRule({
  id: 'kubernetes/host-pid',
  title: 'Host process namespace shared',
  severity: 'error',
  category: 'isolation',
  profile: 'baseline',
  references: {
    cisKubernetes: ['5.2.3'],
    nist800190: ['3.4.3', '4.4.3'],
    nsaCisa: ['1.4'],
    pss: ['host-namespaces'],
    mitre: ['T1611', 'T1613'],
    cwe: ['CWE-653'],
  },
  peers: {
    trivy: ['KSV-0010'],
    checkov: ['CKV_K8S_17'],
    'kube-linter': ['host-pid'],
    polaris: ['hostPIDSet'],
    kubesec: ['HostPID'],
    kubeaudit: ['NamespaceHostPIDTrue'],
    kubescape: ['C-0038', 'C-0194', 'C-0275'],
    kics: ['shared_host_pid_namespace'],
    'kyverno-policies': ['disallow-host-namespaces'],
    semgrep: ['hostpid-pod'],
    cnspec: ['hostpid'],
  },
  messages: { shared: { text: "{object} sees the node's processes" } },
  fixes: { ...literalFixes, remove: { title: 'Remove hostPID', class: 'attended' } },
  assumptions: { ...literalAssumptions, 'no-node-processes': 'Nothing in the pod watches or signals processes on its node' },
  on: {
    pod(pod, report) {
      const setting = sharedNamespace(pod, 'hostPID');
      if (!setting) return;
      const fix =
        switchOff(report, pod.object, setting.node, 'hostPID') ??
        report.fix('remove', () => [removeNode(setting.path)], { assumes: [{ id: 'no-node-processes' }] });
      report(setting.node.range, 'shared', {}, violates('baseline'), fix);
    },
  },
});
