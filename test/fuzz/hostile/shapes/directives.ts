import { repeat, shapesOf, type HostileShape } from './types';

const half = (size: number, piece: string | ((i: number) => string)): string => repeat(size / 2, piece);
const pod = (inside: string): string => `apiVersion: v1\nkind: Pod\nmetadata: {name: p}\nspec:\n  containers:\n${inside}`;
const object = (annotations: string, containers: string): string =>
  `apiVersion: v1\nkind: Pod\nmetadata:\n  name: p\n  annotations: {${annotations}}\nspec: {containers: [${containers}]}\n`;

const inManifests: Readonly<Record<string, (size: number) => string>> = {
  'trivy: everything, in each line': size => `${repeat(size, '# trivy:ignore:*\n')}${pod('  - image: a\n')}`,
  'trivy: everything, in each line below': size => `${pod('  - image: a\n')}${repeat(size, '# trivy:ignore:*\n')}`,
  'trivy: everything, for each container': size => pod(repeat(size, '  # trivy:ignore:*\n  - image: a\n')),
  'trivy: everything, in one line': size => `# ${repeat(size, 'trivy:ignore:* ')}\n${pod('  - image: a\n')}`,
  'checkov: a skip for each container': size => pod(repeat(size, '  - image: a # checkov:skip=CKV_K8S_14\n')),
  'checkov: another skip for each container': size => pod(repeat(size, i => `  - image: a # checkov:skip=CKV_K8S_${i % 50}\n`)),
  'checkov: skips of one comment': size => `# ${repeat(size, 'checkov:skip=CKV_K8S_14 ')}\n${pod('  - image: a\n')}`,
  'checkov: annotations': size =>
    object(
      half(size, i => `checkov.io/skip${i}: CKV_K8S_14=a,`),
      half(size, '{},'),
    ),
  'KICS: blocks': size => pod(repeat(size, '  # kics-scan ignore-block\n  - image: a\n')),
  'KICS: lines': size => pod(repeat(size, '  # kics-scan ignore-line\n  - image: a\n')),
  'KICS: the file, in each line': size => `${repeat(size, '# kics-scan ignore\n')}${pod('  - image: a\n')}`,
  'semgrep: in each line': size => pod(repeat(size, '  - image: a # nosemgrep\n')),
  'semgrep: in one text': size => `${pod('  - image: a\n')}  x: ${repeat(size, 'nosem ')}\n`,
  'kube-linter: annotations': size =>
    object(
      half(size, i => `ignore-check.kube-linter.io/a${i}: b,`),
      half(size, '{},'),
    ),
  'kube-score: checks of one annotation': size => object(`kube-score/ignore: "${half(size, 'container-image-tag,')}"`, half(size, '{},')),
  'ours: rules of one comment': size => `# bulkhead-ignore ${repeat(size, 'kubernetes/latest-tag, ')}\n${pod('  - image: a\n')}`,
  'ours: short rules of one comment': size => `# bulkhead-ignore ${repeat(size, 'a ')}\n${pod('  - image: a\n')}`,
  'ours: rules of one comment that nearly are': size =>
    `# bulkhead-ignore ${repeat(size, i => `kubernetes/latest-tga${i % 9}, `)}\n${pod('  - image: a\n')}`,
  'ours: comments above each other': size => `${repeat(size, '# bulkhead-ignore kubernetes/latest-tag\n')}${pod('  - image: a\n')}`,
  'ours: comments for the file': size =>
    `${half(size, '# bulkhead-ignore-file kubernetes/latest-tag\n')}${pod(half(size, '  - image: a\n'))}`,
  'ours: comments for each container': size => pod(repeat(size, '  # bulkhead-ignore kubernetes/latest-tag\n  - image: a\n')),
  'ours: comments behind each container': size => pod(repeat(size, '  - image: a # bulkhead-ignore kubernetes/latest-tag\n')),
  'ours: one line of containers and directives': size =>
    pod(`  [${half(size, '{image: a},')}] # bulkhead-ignore ${half(size, 'kubernetes/latest-tag ')}\n`),
  'ours: rules of one annotation': size =>
    object(`bulkhead.dev/ignore: "${half(size, 'kubernetes/latest-tag,')}"`, half(size, '{image: a},')),
  'ours: rules of one annotation, by container': size =>
    object(
      `bulkhead.dev/ignore: "${half(size, i => `kubernetes/latest-tag@c${i},`)}"`,
      half(size, i => `{name: c${i}, image: a},`),
    ),
  'ours: an annotation of each object': size =>
    repeat(
      size,
      'apiVersion: v1\nkind: Pod\nmetadata: {annotations: {bulkhead.dev/ignore: kubernetes/latest-tag}}\nspec: {containers: [{image: a}]}\n---\n',
    ),
  'ours: a directive at each level': size =>
    `apiVersion: v1\nkind: Pod\nspec:\n${repeat(size, '  # bulkhead-ignore kubernetes/host-pid\n')}  hostPID: true\n`,
  'ours: dashes without end': size => `# bulkhead-ignore ${'- '.repeat(size / 2)}\n${pod('  - image: a\n')}`,
};

const run = 'RUN apt-get install a\n';

const inDockerfiles: Readonly<Record<string, (size: number) => string>> = {
  'trivy: everything, in each line': size => `FROM a\n${repeat(size, '# trivy:ignore:*\n')}${run}`,
  'hadolint: in each line': size => `FROM a\n${repeat(size, '# hadolint ignore=DL3008\n')}${run}`,
  'hadolint: ids of one comment': size => `FROM a\n# hadolint ignore=${repeat(size, 'DL3008,')}DL3008\n${run}`,
  'hadolint: ids that do not end': size => `FROM a\n# hadolint ignore=${repeat(size, 'DL3008 ,')}x\n${run}`,
  'hadolint: for the file': size => `FROM a\n${half(size, '# hadolint global ignore=DL3008\n')}${half(size, run)}`,
  'hadolint: for each instruction': size => `FROM a\n${repeat(size, `# hadolint ignore=DL3008,DL3009,DL3015\n${run}`)}`,
  'hadolint: for each stage': size => repeat(size, `# hadolint stage ignore=DL3008\nFROM a\n${run}`),
  'checkov: skips in each line': size => `FROM a\n${half(size, '# checkov:skip=CKV_DOCKER_9\n')}${half(size, 'RUN apt install a\n')}`,
  'BuildKit: skips of one comment': size => `# check=skip=${repeat(size, 'StageNameCasing,')}\nFROM a AS B\n`,
  'BuildKit: skips of one comment, by semicolons': size => `# check=${repeat(size, 'skip=all;')}\nFROM a AS B\n`,
  'tally: in each line': size => `FROM a\n${repeat(size, '# tally global ignore=all\n')}${run}`,
  'KICS: ids of one comment': size => `# kics-scan disable=${repeat(size, 'b03a748a,')}\nFROM a\n${run}`,
  'ours: in each line': size => `FROM a\n${repeat(size, '# bulkhead-ignore dockerfile/latest-tag\n')}${run}`,
  'ours: for each instruction': size => `FROM a\n${repeat(size, `# bulkhead-ignore dockerfile/recommended-packages\n${run}`)}`,
  'ours: rules of one comment': size => `FROM a\n# bulkhead-ignore ${repeat(size, 'dockerfile/latest-tag ')}\n${run}`,
};

/** Every hostile shape of suppressions. */
export const directiveShapes: readonly HostileShape[] = [
  ...shapesOf('a.yaml', inManifests),
  ...shapesOf('Dockerfile', inDockerfiles).map(shape => ({ ...shape, name: `Dockerfile: ${shape.name}` })),
];
