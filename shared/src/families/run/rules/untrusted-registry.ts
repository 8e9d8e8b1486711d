import { untrustedRegistry } from '../../../rule/checks/image/untrusted-registry';
import { defineRule } from '../../../rule/define-rule';

export const rule = defineRule({
  ...untrustedRegistry,
  id: 'run/untrusted-registry',
  references: { nist800190: ['3.1.5', '4.1.5'], cwe: ['CWE-829'] },
});
