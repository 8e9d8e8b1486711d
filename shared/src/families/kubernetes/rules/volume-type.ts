import { defineRule, violates } from '../../../rule/define-rule';
import { fieldsOf } from '../../../knowledge/kubernetes-schema';
import { isViolation, ownViolations } from '../model/pss';

export const rule = defineRule({
  id: 'kubernetes/volume-type',
  title: 'Volume type outside the restricted set',
  severity: 'warning',
  category: 'isolation',
  profile: 'restricted',
  references: { cisKubernetes: ['5.6.3'], nist800190: ['3.5.5', '4.5.5'], pss: ['volume-types'], cwe: ['CWE-668'] },
  peers: { trivy: ['KSV-0028'], 'kyverno-policies': ['restrict-volume-types'] },
  messages: {
    type: { text: 'Volume "{volume}" is of type {type}, which the restricted level forbids', severity: 'info' },
    'git-repo': {
      text: 'Volume "{volume}" makes the kubelet run git as root, and git executes code from the repository',
      severity: 'error',
    },
  },
  on: {
    pod(pod, report, { kubernetesMinor }) {
      if (!pod.node.get('volumes') || !isViolation(pod, 'restrictedVolumes', kubernetesMinor)) return;
      const refused = new Set(ownViolations(pod, 'restrictedVolumes', kubernetesMinor).map(({ node }) => node));
      for (const { name, type, typeKey, source, reportRange: anchor } of pod.volumes) {
        // host paths and keys that no volume has are for other rules
        if (type === null || type === 'hostPath' || !refused.has(source) || !fieldsOf('V1Volume')?.has(type)) continue;
        const range = typeKey?.range ?? anchor;
        report(range, type === 'gitRepo' ? 'git-repo' : 'type', { volume: name ?? '', type }, violates('restricted'));
      }
    },
  },
});
