import { latestTag } from '../../../rule/checks/image/latest-tag';
import { unlessLocal } from '../../../rule/checks/image/pulled';
import { unlessKustomized } from '../model/kustomized-image';
import { defineRule } from '../../../rule/define-rule';

const inManifest = latestTag('missing');

export const rule = defineRule({
  ...inManifest,
  id: 'kubernetes/latest-tag',
  on: { image: unlessKustomized({ image: unlessLocal(inManifest.on) }) },
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
    latest: { text: 'Tag "latest" of {image} may point to another image tomorrow' },
    missing: { text: 'Image {image} has no tag, so "latest" is pulled' },
  },
});
