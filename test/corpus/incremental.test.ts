import { expect, test } from 'vitest';
import { corpusFiles, hasCorpus, noCorpus } from '../../tools/corpus-folder';
import { firstDifference } from '../support/random-edits';

/** Edits of all files together. */
const edits = 2000;
const perFile = 50;
const longest = 12_000;

if (!hasCorpus) console.log(noCorpus);
test.skipIf(!hasCorpus)(
  `after ${edits} random edits of real files an engine says what a new one does, byte for byte`,
  () => {
    const sample = (family: 'dockerfile' | 'kubernetes') => {
      const files = corpusFiles(family).filter(({ text }) => text.length < longest);
      const step = files.length / (edits / perFile / 2);
      return Array.from({ length: edits / perFile / 2 }, (_, i) => files[Math.floor(i * step)]!);
    };
    const differ = [...sample('dockerfile'), ...sample('kubernetes')].filter((file, seed) => firstDifference(file, perFile, seed) !== null);
    expect(differ.map(({ path }) => path)).toEqual([]);
  },
  900_000,
);
