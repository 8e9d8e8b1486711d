import { untrustedRegistry } from '../../../rule/checks/image/untrusted-registry';
import { defineRule } from '../../../rule/define-rule';

export const rule = defineRule({
  ...untrustedRegistry,
  id: 'compose/untrusted-registry',
  references: { nist800190: ['3.1.5', '4.1.5'], mitre: ['T1195', 'T1204.003'], cwe: ['CWE-829'] },
});
