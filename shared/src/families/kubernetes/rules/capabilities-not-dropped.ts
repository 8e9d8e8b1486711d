import { defineRule, violates } from '../../../rule/define-rule';
import { capabilityAssumptions, userAssumptions } from '../fix/assumptions';
import { capabilityRemedy, caseRemedy } from '../fix/capabilities';
import { mapOf } from '../../../syntax/yaml/values';
import { isViolation } from '../model/pss';
import { capabilities, mayBePrivileged } from '../model/security';

export const rule = defineRule({
  id: 'kubernetes/capabilities-not-dropped',
  title: 'Capabilities not dropped',
  severity: 'warning',
  category: 'privilege',
  profile: 'restricted',
  references: {
    cisKubernetes: ['5.2.8', '5.2.9'],
    nist800190: ['3.4.3', '4.4.3'],
    pss: ['capabilities-drop-all'],
    mitre: ['T1611'],
    cwe: ['CWE-250'],
  },
  peers: {
    trivy: ['KSV-0003', 'KSV-0106', 'KSV-0004', 'KSV-0119'],
    checkov: ['CKV_K8S_37', 'CKV_K8S_28'],
    polaris: ['insecureCapabilities'],
    kubesec: ['CapDropAll', 'CapDropAny'],
    kubeaudit: ['CapabilityShouldDropAll', 'CapabilityOrSecurityContextMissing'],
    kubescape: ['C-0201', 'C-0199'],
    'kyverno-policies': ['require-drop-all', 'disallow-capabilities-strict', 'add-capabilities', 'require-drop-cap-net-raw'],
    cnspec: ['capability-drop-all', 'capability-net-raw'],
    kics: ['no_drop_capabilities_for_containers', 'net_raw_capabilities_not_being_dropped'],
    'kube-linter': ['drop-net-raw-capability'],
  },
  messages: {
    kept: { text: 'Container "{container}" keeps the default capabilities' },
    partly: { text: 'Container "{container}" drops some capabilities but keeps the others' },
    case: { text: '"{name}" is not "ALL": capability names are case-sensitive' },
  },
  fixes: {
    drop: { title: 'Drop all capabilities', class: 'review' },
    rename: { title: 'capabilities.drop: use ALL', class: 'safe' },
  },
  assumptions: { ...capabilityAssumptions, ...userAssumptions },
  on: {
    container(container, report, context) {
      const drop = capabilities(container, 'drop');
      // it has them all whatever it drops, as is said there; a template may make it so
      if (mayBePrivileged(container)) return;
      if (drop.items.some(({ name }) => name === 'ALL')) return;
      const partial = drop.items.length > 0;
      const violation = isViolation(container, 'capabilities_restricted', context.kubernetesMinor);
      if ((!partial && !container.complete) || (container.pod.isWindows && !violation)) return;
      const pss = violation && violates('restricted');
      const lower = drop.items.find(({ name }) => name.toUpperCase() === 'ALL');
      if (lower) {
        report(lower.node.range, 'case', { name: lower.name }, pss, ...report.remedy('rename', caseRemedy(lower.path)));
        return;
      }
      const fix = report.remedy('drop', capabilityRemedy(container, context));
      const key = mapOf(container.securityContext?.get('capabilities'))?.entry('drop')?.key;
      const range = partial && key ? key.range : container.reportRange;
      report(range, partial ? 'partly' : 'kept', {}, pss, ...fix);
    },
  },
});
