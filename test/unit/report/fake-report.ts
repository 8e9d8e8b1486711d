import type { Finding } from '../../../shared/src/rule/finding/types';
import { createWords } from '../../../shared/src/output/report/words';
import type { ReportedFile, ReportedFix } from '../../../shared/src/output/report/types';
import { createLineTable } from '../../../shared/src/base/text/line-table';
import { fakeRules } from '../../support/silent-rules';
import type { Report } from '../../support/reports';

/** A finding about `word`, which must occur in the text once. */
export function findingAt(text: string, word: string, members: Partial<Finding> & Pick<Finding, 'rule' | 'messageId'>): Finding {
  const start = text.indexOf(word);
  if (start < 0) throw new Error(`"${word}" is not in the text`);
  const range = { start, end: start + word.length };
  return {
    data: {},
    severity: 'warning',
    category: 'privilege',
    range,
    object: null,
    pss: null,
    related: [],
    secrets: members.category === 'secrets' ? [range] : [],
    fixes: [],
    left: null,
    document: 0,
    fingerprint: `f-${start}`,
    suppression: null,
    ...members,
  };
}

/** A file of a report. */
export function fileWith(path: string, text: string, findings: readonly Finding[], fixes: readonly ReportedFix[] = []): ReportedFile {
  return {
    path,
    text,
    result: {
      family: path.endsWith('.yaml') ? 'kubernetes' : 'dockerfile',
      checked: true,
      findings,
      limited: null,
      fragments: 0,
      isFresh: () => true,
    },
    fixes: finding => (finding.fixes.length > 0 ? fixes : []),
    related: other => (other === 'sa.yaml' ? { path: '../ops/sa.yaml', lines: createLineTable('a: 1\nb: 2\n') } : null),
  };
}

/** A report of files. */
export function reportOf(files: readonly ReportedFile[], members: Partial<Report> = {}): Report {
  return {
    version: '1.2.3',
    profile: 'recommended',
    kubernetesVersion: '1.37',
    today: '2026-11-24',
    durationMs: 3,
    files,
    problems: [],
    rules: fakeRules,
    words: createWords(fakeRules),
    pagesAddress: null,
    hasBaseline: false,
    isTried: true,
    page: rule => (rule === 'dockerfile/root-user' ? '# Image runs as root\n' : null),
    ...members,
  };
}

const dockerfile = 'FROM node:20\n# a | b, 50%: ok\nCMD ["node"]\n';
const pod =
  'kind: Pod\nspec:\n  containers:\n    - env:\n        - name: TOKEN\n          value: hunter2hunter2\n      securityContext: { privileged: true }\n';

/** A report that has one of everything. */
export const fullReport: Report = reportOf(
  [
    fileWith(
      'a b/Dockerfile',
      dockerfile,
      [
        findingAt(dockerfile, 'node:20', {
          rule: 'dockerfile/root-user',
          messageId: 'unset',
          data: { stage: 'a|b:\n50%, <x>' },
          fixes: [
            {
              id: 'user',
              data: { user: 1000 },
              class: 'review',
              assumes: [{ id: 'writes', data: { path: '/tmp' } }],
              operations: () => [],
            },
          ],
          related: [{ path: 'sa.yaml', range: { start: 5, end: 6 }, messageId: 'unset', data: { stage: 'x' } }],
        }),
      ],
      [
        {
          id: 'user',
          title: 'Add USER 1000',
          class: 'review',
          assumes: ['the process writes only to /tmp'],
          needs: null,
          edits: [{ range: { start: 30, end: 30 }, newText: 'USER 1000\n' }],
        },
      ],
    ),
    fileWith('pod.yaml', pod, [
      findingAt(pod, 'hunter2hunter2', {
        rule: 'kubernetes/secret-in-env',
        messageId: 'literal',
        data: { name: 'TOKEN' },
        category: 'secrets',
      }),
      findingAt(pod, 'true', {
        rule: 'kubernetes/privileged',
        messageId: 'privileged',
        severity: 'error',
        pss: 'baseline',
        object: { document: 0, apiVersion: 'v1', kind: 'Pod', namespace: null, name: 'web', container: 'app', path: '/spec/containers/0' },
        suppression: { kind: 'line', reason: 'it must', range: { start: 0, end: 4 } },
      }),
      findingAt(pod, 'Pod', {
        rule: 'kubernetes/privileged',
        messageId: 'container',
        severity: 'hint',
        suppression: { kind: 'config', reason: null },
      }),
    ]),
  ],
  { problems: [{ path: 'x.yaml', message: 'permission denied' }] },
);
