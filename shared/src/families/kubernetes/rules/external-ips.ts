import { removeNode } from '../../../syntax/yaml/operations';
import { defineRule } from '../../../rule/define-rule';
import { sequenceOf } from '../../../syntax/yaml/values';

export const rule = defineRule({
  id: 'kubernetes/external-ips',
  title: 'Service with externalIPs',
  severity: 'warning',
  category: 'network',
  profile: 'baseline',
  references: {
    nist800190: ['3.3.3', '4.3.3'],
    mitre: ['T1498'],
    cwe: ['CWE-668', 'CWE-284'],
    links: ['https://github.com/kubernetes/kubernetes/issues/97076'],
  },
  peers: {
    trivy: ['KSV-0108'],
    'kyverno-policies': ['restrict-service-external-ips'],
  },
  messages: {
    set: { text: '{object} claims traffic to the addresses in externalIPs (CVE-2020-8554)' },
  },
  fixes: { remove: { title: 'Remove externalIPs', class: 'attended' } },
  assumptions: { unused: 'Clients reach the Service another way: through an Ingress, a Gateway or a load balancer' },
  on: {
    service({ spec, object }, report) {
      const entry = spec.entry('externalIPs');
      if (!entry?.key || (sequenceOf(entry.value)?.items.length ?? 0) === 0) return;
      const path = [...object.path, 'spec', 'externalIPs'];
      const fix = report.fix('remove', () => [removeNode(path)], { assumes: [{ id: 'unused' }] });
      report(entry.key.range, 'set', {}, fix);
    },
  },
});
