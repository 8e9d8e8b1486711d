import { readFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import Ajv from 'ajv-draft-04';
import addFormats from 'ajv-formats';
import { describe, expect, test } from 'vitest';
import { fileWith, findingAt, fullReport, reportOf } from './fake-report';
import { githubReport, jsonReport, markdownReport, sarifReport, textReport } from '../../support/reports';

const plain = { colour: false };

describe('text', () => {
  test('a finding with its line, what explains it, its fix and what that assumes; then a summary', () => {
    expect(textReport(fullReport, plain)).toBe(
      [
        'a b/Dockerfile: 1 warning',
        '',
        'a b/Dockerfile:1:6: warning: Stage a|b: 50%, <x> runs as root [dockerfile/root-user]',
        ' 1 | FROM node:20',
        '   |      ^^^^^^^',
        '   = ../ops/sa.yaml:2:1: Stage x runs as root',
        '   = fix (review): Add USER 1000',
        '     assumes: the process writes only to /tmp',
        '',
        'pod.yaml: 1 warning',
        '',
        'pod.yaml:6:18: warning: TOKEN holds a secret [kubernetes/secret-in-env]',
        ' 6 |           value: ********',
        '   |                  ^^^^^^^^',
        '',
        '2 files checked: 2 warnings (2 suppressed); 1 can be fixed with bulkhead harden; not everything could be checked',
        '',
      ].join('\n'),
    );
  });
  test('colours', () => {
    const text = textReport(fullReport, { colour: true });
    expect(text).toContain('\u001b[33mwarning\u001b[39m');
    // eslint-disable-next-line no-control-regex
    expect(text.replace(/\u001b\[\d+m/g, '')).toBe(textReport(fullReport, plain));
  });
  test('nothing to check, nothing found', () => {
    expect(textReport(reportOf([]), plain)).toBe('No files to check\n');
    expect(textReport(reportOf([fileWith('a', 'FROM a', [])]), plain)).toBe('1 file checked: no findings\n');
    expect(
      textReport(
        reportOf([
          fileWith('a', '', [
            { ...findingAt('x', 'x', { rule: 'bulkhead/incomplete', messageId: 'too-large' }), range: { start: 0, end: 0 } },
          ]),
        ]),
        plain,
      ),
    ).toContain('a:1:1: warning: ');
  });
});

test('JSON: the contract', () => {
  expect(JSON.parse(jsonReport(fullReport))).toEqual({
    schemaVersion: 1,
    version: '1.2.3',
    profile: 'recommended',
    kubernetesVersion: '1.37',
    today: '2026-11-24',
    files: [
      {
        path: 'a b/Dockerfile',
        family: 'dockerfile',
        findings: [
          {
            rule: 'dockerfile/root-user',
            messageId: 'unset',
            severity: 'warning',
            category: 'privilege',
            message: 'Stage a|b: 50%, <x> runs as root',
            range: { start: { line: 0, character: 5 }, end: { line: 0, character: 12 } },
            object: null,
            fingerprint: 'f-5',
            related: [
              {
                path: '../ops/sa.yaml',
                range: { start: { line: 1, character: 0 }, end: { line: 1, character: 1 } },
                message: 'Stage x runs as root',
              },
            ],
            fixes: [
              {
                id: 'user',
                title: 'Add USER 1000',
                class: 'review',
                assumes: ['the process writes only to /tmp'],
                needs: null,
                changes: [
                  {
                    path: 'a b/Dockerfile',
                    edits: [{ range: { start: { line: 2, character: 0 }, end: { line: 2, character: 0 } }, newText: 'USER 1000\n' }],
                  },
                ],
              },
            ],
            suppressed: false,
            suppression: null,
          },
        ],
      },
      {
        path: 'pod.yaml',
        family: 'kubernetes',
        findings: [
          expect.objectContaining({ rule: 'kubernetes/secret-in-env', suppressed: false, fixes: [], related: [] }),
          expect.objectContaining({
            rule: 'kubernetes/privileged',
            pss: 'baseline',
            object: {
              document: 0,
              apiVersion: 'v1',
              kind: 'Pod',
              namespace: null,
              name: 'web',
              container: 'app',
              path: '/spec/containers/0',
            },
            suppressed: true,
            suppression: { kind: 'line', reason: 'it must', range: { start: { line: 0, character: 0 }, end: { line: 0, character: 4 } } },
          }),
          expect.objectContaining({ suppressed: true, suppression: { kind: 'config', reason: null } }),
        ],
      },
    ],
    summary: { files: 2, findings: { error: 0, warning: 2, info: 0, hint: 0 }, fragments: 0, durationMs: 3 },
  });
  expect(jsonReport(fullReport)).not.toContain('hunter2');
});

test.each([
  ['JSON of everything', jsonReport(fullReport)],
  ['JSON of nothing', jsonReport(reportOf([]))],
  ['SARIF of everything', sarifReport(fullReport)],
  ['SARIF of a file without findings', sarifReport(reportOf([fileWith('a', 'FROM a', [])]))],
  ['SARIF of nothing', sarifReport(reportOf([]))],
])('%s is laid out as if it had been printed at once', (_, text) => {
  expect(text).toBe(`${JSON.stringify(JSON.parse(text), null, 2)}\n`);
});

test('GitHub annotations: escaped, suppressed left out', () => {
  expect(githubReport(fullReport)).toBe(
    [
      '::warning file=a b/Dockerfile,line=1,endLine=1,col=6,endColumn=13,title=dockerfile/root-user::Stage a|b: 50%25, <x> runs as root',
      '::warning file=pod.yaml,line=6,endLine=6,col=18,endColumn=32,title=kubernetes/secret-in-env::TOKEN holds a secret',
      '',
    ].join('\n'),
  );
  const text = 'FROM a \\\n  AS b\n';
  const finding = findingAt(text, 'a \\\n  AS b', { rule: 'kubernetes/privileged', messageId: 'privileged', severity: 'info' });
  expect(githubReport(reportOf([fileWith('a,b:c%.yaml', text, [finding])]))).toBe(
    '::notice file=a%2Cb%3Ac%25.yaml,line=1,endLine=2,title=kubernetes/privileged::Container is privileged\n',
  );
  expect(githubReport(reportOf([]))).toBe('');
});

test('Markdown: tables that nothing breaks out of', () => {
  expect(markdownReport(fullReport)).toBe(
    [
      '# Bulkhead',
      '',
      '2 files checked: 2 warnings (2 suppressed).',
      '',
      '## `a b/Dockerfile`',
      '',
      '| Line | Severity | Rule | Finding | Fix |',
      '| ---: | --- | --- | --- | --- |',
      '| 1 | warning | `dockerfile/root-user` | Stage a\\|b: 50%, &lt;x&gt; runs as root | Add USER 1000 (review) |',
      '',
      '## `pod.yaml`',
      '',
      '| Line | Severity | Rule | Finding | Fix |',
      '| ---: | --- | --- | --- | --- |',
      '| 6 | warning | `kubernetes/secret-in-env` | TOKEN holds a secret |  |',
      '',
      '## Files not read',
      '',
      '- `x.yaml`: permission denied',
      '',
    ].join('\n'),
  );
});

describe('SARIF', () => {
  const schema = JSON.parse(
    readFileSync(createRequire(import.meta.url).resolve('@microsoft/jest-sarif/lib/schemas/sarif-2.1.0-rtm.5.json'), 'utf8'),
  ) as object;
  // the schema has an expression that is wrong in unicode mode
  const ajv = new Ajv({ strict: false, allErrors: true, unicodeRegExp: false });
  addFormats(ajv);
  const validate = ajv.compile(schema);

  test.each([
    ['everything', fullReport],
    ['nothing', reportOf([])],
  ])('is valid by the official schema: %s', (_name, report) => {
    expect(validate(JSON.parse(sarifReport(report))), JSON.stringify(validate.errors, null, 1)).toBe(true);
  });

  test('names every rule of the engine, and a result finds its rule', () => {
    const report = reportOf([
      fileWith('a', 'FROM a', [findingAt('FROM a', 'a', { rule: 'bulkhead/unused-suppression', messageId: 'unused' })]),
    ]);
    const { runs } = JSON.parse(sarifReport(report)) as {
      runs: [{ tool: { driver: { rules: { id: string }[] } }; results: [{ ruleId: string; ruleIndex: number }] }];
    };
    const [{ ruleId, ruleIndex }] = runs[0].results;
    expect(runs[0].tool.driver.rules[ruleIndex]!.id).toBe(ruleId);
    expect(ruleId).toBe('bulkhead/unused-suppression');
  });

  test('leads to the pages where they have an address, and nowhere else', () => {
    const driverOf = (pagesAddress: string | null): unknown => {
      const { runs } = JSON.parse(sarifReport({ ...fullReport, pagesAddress })) as { runs: [{ tool: { driver: unknown } }] };
      return runs[0].tool.driver;
    };
    const pages = 'https://git.example.com/v1/docs/rules/';
    const driver = driverOf(pages) as { informationUri: string; rules: { id: string; helpUri: string }[] };
    expect(driver.informationUri).toBe(pages);
    const paged = driver.rules.filter(({ id }) => !id.startsWith('bulkhead/'));
    expect(paged.map(rule => rule.helpUri)).toEqual(paged.map(({ id }) => `${pages}${id}.md`));
    expect(JSON.stringify(driverOf(null))).not.toMatch(/informationUri|helpUri|https:/);
    expect(markdownReport({ ...fullReport, pagesAddress: pages })).toContain(
      `| [\`dockerfile/root-user\`](${pages}dockerfile/root-user.md) |`,
    );
  });

  test('rules, regions, fixes, suppressions and fingerprints', () => {
    const text = sarifReport(fullReport);
    expect(text).not.toContain('hunter2');
    const { runs } = JSON.parse(text) as {
      runs: [Record<string, unknown> & { results: unknown[]; tool: { driver: { rules: unknown[] } } }];
    };
    const [run] = runs;
    expect(run).toMatchObject({
      columnKind: 'utf16CodeUnits',
      invocations: [
        { executionSuccessful: false, toolExecutionNotifications: [{ level: 'error', message: { text: 'permission denied' } }] },
      ],
      tool: { driver: { name: 'Bulkhead', version: '1.2.3' } },
    });
    expect(run.tool.driver.rules[0]).toMatchObject({
      id: 'dockerfile/root-user',
      shortDescription: { text: 'Image runs as root' },
      help: { markdown: '# Image runs as root\n' },
      defaultConfiguration: { level: 'warning' },
      properties: { 'security-severity': '5.5', tags: ['security', 'privilege', 'dockerfile', 'external/cwe/cwe-250'] },
    });
    expect(run.results[0]).toMatchObject({
      ruleId: 'dockerfile/root-user',
      ruleIndex: 0,
      level: 'warning',
      locations: [
        {
          physicalLocation: {
            artifactLocation: { uri: 'a%20b/Dockerfile', uriBaseId: '%SRCROOT%' },
            region: { startLine: 1, startColumn: 6, endLine: 1, endColumn: 13, snippet: { text: 'node:20' } },
          },
        },
      ],
      relatedLocations: [
        { id: 0, physicalLocation: { artifactLocation: { uri: '../ops/sa.yaml' }, region: { startLine: 2, startColumn: 1 } } },
      ],
      partialFingerprints: { 'bulkhead/v1': 'f-5' },
      fixes: [
        {
          description: { text: 'Add USER 1000\nAssumes: the process writes only to /tmp' },
          artifactChanges: [
            {
              replacements: [
                { deletedRegion: { startLine: 3, startColumn: 1, endLine: 3, endColumn: 1 }, insertedContent: { text: 'USER 1000\n' } },
              ],
            },
          ],
        },
      ],
      suppressions: [],
    });
    expect(run.results[1]).toMatchObject({ locations: [{ physicalLocation: { region: { snippet: { text: '********' } } } }] });
    expect(run.results[2]).toMatchObject({
      level: 'error',
      suppressions: [{ kind: 'inSource', status: 'accepted', justification: 'it must' }],
      locations: [{ logicalLocations: [{ name: 'app', fullyQualifiedName: 'v1/Pod/web/app' }] }],
      properties: { pss: 'baseline' },
    });
    expect(run.results[3]).toMatchObject({ level: 'note', suppressions: [{ kind: 'external' }] });
  });
});
