import { defineRule } from '../../../rule/define-rule';
import { checkProbe } from '../fix/probe';

export const rule = defineRule({
  id: 'kubernetes/missing-readiness-probe',
  title: 'No readiness probe',
  severity: 'info',
  category: 'reliability',
  profile: 'recommended',
  references: { links: ['https://kubernetes.io/docs/concepts/configuration/liveness-readiness-startup-probes/'] },
  needsWhole: true,
  peers: {
    checkov: ['CKV_K8S_9'],
    'kube-linter': ['no-readiness-probe'],
    'kube-score': ['pod-probes'],
    polaris: ['readinessProbeMissing'],
    kubescape: ['C-0018'],
    kics: ['readiness_probe_is_not_configured'],
    'kyverno-policies': ['require-probes'],
    cnspec: ['readinessProbe'],
  },
  messages: {
    missing: { text: 'Container "{container}" counts as ready as soon as it starts' },
  },
  fixes: {
    check: { title: 'readinessProbe: use the health check of {path}', class: 'attended' },
    connect: { title: 'readinessProbe: connect to port {port}', class: 'attended' },
    port: { title: 'readinessProbe: connect to a port that you enter', class: 'attended' },
    write: { title: 'readinessProbe: check the program itself', class: 'manual' },
  },
  assumptions: {
    checks: 'The health check in {path} shows whether container "{container}" can serve requests',
    listens: 'Container "{container}" can serve requests as soon as it listens on port {port}',
  },
  on: {
    container: (container, report, context) => checkProbe(container, report, 'readinessProbe', context),
  },
});
