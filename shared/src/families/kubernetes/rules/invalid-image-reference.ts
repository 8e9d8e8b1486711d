import { invalidImageReference } from '../../../rule/checks/image/invalid-reference';
import { defineRule } from '../../../rule/define-rule';

export const rule = defineRule({
  ...invalidImageReference,
  id: 'kubernetes/invalid-image-reference',
  references: { nist800190: ['3.1.5', '4.1.5'] },
});
