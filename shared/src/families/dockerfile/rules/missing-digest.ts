import { pinExtras, pinOperations } from '../fix/pin';
import { defineRule, noFix } from '../../../rule/define-rule';

export const rule = defineRule({
  id: 'dockerfile/missing-digest',
  title: 'Image not pinned to a digest',
  severity: 'hint',
  category: 'supply-chain',
  profile: 'recommended',
  references: { cisDocker: ['4.2', '4.12'], nist800190: ['3.1.5', '4.1.5'], mitre: ['T1195', 'T1204.003', 'T1525'], cwe: ['CWE-1357'] },
  peers: { semgrep: ['dockerfile-source-not-pinned'], 'docker-language-server': ['not_pinned_digest'] },
  messages: { missing: { text: 'Image "{image}" can change under its tag: it has no digest' } },
  fixes: { pin: { title: "Pin to the tag's current digest", class: 'review' } },
  on: {
    image(image, report, context) {
      const { reference, origin, text } = image;
      if (!reference || reference.invalid !== null || reference.digest !== null) return;
      // A bare name behind --from may be a build context that the command line names.
      if (origin !== 'from' && reference.tag === null && !/[/.]/.test(text!)) return;
      const pin = pinOperations(image, context.digest);
      report(image.range, 'missing', { image: text! }, pin ? report.fix('pin', pin, pinExtras(image, context.digest)) : noFix('variable'));
    },
  },
});
