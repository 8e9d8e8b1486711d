import { describe, expect, test } from 'vitest';
import { createEngine } from '../../../shared/src/engine/create-engine';
import type { LintContext } from '../../../shared/src/engine/types';
import { createWords } from '../../../shared/src/output/report/words';
import { applyEdits } from '../../../shared/src/base/text/edits';
import { createLineTable } from '../../../shared/src/base/text/line-table';
import { fakeContext, fakeRules } from '../engine/small-rules';

const engine = createEngine(fakeRules);
const words = createWords(fakeRules);

/** Findings as `line:rule` with `(kind: reason)` behind those that are suppressed, and the engine's own with their message. */
function lint(path: string, text: string, context: LintContext = fakeContext): string[] {
  const table = createLineTable(text);
  return engine
    .open({ path, text })
    .lint(context)
    .findings.map(f => {
      const place = `${table.position(f.range.start).line + 1}:${f.rule}`;
      if (f.rule.startsWith('bulkhead/')) return `${place} ${words.message(f)}`;
      return f.suppression ? `${place} (${f.suppression.kind}${f.suppression.reason === null ? '' : `: ${f.suppression.reason}`})` : place;
    });
}

const pod = (...lines: string[]): string =>
  [
    'apiVersion: v1',
    'kind: Pod',
    'metadata:',
    '  name: web',
    'spec:',
    ...lines.map(l => `  ${l}`),
    '  containers:',
    '    - name: a',
    '      image: a:1',
    '      securityContext: { allowPrivilegeEscalation: false }',
    '',
  ].join('\n');

describe('directives in YAML', () => {
  test.each([
    ['none', pod('hostPID: true'), ['6:kubernetes/fake-host']],
    [
      'on the line',
      pod('hostPID: true # bulkhead-ignore kubernetes/fake-host -- the agent needs it'),
      ['6:kubernetes/fake-host (line: the agent needs it)'],
    ],
    ['above the node', pod('# bulkhead-ignore kubernetes/fake-host', 'hostPID: true'), ['7:kubernetes/fake-host (line)']],
    [
      'with other comments between',
      pod('# bulkhead-ignore kubernetes/fake-host', '# more', 'hostPID: true'),
      ['8:kubernetes/fake-host (line)'],
    ],
    [
      'two rules, one unused',
      pod('# bulkhead-ignore kubernetes/fake-host, kubernetes/fake-any', 'hostPID: true'),
      ['6:bulkhead/unused-suppression Suppression of kubernetes/fake-any suppresses nothing', '7:kubernetes/fake-host (line)'],
    ],
    [
      'for the file',
      `# bulkhead-ignore-file kubernetes/fake-host -- all agents\n${pod('hostPID: true')}`,
      ['7:kubernetes/fake-host (file: all agents)'],
    ],
    [
      'a typing error',
      pod('hostPID: true # bulkhead-ignore kubernetes/fake-hots'),
      ['6:kubernetes/fake-host', '6:bulkhead/unknown-suppression Unknown rule kubernetes/fake-hots; did you mean kubernetes/fake-host?'],
    ],
    [
      'unknown',
      pod('hostPID: true # bulkhead-ignore nonsense'),
      ['6:kubernetes/fake-host', '6:bulkhead/unknown-suppression Unknown rule nonsense'],
    ],
    [
      'above the object covers all of it',
      `# bulkhead-ignore kubernetes/fake-host\n${pod('hostPID: true')}`,
      ['7:kubernetes/fake-host (line)'],
    ],
    [
      'behind everything',
      `${pod('hostPID: true')}# bulkhead-ignore kubernetes/fake-host\n`,
      ['6:kubernetes/fake-host', '11:bulkhead/unused-suppression Directive has no effect here: nothing that it could apply to follows it'],
    ],
  ])('%s', (_, text, expected) => {
    expect(lint('pod.yaml', text)).toEqual(expected);
    expect(lint('pod.yaml', text.replace(/\n/g, '\r\n'))).toEqual(expected);
  });

  test('the annotation names rules for the object or one container', () => {
    const text = `apiVersion: v1
kind: Pod
metadata:
  name: web
  annotations:
    bulkhead.dev/ignore: kubernetes/fake-host, kubernetes/fake-escalation@b
spec:
  hostPID: true
  containers:
    - name: a
      image: a:1
    - name: b
      image: b:1
`;
    expect(lint('pod.yaml', text)).toEqual([
      '8:kubernetes/fake-host (annotation)',
      '10:kubernetes/fake-escalation',
      '12:kubernetes/fake-escalation (annotation)',
    ]);
  });

  test('the configuration excepts by path, kind, name and container until a day', () => {
    const withException = (more: object): LintContext => ({
      ...fakeContext,
      config: { ...fakeContext.config, exceptions: [{ rule: 'kubernetes/fake-host', reason: 'agent', ...more }] },
    });
    const text = pod('hostPID: true');
    for (const more of [{}, { path: '**/pod.yaml' }, { kind: 'Pod', name: 'w*' }, { until: '2026-11-24' }])
      expect(lint('a/pod.yaml', text, withException(more))).toEqual(['6:kubernetes/fake-host (config: agent)']);
    for (const more of [{ path: 'b/**' }, { kind: 'Job' }, { name: 'other' }, { container: 'a' }, { until: '2026-11-23' }])
      expect(lint('a/pod.yaml', text, withException(more))).toEqual(['6:kubernetes/fake-host']);
  });

  test('--no-suppress shows everything and reports no unused directive', () => {
    expect(
      lint('pod.yaml', pod('# bulkhead-ignore kubernetes/fake-host, kubernetes/fake-any', 'hostPID: true'), {
        ...fakeContext,
        noSuppress: true,
      }),
    ).toEqual(['7:kubernetes/fake-host']);
  });
});

describe('directives in Dockerfiles', () => {
  test.each([
    [
      'above the instruction',
      '# bulkhead-ignore dockerfile/fake-run -- why\nRUN a\nRUN b\n',
      ['3:dockerfile/fake-run (line: why)', '4:dockerfile/fake-run'],
    ],
    [
      'for the file',
      '# bulkhead-ignore-file dockerfile/fake-run\nRUN a\nRUN b\n',
      ['3:dockerfile/fake-run (file)', '4:dockerfile/fake-run (file)'],
    ],
    ['not inside a heredoc', 'RUN <<EOF\n# bulkhead-ignore dockerfile/fake-run\na\nEOF\n', ['2:dockerfile/fake-run']],
    [
      'not inside an instruction',
      'RUN a && \\\n# bulkhead-ignore dockerfile/fake-run\n  b\n',
      ['2:dockerfile/fake-run', '3:bulkhead/unused-suppression Directive has no effect here: nothing that it could apply to follows it'],
    ],
  ])('%s', (_, text, expected) => {
    expect(lint('Dockerfile', `FROM scratch\n${text}`)).toEqual(expected);
  });
});

test.each([
  ['an unused one goes with its line', '# bulkhead-ignore kubernetes/fake-any\n', ''],
  ['one of two', '# bulkhead-ignore kubernetes/fake-any, kubernetes/fake-host -- r\n', '# bulkhead-ignore kubernetes/fake-host -- r\n'],
  ['a typing error is replaced', '# bulkhead-ignore kubernetes/fake-hots\n', '# bulkhead-ignore kubernetes/fake-host\n'],
])('fixes of directives: %s', (_, directive, expected) => {
  const text = directive + pod('hostPID: true');
  const file = { path: 'pod.yaml', text };
  const finding = engine
    .open(file)
    .lint(fakeContext)
    .findings.find(f => f.rule.startsWith('bulkhead/'))!;
  const rendered = engine.open(file).render(finding, finding.fixes[0]!);
  expect(rendered.ok && applyEdits(text, rendered.edits)).toBe(expected + pod('hostPID: true'));
});
