import { missingDigest } from '../../../rule/checks/image/missing-digest';
import { defineRule } from '../../../rule/define-rule';

export const rule = defineRule({
  ...missingDigest(),
  id: 'compose/missing-digest',
  references: { nist800190: ['3.1.5', '4.1.5'], mitre: ['T1195', 'T1525'], cwe: ['CWE-494'] },
});
