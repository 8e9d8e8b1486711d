import { expect, test } from 'vitest';
import { rebuildImages } from '../../tools/accuracy/rebuilt';
import { measureLookedUp, measureRestricted, summarizeRestricted } from '../../tools/accuracy/restricted';
import { corpusFiles, hasCorpus, noCorpus } from '../../tools/corpus-folder';

test.skipIf(!hasCorpus)(
  'Pod Security restricted: what passes before and after harden, and why the rest does not',
  () => {
    const rows = measureRestricted(corpusFiles('kubernetes'));
    const { workloads, before, after, agreed, asked, reasons } = summarizeRestricted(rows);
    console.log(
      `restricted: ${before} of ${workloads} workloads pass as they stand, ${after} after hardening, ${agreed} where a person agrees; the others:`,
    );
    for (const { seen, workloads: count } of asked) console.log(`  ${count} asked: ${seen}`);
    for (const { rule, reason, detail, workloads: count } of reasons) console.log(`  ${count} ${detail} (${rule}, ${reason})`);
    // what passes is never spoilt, and what is left has a reason
    expect(rows.filter(row => row.before.length === 0 && row.after.length > 0)).toEqual([]);
    expect(rows.filter(row => row.after.length > 0 && row.obstacles.length === 0)).toEqual([]);
    // of an image that may be anything, only a person says that another user fits
    expect(agreed).toBeGreaterThanOrEqual(203);
    // 18 are in files that say that a program writes them: a person is asked there, though nothing else is in the way
    expect(after / workloads).toBeGreaterThan(0.31);
    expect(asked.reduce((sum, each) => sum + each.workloads, 0)).toBe(rows.filter(row => row.agreed && row.after.length > 0).length);
  },
  600_000,
);

test.skipIf(!hasCorpus)(
  'Pod Security restricted, by what registries would say of images whose Dockerfiles are here',
  () => {
    const images = rebuildImages(corpusFiles('dockerfile'));
    expect(images.rebuilt.length).toBeGreaterThanOrEqual(19);
    const { none, tag, digest, layers } = measureLookedUp(corpusFiles('kubernetes'), images);
    expect(none.length).toBeGreaterThanOrEqual(28);
    const passing = [none, tag, digest, layers].map(rows => rows.filter(({ after }) => after.length === 0).length);
    console.log(`restricted: ${passing.join(', ')} of ${none.length} workloads pass without look-up, by tag, by digest, with layers`);
    // the word of a registry lifts no fix; a digest says as whom, layers with which capabilities
    expect(passing[1]).toBe(passing[0]);
    expect(passing[2]).toBeGreaterThan(passing[1]!);
    expect(passing[3]).toBeGreaterThan(passing[2]!);
    for (const rows of [tag, digest, layers]) {
      const spoilt = rows.filter((row, at) => row.after.length > 0 && none[at]!.after.length === 0);
      expect(spoilt).toEqual([]);
      // what was looked up is not unknown
      const known = rows.filter(row => row.images.every(image => images.factsOf(image, 'tag') !== null));
      expect(known.length).toBeGreaterThan(0);
      expect(known.flatMap(row => row.obstacles.filter(({ detail }) => detail?.startsWith('nothing is known')))).toEqual([]);
    }
  },
  600_000,
);

test.runIf(!hasCorpus)(noCorpus, () => undefined);
