import { expect, test } from 'vitest';
import { createEngine } from '../../shared/src/engine/create-engine';
import { rules } from '../../shared/src/families/generated/index';
import { corpusFiles, hasCorpus, noCorpus, type CorpusFile } from '../../tools/corpus-folder';
import { plainContext } from '../../tools/lint-context';
import { seeded, tryChoices, type Tried } from '../support/groups';

/** So many files with something to harden, from all over a folder. */
function sample(folder: string, wanted: number, holds: RegExp): readonly CorpusFile[] {
  const all = corpusFiles(folder).filter(({ text }) => text.length < 30_000 && holds.test(text));
  const step = Math.max(1, Math.floor(all.length / wanted));
  return all.filter((_, i) => i % step === 0).slice(0, wanted);
}

if (!hasCorpus) test.skip(noCorpus, () => {});
else {
  test('every group of 40 real files, and 200 random sets of their groups, leave a file that parses, lints no worse and keeps its comments', () => {
    const tried: Tried = { files: 0, groups: 0, choices: 0, wrong: [] };
    const random = seeded(12);
    const engine = createEngine(rules);
    for (const file of [...sample('kubernetes', 25, /^\s*containers:/m), ...sample('dockerfile', 15, /^FROM /m)])
      tryChoices(engine, plainContext(), file, 5, random, tried);
    console.log(`${tried.files} files, ${tried.groups} groups, ${tried.choices} choices`);
    expect(tried.wrong).toEqual([]);
    expect(tried.files).toBe(40);
    expect(tried.groups).toBeGreaterThan(150);
  }, 300_000);
}
