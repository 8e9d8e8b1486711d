import { defineRule } from '../../../rule/define-rule';
import { hasProbe, isLongRunning } from '../model/probes';

export const rule = defineRule({
  id: 'kubernetes/missing-liveness-probe',
  title: 'No liveness probe',
  severity: 'info',
  category: 'reliability',
  profile: 'recommended',
  references: { links: ['https://kubernetes.io/docs/concepts/configuration/liveness-readiness-startup-probes/'] },
  needsWhole: true,
  peers: {
    checkov: ['CKV_K8S_8'],
    'kube-linter': ['no-liveness-probe'],
    'kube-score': ['pod-probes'],
    polaris: ['livenessProbeMissing'],
    kubescape: ['C-0056'],
    kics: ['liveness_probe_is_not_defined'],
    'kyverno-policies': ['require-probes'],
    cnspec: ['livenessprobe'],
  },
  messages: {
    missing: { text: 'No one notices when container "{container}" hangs' },
  },
  fixes: { write: { title: 'Write a livenessProbe that checks the program itself', class: 'manual' } },
  on: {
    container(container, report) {
      if (hasProbe(container, 'livenessProbe') || !isLongRunning(container)) return;
      report(
        container.reportRange,
        'missing',
        {},
        report.fix('write', () => []),
      );
    },
  },
});
