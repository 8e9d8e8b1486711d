import { removeNode } from '../../../syntax/yaml/operations';
import { defineRule, violates } from '../../../rule/define-rule';
import { stringOf } from '../../../syntax/yaml/values';
import { ownViolations } from '../model/pss';

/** Settings of the kernel that each pod has for itself: kubelets can be told to allow them. */
const namespaced = /^(?:net[./]|kernel[./](?:shm|msg|sem$)|fs[./]mqueue[./])/;

export const rule = defineRule({
  id: 'kubernetes/unsafe-sysctls',
  title: 'Unsafe sysctl',
  severity: 'error',
  category: 'privilege',
  profile: 'baseline',
  references: {
    nist800190: ['3.4.3', '3.5.2', '4.4.3', '4.5.2'],
    pss: ['sysctls'],
    mitre: ['T1611', 'T1499'],
    cwe: ['CWE-653'],
  },
  peers: {
    trivy: ['KSV-0026'],
    'kube-linter': ['unsafe-sysctls'],
    kics: ['cluster_allows_unsafe_sysctls'],
    'kyverno-policies': ['restrict-sysctls'],
  },
  messages: {
    unsafe: { text: '{name} is not a safe sysctl: kubelets reject the pod unless configured to allow the sysctl' },
    node: { text: '{name} belongs to the whole node: a pod cannot set it for itself' },
  },
  fixes: { remove: { title: 'Remove the sysctl {name}', class: 'attended' } },
  assumptions: { untuned: 'The workload does not need its own value of {name}' },
  on: {
    pod(pod, report, { kubernetesMinor }) {
      if (!pod.securityContext?.get('sysctls')) return;
      for (const { node, path } of ownViolations(pod, 'sysctls', kubernetesMinor)) {
        const name = stringOf(node);
        if (!node || name === null) continue;
        const fix = report.fix('remove', () => [removeNode(path.slice(0, -1), true)], {
          data: { name },
          assumes: [{ id: 'untuned', data: { name } }],
        });
        report(node.range, namespaced.test(name) ? 'unsafe' : 'node', { name }, violates('baseline'), fix);
      }
    },
  },
});
