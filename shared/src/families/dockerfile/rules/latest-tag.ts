import { pinOperations, pinExtras } from '../fix/pin';
import { findImageProfile } from '../../../knowledge/image-profiles';
import { defineRule, noFix } from '../../../rule/define-rule';

/** A name behind a variable with its own slash, and nothing behind it. */
const untagged = /^[^@]*\$(?:\w+|\{[^{}]*\})(?:\/[a-z0-9][a-z0-9._-]*)+$/;

export const rule = defineRule({
  id: 'dockerfile/latest-tag',
  title: 'Image without a fixed tag',
  severity: 'warning',
  category: 'supply-chain',
  profile: 'baseline',
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
    latest: { text: 'Image "{image}" is whatever was pushed last: "latest" is not a release', peers: { hadolint: ['DL3007'] } },
    untagged: { text: 'Image "{image}" has no tag, which means "latest": whatever was pushed last', peers: { hadolint: ['DL3006'] } },
  },
  fixes: { pin: { title: "Pin to the tag's current digest", class: 'review' } },
  on: {
    image(image, report, context) {
      const { reference, raw } = image;
      // Whatever the registry is: what follows it has no tag.
      if (image.kind === 'unknown' && untagged.test(raw)) return report(image.range, 'untagged', { image: raw }, noFix('variable'));
      if (!reference || reference.invalid !== null || reference.digest !== null) return;
      const { tag, ranges } = reference;
      if (tag !== null && tag !== 'latest') return;
      // A bare name behind --from may be a build context that the command line names.
      if (image.origin !== 'from' && tag === null && !/[/.]/.test(image.text!) && !findImageProfile(reference)) return;
      const pin = pinOperations(image, context.digest);
      report(
        image.sourceOf(tag === null ? ranges.name : ranges.tag!),
        tag === null ? 'untagged' : 'latest',
        { image: image.text! },
        pin ? report.fix('pin', pin, pinExtras(image, context.digest)) : noFix('variable'),
      );
    },
  },
});
