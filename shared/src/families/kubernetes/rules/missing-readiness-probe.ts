import { defineRule } from '../../../rule/define-rule';
import { tcpProbe } from '../fix/probe';
import { containerName } from '../model/names';
import { hasProbe, isLongRunning } from '../model/probes';

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
    connect: { title: 'Call it ready once port {port} takes connections', class: 'attended' },
    write: { title: 'Write a readinessProbe that checks the program itself', class: 'manual' },
  },
  assumptions: { listens: 'Container "{container}" can serve as soon as it listens on port {port}' },
  on: {
    container(container, report) {
      if (hasProbe(container, 'readinessProbe') || !isLongRunning(container)) return;
      const connect = tcpProbe(container, 'readinessProbe');
      const data = { port: connect?.port ?? '' };
      report(
        container.reportRange,
        'missing',
        {},
        connect &&
          report.fix('connect', connect.operations, {
            data,
            assumes: [{ id: 'listens', data: { ...data, container: containerName(container) } }],
          }),
        report.fix('write', () => []),
      );
    },
  },
});
