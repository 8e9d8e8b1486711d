import { missingDigest } from '../../../rule/checks/image/missing-digest';
import { unlessLocal } from '../../../rule/checks/image/pulled';
import { unlessKustomized } from '../model/kustomized-image';
import { defineRule } from '../../../rule/define-rule';

const inManifest = missingDigest();

export const rule = defineRule({
  ...inManifest,
  id: 'kubernetes/missing-digest',
  on: { image: unlessKustomized({ image: unlessLocal(inManifest.on) }) },
  references: { nist800190: ['3.1.5', '4.1.5'], mitre: ['T1195', 'T1525'], cwe: ['CWE-494'] },
  peers: {
    checkov: ['CKV_K8S_43'],
    kubescape: ['C-0306'],
    kics: ['image_without_digest'],
    'kyverno-policies': ['require-image-checksum', 'resolve-image-to-digest'],
  },
});
