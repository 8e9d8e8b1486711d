import { mayShareNamespace } from '../model/host';
import { removeNode } from '../../../syntax/yaml/operations';
import { defineRule, noFix, violates, weighs } from '../../../rule/define-rule';

export const rule = defineRule({
  id: 'kubernetes/host-port',
  title: 'Host port used',
  severity: 'warning',
  category: 'isolation',
  profile: 'baseline',
  references: {
    cisKubernetes: ['5.2.12'],
    nist800190: ['3.4.2', '4.4.2'],
    pss: ['host-ports'],
    mitre: ['T1133'],
    cwe: ['CWE-668'],
  },
  peers: {
    trivy: ['KSV-0024'],
    checkov: ['CKV_K8S_26'],
    polaris: ['hostPortSet'],
    kubescape: ['C-0044', 'C-0204'],
    kics: ['workload_host_port_not_specified'],
    'kyverno-policies': ['disallow-host-ports', 'disallow-host-ports-range'],
    cnspec: ['ports-hostport'],
  },
  messages: { used: { text: 'Container "{container}" takes port {port} on its node' } },
  fixes: { remove: { title: 'Remove hostPort', class: 'attended' } },
  assumptions: { 'no-node-port': "Clients reach the container through a Service, not at its node's address" },
  on: {
    container(container, report) {
      for (const { hostPort, hostPortNode, path } of container.ports) {
        if (!hostPort || !hostPortNode) continue;
        // without the field the API server sets it there
        if (mayShareNamespace(container.pod, 'hostNetwork')) {
          report(hostPortNode.range, 'used', { port: hostPort }, violates('baseline'), weighs('hint'), noFix('no-fix'));
          continue;
        }
        const fix = report.fix('remove', () => [removeNode([...path, 'hostPort'])], {
          assumes: [{ id: 'no-node-port' }],
        });
        report(hostPortNode.range, 'used', { port: hostPort }, violates('baseline'), fix);
      }
    },
  },
});
