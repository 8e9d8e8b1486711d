import { literalAssumptions, literalFixes, switchOff } from '../fix/literal';
import { removeNode, type YamlOperation } from '../../../syntax/yaml/operations';
import { defineRule, violates, weighs } from '../../../rule/define-rule';
import { sharedNamespace } from '../model/host';
import { isNodeCritical } from '../model/on-node';
import { stringOf } from '../../../syntax/yaml/values';

export const rule = defineRule({
  id: 'kubernetes/host-network',
  title: 'Host network shared',
  severity: 'error',
  category: 'isolation',
  profile: 'baseline',
  references: {
    cisKubernetes: ['5.2.5'],
    nist800190: ['3.4.2', '3.4.3', '4.4.2', '4.4.3'],
    nsaCisa: ['1.5'],
    pss: ['host-namespaces'],
    mitre: ['T1611', 'T1046'],
    cwe: ['CWE-653'],
  },
  peers: {
    trivy: ['KSV-0009'],
    checkov: ['CKV_K8S_19'],
    'kube-linter': ['host-network'],
    polaris: ['hostNetworkSet'],
    kubesec: ['HostNetwork'],
    kubeaudit: ['NamespaceHostNetworkTrue'],
    kubescape: ['C-0041', 'C-0196'],
    kics: ['shared_host_network_namespace'],
    'kyverno-policies': ['disallow-host-namespaces'],
    semgrep: ['hostnetwork-pod'],
    cnspec: ['hostnetwork'],
  },
  messages: { shared: { text: "{object} shares the node's network" } },
  fixes: { ...literalFixes, remove: { title: 'Remove hostNetwork', class: 'attended' } },
  assumptions: {
    ...literalAssumptions,
    'no-node-network': "Nothing in the pod configures its node's network or needs to be reachable at the node's address",
  },
  on: {
    pod(pod, report) {
      const setting = sharedNamespace(pod, 'hostNetwork');
      if (!setting) return;
      const operations = (): YamlOperation[] => [
        removeNode(setting.path),
        // only of use with the host's network, where it keeps cluster names resolvable
        ...(stringOf(pod.node.get('dnsPolicy')) === 'ClusterFirstWithHostNet' ? [removeNode([...pod.path, 'dnsPolicy'])] : []),
        // with the host's network a port of the host is the container's own, written twice
        ...pod.containers
          .flatMap(container => container.ports)
          .filter(port => port.hostPort !== null && port.hostPort === port.containerPort)
          .map(port => removeNode([...port.path, 'hostPort'])),
      ];
      const fix =
        switchOff(report, pod.object, setting.node, 'hostNetwork') ??
        report.fix('remove', operations, { assumes: [{ id: 'no-node-network' }] });
      report(setting.node.range, 'shared', {}, violates('baseline'), isNodeCritical(pod) && weighs('warning'), fix);
    },
  },
});
