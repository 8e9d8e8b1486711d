import { untrustedRegistry } from '../../../rule/checks/image/untrusted-registry';
import { defineRule } from '../../../rule/define-rule';

export const rule = defineRule({
  ...untrustedRegistry,
  id: 'kubernetes/untrusted-registry',
  references: { cisKubernetes: ['5.5.1'], nist800190: ['3.1.5', '4.1.5'], mitre: ['T1195', 'T1204.003'], cwe: ['CWE-829'] },
  peers: {
    trivy: ['KSV-0125', 'KSV-0034', 'KSV-0032', 'KSV-0033', 'KSV-0035'],
    kubescape: ['C-0078', 'C-0001'],
    'kyverno-policies': [
      'restrict-image-registries',
      'advanced-restrict-image-registries',
      'allowed-image-repos',
      'replace-image-registry',
    ],
  },
});
