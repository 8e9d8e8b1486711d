import { defineRule } from '../../../rule/define-rule';
import { setValue } from '../../../syntax/yaml/operations';
import { textOf } from '../model/values';
import { inputOf } from '../model/pipeline';

export const rule = defineRule({
  id: 'workflow/ignored-severity',
  title: 'Severity filter that the scan ignores',
  severity: 'warning',
  category: 'correctness',
  profile: 'recommended',
  references: {
    nist800190: ['3.1.1', '4.1.1'],
    links: ['https://github.com/aquasecurity/trivy-action#inputs'],
  },
  messages: { sarif: { text: 'With format "sarif", trivy-action ignores "severity": the job fails on findings of any severity' } },
  fixes: { limit: { title: 'Limit the SARIF scan to these severities', class: 'review' } },
  on: {
    step(step, report) {
      if (step.uses?.name !== 'aquasecurity/trivy-action' || textOf(step.inputs, 'format') !== 'sarif') return;
      const severity = inputOf(step, 'severity');
      const limit = inputOf(step, 'limit-severities-for-sarif');
      const code = textOf(step.inputs, 'exit-code');
      if (!severity?.node || limit || step.inputs.open || code === null || /^0?$/.test(code)) return;
      const fix = report.fix('limit', () => [setValue([...step.path, 'with', 'limit-severities-for-sarif'], true, 'severity')]);
      report(severity.node.range, 'sarif', {}, fix);
    },
  },
});
