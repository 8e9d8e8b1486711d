import { defineRule } from '../../../rule/define-rule';
import { checkLimit } from '../fix/resources';

export const rule = defineRule({
  id: 'kubernetes/missing-cpu-limit',
  title: 'No CPU limit',
  severity: 'info',
  category: 'reliability',
  profile: 'strict',
  references: { nist800190: ['3.4.3', '4.4.3'], nsaCisa: ['4.0', '4.1'], mitre: ['T1499', 'T1496'], cwe: ['CWE-770'] },
  needsWhole: true,
  peers: {
    trivy: ['KSV-0011'],
    checkov: ['CKV_K8S_11'],
    'kube-linter': ['unset-cpu-requirements'],
    'kube-score': ['container-resources'],
    polaris: ['cpuLimitsMissing'],
    kubesec: ['LimitsCPU'],
    kubeaudit: ['LimitsCPUNotSet', 'LimitsNotSet'],
    kubescape: ['C-0009', 'C-0050', 'C-0270'],
    kics: ['cpu_limits_not_set'],
    'kyverno-policies': ['require-cpu-limits'],
    cnspec: ['limitcpu'],
  },
  messages: {
    missing: { text: 'Container "{container}" may use all spare CPU of the node' },
  },
  fixes: {
    limit: { title: 'Limit CPU to {value}', class: 'review' },
    enter: { title: 'Limit CPU to a value that you enter', class: 'attended' },
  },
  on: {
    container: (container, report, { defaults }) => checkLimit(container, report, 'cpu', defaults.cpuLimit),
  },
});
