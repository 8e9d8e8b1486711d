import { literalAssumptions, literalFixes, switchOff } from '../fix/literal';
import { removeNode } from '../../../syntax/yaml/operations';
import { defineRule, violates } from '../../../rule/define-rule';
import { sharedNamespace } from '../model/host';

export const rule = defineRule({
  id: 'kubernetes/host-ipc',
  title: 'Host IPC namespace shared',
  severity: 'error',
  category: 'isolation',
  profile: 'baseline',
  references: {
    cisKubernetes: ['5.2.4'],
    nist800190: ['3.4.3', '4.4.3'],
    nsaCisa: ['1.4'],
    pss: ['host-namespaces'],
    mitre: ['T1611'],
    cwe: ['CWE-653'],
  },
  peers: {
    trivy: ['KSV-0008'],
    checkov: ['CKV_K8S_18'],
    'kube-linter': ['host-ipc'],
    polaris: ['hostIPCSet'],
    kubesec: ['HostIPC'],
    kubeaudit: ['NamespaceHostIPCTrue'],
    kubescape: ['C-0038', 'C-0195', 'C-0276'],
    kics: ['shared_host_ipc_namespace'],
    'kyverno-policies': ['disallow-host-namespaces'],
    semgrep: ['hostipc-pod'],
    cnspec: ['hostipc'],
  },
  messages: { shared: { text: "{object} uses the node's shared memory and semaphores" } },
  fixes: { ...literalFixes, remove: { title: 'Remove hostIPC', class: 'attended' } },
  assumptions: { ...literalAssumptions, 'no-node-memory': 'Nothing in the pod shares memory with processes on its node' },
  on: {
    pod(pod, report) {
      const setting = sharedNamespace(pod, 'hostIPC');
      if (!setting) return;
      const fix =
        switchOff(report, pod.object, setting.node, 'hostIPC') ??
        report.fix('remove', () => [removeNode(setting.path)], { assumes: [{ id: 'no-node-memory' }] });
      report(setting.node.range, 'shared', {}, violates('baseline'), fix);
    },
  },
});
