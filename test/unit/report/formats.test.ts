import Ajv from 'ajv-draft-04';
import { describe, expect, test } from 'vitest';
import { severalFormats } from '../../../shared/src/output/report/several';
import { jsonFormat } from '../../../shared/src/output/report/json';
import { sarifFormat } from '../../../shared/src/output/report/sarif';
import { textFormat } from '../../../shared/src/output/report/text';
import { partOf } from '../../../shared/src/output/report/types';
import {
  conciseReport,
  gitlabReport,
  jobSummaryReport,
  jsonReport,
  junitReport,
  rdjsonReport,
  sarifReport,
  statisticsReport,
  textReport,
} from '../../support/reports';
import { fileWith, findingAt, fullReport, reportOf } from './fake-report';

/** Formats for CI beside text, JSON, SARIF, annotations and Markdown. */

const plain = { colour: false };

/** A file with findings of each severity, in the order of the text. */
const mixedText = 'hint info error warning\n';
const mixed = (path: string) =>
  fileWith(
    path,
    mixedText,
    (['hint', 'info', 'error', 'warning'] as const).map(severity =>
      findingAt(mixedText, severity, { rule: 'kubernetes/privileged', messageId: 'privileged', severity }),
    ),
  );

describe('text and concise', () => {
  const report = reportOf([mixed('a.yaml'), mixed('b.yaml')]);
  test('the worst of a file come first', () => {
    expect(conciseReport(report, plain).split('\n')).toEqual([
      'a.yaml:1:11: error: Container is privileged [kubernetes/privileged]',
      'a.yaml:1:17: warning: Container is privileged [kubernetes/privileged]',
      'a.yaml:1:6: info: Container is privileged [kubernetes/privileged]',
      'a.yaml:1:1: hint: Container is privileged [kubernetes/privileged]',
      'b.yaml:1:11: error: Container is privileged [kubernetes/privileged]',
      'b.yaml:1:17: warning: Container is privileged [kubernetes/privileged]',
      'b.yaml:1:6: info: Container is privileged [kubernetes/privileged]',
      'b.yaml:1:1: hint: Container is privileged [kubernetes/privileged]',
      '2 files checked: 2 errors, 2 warnings, 2 info, 2 hints',
      '',
    ]);
    expect(textReport(report, plain)).toMatch(/^a\.yaml: 1 error, 1 warning, 1 info, 1 hint\n\na\.yaml:1:11: error: /);
  });
  test.each([
    [0, []],
    [1, ['a.yaml:1:11: error']],
    [3, ['a.yaml:1:11: error', 'a.yaml:1:17: warning', 'b.yaml:1:11: error']],
    [
      100,
      [
        'a.yaml:1:11: error',
        'a.yaml:1:17: warning',
        'a.yaml:1:6: info',
        'a.yaml:1:1: hint',
        'b.yaml:1:11: error',
        'b.yaml:1:17: warning',
        'b.yaml:1:6: info',
        'b.yaml:1:1: hint',
      ],
    ],
  ])('at most %d: the worst of all files', (maxFindings, places) => {
    for (const make of [textReport, conciseReport]) {
      const text = make(report, { ...plain, maxFindings });
      expect(text.match(/^[ab]\.yaml:\d+:\d+: \w+/gm) ?? []).toEqual(places);
      const left = 8 - places.length;
      expect(text.includes(`${left} findings not shown (--max-findings)`)).toBe(left > 0);
      expect(text).toContain('2 files checked: 2 errors, 2 warnings, 2 info, 2 hints');
      // eslint-disable-next-line no-control-regex
      expect(text).not.toMatch(/[\u0000\u0001]/);
    }
  });
  test('quiet: findings only', () => {
    expect(conciseReport(report, { ...plain, quiet: true })).toBe(conciseReport(report, plain).replace(/2 files checked.*\n$/, ''));
    expect(textReport(reportOf([]), { ...plain, quiet: true })).toBe('');
  });
  test('what most of many findings are of', () => {
    const many = reportOf(Array.from({ length: 20 }, (_, i) => mixed(`${i}.yaml`)));
    expect(textReport(many, plain).trimEnd().split('\n').at(-1)).toBe(
      'Most frequent rules: kubernetes/privileged 80 (all: bulkhead lint --statistics)',
    );
  });
});

test('statistics: how often each rule found something, the worst first', () => {
  expect(statisticsReport(reportOf([...fullReport.files, mixed('a.yaml')])).split('\n')).toEqual([
    '   count  fixable  severity  rule',
    expect.stringMatching(/^ {7}4 {8}0 {2}error {5}kubernetes\/privileged {5}\S/),
    expect.stringMatching(/^ {7}1 {8}1 {2}warning {3}dockerfile\/root-user {6}\S/),
    expect.stringMatching(/^ {7}1 {8}0 {2}warning {3}kubernetes\/secret-in-env {2}\S/),
    '',
    expect.stringMatching(/^3 files checked: 1 error, 3 warnings, 1 info, 1 hint \(2 suppressed\)/),
    '',
  ]);
  expect(statisticsReport(reportOf([]))).toBe('No files to check\n');
});

test('a summary of a job: rules and files, no findings', () => {
  const report = reportOf([...fullReport.files, mixed('a|b.yaml')], { problems: fullReport.problems });
  const summary = jobSummaryReport(report);
  expect(summary).toContain(
    '3 files checked: 1 error, 3 warnings, 1 info, 1 hint (2 suppressed); 1 can be fixed with `bulkhead harden`.\n',
  );
  expect(summary).toContain('1 path could not be read.');
  expect(summary).toContain('| 1 | 1 | 1 | 1 | `a\\|b.yaml` |');
  expect(jobSummaryReport(reportOf([]))).toBe('## Bulkhead\n\n0 files checked: no findings.\n');
  const many = jobSummaryReport(reportOf(Array.from({ length: 30 }, (_, i) => mixed(`${i}.yaml`))));
  expect(many.match(/^\| 1 \| 1 \| 1 \| 1 \|/gm)).toHaveLength(20);
  expect(many).toContain('10 more files with findings.');
});

describe('gitlab', () => {
  // https://docs.gitlab.com/ci/testing/code_quality/ and the issues of Code Climate's specification: what a report must have
  const validate = new Ajv().compile({
    type: 'array',
    items: {
      type: 'object',
      required: ['type', 'categories', 'description', 'check_name', 'fingerprint', 'severity', 'location'],
      properties: {
        type: { enum: ['issue'] },
        categories: {
          type: 'array',
          minItems: 1,
          items: { enum: ['Bug Risk', 'Clarity', 'Compatibility', 'Complexity', 'Duplication', 'Performance', 'Security', 'Style'] },
        },
        description: { type: 'string' },
        check_name: { type: 'string' },
        fingerprint: { type: 'string' },
        severity: { enum: ['info', 'minor', 'major', 'critical', 'blocker'] },
        location: {
          type: 'object',
          required: ['path', 'lines'],
          properties: {
            path: { type: 'string', pattern: '^(?!\\./)' },
            lines: { type: 'object', required: ['begin'], properties: { begin: { type: 'integer', minimum: 1 } } },
          },
        },
      },
    },
  });
  test('an array with a fingerprint of its own for each finding, empty where nothing is found', () => {
    const items = JSON.parse(gitlabReport(reportOf([...fullReport.files, mixed('a.yaml'), mixed('b.yaml')]))) as { fingerprint: string }[];
    expect(validate(items), JSON.stringify(validate.errors)).toBe(true);
    expect(items).toHaveLength(10);
    expect(new Set(items.map(({ fingerprint }) => fingerprint)).size).toBe(10);
    expect(items[0]).toMatchObject({ severity: 'major', location: { path: 'a b/Dockerfile', lines: { begin: 1, end: 1 } } });
    expect(gitlabReport(reportOf([fileWith('a', 'FROM a', [])]))).toBe('[]\n');
  });
});

describe('rdjson', () => {
  test('columns in bytes of UTF-8 from 1, safe fixes as suggestions of one replacement', () => {
    const text = 'é𐐀 one\r\nb two x\n';
    const finding = findingAt(text, 'one', {
      rule: 'kubernetes/privileged',
      messageId: 'privileged',
      severity: 'hint',
      fixes: [{ id: 'x', data: {}, class: 'safe', assumes: [], operations: () => [] }],
    });
    const fix = { id: 'x', title: 'Fix', class: 'safe', assumes: [], needs: null } as const;
    const at = text.indexOf('two');
    const edits = [
      { range: { start: 4, end: 7 }, newText: 'ONE' },
      { range: { start: at, end: at }, newText: '+' },
    ];
    const report = (members: object) =>
      JSON.parse(rdjsonReport(reportOf([fileWith('a.yaml', text, [finding], [{ ...fix, edits, ...members }])]))) as unknown;
    const range = { start: { line: 1, column: 8 }, end: { line: 1, column: 11 } };
    expect(report({})).toEqual({
      source: { name: 'bulkhead' },
      diagnostics: [
        {
          message: 'Container is privileged',
          location: { path: 'a.yaml', range },
          severity: 'INFO',
          code: { value: 'kubernetes/privileged' },
          suggestions: [{ range: { ...range, end: { line: 2, column: 3 } }, text: 'ONE\r\nb +' }],
        },
      ],
    });
    for (const members of [{ class: 'review' }, { needs: 'network' }, { edits: [] }])
      expect(JSON.stringify(report(members))).not.toContain('suggestions');
  });
  test('a suggestion that would carry a credential is left out', () => {
    const text = 'password: hunter2-hunter2 one\n';
    const finding = findingAt(text, 'one', {
      rule: 'kubernetes/privileged',
      messageId: 'privileged',
      fixes: [{ id: 'x', data: {}, class: 'safe', assumes: [], operations: () => [] }],
    });
    const edits = [
      { range: { start: 0, end: 0 }, newText: '# ' },
      { range: { start: 26, end: 29 }, newText: '' },
    ];
    const fix = { id: 'x', title: 'Fix', class: 'safe', assumes: [], needs: null, edits } as const;
    const report = rdjsonReport(reportOf([fileWith('a.yaml', text, [finding], [fix])]));
    expect(report).not.toContain('hunter2');
    expect(report).not.toContain('suggestions');
  });
  test('nothing found', () => {
    expect(JSON.parse(rdjsonReport(reportOf([fileWith('a', 'FROM a', [])])))).toEqual({ source: { name: 'bulkhead' }, diagnostics: [] });
  });
});

describe('junit', () => {
  /** Elements with their attributes (required ones first) and children. Source: junit-10.xsd of Jenkins' xunit plugin. */
  const schema: Readonly<Record<string, { attributes: readonly string[]; required: readonly string[]; children: readonly string[] }>> = {
    testsuites: { attributes: ['name', 'tests', 'failures', 'errors'], required: [], children: ['testsuite'] },
    testsuite: {
      attributes: ['name', 'tests', 'failures', 'errors'],
      required: ['name', 'tests', 'failures', 'errors'],
      children: ['testcase'],
    },
    testcase: { attributes: ['name', 'classname'], required: ['name'], children: ['failure', 'system-out'] },
    failure: { attributes: ['type', 'message'], required: [], children: [] },
    'system-out': { attributes: [], required: [], children: [] },
  };

  /** Checks that a text is well-formed XML of that schema; gives its elements as `name` and attributes. Throws where it is not. */
  function elementsOf(text: string): { name: string; attributes: Record<string, string> }[] {
    const elements: { name: string; attributes: Record<string, string> }[] = [];
    const open: string[] = [];
    const body = text.replace(/^<\?xml version="1\.0" encoding="UTF-8"\?>\n/, '');
    // eslint-disable-next-line no-control-regex
    expect(body).not.toMatch(/[\u0000-\u0008\u000b-\u001f\ufffe\uffff]/);
    const rest = body.replace(
      /<(\/?)([\w-]+)((?: [\w-]+="[^"<]*")*)(\/?)>|&(?:amp|lt|gt|quot|#10|#9);|([<&])/g,
      (all, close, name, written, empty, bad) => {
        if (bad !== undefined) throw new Error(`"${String(bad)}" is not escaped`);
        if (name === undefined) return '';
        if (close === '/') {
          if (open.pop() !== name) throw new Error(`${String(all)} closes nothing`);
          return '';
        }
        const rule = schema[String(name)];
        const parent = open.at(-1);
        if (!rule || (parent !== undefined && !schema[parent]!.children.includes(String(name))))
          throw new Error(`${String(all)} in ${parent}`);
        const attributes = Object.fromEntries(
          [...String(written).matchAll(/ ([\w-]+)="([^"]*)"/g)].map(([, key, value]) => [key!, value!]),
        );
        for (const key of Object.keys(attributes)) if (!rule.attributes.includes(key)) throw new Error(`${key} of ${String(name)}`);
        for (const key of rule.required) if (!(key in attributes)) throw new Error(`${String(name)} without ${key}`);
        elements.push({ name: String(name), attributes });
        if (empty !== '/') open.push(String(name));
        return '';
      },
    );
    if (open.length > 0 || /[<>]/.test(rest)) throw new Error('not well-formed');
    return elements;
  }

  test.each([
    ['everything', reportOf([...fullReport.files, mixed('a.yaml')], { problems: fullReport.problems })],
    ['nothing', reportOf([])],
    ['a file without findings', reportOf([fileWith('a', 'FROM a', [])])],
  ])('is valid, its counts are right, and it has a case: %s', (_name, report) => {
    const elements = elementsOf(junitReport(report));
    const named = (name: string) => elements.filter(element => element.name === name);
    const [suites] = named('testsuites');
    expect(Number(suites?.attributes['tests'])).toBe(named('testcase').length);
    expect(Number(suites?.attributes['failures'])).toBe(named('failure').length);
    expect(named('testcase').length).toBeGreaterThan(0);
    const sum = (key: string) => named('testsuite').reduce((total, { attributes }) => total + Number(attributes[key]), 0);
    expect([sum('tests'), sum('failures')]).toEqual([named('testcase').length, named('failure').length]);
  });
  test('warnings and errors fail, the rest is only said', () => {
    const text = junitReport(reportOf([mixed('a.yaml')]));
    expect(text).toContain(
      '<testcase classname="kubernetes" name="privileged (1:11)"><failure type="error" message="Container is privileged">a.yaml:1:11: Container is privileged</failure></testcase>',
    );
    expect(text).toContain('<system-out>hint: a.yaml:1:1: Container is privileged</system-out>');
  });
  test('what would break out of it is escaped, what XML cannot hold is replaced', () => {
    const text = 'FROM x\n';
    const finding = findingAt(text, 'x', {
      rule: 'dockerfile/root-user',
      messageId: 'unset',
      data: { stage: ']]><!--"\'&\u0000\u001b\ud800\n<x/>' },
    });
    expect(elementsOf(junitReport(reportOf([fileWith('<a>&".yaml', text, [finding])])))).toHaveLength(4);
  });
});

test('several formats of one run say what each says alone', () => {
  const { one, each } = severalFormats([textFormat(plain), jsonFormat, sarifFormat]);
  const parts = fullReport.files.map(file => partOf(one, fullReport, file));
  const texts = each.map(format => [...format.whole(fullReport, parts, fullReport)].join(''));
  expect(texts).toEqual([textReport(fullReport, plain), jsonReport(fullReport), sarifReport(fullReport)]);
});
