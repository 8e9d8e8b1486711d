import { registryTrust } from '../../../knowledge/registries';
import { registryOf } from '../../../image/reference';
import { isVariable } from '../../../yaml/values';
import { defineRule } from '../../../rule/define-rule';

export const rule = defineRule({
  id: 'kubernetes/untrusted-registry',
  title: 'Image from a registry outside the trusted list',
  severity: 'error',
  category: 'supply-chain',
  profile: 'baseline',
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
  messages: {
    outside: { text: 'Image "{image}" is from {registry}, outside the trusted registries' },
    denied: { text: 'Image "{image}" is denied by the list of trusted registries' },
  },
  on: {
    image(image, report, { trustedRegistries }) {
      if (trustedRegistries.length === 0) return;
      const { reference, text } = image;
      if (reference.invalid !== null || isVariable(text.slice(reference.ranges.name.start, reference.ranges.name.end))) return;
      const trust = registryTrust(reference, trustedRegistries);
      if (trust !== 'trusted') report(image.at(reference.ranges.name), trust, { image: text, registry: registryOf(reference) });
    },
  },
});
