import { defineRule } from '../../../rule/define-rule';

export const rule = defineRule({
  id: 'kubernetes/missing-digest',
  title: 'Image not pinned to a digest',
  severity: 'hint',
  category: 'supply-chain',
  profile: 'recommended',
  references: { nist800190: ['3.1.5', '4.1.5'], mitre: ['T1195', 'T1525'], cwe: ['CWE-494'] },
  peers: {
    checkov: ['CKV_K8S_43'],
    kubescape: ['C-0306'],
    kics: ['image_without_digest'],
    'kyverno-policies': ['require-image-checksum', 'resolve-image-to-digest'],
  },
  messages: { missing: { text: 'Tag "{tag}" of {image} can move: a digest cannot' } },
  fixes: { pin: { title: 'Pin {image} to its digest', class: 'review' } },
  on: {
    image(image, report, context) {
      const { reference, text } = image;
      if (image.variable || reference.invalid !== null || reference.digest !== null || reference.tag === null) return;
      const digest = context.digest(text);
      const name = text.slice(reference.ranges.name.start, reference.ranges.name.end);
      const operations = () => [{ type: 'yaml.set', path: image.path, value: `${text}@${digest}` } as const];
      const fix = report.fix('pin', operations, { data: { image: text }, ...(digest === null && { needsDigest: text }) });
      report(image.range, 'missing', { image: name, tag: reference.tag }, fix);
    },
  },
});
