import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import { copied } from '../../../shared/src/base/limits/copy';
import { programFacts } from '../../../shared/src/evidence/program/program-facts';
import { stageWrites } from '../../../shared/src/evidence/program/programs';
import { indexOf } from '../program/image-writes';

// Thirty programs that were written, and run, before what reads them: each writes where its truth says, looks as if it wrote, or is in a language that
// nobody reads here. What is not read is a question; no folder is guessed.

interface Case {
  readonly name: string;
  readonly files: readonly string[];
  readonly truth: { readonly writes: readonly string[]; readonly expect: 'exact' | 'nothing' | 'asked'; readonly why: string };
}

const root = join(import.meta.dirname, '../../evidence');
const cases = JSON.parse(readFileSync(join(root, 'programs.json'), 'utf8')) as readonly Case[];

/** What the image of a case is seen to write, and what a person is asked. */
function seen({ name, files }: Case): { readonly folders: readonly string[]; readonly doubt: string | null } {
  const index = indexOf(Object.fromEntries(files.map(file => [file, readFileSync(join(root, 'programs', name, file), 'utf8')])));
  const { folders, doubt, unread } = stageWrites(index.stageOf('Dockerfile', null)!, index);
  return { folders: folders.map(({ path }) => path).sort(), doubt: doubt ?? unread };
}

const results = cases.map(one => ({ ...one, ...seen(one) }));
const of = (expected: Case['truth']['expect']): typeof results => results.filter(({ truth }) => truth.expect === expected);

describe('thirty programs', () => {
  test('at least sixteen of the twenty that write to one place are placed exactly, and nothing is asked of them', () => {
    const missed = of('exact').filter(({ folders, doubt, truth }) => doubt !== null || folders.join() !== [...truth.writes].sort().join());
    expect(of('exact')).toHaveLength(20);
    expect(missed.map(({ name, folders, doubt }) => `${name}: ${folders.join()} ${doubt ?? ''}`).slice(4)).toEqual([]);
  });

  test.each(of('nothing').map(one => [one.name, one] as const))('%s writes nothing', (_, { folders, doubt }) => {
    expect({ folders, doubt }).toEqual({ folders: [], doubt: null });
  });

  test.each(of('asked').map(one => [one.name, one] as const))('%s is asked for', (_, { doubt }) => {
    expect(doubt).toMatch(/^it starts a program in (?:Go|Java|Ruby|PHP|C#), which is not analyzed here$/);
  });

  test.each(results.map(one => [one.name, one] as const))('no folder is invented: %s', (_, { folders, truth }) => {
    expect(folders.filter(path => !truth.writes.includes(path))).toEqual([]);
  });

  test('what they tell is plain data, as what is copied and kept has to be', () => {
    const facts = cases.flatMap(({ name, files }) =>
      files.flatMap(file => programFacts(readFileSync(join(root, 'programs', name, file), 'utf8'), file)),
    );
    expect(facts.length).toBeGreaterThan(30);
    expect(copied(facts)).toEqual(facts);
  });
});
