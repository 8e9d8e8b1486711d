import { endOfLifeImage } from '../../../rule/checks/image/end-of-life';
import { defineRule } from '../../../rule/define-rule';

const { fixes } = endOfLifeImage;

export const rule = defineRule({
  ...endOfLifeImage,
  id: 'dockerfile/end-of-life-image',
  title: 'Base image release past its end of life',
  profile: 'baseline',
  references: { cisDocker: ['4.4'], nist800190: ['3.1.1', '3.2.2', '4.1.1', '4.2.2'], cwe: ['CWE-1104'] },
  peers: { tally: ['tally/ruby/eol-ruby-version'] },
  fixes: { ...fixes, upgrade: { title: 'Move to a supported release: {supported} (as of {day})', class: 'manual' } },
});
