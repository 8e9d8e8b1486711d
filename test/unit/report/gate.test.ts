import { fc } from '../../support/property';
import { describe, expect, it, test } from 'vitest';
import { createEngine } from '../../../shared/src/engine/create-engine';
import { rules } from '../../../shared/src/families/generated/index';
import { groups } from '../../../shared/src/families/registry';
import { createGate, gateOf, maskAlone } from '../../../shared/src/output/report/gate';
import { hardenJson, hardenNotes } from '../../../shared/src/output/report/harden';
import { reportFixes, type ReportedFile } from '../../../shared/src/output/report/types';
import { createWords, englishWords } from '../../../shared/src/output/report/words';
import { planted } from '../../support/planted';
import { innocents, spellings } from '../../support/spellings';
import { plainContext } from '../../../tools/lint-context';
import { reportOf } from './fake-report';
import { githubReport, jsonReport, markdownReport, sarifReport, textReport } from '../../support/reports';

const engine = createEngine(rules);
const words = createWords(rules);
const gateFor = (text: string) => createGate({ text, findings: [] });

describe('whatever a credential looks like', () => {
  it('there are many spellings, each with a value of its own', () => {
    expect(spellings.length).toBeGreaterThanOrEqual(120);
    expect(new Set(spellings.map(({ pieces }) => pieces[0])).size).toBe(spellings.length);
    expect(innocents.length).toBeGreaterThanOrEqual(40);
  });

  it.each([...spellings, ...planted])('no rule is needed to mask it: $name', ({ text, pieces }) => {
    const shown = gateFor(text).mask(text);
    for (const piece of pieces) expect(shown).not.toContain(piece);
  });

  it.each(spellings)('no report holds it: $name', ({ path, text, pieces }) => {
    for (const profile of ['baseline', 'strict'] as const) {
      const context = plainContext(profile);
      const opened = engine.open({ path, text });
      const result = opened.lint(context);
      const file: ReportedFile = { path, text, result, fixes: reportFixes(opened, result.findings, words), related: () => null };
      const report = reportOf([file], { rules: [], words });
      const hardened = [
        { path, text, family: result.family, result: opened.harden(context), written: false, inputs: new Map(), created: [] },
      ];
      const members = { ...report, files: hardened };
      const outputs = [
        textReport(report, { colour: false }),
        jsonReport(report),
        sarifReport(report),
        githubReport(report),
        markdownReport(report),
        hardenJson(members),
        ...hardenNotes(members),
      ];
      for (const output of outputs) for (const piece of pieces) expect(output).not.toContain(piece);
    }
  });

  it.each(innocents)('what gives nothing away stays: %s %s', (path, text) => {
    expect(gateFor(text).mask(text)).toBe(text);
    const findings = engine
      .open({ path, text })
      .lint(plainContext('strict'))
      .findings.filter(finding => finding.secrets.length === 0);
    expect(createGate({ text, findings }).slice({ start: 0, end: text.length })).toBe(text);
  });

  it('words that the program itself says stay', () => {
    for (const text of Object.values(englishWords(rules, groups))) expect(maskAlone(text)).toBe(text);
  });
});

describe('a gate', () => {
  const word = fc.constantFrom('PASSWORD=', '--token ', 'name: TOKEN', 'value: ', '"', "'", ' ', '\n', '\r\n', '\\\n', '- ', '-p', 'mysql ', 'hunter2hunter2', 'secret: |', 'kind: Secret\n', 'data:\n', '😀', '\ud83d', '…', 'pässwörd9', '://a:', '@h', '${', '}', ':-', '$(echo ', ')', '`', '{{', '}}', '| default ', '||', '<token>', '</token>', '\u202e', '\ue000'); // prettier-ignore
  const text = fc.array(fc.oneof(word, fc.string({ unit: 'binary', maxLength: 12 })), { maxLength: 40 }).map(parts => parts.join(''));

  test('masks the same text to the same text twice, on as many lines, hardly longer', () => {
    fc.assert(
      fc.property(text, text, (file, shown) => {
        const gate = gateFor(file);
        for (const own of [file, shown]) {
          const once = gate.mask(own);
          expect(gate.mask(once)).toBe(once);
          expect(once.length).toBeLessThanOrEqual(own.length * 2);
          expect(once.split(/\r\n|\r|\n/).length).toBe(own.split(/\r\n|\r|\n/).length);
          expect(/\p{Surrogate}/u.test(once) && !/\p{Surrogate}/u.test(own)).toBe(false);
          expect(gate.carries(once)).toBe(false);
        }
      }),
      { numRuns: 3000 },
    );
  });

  test.each(['mysql -p://a:\\\n', 'mysql -p://a:b\\\nc\n', 'mysql -psunflower\\\r\nseed\r\n'])(
    'leaves the line breaks of a value that goes on: %j',
    text => {
      const masked = gateFor(text).mask(text);
      expect(masked).toContain('********');
      expect(masked.split(/\r?\n/).length).toBe(text.split(/\r?\n/).length);
    },
  );

  test('masks no part of a word: "app" is no secret, and "sunflower" none in "sunflowers"', () => {
    const gate = gateFor('ENV A_PASSWORD=app B_PASSWORD=sunflower\n');
    expect(gate.mask('app, sunflowers, sunflower.')).toBe('app, sunflowers, ********.');
  });

  test('masks what a message cut off', () => {
    const gate = gateFor('ENV A_PASSWORD=hunter2hunter2hunter3\n');
    expect(gate.mask('No tag: "x:hunter2hunter2hu…"')).toBe('No tag: "x:********…"');
  });

  test('spares a plain word that names an image or an object of the file', () => {
    const text =
      'kind: Pod\nmetadata: {name: sunflower}\nspec:\n  containers:\n    - env:\n        - name: DB_PASSWORD\n          value: sunflower\n';
    expect(gateFor(text).mask('Pod "sunflower" has no limit')).toBe('Pod "sunflower" has no limit');
  });

  test.each([
    ['the user and the database', 'docker run -e POSTGRES_USER=linkding -e POSTGRES_PASSWORD=linkding --name linkding-db postgres'],
    ['the container', 'docker run -e POSTGRES_PASSWORD=linkding --name linkding-db postgres'],
    ['a part of the image', 'services:\n  db:\n    image: acme/linkding\n    environment: { POSTGRES_PASSWORD: linkding }\n'],
  ])('masks no name where a password is that of %s', (_what, text) => {
    const start = text.indexOf('linkding', text.indexOf('PASSWORD'));
    const gate = createGate({ text, findings: [{ secrets: [{ start, end: start + 8 }] }] });
    expect(gate.mask('Container "linkding-db" runs as root')).toBe('Container "linkding-db" runs as root');
    // the value stays masked where it stands, and where a text tells that it is one
    expect(gate.slice({ start, end: start + 8 })).toBe('********');
    expect(gate.mask('POSTGRES_PASSWORD=linkding')).toBe('POSTGRES_PASSWORD=********');
  });

  test('is one for each result', () => {
    const result = { findings: [] };
    expect(gateOf({ text: 'a', result })).toBe(gateOf({ text: 'a', result }));
  });
});
