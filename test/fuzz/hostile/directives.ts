import { inputs, many } from './make';
import type { HostileInput } from './types';

/** How each tool's directives look, for the i-th of them. */
const directives: Readonly<Record<string, (i: number) => string>> = {
  'bulkhead-ignore': i => `bulkhead-ignore kubernetes/latest-tag, dockerfile/latest-tag, x/y${i}`,
  'bulkhead-ignore-file': i => `bulkhead-ignore-file kubernetes/latest-tag, dockerfile/latest-tag, x/y${i}`,
  'bulkhead-ignore with a reason': () => 'bulkhead-ignore dockerfile/root-user -- -- -- because',
  'bulkhead-ignore without a rule': () => 'bulkhead-ignore',
  'bulkhead-ignore, almost right': i => `bulkhead-ignore kubernetes/latest-tga${i % 9} dockerfile/latest-tga`,
  hadolint: i => `hadolint ignore=DL30${10 + (i % 60)},DL3007,SC2086`,
  'hadolint global': i => `hadolint global ignore=DL30${10 + (i % 60)}`,
  'hadolint, almost right': () => 'hadolint ignore=DL3007,,DL3008 x',
  tally: () => 'tally ignore=all;reason=why',
  check: () => 'check=skip=all',
  'trivy, anything': () => 'trivy:ignore:*',
  trivy: i => `trivy:ignore:AVD-KSV-00${i % 100}[a=b]:exp:2030-01-01`,
  tfsec: i => `tfsec:ignore:DS0${i % 30} tfsec:ignore:*`,
  checkov: i => `checkov:skip=CKV_K8S_${i % 40}:why`,
  bridgecrew: i => `bridgecrew:skip=CKV_DOCKER_${i % 12}:why`,
  'kics-scan': i => `kics-scan ${['ignore', 'ignore-line', 'ignore-block', 'disable=fd54f200'][i % 4]!}`,
  nosemgrep: i => `nosemgrep: a.b.c${i}, missing-user`,
  'nosemgrep alone': () => 'nosemgrep',
  'dockerfile-utils': () => 'dockerfile-utils: ignore',
  zizmor: i => `zizmor: ignore[artipacked, template-injection, x${i}] why`,
};

/** One directive that names as much as fits. */
const long: Readonly<Record<string, () => string>> = {
  'bulkhead-ignore': () => `bulkhead-ignore ${many(i => `kubernetes/a${i}, `)}`,
  'bulkhead-ignore of one rule': () => `bulkhead-ignore ${many('dockerfile/latest-tag, ')}`,
  'bulkhead-ignore-file of one rule': () => `bulkhead-ignore-file ${many('kubernetes/latest-tag, ')}`,
  'bulkhead-ignore of commas': () => `bulkhead-ignore ${many(', ')}`,
  'bulkhead-ignore of dashes': () => `bulkhead-ignore ${many('- ')}`,
  'a reason': () => `bulkhead-ignore dockerfile/latest-tag -- ${many(' -- ')}`,
  hadolint: () => `hadolint ignore=${many('DL3007,')}`,
  'hadolint with a word at its end': () => `hadolint ignore=${many('DL3007 , ')} x`,
  trivy: () => many(i => `trivy:ignore:KSV-${i} `),
  'trivy, anything': () => many('trivy:ignore:* '),
  'trivy with parameters': () => `trivy:ignore:KSV-0001${many('[a=b]')}`,
  checkov: () => `checkov:skip=${many(i => `CKV_K8S_${i},`)}`,
  'kics-scan': () => `kics-scan disable=${many('fd54f200-6763-4f1b-90b1-d97317254bce,')}`,
  nosemgrep: () => `nosemgrep: ${many(i => `a.b${i}, `)}`,
  'nosemgrep of dots': () => `nosemgrep: ${many('a.')}`,
  tally: () => `tally ignore=${many('hadolint/DL3007,')}`,
  check: () => `check=skip=${many('JSONArgsRecommended,')}`,
  'hash signs': () => many('#'),
};

const pod = (comments: (i: number) => string): string =>
  `apiVersion: v1\nkind: Pod\nmetadata: {name: a}\nspec:\n  containers:\n${many(i => `    # ${comments(i)}\n    - name: c${i}\n      image: nginx # ${comments(i + 1)}\n`)}`;

const mapped = <T>(texts: Readonly<Record<string, T>>, make: (value: T) => string): Readonly<Record<string, () => string>> =>
  Object.fromEntries(Object.entries(texts).map(([name, value]) => [name, () => make(value)]));

/** Suppressions of every tool, in masses. */
export const directiveInputs: readonly HostileInput[] = [
  ...inputs(
    'Dockerfile',
    'directives above instructions',
    mapped(directives, one => `FROM nginx\n${many(i => `# ${one(i)}\nRUN sudo curl -k http://example.com | sh\n`)}`),
  ),
  ...inputs('pod.yaml', 'directives in a pod', mapped(directives, pod)),
  ...inputs(
    'Dockerfile',
    'one long directive',
    mapped(long, make => `# ${make()}\nFROM nginx\nUSER root\n`),
  ),
  ...inputs(
    'pod.yaml',
    'one long directive in a pod',
    mapped(long, make => `apiVersion: v1\nkind: Pod\n# ${make()}\nspec: {hostNetwork: true, containers: [{name: a, image: nginx}]}\n`),
  ),
];
