import { setValue } from '../../../syntax/yaml/operations';
import { defineRule } from '../../../rule/define-rule';
import type { ImageReference } from '../../../syntax/image/reference';

/** What k8s.gcr.io was before it had that name. */
function isOld({ registry, repository }: ImageReference): boolean {
  return registry === 'gcr.io' && /^google[-_]containers\//.test(repository);
}

export const rule = defineRule({
  id: 'kubernetes/deprecated-registry',
  title: 'Image from a frozen registry',
  severity: 'warning',
  category: 'supply-chain',
  profile: 'baseline',
  references: {
    nist800190: ['3.2.2', '4.2.2'],
    cwe: ['CWE-1104'],
    links: ['https://kubernetes.io/blog/2023/02/06/k8s-gcr-io-freeze-announcement/'],
  },
  peers: {
    kubescape: ['C-0253'],
    'kyverno-policies': ['restrict-deprecated-registry'],
  },
  messages: {
    frozen: { text: 'k8s.gcr.io has had no new images since April 2023: use registry.k8s.io' },
    old: { text: '{name} has had no new images for years', severity: 'info' },
  },
  fixes: { move: { title: 'Pull from registry.k8s.io', class: 'safe' } },
  on: {
    image(image, report) {
      const { reference } = image;
      if (reference.invalid !== null || reference.registry === null || !reference.registry.endsWith('gcr.io')) return;
      const { name } = reference.ranges;
      const end = name.start + reference.registry.length;
      if (/^(?:(?:us|eu|asia)\.)?k8s\.gcr\.io$/.test(reference.registry)) {
        const value = `${image.text.slice(0, name.start)}registry.k8s.io${image.text.slice(end)}`;
        const fix = !image.variable && report.fix('move', () => [setValue(image.path, value)]);
        report(image.at({ start: name.start, end }), 'frozen', {}, fix);
      } else if (isOld(reference)) {
        const project = reference.repository.slice(0, reference.repository.indexOf('/'));
        report(image.at({ start: name.start, end: end + 1 + project.length }), 'old', { name: `${reference.registry}/${project}` });
      }
    },
  },
});
