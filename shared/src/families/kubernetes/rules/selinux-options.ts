import { removeNode } from '../../../syntax/yaml/operations';
import { defineRule, violates, type Report } from '../../../rule/define-rule';
import { stringOf } from '../../../syntax/yaml/values';
import { ownViolations } from '../model/pss';
import type { ContainerView, PodView } from '../model/types';

function check(view: PodView | ContainerView, report: Report<'type' | 'identity', 'remove'>, minor: number): void {
  if (!view.securityContext?.get('seLinuxOptions')) return;
  for (const { node, path } of ownViolations(view, 'seLinuxOptions', minor)) {
    if (!node) continue;
    const field = String(path.at(-1));
    const fix = report.fix('remove', () => [removeNode(path, true)], {
      data: { field },
      assumes: [{ id: 'own-policy' }],
    });
    const message = field === 'type' ? 'type' : 'identity';
    report(node.range, message, { field, value: stringOf(node) ?? '' }, violates('baseline'), fix);
  }
}

export const rule = defineRule({
  id: 'kubernetes/selinux-options',
  title: 'SELinux options outside the allowed set',
  severity: 'warning',
  category: 'privilege',
  profile: 'baseline',
  references: {
    cisKubernetes: ['5.6.3'],
    nist800190: ['3.4.3', '4.4.3'],
    nsaCisa: ['1.8'],
    pss: ['selinux'],
    mitre: ['T1611'],
    cwe: ['CWE-693'],
  },
  peers: { trivy: ['KSV-0025'], 'kyverno-policies': ['disallow-selinux'] },
  messages: {
    type: { text: '{value} is not one of the SELinux types that confine containers' },
    identity: { text: 'SELinux {field} {value} overrides what the container runtime would choose' },
  },
  fixes: { remove: { title: 'Remove the SELinux {field}', class: 'attended' } },
  assumptions: { 'own-policy': "With the runtime's default SELinux type, the nodes' policy allows everything that the workload does" },
  on: {
    pod: (pod, report, { kubernetesMinor }) => check(pod, report, kubernetesMinor),
    container: (container, report, { kubernetesMinor }) => check(container, report, kubernetesMinor),
  },
});
