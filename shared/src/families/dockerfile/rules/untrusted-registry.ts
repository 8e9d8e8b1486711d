import { registryTrust } from '../../../knowledge/registries';
import { registryOf } from '../../../image/reference';
import { defineRule } from '../../../rule/define-rule';

export const rule = defineRule({
  id: 'dockerfile/untrusted-registry',
  title: 'Image from a registry outside the trusted list',
  severity: 'error',
  category: 'supply-chain',
  profile: 'baseline',
  references: { cisDocker: ['4.2'], nist800190: ['3.1.5', '4.1.5'], mitre: ['T1195', 'T1204.003'], cwe: ['CWE-829'] },
  peers: { hadolint: ['DL3026'], tally: ['hadolint/DL3026'], 'kics-datadog': ['use_only_an_allowed_registry'] },
  messages: {
    outside: { text: 'Image "{image}" is from {registry}, outside the trusted registries' },
    denied: { text: 'Image "{image}" is denied by the list of trusted registries' },
  },
  on: {
    image(image, report, { trustedRegistries }) {
      if (trustedRegistries.length === 0) return;
      const { reference, origin, text } = image;
      if (!reference || reference.invalid !== null) return;
      // A bare name behind --from may be a build context that the command line names.
      if (origin !== 'from' && reference.tag === null && reference.digest === null && !/[/.]/.test(text!)) return;
      const trust = registryTrust(reference, trustedRegistries);
      if (trust === 'trusted') return;
      report(image.sourceOf(reference.ranges.name), trust, { image: text!, registry: registryOf(reference) });
    },
  },
});
