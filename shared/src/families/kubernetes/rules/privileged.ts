import { literalAssumptions, literalFixes, switchOff } from '../fix/literal';
import { nodeAssumptions } from '../fix/assumptions';
import { setValue } from '../../../syntax/yaml/operations';
import { defineRule, violates } from '../../../rule/define-rule';
import { booleanOf } from '../../../syntax/yaml/values';
import { containerFlag, ownSetting, podSetting } from '../model/security';

export const rule = defineRule({
  id: 'kubernetes/privileged',
  title: 'Privileged container',
  severity: 'error',
  category: 'privilege',
  profile: 'baseline',
  references: {
    cisKubernetes: ['5.2.2', '5.2.10'],
    nist800190: ['3.4.3', '4.4.3'],
    nsaCisa: ['1.2'],
    pss: ['privileged', 'host-process'],
    mitre: ['T1611'],
    cwe: ['CWE-250'],
  },
  peers: {
    trivy: ['KSV-0017', 'KSV-0103'],
    checkov: ['CKV_K8S_16'],
    'kube-linter': ['privileged-container'],
    'kube-score': ['container-security-context-privileged'],
    polaris: ['runAsPrivileged', 'hostProcess'],
    kubesec: ['Privileged'],
    kubeaudit: ['PrivilegedTrue', 'PrivilegedNil'],
    kubescape: ['C-0057', 'C-0193', 'C-0202'],
    kics: ['container_is_privileged'],
    'kyverno-policies': ['disallow-privileged-containers', 'disallow-host-process'],
    semgrep: ['privileged-container'],
    cnspec: ['privilegedcontainer'],
  },
  messages: {
    privileged: { text: 'Container "{container}" has every capability and every device on the node' },
    'host-process': { text: 'Container "{container}" runs as a process on its Windows node' },
    'pod-host-process': { text: '{object} runs its containers as processes on a Windows node' },
  },
  fixes: { ...literalFixes, 'switch-off': { title: '{field}: false', class: 'attended' } },
  assumptions: { ...nodeAssumptions, ...literalAssumptions },
  on: {
    pod(pod, report) {
      const setting = podSetting(pod, ['windowsOptions', 'hostProcess'], booleanOf);
      if (setting?.value !== true) return;
      const fix = report.fix('switch-off', () => [setValue(setting.path, false)], {
        data: { field: 'hostProcess' },
        assumes: [{ id: 'no-node-access' }],
      });
      report(setting.node.range, 'pod-host-process', {}, violates('baseline'), fix);
    },
    container(container, report) {
      const settings = {
        privileged: containerFlag(container, 'privileged'),
        hostProcess: ownSetting(container, ['windowsOptions', 'hostProcess'], booleanOf),
      };
      for (const [field, setting] of Object.entries(settings)) {
        if (setting?.value !== true) continue;
        const fix =
          switchOff(report, container.pod.object, setting.node, field) ??
          report.fix('switch-off', () => [setValue(setting.path, false)], {
            data: { field },
            assumes: [{ id: 'no-node-access' }],
          });
        const data = {};
        report(setting.node.range, field === 'privileged' ? 'privileged' : 'host-process', data, violates('baseline'), fix);
      }
    },
  },
});
