import { defineRule } from '../../../rule/define-rule';

export const rule = defineRule({
  id: 'kubernetes/latest-tag',
  title: 'Image without a fixed tag',
  severity: 'warning',
  category: 'supply-chain',
  profile: 'baseline',
  references: { nist800190: ['3.2.2', '4.2.2'], mitre: ['T1195'], cwe: ['CWE-829'] },
  supersedes: ['kubernetes/missing-digest'],
  peers: {
    trivy: ['KSV-0013'],
    checkov: ['CKV_K8S_14'],
    'kube-linter': ['latest-tag'],
    'kube-score': ['container-image-tag'],
    polaris: ['tagNotSpecified'],
    kubeaudit: ['ImageTagMissing', 'ImageTagIncorrect'],
    kics: ['invalid_image'],
    'kyverno-policies': ['disallow-latest-tag'],
    cnspec: ['imagepull'],
  },
  messages: {
    latest: { text: 'Tag "latest" of {image} may be another image tomorrow' },
    missing: { text: 'Image {image} has no tag, so "latest" is pulled' },
  },
  fixes: { pin: { title: "Pin to the tag's current digest", class: 'review' } },
  on: {
    image(image, report, context) {
      const { reference, text } = image;
      if (image.variable || reference.invalid !== null || reference.digest !== null) return;
      const { name, tag } = reference.ranges;
      if (reference.tag !== null && reference.tag !== 'latest') return;
      const digest = context.digest(text);
      const operations = () => [{ type: 'yaml.set', path: image.path, value: `${text}@${digest}` } as const];
      const fix = report.fix('pin', operations, digest === null ? { needsDigest: text } : {});
      const data = { image: text.slice(name.start, name.end) };
      if (reference.tag === null) report(image.at(name), 'missing', data, fix);
      else report(image.at(tag ?? name), 'latest', data, fix);
    },
  },
});
