import { defineRule } from '../../../rule/define-rule';
import { resourceRemedy, type ResourceValue } from '../fix/resources';
import { resource } from '../model/security';

export const rule = defineRule({
  id: 'kubernetes/missing-requests',
  title: 'No CPU or memory request',
  severity: 'info',
  category: 'reliability',
  profile: 'recommended',
  references: { nist800190: ['3.4.3', '4.4.3'], nsaCisa: ['4.0', '4.1'], mitre: ['T1499'], cwe: ['CWE-770'] },
  needsWhole: true,
  peers: {
    trivy: ['KSV-0015', 'KSV-0016'],
    checkov: ['CKV_K8S_10', 'CKV_K8S_12'],
    'kube-linter': ['unset-cpu-requirements', 'unset-memory-requirements'],
    'kube-score': ['container-resources'],
    polaris: ['cpuRequestsMissing', 'memoryRequestsMissing'],
    kubesec: ['RequestsCPU', 'RequestsMemory'],
    kubescape: ['C-0050', 'C-0268', 'C-0004', 'C-0269'],
    kics: ['cpu_requests_not_set', 'memory_requests_not_defined'],
    'kyverno-policies': ['require-pod-requests-limits', 'add-default-resources'],
    cnspec: ['requestcpu', 'requestmemory'],
  },
  messages: {
    cpu: { text: 'Container "{container}" does not request CPU' },
    memory: { text: 'Container "{container}" does not request memory' },
    both: { text: 'Container "{container}" requests neither CPU nor memory' },
  },
  fixes: {
    request: { title: 'Request {values}', class: 'review' },
    enter: { title: 'Set the resource requests that you enter', class: 'attended' },
  },
  on: {
    container(container, report, { defaults }) {
      if (container.kind === 'ephemeral') return;
      const all: readonly ResourceValue<'cpu' | 'memory'>[] = [
        { kind: 'requests', name: 'cpu', value: defaults.cpuRequest },
        { kind: 'requests', name: 'memory', value: defaults.memoryRequest },
      ];
      // a limit stands for the request that is not there
      const missing = all.filter(({ name }) => !resource(container, 'requests', name) && !resource(container, 'limits', name));
      const [first] = missing;
      if (!first) return;
      const values = missing.map(({ name, value }) => `${value} of ${name === 'cpu' ? 'CPU' : 'memory'}`).join(' and ');
      const outcome = resourceRemedy(container, missing);
      const fix = report.remedy(outcome.fix?.places ? 'enter' : 'request', outcome, { values });
      report(container.reportRange, missing.length > 1 ? 'both' : first.name, {}, ...fix);
    },
  },
});
