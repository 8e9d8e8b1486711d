import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { createEngine } from '../../shared/src/engine/create-engine';
import { rules } from '../../shared/src/families/generated/index';
import { applyEdits } from '../../shared/src/base/text/edits';
import { plainContext } from '../../tools/lint-context';
import { firstUse } from '../support/first-use';

const engine = createEngine(rules);

test.each(firstUse)('$title: one finding, and its fix gives the right bytes', ({ file, text, rule, token, mended }) => {
  const opened = engine.open({ path: file, text });
  const found = opened.lint(plainContext()).findings.filter(finding => finding.rule === rule);
  expect(found.map(({ range }) => text.slice(range.start, range.end))).toEqual([token.split(' ')[1]]);
  const edits = [...opened.renderAll(found)].flatMap(([, outcomes]) => outcomes.flatMap(outcome => (outcome.ok ? [outcome.edits] : [])));
  expect(edits.map(each => applyEdits(text, each))).toContain(mended);
});

test('the Dockerfile is the one that test/containers builds and starts', () => {
  const service = join(import.meta.dirname, '../containers/services/first-use/Dockerfile');
  expect(readFileSync(service, 'utf8')).toBe(firstUse[0]!.text);
});
