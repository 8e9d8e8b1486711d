import { defineRule, left } from '../../rule/define-rule';

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
    latest: { text: 'Tag "latest" of {image} is another image tomorrow' },
    missing: { text: 'Image {image} has no tag, so that "latest" is pulled' },
  },
  on: {
    image(image, report) {
      const { reference } = image;
      if (image.variable || reference.invalid !== null || reference.digest !== null) return;
      const { name, tag } = reference.ranges;
      const data = { image: image.text.slice(name.start, name.end) };
      if (reference.tag === null) report(image.at(name), 'missing', data, left('manual'));
      else if (reference.tag === 'latest') report(image.at(tag ?? name), 'latest', data, left('manual'));
    },
  },
});
