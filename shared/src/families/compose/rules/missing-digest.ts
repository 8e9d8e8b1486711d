import { unlessLocal } from '../../../rule/checks/image/pulled';
import { missingDigest } from '../../../rule/checks/image/missing-digest';
import { defineRule } from '../../../rule/define-rule';

const pulled = missingDigest();

export const rule = defineRule({
  ...pulled,
  id: 'compose/missing-digest',
  on: { image: unlessLocal(pulled.on) },
  references: { nist800190: ['3.1.5', '4.1.5'], mitre: ['T1195', 'T1525'], cwe: ['CWE-494'] },
});
