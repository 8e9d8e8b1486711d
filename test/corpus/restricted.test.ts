import { expect, test } from 'vitest';
import { measureRestricted, summarizeRestricted } from '../../tools/accuracy/restricted';
import { corpusFiles, hasCorpus, noCorpus } from '../../tools/corpus-folder';

test.skipIf(!hasCorpus)(
  'Pod Security restricted: what passes before and after harden, and why the rest does not',
  () => {
    const rows = measureRestricted(corpusFiles('kubernetes'));
    const { workloads, before, after, agreed, asked, reasons } = summarizeRestricted(rows);
    console.log(
      `restricted: ${before} of ${workloads} workloads pass as they stand, ${after} after harden, ${agreed} where a person agrees; the others:`,
    );
    for (const { seen, workloads: count } of asked) console.log(`  ${count} asked: ${seen}`);
    for (const { rule, reason, detail, workloads: count } of reasons) console.log(`  ${count} ${detail} (${rule}, ${reason})`);
    // what passes is never spoilt, and what is left has a reason
    expect(rows.filter(row => row.before.length === 0 && row.after.length > 0)).toEqual([]);
    expect(rows.filter(row => row.after.length > 0 && row.obstacles.length === 0)).toEqual([]);
    // of an image that may be anything, only a person says that another user fits
    expect(agreed).toBeGreaterThanOrEqual(203);
    expect(after / workloads).toBeGreaterThan(0.38);
    expect(asked.reduce((sum, each) => sum + each.workloads, 0)).toBe(rows.filter(row => row.agreed && row.after.length > 0).length);
  },
  600_000,
);

test.runIf(!hasCorpus)(noCorpus, () => undefined);
