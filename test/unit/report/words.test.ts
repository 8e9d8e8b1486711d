import { describe, expect, test } from 'vitest';
import { rules } from '../../../shared/src/families/generated/index';
import { createGate } from '../../../shared/src/output/report/gate';
import { createEngine } from '../../../shared/src/engine/create-engine';
import { createWords, engineRules, englishWords } from '../../../shared/src/output/report/words';
import { plainContext } from '../../../tools/lint-context';
import { reportOf } from './fake-report';
import { githubReport, jsonReport, sarifReport, textReport } from '../../support/reports';

/** Names that suggest a secret, as messages quote them. */
const names = ['MYSQL_PASSWORD', 'API_TOKEN', 'PASSWORD', 'web'];

describe('our own words are no credential', () => {
  const words = createWords(rules);
  const gate = createGate({ text: 'FROM a\nENV MYSQL_PASSWORD="hunter2hunter2"\n', findings: [] });

  test.each(names)('behind the name %s', name => {
    const wrong = rules.flatMap(rule => {
      const data = new Proxy({}, { has: () => true, get: () => name }) as Record<string, string>;
      const texts = [
        ...Object.keys(rule.messages).map(messageId => words.message({ rule: rule.id, messageId, data })),
        ...Object.keys(rule.fixes).map(id => words.fixTitle(rule.id, { id, data })),
        ...Object.keys(rule.assumptions).map(id => words.assumption(rule.id, { id, data })),
      ];
      return texts.filter(text => gate.words(text) !== text);
    });
    expect(wrong).toEqual([]);
  });

  test('what they quote is masked, by the file and by what it tells itself', () => {
    const data = { name: 'hunter2hunter2' };
    expect(gate.words(words.message({ rule: 'dockerfile/secret-in-arg-or-env', messageId: 'env', data }))).toBe(
      'ENV "********" reveals its secret to anyone who has the image',
    );
    const told = { name: 'mysql --password=Zx9qLongSecret1' };
    expect(words.message({ rule: 'dockerfile/secret-in-arg-or-env', messageId: 'env', data: told })).not.toContain('Zx9q');
  });
});

test('no report takes the sentence around a name for its value', () => {
  const text = 'FROM alpine:3.22\nENV MYSQL_PASSWORD="hunter2hunter2"\n';
  const opened = createEngine(rules).open({ path: 'Dockerfile', text });
  const result = opened.lint(plainContext('strict'));
  const file = { path: 'Dockerfile', text, result, fixes: () => [], related: () => null };
  const report = reportOf([file], { rules: [], words: createWords(rules) });
  for (const output of [textReport(report, { colour: false }), jsonReport(report), sarifReport(report), githubReport(report)]) {
    expect(output).toMatch(/MYSQL_PASSWORD\\?" reveals its secret/);
  }
});

test('every rule of the engine itself has a title', () => {
  const words = englishWords([]);
  const ids = new Set(Object.keys(words).flatMap(key => /^bulkhead\/[a-z-]+(?=\/)/.exec(key)?.[0] ?? []));
  expect([...ids].filter(id => words[`${id}/title`] === undefined)).toEqual([]);
  expect(engineRules).toEqual([...ids].sort());
});
