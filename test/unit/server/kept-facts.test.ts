import { mkdtempSync, symlinkSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { describe, expect, it, test } from 'vitest';
import { openKeptFacts } from '../../../server/src/cli/kept/kept-facts';
import { openPacks } from '../../../server/src/host/node/kept/packs';
import { stampOf } from '../../../server/src/cli/kept/stamps';

const head = { objects: null, builds: ['builds'], gap: false };
const later = Date.now() + 60_000;

interface Place {
  readonly file: string;
  /** Opens what is kept; tells which files were read. */
  readonly open: (
    now: number,
    replaced?: boolean,
  ) => { readonly facts: ReturnType<typeof openKeptFacts>; readonly read: readonly string[] };
}

/** A folder with one file, of which something has been learned. */
function learned(text: string, now: number): Place {
  const base = mkdtempSync(join(tmpdir(), 'bulkhead-facts-'));
  const keyFolder = mkdtempSync(join(tmpdir(), 'bulkhead-key-'));
  const file = join(base, 'a.yaml');
  writeFileSync(file, text);
  const packs = openPacks({ folder: keyFolder, keyFolder, version: '1' });
  const open = (at: number, replaced = false, now = 'b: 2\n'): ReturnType<Place['open']> => {
    const read: string[] = [];
    const facts = openKeptFacts(packs, {
      base,
      absolute: path => join(base, path),
      read: path => (read.push(path), now),
      isReplaced: () => replaced,
      now: () => at,
    });
    return { facts, read };
  };
  const { facts } = open(now, false, text);
  expect(facts.of('a.yaml')).toBeNull();
  facts.reads('a.yaml', text);
  facts.keep([['a.yaml', { head, body: null }]]);
  return { file, open };
}

describe('what is kept of the files of a folder', () => {
  it('counts without a look at a file whose size and times are the same', () => {
    const { facts, read } = learned('a: 1\n', later).open(later);
    expect(facts.of('a.yaml')!.head()).toEqual(head);
    expect(facts.of('a.yaml')!.body()).toBeNull();
    expect(read).toEqual([]);
  });

  it.each([
    ['has the same text', 'b: 2\n', true],
    ['has another', 'a: 1\n', false],
  ])('counts where a file was written again and %s', (_, text, counts) => {
    const { file, open } = learned(text, later);
    writeFileSync(file, 'b: 2\n');
    const { facts, read } = open(later);
    expect(facts.of('a.yaml') !== null).toBe(counts);
    expect(read).toEqual(['a.yaml']);
  });

  it('looks into a file that changed a moment before: its next change may have the same time', () => {
    const { file, open } = learned('b: 2\n', Date.now());
    expect(stampOf(file, Date.now())).toBeNull();
    const { facts, read } = open(later);
    expect(facts.of('a.yaml')).not.toBeNull();
    expect(read).toEqual(['a.yaml']);
    // and knows it from then on
    facts.keep([['a.yaml', null]]);
    const next = open(later);
    expect(next.facts.of('a.yaml')!.head()).toEqual(head);
    expect(next.read).toEqual([]);
  });

  it('says nothing of a file that has another text in this run, nor of one of which two texts were read', () => {
    const { open } = learned('b: 2\n', later);
    expect(open(later, true).facts.of('a.yaml')).toBeNull();
    const { facts } = open(later);
    facts.of('a.yaml');
    facts.reads('a.yaml', 'c: 3\n');
    expect(facts.isTorn()).toBe(true);
    facts.keep([['a.yaml', { head: { ...head, gap: true }, body: null }]]);
    expect(open(later).facts.of('a.yaml')).toBeNull();
  });

  test.skipIf(process.platform === 'win32')('goes by no stamp of a link: what it leads to may change', () => {
    const { file } = learned('a: 1\n', later);
    symlinkSync(file, `${file}.link`);
    expect(stampOf(`${file}.link`, later)).toBeNull();
    expect(stampOf(file, later)).not.toBeNull();
  });
});
