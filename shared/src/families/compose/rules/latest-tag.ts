import { latestTag } from '../../../rule/checks/image/latest-tag';
import { unlessLocal } from '../../../rule/checks/image/pulled';
import { findFloatingTag } from '../../../rule/checks/image/floating-tag';
import { defineRule } from '../../../rule/define-rule';

const { on, ...shared } = latestTag('missing');
const ifPulled = unlessLocal(on);

export const rule = defineRule({
  ...shared,
  id: 'compose/latest-tag',
  references: { cisDocker: ['5.28'], nist800190: ['3.2.2', '4.2.2'], mitre: ['T1195'], cwe: ['CWE-829'] },
  supersedes: ['compose/missing-digest'],
  peers: { dclint: ['service-image-require-explicit-tag'] },
  messages: {
    latest: { text: 'Tag "latest" of {image} may point to another image tomorrow' },
    missing: { text: 'Image {image} has no tag, so "latest" is pulled' },
    floating: { text: 'Tag "{tag}" of {image} moves from release to release', severity: 'hint', profile: 'strict' },
  },
  on: {
    image(image, report, context) {
      ifPulled(image, report, context);
      const floating = findFloatingTag(image);
      if (floating) report(image.at(floating.range), 'floating', { image: image.label, tag: floating.tag }, floating.fix(report, context));
    },
  },
});
