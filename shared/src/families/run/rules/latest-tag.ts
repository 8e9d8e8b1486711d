import { ifPulled } from '../../../rule/checks/image/pulled';
import { latestTag } from '../../../rule/checks/image/latest-tag';
import { defineRule } from '../../../rule/define-rule';

const pulled = latestTag('missing');

export const rule = defineRule({
  ...pulled,
  id: 'run/latest-tag',
  references: { cisDocker: ['5.28'], nist800190: ['3.2.2', '4.2.2'], mitre: ['T1195'], cwe: ['CWE-829'] },
  supersedes: ['run/missing-digest'],
  messages: {
    latest: { text: 'Tag "latest" of {image} may point to another image tomorrow' },
    missing: { text: 'Image {image} has no tag, so "latest" is pulled' },
  },
  on: { image: ifPulled(pulled.on) },
});
