import { defineRule } from '../../../rule/define-rule';
import { checkProbe } from '../fix/probe';

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
    missing: { text: 'Nothing detects when container "{container}" hangs' },
  },
  fixes: {
    check: { title: 'livenessProbe: use the health check of {path}', class: 'attended' },
    connect: { title: 'livenessProbe: connect to port {port}', class: 'attended' },
    port: { title: 'livenessProbe: connect to a port that you enter', class: 'attended' },
    write: { title: 'livenessProbe: check the program itself', class: 'manual' },
  },
  assumptions: {
    checks: 'The health check in {path} fails only when restarting container "{container}" would help',
    listens: 'Container "{container}" listens on port {port} within a minute of starting, and for as long as it works',
  },
  on: {
    container: (container, report, context) => checkProbe(container, report, 'livenessProbe', context),
  },
});
