import { untrustedRegistry } from '../../../rule/checks/image/untrusted-registry';
import { defineRule } from '../../../rule/define-rule';

export const rule = defineRule({
  ...untrustedRegistry,
  id: 'dockerfile/untrusted-registry',
  references: { cisDocker: ['4.2'], nist800190: ['3.1.5', '4.1.5'], mitre: ['T1195', 'T1204.003'], cwe: ['CWE-829'] },
  peers: { hadolint: ['DL3026'], tally: ['hadolint/DL3026'], 'kics-datadog': ['use_only_an_allowed_registry'] },
});
