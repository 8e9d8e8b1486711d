import { describe, expect, it } from 'vitest';
import { createEngine } from '../../../shared/src/engine/create-engine';
import { rules } from '../../../shared/src/families/generated/index';
import { families, groupOf, groups } from '../../../shared/src/families/registry';
import { entriesOf } from '../../../shared/src/output/report/entries';
import { createWords, englishWords } from '../../../shared/src/output/report/words';
import type { Severity } from '../../../shared/src/base/terms/types';
import { plainContext } from '../../../tools/lint-context';
import { conciseReport, jsonReport, sarifReport, textReport } from '../../support/reports';
import { fileWith, findingAt, reportOf } from './fake-report';

const words = createWords(rules);
const engine = createEngine(rules);

const compose = 'services:\n  web:\n    image: acme/web:1\n  db:\n    image: acme/db:1\n';
const pod = 'apiVersion: v1\nkind: Pod\nmetadata:\n  name: shop\nspec:\n  containers:\n    - name: web\n      image: acme/web:1\n';
const workflow =
  'on: push\njobs:\n  release:\n    runs-on: ubuntu-24.04\n    permissions: {}\n    steps:\n      - run: docker push ghcr.io/acme/web:1\n';

const found = (path: string, text: string) => engine.open({ path, text }).lint(plainContext('strict')).findings;
const merged = (path: string, text: string) => entriesOf(found(path, text)).filter(({ group }) => group !== null);

describe('a group', () => {
  it('has rules of its family, each in no other group', () => {
    const ids = new Set(rules.map(({ id }) => id));
    const listed = families.flatMap(family =>
      (family.groups ?? []).flatMap(group => Object.keys(group.rules).map(rule => ({ family, rule }))),
    );
    for (const { family, rule } of listed) {
      expect(ids).toContain(rule);
      expect(rule.startsWith(`${family.id}/`), rule).toBe(true);
    }
    expect(new Set(listed.map(({ rule }) => rule)).size).toBe(listed.length);
    expect(new Set(groups.map(({ id }) => id)).size).toBe(groups.length);
  });

  it('has words that can be translated, all of them', () => {
    const bundle = Object.fromEntries(Object.entries(englishWords(rules, groups)).map(([key, text]) => [key, text.toUpperCase()]));
    const loud = createWords(rules, { ...bundle, 'compose/container/group': '«{container}» {list}' });
    const [entry] = merged('compose.yaml', compose);
    expect(loud.entry(entry!)).toMatch(/^«web» [A-Z ,{}]+$/);
  });
});

describe('findings of one kind at one token', () => {
  it.each([
    ['compose.yaml', compose, ['Container "web" may gain privileges, use', 'Container "db" may gain privileges, use']],
    ['run.sh', '#!/bin/sh\ndocker run -d --name web acme/web:1\n', ['Container "web" may ']],
    ['pod.yaml', pod, ['Pod "shop" may make any system call', 'Container "web" may run as root', 'Container "web" may hang unnoticed']],
    ['.github/workflows/a.yaml', workflow, ['The image is pushed without a vulnerability scan and without a signature']],
  ])('of %s are one entry each', (path, text, messages) => {
    const entries = merged(path, text);
    expect(entries.map(entry => words.entry(entry).slice(0, messages.find(one => words.entry(entry).startsWith(one))?.length))).toEqual(
      messages,
    );
    for (const entry of entries) {
      // a sentence, all of whose places are filled
      expect(words.entry(entry)).toMatch(/^[^{}]+ and [^{}]+$/);
      expect(new Set(entry.members.map(({ range }) => JSON.stringify(range))).size).toBe(1);
    }
  });

  it('are as few as possible, and none is lost or in two', () => {
    for (const [path, text] of [
      ['compose.yaml', compose],
      ['pod.yaml', pod],
    ] as const) {
      const findings = found(path, text);
      const entries = entriesOf(findings);
      expect(entries.flatMap(({ members }) => members).sort((a, b) => findings.indexOf(a) - findings.indexOf(b))).toEqual(findings);
      const places = entries.map(({ finding: { rule, range } }) => `${groupOf(rule)?.id ?? rule} ${range.start} ${range.end}`);
      expect(new Set(places).size).toBe(places.length);
    }
  });
});

const text = 'services:\n  web:\n    image: acme/web\n  db: {}\n';
const at = (word: string, rule: string, severity: Severity = 'warning', container = word) =>
  findingAt(text, word, {
    rule: `compose/${rule}`,
    messageId: 'missing',
    severity,
    data: { container },
    fingerprint: `${rule} ${container}`,
    object: { document: 0, kind: 'service', name: container, container, path: '' },
  });
const ids = (findings: Parameters<typeof entriesOf>[0]) =>
  entriesOf(findings).map(({ members }) => members.map(({ rule }) => rule.slice(8)));

describe('an entry', () => {
  it('begins with the most severe, of those with the hardest, whatever order they come in', () => {
    expect(ids([at('web', 'missing-pids-limit'), at('web', 'root-user', 'info'), at('web', 'capabilities-not-dropped')])).toEqual([
      ['capabilities-not-dropped', 'missing-pids-limit', 'root-user'],
    ]);
  });

  it('takes in no other token, no other kind and no other container', () => {
    const one = at('web', 'root-user');
    expect(ids([one, at('db', 'missing-pids-limit')])).toEqual([['root-user'], ['missing-pids-limit']]);
    expect(ids([one, at('web', 'latest-tag'), at('web', 'latest-tag')])).toEqual([['root-user'], ['latest-tag'], ['latest-tag']]);
    expect(ids([one, at('web', 'missing-pids-limit', 'warning', 'db')])).toEqual([['root-user'], ['missing-pids-limit']]);
  });

  it('of a single finding says what the finding says', () => {
    const [entry] = entriesOf([at('web', 'missing-memory-limit')]);
    expect(words.entry(entry!)).toBe(words.message(entry!.finding));
    expect(entry!.group).toBeNull();
  });

  it('says of a rule that finds two things what that comes to once', () => {
    const [entry] = entriesOf([
      at('web', 'root-user'),
      { ...at('web', 'root-user'), messageId: 'unknown' },
      at('web', 'missing-pids-limit'),
    ]);
    expect(words.entry(entry!)).toBe('Container "web" may run as root and start any number of processes');
  });
});

describe('the report', () => {
  const findings = [
    at('web', 'missing-pids-limit', 'info'),
    at('web', 'privilege-escalation'),
    at('web', 'capabilities-not-dropped'),
    at('image', 'unknown-field', 'info', 'web'),
    at('db', 'missing-memory-limit'),
  ];
  const report = reportOf([fileWith('compose.yaml', text, findings), fileWith('other.yaml', text, findings)], { rules, words });

  it('shows an entry with one line of source, and every finding with its severity and rule', () => {
    expect(textReport(report, { colour: false, quiet: true }).split('\nother.yaml: ')[0]).toBe(
      [
        'compose.yaml: 3 warnings, 2 info',
        '',
        'compose.yaml:2:3: warning: Container "web" may gain privileges, use the default capabilities and start any number of processes',
        ' 2 |   web:',
        '   |   ^^^',
        '   = warning: Programs in container "web" can gain more privileges than they were started with [compose/privilege-escalation]',
        '   = warning: Container "web" keeps the engine\'s default capabilities [compose/capabilities-not-dropped]',
        '   = info: Container "web" can start processes until its host cannot start any more [compose/missing-pids-limit]',
        '',
        'compose.yaml:4:3: warning: Container "db" can use all of the host\'s memory [compose/missing-memory-limit]',
        ' 4 |   db: {}',
        '   |   ^^',
        '',
        'compose.yaml:3:5: info: compose/unknown-field/missing [compose/unknown-field]',
        ' 3 |     image: acme/web',
        '   |     ^^^^^',
        '',
      ].join('\n'),
    );
  });

  it('counts findings, and ends after as many as are asked for', () => {
    for (const maxFindings of [1, 2, 3, 4, 6, 7, 10]) {
      const shown = textReport(report, { colour: false, maxFindings });
      const rulesShown = shown.match(/\[compose\/[a-z-]+\]/g) ?? [];
      expect(rulesShown).toHaveLength(maxFindings);
      expect(shown.includes(`${10 - maxFindings} findings not shown (--max-findings)`)).toBe(maxFindings < 10);
      expect(shown).toContain('2 files checked: 6 warnings, 4 info');
      // a file, and the summary, begin after an empty line
      expect(shown).toMatch(/[^\n]\n\n(?:\d+ findings not shown.*\n)?2 files checked/);
      expect(shown).not.toMatch(/[^\n]\nother\.yaml: \d/);
    }
  });

  it.each([
    ['JSON', jsonReport(report), /"fingerprint": /g],
    ['SARIF', sarifReport(report), /"ruleId": /g],
    ['concise', conciseReport(report, { colour: false }), /^(?:compose|other)\.yaml:\d/gm],
  ])('as %s has each finding by itself', (_, printed, one) => {
    expect(printed.match(one)).toHaveLength(10);
    expect(printed).not.toContain('may gain privileges, ');
  });
});
