import { removeNode } from '../../../syntax/yaml/operations';
import { defineRule, violates } from '../../../rule/define-rule';
import { stringOf } from '../../../syntax/yaml/values';
import { isViolation } from '../model/pss';
import { ownSetting } from '../model/security';
import { runsOnWindows } from '../fix/windows';

export const rule = defineRule({
  id: 'kubernetes/proc-mount',
  title: 'Unmasked /proc',
  severity: 'error',
  category: 'privilege',
  profile: 'baseline',
  references: {
    cisKubernetes: ['5.6.3'],
    nist800190: ['3.4.3', '4.4.3'],
    pss: ['proc-mount'],
    mitre: ['T1611'],
    cwe: ['CWE-668'],
  },
  peers: {
    trivy: ['KSV-0027'],
    'kube-linter': ['unsafe-proc-mount'],
    polaris: ['procMount'],
    kics: ['container_runs_unmasked'],
    'kyverno-policies': ['disallow-proc-mount'],
  },
  messages: {
    unmasked: { text: 'Container "{container}" sees the parts of /proc that the runtime normally masks' },
    invalid: { text: '"{value}" is not a valid procMount' },
    nested: {
      text: 'Container "{container}" sees an unmasked /proc, though its root user is unprivileged on the node',
      severity: 'warning',
      profile: 'restricted',
    },
  },
  fixes: { remove: { title: "Use the runtime's default /proc mount", class: 'attended' } },
  assumptions: { 'no-nesting': 'Nothing in the container starts nested containers' },
  on: {
    container(container, report, { kubernetesMinor }) {
      // Windows has no /proc
      if (!container.securityContext?.get('procMount') || runsOnWindows(container.pod)) return;
      const setting = ownSetting(container, ['procMount'], stringOf);
      if (!setting || setting.unknown || setting.value === 'Default') return;
      const baseline = isViolation(container, 'procMount', kubernetesMinor);
      const message = setting.value !== 'Unmasked' ? 'invalid' : baseline ? 'unmasked' : 'nested';
      const fix = report.fix('remove', () => [removeNode(setting.path, true)], {
        assumes: [{ id: 'no-nesting' }],
      });
      const data = { ...(message === 'invalid' && { value: setting.value ?? '' }) };
      report(setting.node.range, message, data, violates(baseline ? 'baseline' : 'restricted'), fix);
    },
  },
});
