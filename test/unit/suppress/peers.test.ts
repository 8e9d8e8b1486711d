import { describe, expect, test } from 'vitest';
import { defaultConfig } from '../../../shared/src/engine/config/effective';
import { createEngine } from '../../../shared/src/engine/create-engine';
import type { LintContext } from '../../../shared/src/engine/types';
import { defineRule, type Rule } from '../../../shared/src/rule/define-rule';
import { createPeerIds } from '../../../shared/src/engine/suppress/peer-ids';
import { createLineTable } from '../../../shared/src/base/text/line-table';
import '../../../shared/src/families/compose/family';
import '../../../shared/src/families/workflow/family';
import { fakeContext } from '../engine/small-rules';

const instructionRule = (name: string, keyword: string, peers: Rule['peers']): Rule =>
  defineRule({
    id: `dockerfile/${name}`,
    title: name,
    severity: 'warning',
    category: 'correctness',
    profile: 'baseline',
    peers,
    messages: { found: { text: 'found' } },
    on: {
      instruction(instruction, report) {
        if (instruction.keyword === keyword) report(instruction.keywordRange, 'found');
      },
    },
  });

/** One rule about USER and one about EXPOSE, and for Kubernetes one about a pod and one about containers. */
const rules: readonly Rule[] = [
  instructionRule('root-user', 'USER', {
    hadolint: ['DL3002'],
    trivy: ['DS-0002'],
    checkov: ['CKV_DOCKER_3', 'CKV_DOCKER_8'],
    kics: ['Missing User Instruction'],
    semgrep: ['missing-user'],
    tally: ['tally/stateful-root-runtime'],
    'dockerfile-utils': ['USER_ROOT'],
  }),
  instructionRule('invalid-expose', 'EXPOSE', { hadolint: ['DL3011'], buildkit: ['ExposeInvalidFormat'], trivy: ['DS-0008'] }),
  defineRule({
    id: 'kubernetes/host-pid',
    title: 'host-pid',
    severity: 'warning',
    category: 'isolation',
    profile: 'baseline',
    peers: {
      trivy: ['KSV-0010'],
      'kube-linter': ['host-pid'],
      polaris: ['hostPIDSet'],
      checkov: ['CKV_K8S_17'],
      kics: ['shared_host_pid_namespace'],
    },
    messages: { found: { text: 'found' } },
    on: {
      pod(pod, report) {
        const entry = pod.node.entry('hostPID');
        if (entry) report(entry.range, 'found');
      },
    },
  }),
  defineRule({
    id: 'kubernetes/latest-tag',
    title: 'latest-tag',
    severity: 'warning',
    category: 'supply-chain',
    profile: 'baseline',
    peers: {
      trivy: ['KSV-0013'],
      'kube-linter': ['latest-tag'],
      'kube-score': ['container-image-tag'],
      checkov: ['CKV_K8S_14'],
      polaris: ['tagNotSpecified'],
    },
    messages: { found: { text: 'found' } },
    on: {
      container(container, report) {
        report(container.reportRange, 'found');
      },
    },
  }),
  defineRule({
    id: 'compose/latest-tag',
    title: 'latest-tag',
    severity: 'warning',
    category: 'supply-chain',
    profile: 'baseline',
    peers: { dclint: ['service-image-require-explicit-tag'], semgrep: ['no-tag'] },
    messages: { found: { text: 'found' }, built: { text: 'built' } },
    on: {
      container({ image, node }, report) {
        const build = node?.entry('build')?.key;
        if (image) report(image.range, 'found', {}, build && report.related(build.range, 'built'));
      },
    },
  }),
  defineRule({
    id: 'workflow/unpinned-action',
    title: 'unpinned-action',
    severity: 'warning',
    category: 'supply-chain',
    profile: 'baseline',
    peers: { zizmor: ['unpinned-uses'], checkov: ['CKV_GHA_1'] },
    messages: { found: { text: 'found' } },
    on: {
      uses({ uses }, report) {
        report(uses.refRange, 'found');
      },
    },
  }),
];
const engine = createEngine(rules);

/** Lines with a finding; behind those that are suppressed whose directive it is, how far it reaches, and its reason. */
function lint(path: string, text: string, context: LintContext = fakeContext): string[] {
  const table = createLineTable(text);
  return engine
    .open({ path, text })
    .lint(context)
    .findings.map(({ range, rule, suppression }) => {
      const line = `${table.position(range.start).line + 1}`;
      const own = rule.startsWith('bulkhead/') ? ` ${rule}` : '';
      if (!suppression) return line + own;
      return `${line} ${suppression.peer ?? 'ours'} ${suppression.kind}${suppression.reason === null ? '' : `: ${suppression.reason}`}`;
    });
}

const uuid = 'fd54f200-402c-4333-a5a4-36ef6709af2f';

describe('comments in a Dockerfile', () => {
  test.each([
    // hadolint
    ['hadolint, above', 'FROM a\n# hadolint ignore=DL3002\nUSER root\n', ['3 hadolint line']],
    ['without blanks', 'FROM a\n#hadolint ignore=DL3002\nUSER root\n', ['3 hadolint line']],
    ['blanks at every place', 'FROM a\n#  hadolint   ignore = DL3011 , DL3002 \nUSER root\n', ['3 hadolint line']],
    ['a trailing comment', 'FROM a\n# hadolint ignore=DL3002 # the agent needs it\nUSER root\n', ['3 hadolint line: the agent needs it']],
    ['words behind it make it void, as in hadolint', 'FROM a\n# hadolint ignore=DL3002 because\nUSER root\n', ['3']],
    ['a name that hadolint has not makes it void', 'FROM a\n# hadolint ignore=crazy,DL3002\nUSER root\n', ['3']],
    ['another rule', 'FROM a\n# hadolint ignore=DL3001\nUSER root\n', ['3']],
    ['above another instruction', '# hadolint ignore=DL3002\nFROM a\nUSER root\n', ['3']],
    ['a blank line between', 'FROM a\n# hadolint ignore=DL3002\n\nUSER root\n', ['4']],
    ['stacked', 'FROM a\n# hadolint ignore=DL3002\n# hadolint ignore=DL3001\n# why\nUSER root\n', ['5 hadolint line']],
    ['global, at the end', 'FROM a\nUSER root\n# hadolint global ignore=DL3002\n', ['2 hadolint file']],
    [
      'for a stage',
      '# hadolint stage ignore=DL3002,DL3011\nFROM a\nEXPOSE 1\nUSER root\nFROM b\nUSER root\n',
      ['3 hadolint line', '4 hadolint line', '6'],
    ],
    ['for a stage, not above its FROM', 'FROM a\n# hadolint stage ignore=DL3002\nUSER root\n', ['3']],
    // BuildKit
    ['BuildKit, at the top', '# check=skip=ExposeInvalidFormat;error=true\nFROM a\nEXPOSE 1\n', ['3 buildkit file']],
    ['all of its checks, not all of ours', '# syntax=x\n#check=skip=all\nFROM a\nEXPOSE 1\nUSER root\n', ['4 buildkit file', '5']],
    [
      'above an instruction',
      'FROM a\n# check=skip=ExposeInvalidFormat // that is how it is\nEXPOSE 1\nEXPOSE 2\n',
      ['3 buildkit line: that is how it is', '4'],
    ],
    ['only error', '# check=error=true\nFROM a\nEXPOSE 1\n', ['3']],
    // Trivy
    ['Trivy', 'FROM a\n#trivy:ignore:DS-0002\nUSER root\nUSER root\n', ['3 trivy line', '4']],
    ['its older ids', 'FROM a\n# trivy:ignore:AVD-DS-0002\nUSER root\n# trivy:ignore:DS002\nUSER root\n', ['3 trivy line', '5 trivy line']],
    ['several in a line', 'FROM a\n# trivy:ignore:DS-0001 trivy:ignore:DS-0002\nUSER root\n', ['3 trivy line']],
    ['stacked', 'FROM a\n# trivy:ignore:DS-0002\n# trivy:ignore:DS-0001\nUSER root\n', ['4 trivy line']],
    ['any', 'FROM a\n# trivy:ignore:*\nUSER root\n', ['3 trivy line']],
    ['until a day to come', 'FROM a\n# trivy:ignore:DS-0002:exp:2026-11-25\nUSER root\n', ['3 trivy line']],
    ['until a day that has come', 'FROM a\n# trivy:ignore:DS-0002:exp:2026-11-24\nUSER root\n', ['3']],
    ['until no day at all', 'FROM a\n# trivy:ignore:DS-0002:exp:never\nUSER root\n', ['3']],
    // Checkov
    ['Checkov speaks of the file', 'FROM a\nUSER root\n# checkov:skip=CKV_DOCKER_8: root it is\n', ['2 checkov file: root it is']],
    ['two of its comments', '# checkov:skip=CKV_DOCKER_1\n# checkov:skip=CKV_DOCKER_3\nFROM a\nUSER root\n', ['4 checkov file']],
    // KICS
    ['KICS, a line', 'FROM a\n# kics-scan ignore-line\nUSER root\nUSER root\n', ['3 kics line', '4']],
    ['a stage', '# kics-scan ignore-block\nFROM a\nUSER root\nFROM b\nUSER root\n', ['3 kics line', '5']],
    ['the file', '# a file\n# kics-scan ignore\nFROM a\nUSER root\nEXPOSE 1\n', ['4 kics file', '5']],
    ['the file, too late', 'FROM a\n# kics-scan ignore\nUSER root\n', ['3']],
    ['a query', `# kics-scan disable=${uuid}\nFROM a\nUSER root\n`, ['3 kics file']],
    ['all but a query', `# kics-scan enable=${uuid}\nFROM a\nUSER root\n`, ['3']],
    // semgrep
    ['semgrep, all', 'FROM a\n# nosemgrep\nUSER root\nUSER root\n', ['3 semgrep line', '4']],
    ['a rule by its path', 'FROM a\n# nosemgrep: dockerfile.security.missing-user.missing-user\nUSER root\n', ['3 semgrep line']],
    ['another rule', 'FROM a\n# nosemgrep: other\nUSER root\n', ['3']],
    ['in the line', 'FROM a\nUSER root # nosemgrep: missing-user\n', ['2 semgrep line']],
    // tally
    ['tally, blank lines between', 'FROM a\n# tally ignore=hadolint/DL3002;reason=so be it\n\nUSER root\n', ['4 tally line: so be it']],
    ['the name alone', 'FROM a\n# tally ignore=DL3002, stateful-root-runtime\nUSER root\n', ['3 tally line']],
    ['in capitals', 'FROM a\n# TALLY IGNORE=dl3002\nUSER root\n', ['3 tally line']],
    ['global, all', 'FROM a\nUSER root\nEXPOSE 1\n# tally global ignore=all\n', ['2 tally file', '3 tally file']],
    // Docker's language server
    ['dockerfile-utils', 'FROM a\n# dockerfile-utils: ignore\nUSER root\n', ['3 dockerfile-utils line']],
    // together
    [
      'one for each tool, stacked',
      'FROM a\n# hadolint ignore=DL3002\n# trivy:ignore:DS-0008\n# kics-scan ignore-line\nUSER root\n',
      ['5 hadolint line'],
    ],
    ['ours first', 'FROM a\n# hadolint ignore=DL3002\n# bulkhead-ignore dockerfile/root-user -- ours\nUSER root\n', ['4 ours line: ours']],
    ['unused ones are not reported', '# hadolint global ignore=DL3002\n# check=skip=all\nFROM a\n', []],
    ['inside an instruction it is none', 'FROM a\nUSER \\\n# hadolint ignore=DL3002\n  root\n', ['2']],
  ])('%s', (_, text, expected) => {
    expect(lint('Dockerfile', text)).toEqual(expected);
    expect(lint('Dockerfile', text.replace(/\n/g, '\r\n'))).toEqual(expected);
  });
});

const pod = (annotation: string, ...above: string[]): string =>
  [
    ...above,
    'apiVersion: v1',
    'kind: Pod',
    'metadata:',
    '  name: web',
    ...(annotation === '' ? [] : ['  annotations:', `    ${annotation}`]),
    'spec:',
    '  hostPID: true',
    '  containers:',
    '    - name: a',
    '      image: a',
    '',
  ].join('\n');

const services = (...above: string[]): string => [...above, 'services:', '  web:', '    image: a', '  db:', '    image: a', ''].join('\n');

describe('comments in a Compose file', () => {
  test.each([
    ['dclint, the file', services('# dclint disable-file'), ['4 dclint file', '6 dclint file']],
    ['behind the marker of the document', services('---', '', '#dclint disable-file'), ['6 dclint file', '8 dclint file']],
    ['on the marker’s own line', services('--- # dclint disable service-image-require-explicit-tag'), ['4 dclint file', '6 dclint file']],
    ['all rules', services('# dclint disable'), ['4 dclint file', '6 dclint file']],
    ['rules by name', services('# dclint disable no-version-field service-image-require-explicit-tag'), ['4 dclint file', '6 dclint file']],
    ['another rule', services('# dclint disable no-version-field'), ['4', '6']],
    ['not in the first line that says something', services('name: a', '# dclint disable-file'), ['5', '7']],
    ['not below another comment', services('# a shop', '# dclint disable'), ['5', '7']],
    ['a line, above', services().replace('    image', '    # dclint disable-line\n    image'), ['4 dclint line', '6']],
    ['a line, behind', services().replace('a\n', 'a # dclint disable-line service-image-require-explicit-tag\n'), ['3 dclint line', '5']],
    ['not what stands below the line', services().replace('web:', 'web: # dclint disable-line'), ['3', '5']],
    [
      'where the other tool reports it',
      services().replace('image: a', 'build: . # dclint disable-line\n    image: a'),
      ['4 dclint line', '6'],
    ],
    ['no word of dclint', services('# dclint disabled', '# dclint enable'), ['5', '7']],
    ['semgrep', services().replace('a\n', 'a # nosemgrep: yaml.docker-compose.image.no-tag\n'), ['3 semgrep line', '5']],
  ])('%s', (_, text, expected) => {
    expect(lint('compose.yaml', text)).toEqual(expected);
    expect(lint('compose.yaml', text.replace(/\n/g, '\r\n'))).toEqual(expected);
  });
});

const steps = (...lines: string[]): string =>
  ['on: push', 'jobs:', '  a:', '    runs-on: x', '    steps:', ...lines, '      - uses: b/b@v1', ''].join('\n');

describe('comments in a workflow', () => {
  test.each([
    ['zizmor, beside', steps('      - uses: a/a@v1 # zizmor: ignore[unpinned-uses]'), ['6 zizmor line', '7']],
    [
      'with a reason, behind a version',
      steps('      - uses: a/a@v1 # v1.2 # zizmor: ignore[artipacked, unpinned-uses] ours'),
      ['6 zizmor line: ours', '6 bulkhead/unused-suppression', '7'],
    ],
    ['above', steps('      # zizmor: ignore[unpinned-uses]', '      - uses: a/a@v1'), ['7 zizmor line', '8']],
    [
      'beside the first key of its step',
      steps('      - name: a # zizmor: ignore[unpinned-uses]', '        uses: a/a@v1'),
      ['7 zizmor line', '8'],
    ],
    ['another rule', steps('      - uses: a/a@v1 # zizmor: ignore[artipacked]'), ['6', '6 bulkhead/unused-suppression', '7']],
    ['no words of zizmor', steps('      - uses: a/a@v1 # zizmor: ignore'), ['6', '7']],
    ['Checkov', steps('      # checkov:skip=CKV_GHA_1:ours', '      - uses: a/a@v1'), ['7 checkov file: ours', '8 checkov file: ours']],
  ])('%s', (_, text, expected) => {
    expect(lint('.github/workflows/a.yaml', text)).toEqual(expected);
    expect(lint('.github/workflows/a.yaml', text.replace(/\n/g, '\r\n'))).toEqual(expected);
  });
});

const deployment = (onObject: string, onTemplate: string): string =>
  `apiVersion: apps/v1
kind: Deployment
metadata:
  name: web
  annotations: { ${onObject} }
spec:
  template:
    metadata:
      annotations: { ${onTemplate} }
    spec:
      hostPID: true
      containers:
        - name: a
          image: a
`;

describe('comments in YAML', () => {
  test.each([
    ['Trivy, above the document', pod('', '# trivy:ignore:KSV-0010'), ['7 trivy line', '9']],
    ['above a node', pod('').replace('  hostPID', '  # trivy:ignore:KSV-0010\n  hostPID'), ['7 trivy line', '9']],
    ['beside a node', pod('').replace('true', 'true # trivy:ignore:KSV010'), ['6 trivy line', '8']],
    ['beside a parent', pod('').replace('spec:', 'spec: # trivy:ignore:KSV-0010'), ['6 trivy line', '8']],
    ['Checkov', pod('', '# checkov:skip=CKV_K8S_17:agent'), ['7 checkov file: agent', '9']],
    ['KICS, a line', pod('').replace('  hostPID', '  # kics-scan ignore-line\n  hostPID'), ['7 kics line', '9']],
    ['KICS, the file', pod('', '---', '# kics-scan ignore'), ['8 kics file', '10']],
    ['KICS, a block', pod('', '---', '# kics-scan ignore-block'), ['8 kics line', '10']],
    ['hadolint means nothing here', pod('', '# hadolint global ignore=DL3002'), ['7', '9']],
    ['Checkov speaks of its document', `${pod('', '# checkov:skip=CKV_K8S_17')}---\n${pod('')}`, ['7 checkov file', '9', '17', '19']],
  ])('%s', (_, text, expected) => {
    expect(lint('pod.yaml', text)).toEqual(expected);
  });
});

describe('annotations', () => {
  test.each([
    ['kube-linter', pod('ignore-check.kube-linter.io/host-pid: "needs it"'), ['8 kube-linter annotation: needs it', '10']],
    [
      'kube-linter, all',
      pod('kube-linter.io/ignore-all: "vendored"'),
      ['8 kube-linter annotation: vendored', '10 kube-linter annotation: vendored'],
    ],
    ['kube-score', pod('kube-score/ignore: pod-probes, container-image-tag'), ['8', '10 kube-score annotation']],
    ['Polaris', pod('polaris.fairwinds.com/hostPIDSet-exempt: "true"'), ['8 polaris annotation', '10']],
    ['Polaris, all', pod('polaris.fairwinds.com/exempt: "True"'), ['8 polaris annotation', '10 polaris annotation']],
    ['Polaris, not exempt', pod('polaris.fairwinds.com/exempt: "false"'), ['8', '10']],
    ['Checkov', pod('checkov.io/skip1: CKV_K8S_17=the agent needs it'), ['8 checkov annotation: the agent needs it', '10']],
    ['kube-linter reads the object', deployment('ignore-check.kube-linter.io/host-pid: x', ''), ['11 kube-linter annotation: x', '13']],
    ['and not its template', deployment('', 'ignore-check.kube-linter.io/host-pid: x'), ['11', '13']],
    ['kube-score reads both', deployment('', 'kube-score/ignore: container-image-tag'), ['11', '13 kube-score annotation']],
    ['Checkov reads both', deployment('', 'checkov.io/skip2: CKV_K8S_14'), ['11', '13 checkov annotation']],
    ['Polaris reads the object', deployment('', 'polaris.fairwinds.com/exempt: "true"'), ['11', '13']],
    ['unknown ones mean nothing', pod('checkov.io/other: CKV_K8S_17'), ['8', '10']],
  ])('%s', (_, text, expected) => {
    expect(lint('pod.yaml', text)).toEqual(expected);
  });
});

test('the configuration switches them off, and the command line all suppressions', () => {
  const text = 'FROM a\n# hadolint ignore=DL3002\nUSER root\n# bulkhead-ignore dockerfile/root-user\nUSER root\n';
  expect(lint('Dockerfile', text)).toEqual(['3 hadolint line', '5 ours line']);
  expect(lint('Dockerfile', text, { ...fakeContext, config: { ...defaultConfig, peerDirectives: false } })).toEqual(['3', '5 ours line']);
  expect(lint('Dockerfile', text, { ...fakeContext, noSuppress: true })).toEqual(['3', '5']);
});

test('ids are found in every spelling', () => {
  const ids = createPeerIds(rules);
  const rulesOf = (...args: Parameters<typeof ids.answers>): readonly string[] => ids.answers(...args).map(answer => answer.rule);
  for (const id of ['DS-0002', 'ds002', 'AVD-DS-0002', 'DS002']) expect(rulesOf('trivy', id)).toEqual(['dockerfile/root-user']);
  expect(rulesOf('kics', uuid)).toEqual(['dockerfile/root-user']);
  expect(rulesOf('tally', 'buildkit/ExposeInvalidFormat')).toEqual(['dockerfile/invalid-expose']);
  expect(rulesOf('hadolint', 'DL9999')).toEqual([]);
  expect(ids.all('buildkit').map(answer => answer.rule)).toEqual(['dockerfile/invalid-expose']);
});

test('an id that one message answers spares the rule’s others', () => {
  const cased = defineRule({
    id: 'dockerfile/casing',
    title: 'casing',
    severity: 'hint',
    category: 'correctness',
    profile: 'baseline',
    peers: { buildkit: ['FromAsCasing', 'ConsistentInstructionCasing', 'StageNameCasing'] },
    messages: {
      as: { text: 'as', peers: { buildkit: ['FromAsCasing'] } },
      instruction: { text: 'instruction', peers: { buildkit: ['ConsistentInstructionCasing'] } },
    },
    on: {
      instruction(instruction, report) {
        report(instruction.keywordRange, instruction.keyword === 'FROM' ? 'as' : 'instruction');
      },
    },
  });
  const own = createEngine([cased]);
  const suppressed = (id: string): boolean[] =>
    own
      .open({ path: 'Dockerfile', text: `#check=skip=${id}\nFROM a\nrun b\n` })
      .lint(fakeContext)
      .findings.map(f => f.suppression !== null);
  expect(suppressed('FromAsCasing')).toEqual([true, false]);
  expect(suppressed('ConsistentInstructionCasing')).toEqual([false, true]);
  expect(suppressed('StageNameCasing')).toEqual([true, true]);
});
