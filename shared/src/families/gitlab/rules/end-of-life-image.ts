import { endOfLifeImage } from '../../../rule/checks/image/end-of-life';
import { defineRule } from '../../../rule/define-rule';

export const rule = defineRule({
  ...endOfLifeImage,
  id: 'gitlab/end-of-life-image',
  profile: 'recommended',
  references: { nist800190: ['3.1.1', '3.2.2', '4.1.1', '4.2.2'], cwe: ['CWE-1104'] },
});
