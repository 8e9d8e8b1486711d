import { defineRule } from '../../../rule/define-rule';
import { tcpProbe } from '../fix/probe';
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
  fixes: {
    connect: { title: 'Restart it when port {port} takes no connections', class: 'attended' },
    port: { title: 'Restart it when a port of yours takes no connections', class: 'attended' },
    write: { title: 'Write a livenessProbe that checks the program itself', class: 'manual' },
  },
  assumptions: { listens: 'Container "{container}" listens on port {port} within a minute of its start, and for as long as it works' },
  on: {
    container(container, report, context) {
      if (hasProbe(container, 'livenessProbe') || !isLongRunning(container)) return;
      const connect = tcpProbe(container, 'livenessProbe', context);
      report(
        container.reportRange,
        'missing',
        {},
        connect && report.fix(connect.id, connect.operations, connect.extras),
        report.fix('write', () => []),
      );
    },
  },
});
