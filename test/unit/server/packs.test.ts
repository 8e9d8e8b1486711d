import { trusted } from '../../../shared/src/early';
import { chmodSync, mkdtempSync, readdirSync, readFileSync, renameSync, statSync, symlinkSync, utimesSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { describe, expect, it, test } from 'vitest';
import { keptBytes, openPacks, type PackLimits, type PackName, type Packs } from '../../../server/src/host/node/kept/packs';

const fresh = (): string => mkdtempSync(join(tmpdir(), 'bulkhead-packs-'));
const name: PackName = { what: 'lint', under: ['a', 'b'] };
const rows = ['one', 'two', 'three'].map((key, i) => ({ key, head: [i], body: keptBytes(trusted(JSON.stringify({ key }))) }));

interface Place {
  readonly folder: string;
  readonly open: (more?: { readonly version?: string; readonly keyFolder?: string; readonly limits?: PackLimits }) => Packs;
  readonly file: () => string;
}

function place(): Place {
  const [folder, keyFolder] = [join(fresh(), 'packs'), join(fresh(), 'key')];
  return {
    folder,
    open: more => openPacks({ folder, keyFolder, version: '1', ...more }),
    file: () =>
      join(
        folder,
        readdirSync(folder).find(file => file.startsWith('lint-'))!,
      ),
  };
}

function written(): Place {
  const own = place();
  own.open().write(name, rows, { all: 1 });
  return own;
}

describe('what a run keeps for the next', () => {
  it('comes back as it was, for the user alone', () => {
    const { open, folder, file } = written();
    const pack = open().read(name)!;
    expect(pack.common).toEqual({ all: 1 });
    expect([...pack.rows].map(([key, { head, body }]) => ({ key, head, body: Buffer.from(body()) }))).toEqual(rows);
    if (process.platform === 'win32') return;
    expect(statSync(folder).mode & 0o777).toBe(0o700);
    expect(statSync(file()).mode & 0o777).toBe(0o600);
  });

  it.each<[string, (place: Place) => Packs]>([
    ['of another version', ({ open }) => open({ version: '2' })],
    ['sealed with another key', ({ open }) => open({ keyFolder: fresh() })],
    ['with a changed byte', own => change(own, bytes => void (bytes[bytes.length - 3]! ^= 1))],
    ['with a changed seal', own => change(own, bytes => void (bytes[0]! ^= 1))],
    ['cut off', own => (writeFileSync(own.file(), readFileSync(own.file()).subarray(0, 60)), own.open())],
    ['empty', own => (writeFileSync(own.file(), ''), own.open())],
    ['with more behind it', own => (writeFileSync(own.file(), 'x', { flag: 'a' }), own.open())],
    ['in the place of another', own => moved(own)],
  ])('is not there where it is %s', (_, spoil) => {
    const own = written();
    const packs = spoil(own);
    expect(packs.read(name)).toBeNull();
    // and is made anew
    packs.write(name, rows, null);
    expect(packs.read(name)?.rows.size).toBe(3);
  });

  test.skipIf(process.platform === 'win32').each<[string, (place: Place) => void]>([
    ['others may write to it', ({ file }) => chmodSync(file(), 0o622)],
    ['its folder is open to others', ({ folder }) => chmodSync(folder, 0o777)],
    [
      'it is a link',
      ({ file, folder }) => {
        const path = file();
        renameSync(path, join(folder, 'elsewhere'));
        symlinkSync(join(folder, 'elsewhere'), path);
      },
    ],
  ])('does not count where %s', (_, open) => {
    const own = written();
    expect(own.open().read(name)).not.toBeNull();
    open(own);
    expect(own.open().read(name)).toBeNull();
  });

  it('takes no more room than it may, the latest rows and packs first', () => {
    const { open, folder } = place();
    const large = (key: string) => ({ key, head: null, body: keptBytes(trusted('a'.repeat(2000))) });
    const packs = open({ limits: { pack: 10_000, folder: 12_000 } });
    packs.write(name, ['a', 'b', 'c', 'd'].map(large), null);
    expect([...packs.read(name)!.rows.keys()]).toEqual(['a', 'b']);
    const names = [1, 2, 3, 4].map(n => ({ what: 'facts', under: [`${n}`] }) as const);
    for (const [i, one] of names.entries()) {
      packs.write(one, [large('a'), large('b')], null);
      // each a minute after the last one
      for (const file of readdirSync(folder)) {
        const { mtimeMs } = statSync(join(folder, file));
        utimesSync(join(folder, file), mtimeMs / 1000 - 60, mtimeMs / 1000 - 60);
      }
      if (i === 2) expect(packs.read(names[1]!)).not.toBeNull();
    }
    // the second was asked for after the third
    expect(names.map(one => packs.read(one) !== null)).toEqual([false, true, false, true]);
  });

  it('removes what runs that were ended have left, and nothing that is not its own', () => {
    const { open, folder, file } = written();
    const [old, young, foreign] = ['.1.a', '.2.b', '.txt'].map((end, i) => (i < 2 ? file() + end : join(folder, `notes${end}`)));
    for (const path of [old!, young!, foreign!]) writeFileSync(path, '');
    utimesSync(old!, 1000, 1000);
    utimesSync(foreign!, 1000, 1000);
    open().write(name, rows, null);
    expect(
      readdirSync(folder)
        .map(one => join(folder, one))
        .sort(),
    ).toEqual([file(), young!, foreign!].sort());
  });

  it('tells texts apart by the key of the user, so that nobody else can try what one has been', () => {
    const { open } = place();
    const [one, other] = [open(), open({ keyFolder: fresh() })];
    expect(one.hash('a')).toMatch(/^[\w-]{27}$/);
    expect(one.hash('a')).toBe(one.hash('a'));
    expect(one.hash('b')).not.toBe(one.hash('a'));
    expect(other.hash('a')).not.toBe(one.hash('a'));
    one.write(name, rows, null);
    expect(open().hash('a')).toBe(one.hash('a'));
  });

  it('is not written over what a run at the same time has made with a key of its own', () => {
    const { open } = place();
    const [one, other] = [open(), open()];
    const hash = one.hash('a');
    expect(other.hash('a')).not.toBe(hash);
    one.write(name, rows, { all: 1 });
    other.write(name, rows, { all: 2 });
    expect(open().read(name)!.common).toEqual({ all: 1 });
    expect(open().hash('a')).toBe(hash);
  });

  it('writes nothing where it cannot, and says nothing', () => {
    const file = join(fresh(), 'file');
    writeFileSync(file, '');
    for (const { folder, keyFolder } of [
      { folder: file, keyFolder: fresh() },
      { folder: fresh(), keyFolder: file },
    ]) {
      const packs = openPacks({ folder, keyFolder, version: '1' });
      packs.write(name, rows, null);
      expect(packs.read(name)).toBeNull();
    }
  });
});

function change(own: Place, how: (bytes: Buffer) => void): Packs {
  const bytes = readFileSync(own.file());
  how(bytes);
  writeFileSync(own.file(), bytes);
  return own.open();
}

/** The pack of another name, under this one. */
function moved(own: Place): Packs {
  const path = own.file();
  const packs = own.open();
  packs.write({ what: 'lint', under: ['c'] }, rows, null);
  const from = readdirSync(own.folder).find(file => file.startsWith('lint-') && join(own.folder, file) !== path)!;
  renameSync(join(own.folder, from), path);
  return packs;
}
