import { fc } from '../../support/property';
import { describe, expect, test } from 'vitest';
import { createTracked, parseIndex, type IndexEntries } from '../../../server/src/host/node/git-index';
import { runNow } from '../../../server/src/host/node/steps';

/** An entry as version 2 writes it. */
function entry(name: string, mode = 0o100644): Buffer {
  const head = Buffer.alloc(62);
  head.writeUInt32BE(mode, 24);
  head.writeUInt16BE(Math.min(name.length, 0xfff), 60);
  const bytes = Buffer.concat([head, Buffer.from(name)]);
  return Buffer.concat([bytes, Buffer.alloc(8 - (bytes.length % 8))]);
}

/** An entry as version 4 writes it: how many bytes of the name before go, and what comes in their place. */
function compressed(strip: number, suffix: string): Buffer {
  const head = Buffer.alloc(62);
  head.writeUInt32BE(0o100644, 24);
  const count = strip < 128 ? [strip] : [((strip >> 7) - 1) | 128, strip & 127];
  return Buffer.concat([head, Buffer.from([...count, ...Buffer.from(suffix), 0])]);
}

function index(version: number, entries: readonly Buffer[], extensions: readonly Buffer[] = []): Buffer {
  const head = Buffer.alloc(12);
  head.write('DIRC');
  head.writeUInt32BE(version, 4);
  head.writeUInt32BE(entries.length, 8);
  return Buffer.concat([head, ...entries, ...extensions, Buffer.alloc(20, 7)]);
}

const parse = (bytes: Buffer): IndexEntries | null => runNow(parseIndex(bytes, () => true));

describe('the index of git', () => {
  test('names, of interest alone, with modules and without folders of sparse checkouts', () => {
    const bytes = index(2, [
      entry('a/b.yaml'),
      entry('a/b.txt'),
      entry('module', 0o160000),
      entry('sparse/', 0o040000),
      entry('ü.yaml', 0o120000),
    ]);
    expect(runNow(parseIndex(bytes, name => name.endsWith('.yaml')))).toEqual({ names: ['a/b.yaml', 'module/', 'ü.yaml'], shared: null });
  });

  test('names of version 4 are put together from the one before', () => {
    const long = 'x'.repeat(300);
    const bytes = index(4, [compressed(0, `${long}/a.yaml`), compressed(6, 'b.yaml'), compressed(307, 'z.yaml')]);
    expect(parse(bytes)?.names).toEqual([`${long}/a.yaml`, `${long}/b.yaml`, 'z.yaml']);
  });

  test('an extension names the index that this one builds on', () => {
    const link = Buffer.concat([Buffer.from('link'), Buffer.from([0, 0, 0, 20]), Buffer.alloc(20, 0xab)]);
    expect(parse(index(2, [entry('')], [link]))).toEqual({ names: [], shared: 'ab'.repeat(20) });
  });

  test.each<[what: string, bytes: Buffer]>([
    ['empty', Buffer.alloc(0)],
    ['of another kind', Buffer.from('PACK\0\0\0\u0002\0\0\0\0'.padEnd(60, '\0'))],
    ['of version 5', index(5, [])],
    ['cut off within an entry', index(2, [entry('a')]).subarray(0, 60)],
    [
      'with more entries promised than there are',
      Buffer.concat([Buffer.from('DIRC\0\0\0\u0002'), Buffer.alloc(4, 0xff), Buffer.alloc(500)]),
    ],
    ['with a name without an end', index(4, [compressed(0, 'a').subarray(0, -1)])],
    ['that takes more of a name than there is', index(4, [compressed(9, 'a')])],
    ['with a name longer than a path may be', index(2, [entry('a'.repeat(5000))])],
    ['with an extension that goes beyond the end', index(2, [], [Buffer.from('TREE\0\0\u0001\0')])],
  ])('%s: none', (_what, bytes) => {
    expect(parse(bytes)).toBeNull();
  });

  test('a small index that stands for very long names is none', () => {
    const first = compressed(0, 'y'.repeat(4000));
    const bytes = index(4, [first, ...Array.from({ length: 60_000 }, () => compressed(1, 'y'))]);
    expect(bytes.length).toBeLessThan(5_000_000);
    expect(parse(bytes)).toBeNull();
  });

  test('damage never throws', () => {
    const good = index(4, [compressed(0, 'a/b.yaml'), compressed(6, 'c.yaml'), compressed(2, 'ml')]);
    fc.assert(
      fc.property(
        fc.array(fc.tuple(fc.nat(good.length - 1), fc.nat(255)), { minLength: 1, maxLength: 8 }),
        fc.nat(good.length),
        (changes, cut) => {
          const bytes = Buffer.from(good);
          for (const [at, value] of changes) bytes[at] = value;
          parse(bytes);
          parse(bytes.subarray(0, cut));
        },
      ),
      { numRuns: 2000 },
    );
  });
});

test('tracked files are found by name, folders by what they hold', () => {
  const tracked = createTracked(['b/c.yaml', 'a.yaml', 'b-c/d.yaml', 'm/', 'b/c/d.yaml']);
  expect(['a.yaml', 'b/c.yaml', 'm/', 'b', 'c.yaml', ''].filter(path => tracked.has(path))).toEqual(['a.yaml', 'b/c.yaml', 'm/']);
  expect(['b', 'b-c', 'b/c', 'm', 'a.yaml', 'b/c.yaml', 'c', 'z'].filter(folder => tracked.within(folder))).toEqual([
    'b',
    'b-c',
    'b/c',
    'm',
  ]);
  expect(['m', 'b'].filter(folder => tracked.isModule(folder))).toEqual(['m']);
});
