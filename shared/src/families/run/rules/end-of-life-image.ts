import { endOfLifeImage } from '../../../rule/checks/image/end-of-life';
import { defineRule } from '../../../rule/define-rule';

export const rule = defineRule({
  ...endOfLifeImage,
  id: 'run/end-of-life-image',
  profile: 'recommended',
  references: { cisDocker: ['5.28'], nist800190: ['3.1.1', '4.1.1'], cwe: ['CWE-1104'] },
});
