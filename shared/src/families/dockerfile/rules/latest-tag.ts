import { latestTag } from '../../../rule/checks/image/latest-tag';
import { defineRule, noFix } from '../../../rule/define-rule';

const shared = latestTag('untagged');

/** A name behind a variable with its own slash, and nothing behind it. */
const untagged = /^[^@]*\$(?:\w+|\{[^{}]*\})(?:\/[a-z0-9][a-z0-9._-]*)+$/;

export const rule = defineRule({
  ...shared,
  id: 'dockerfile/latest-tag',
  supersedes: ['dockerfile/missing-digest'],
  references: { cisDocker: ['4.2'], nist800190: ['3.1.5', '3.2.2', '4.1.5', '4.2.2'], mitre: ['T1195'], cwe: ['CWE-1357'] },
  peers: {
    hadolint: ['DL3006', 'DL3007'],
    trivy: ['DS-0001'],
    checkov: ['CKV_DOCKER_7'],
    kics: ['Image Version Not Explicit', 'Image Version Using latest'],
    semgrep: ['missing-image-version', 'avoid-latest-version'],
    dockle: ['DKL-DI-0006'],
    tally: ['hadolint/DL3006', 'hadolint/DL3007'],
    dockerfilelint: ['missing_tag', 'latest_tag'],
  },
  messages: {
    latest: { text: 'Image "{image}" can change with every push: "latest" is not a release', peers: { hadolint: ['DL3007'] } },
    untagged: { text: 'Image "{image}" has no tag, which means "latest": it can change with every push', peers: { hadolint: ['DL3006'] } },
  },
  on: {
    image(image, report, context) {
      // Whatever the registry is: what follows it has no tag.
      if (image.kind === 'unknown' && untagged.test(image.raw))
        return report(image.range, 'untagged', { image: image.raw }, noFix('variable'));
      shared.on.image(image, report, context);
    },
  },
});
