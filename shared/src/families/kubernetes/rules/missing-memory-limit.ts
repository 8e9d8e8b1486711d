import { defineRule } from '../../../rule/define-rule';
import { checkLimit } from '../fix/resources';

export const rule = defineRule({
  id: 'kubernetes/missing-memory-limit',
  title: 'No memory limit',
  severity: 'warning',
  category: 'reliability',
  profile: 'recommended',
  references: { nist800190: ['3.4.3', '4.4.3'], nsaCisa: ['4.0', '4.1'], mitre: ['T1499', 'T1496'], cwe: ['CWE-770'] },
  needsWhole: true,
  peers: {
    trivy: ['KSV-0018'],
    checkov: ['CKV_K8S_13'],
    'kube-linter': ['unset-memory-requirements'],
    'kube-score': ['container-resources'],
    polaris: ['memoryLimitsMissing'],
    kubesec: ['LimitsMemory'],
    kubeaudit: ['LimitsMemoryNotSet'],
    kubescape: ['C-0004', 'C-0009', 'C-0271'],
    kics: ['memory_limits_not_defined'],
    'kyverno-policies': ['require-pod-requests-limits'],
    cnspec: ['limitmemory'],
  },
  messages: { missing: { text: 'Container "{container}" may use up the node\'s memory' } },
  fixes: {
    limit: { title: 'Limit memory to {value}', class: 'review' },
    enter: { title: 'Limit memory to a value that you enter', class: 'attended' },
  },
  on: {
    container: (container, report, { defaults }) => checkLimit(container, report, 'memory', defaults.memoryLimit),
  },
});
