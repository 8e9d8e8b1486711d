import { describe, expect, test } from 'vitest';
import { rules } from '../../shared/src/families/generated/index';
import { measureFolder } from '../../tools/accuracy/corpus';
import { createJudge } from '../../tools/accuracy/judge';
import { readCatalogueText, readMapping } from '../../tools/accuracy/mapping';
import { frequentRules, shareOf } from '../../tools/accuracy/page';
import { readFrequent, readReasons, reasonFor } from '../../tools/accuracy/reasons';
import { readRows } from '../../tools/accuracy/rows';
import { corpusFiles, hasCorpus, noCorpus } from '../../tools/corpus-folder';

/** The share of rows that we must agree with, those that are listed with a reason among the others. */
const least = 0.97;

describe.runIf(hasCorpus)('the test suites of other linters', () => {
  const reasons = readReasons();
  // what is skipped is collected all the same
  const judge = hasCorpus ? createJudge(rules, readMapping()) : () => null;
  const verdicts = hasCorpus ? readRows().flatMap(row => judge(row) ?? []) : [];

  const peers = new Set(verdicts.map(({ row }) => row.peer));
  const cases = [
    ['dockerfile', 'hit'],
    ['dockerfile', 'clean'],
    ['kubernetes', 'hit'],
    ['kubernetes', 'clean'],
    ['compose', 'hit'],
    ['compose', 'clean'],
    ['workflow', 'hit'],
    ['workflow', 'clean'],
    // a corpus may be older than these rows
    ...(peers.has('glsec')
      ? ([
          ['gitlab', 'hit'],
          ['gitlab', 'clean'],
        ] as const)
      : []),
  ] as const;
  test.each(cases)('%s, %s rows', (family, expected) => {
    const of = verdicts.filter(v => v.row.family === family);
    const { rows, right, listed } = shareOf(of, expected, reasons);
    console.log(
      `${family}, ${expected}: ${right} of ${rows} right (${((100 * right) / rows).toFixed(1)} %), ${listed} listed with a reason`,
    );
    const open = of.filter(v => v.row.expect === expected && v.uncounted === null && !v.right && !reasonFor(reasons, v.row));
    expect(open.map(v => v.row.id)).toEqual([]);
    expect((right + listed) / rows).toBeGreaterThanOrEqual(least);
  });

  test('a rule that reports in more than a third of the official images has a reason to', () => {
    const frequent = frequentRules(measureFolder(rules, corpusFiles('dockerfile')));
    const reasonsOf = readFrequent();
    expect(frequent.filter(rule => !Object.hasOwn(reasonsOf, rule))).toEqual([]);
    expect(Object.keys(reasonsOf).filter(rule => !frequent.includes(rule))).toEqual([]);
  }, 60_000);

  test('each listed reason is of use, and is one sentence', () => {
    const wrong = verdicts.filter(v => !v.right);
    const pairs = /^(?:polaris\/.*mutated|kubeaudit\/autofix\/)/;
    const idle = reasons.filter(
      ({ row }) =>
        !pairs.test(row) && peers.has(row.slice(0, row.indexOf('/'))) && !wrong.some(v => reasonFor(reasons, v.row)?.row === row),
    );
    expect(idle.map(({ row }) => row)).toEqual([]);
    expect(reasons.filter(({ reason }) => reason.trim() === '' || reason.length > 300)).toEqual([]);
  });

  test('the words of the catalogue that a reason quotes stand in it', () => {
    const catalogue = readCatalogueText();
    expect(reasons.filter(({ words }) => words !== undefined && !catalogue.includes(words))).toEqual([]);
  });

  test('each row of a workflow has a reason of its own, and the words where the catalogue decides', () => {
    const workflow = new Set(verdicts.filter(v => v.row.family === 'workflow').map(v => v.row.id));
    expect(reasons.filter(({ row }) => row.endsWith('*') && [...workflow].some(id => id.startsWith(row.slice(0, -1))))).toEqual([]);
    const silent = reasons.filter(({ row, kind, words }) => workflow.has(row) && kind === 'catalogue' && words === undefined);
    expect(silent).toEqual([]);
  });
});

test.runIf(!hasCorpus)(noCorpus, () => undefined);
