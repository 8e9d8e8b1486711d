import { expect, test } from 'vitest';
import { rules } from '../../shared/src/families/generated/index';
import { measurePss } from '../../tools/accuracy/pss';
import { hasCorpus, noCorpus } from '../../tools/corpus-folder';

test.skipIf(!hasCorpus)('Pod Security: the verdict of every fixture, by the `pss` of findings', () => {
  const { right, rows, wrong } = measurePss(rules);
  console.log(`Pod Security: ${right} of ${rows} verdicts right`);
  expect(rows).toBeGreaterThan(0);
  expect(wrong).toEqual([]);
});

test.runIf(!hasCorpus)(noCorpus, () => undefined);
