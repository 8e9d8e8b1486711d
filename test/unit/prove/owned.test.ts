import { execFileSync } from 'node:child_process';
import { chmodSync, mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { tarReader } from '../../../server/src/prove/image-places';
import { collectPlaces, type ImageEntry, mayKeep, mayWrite, placesOf, soleOwner } from '../../../shared/src/services/prove/owned';
import { fc } from '../../support/property';

const folder = (path: string, uid = 0, mode = 0o755, gid = uid): ImageEntry => ({ path, isFolder: true, uid, gid, mode });
const file = (path: string, uid = 0, mode = 0o644, gid = uid): ImageEntry => ({ path, isFolder: false, uid, gid, mode });
const app = { uid: 7, gid: 7, groups: [20] };

/** What a user may write to, with `+` where files are in it. */
const written = (entries: readonly ImageEntry[]): readonly string[] => {
  const collected = collectPlaces();
  entries.forEach(collected.add);
  return placesOf(collected.places()!, app).map(({ path, isFilled }) => path + (isFilled ? ' +' : ''));
};

test.each<readonly [title: string, entries: readonly ImageEntry[], expected: readonly string[]]>([
  ['nothing that is root’s', [folder('/srv'), file('/srv/a'), folder('/etc')], []],
  ['a folder of its own', [folder('/data', 7)], ['/data']],
  ['with files in it, whoever has them', [folder('/data', 7), folder('/data/sub'), file('/data/sub/a')], ['/data +']],
  ['a home with the files of every new user', [folder('/home/app', 7), file('/home/app/.profile', 7)], ['/home/app']],
  ['a home with others', [folder('/home/app', 7), folder('/home/app/.config', 7), file('/home/app/.config/a', 7)], ['/home/app +']],
  ['the highest folder alone', [folder('/data', 7), folder('/data/in', 7), file('/data/in/.a', 7)], ['/data +']],
  ['a folder of its own in one of somebody else', [folder('/data', 8), folder('/data/own', 7)], ['/data/own']],
  ['one below one of root’s in its own', [folder('/data', 7), folder('/data/r'), folder('/data/r/own', 7)], ['/data']],
  ['what its group may write to', [folder('/spool', 0, 0o775, 20), folder('/more', 0, 0o755, 20)], ['/spool']],
  ['what everybody may', [folder('/open', 0, 0o1777), folder('/shut', 0, 0o1775)], ['/open']],
  ['but not what it may not itself', [folder('/mine', 7, 0o555)], []],
  ['a file of its own', [file('/etc/app.conf', 7), file('/etc/other.conf', 8)], ['/etc/app.conf +']],
  ['nothing of the kernel, and no place of everybody', [folder('/dev/x', 7), folder('/tmp', 0, 0o1777), folder('/var/tmp', 0, 0o1777)], []],
])('a user may write to %s', (_title, entries, expected) => {
  expect(written(entries)).toEqual(expected);
});

test('too many places are not known', () => {
  const collected = collectPlaces();
  for (let at = 0; at <= 20_001; at++) collected.add(folder(`/data/${at}`, 7));
  expect(collected.places()).toBeNull();
});

test('a new volume belongs to whom the folder of the image does, and to root where there is none', () => {
  const places = [{ ...folder('/data', 7), isFilled: false }];
  const keeps = (path: string, who: typeof app | null): boolean => mayKeep(places, path, who);
  expect([keeps('/data', app), keeps('/data/in', app), keeps('/other', app), keeps('/other', null)]).toEqual([true, false, false, true]);
  expect(mayKeep(null, '/data', app)).toBe(false);
  expect([soleOwner(places, ['/data', '/other']), soleOwner(places, ['/other'])]).toEqual(['7:7', null]);
  expect(soleOwner([...places, { ...folder('/more', 8), isFilled: false }], ['/data', '/more'])).toBeNull();
  expect(mayWrite(folder('/x', 0, 0o702), app)).toBe(true);
});

/** What the reader makes of an archive that comes in pieces. */
function readIn(archive: Buffer, sizes: readonly number[]) {
  const found: (readonly [string, string, number])[] = [];
  const { hear, isWhole } = tarReader(({ path, isFolder, uid, gid, mode }) =>
    found.push([path, isFolder ? `${uid}:${gid}` : 'file', mode]),
  );
  for (let at = 0, turn = 0; at < archive.length; turn++) {
    const size = sizes[turn % sizes.length]!;
    hear(archive.subarray(at, at + size));
    at += size;
  }
  return { found, isWhole: isWhole() };
}

test.skipIf(process.platform !== 'linux')('an archive is read in whatever pieces it comes, long names too', () => {
  const root = mkdtempSync(join(tmpdir(), 'tar-'));
  try {
    const long = join('long'.repeat(15), 'name'.repeat(15), 'of'.repeat(15));
    mkdirSync(join(root, long), { recursive: true });
    mkdirSync(join(root, 'data'));
    chmodSync(join(root, 'data'), 0o2770);
    writeFileSync(join(root, 'data', 'file'), 'x'.repeat(1500));
    for (const format of ['gnu', 'pax', 'ustar']) {
      const options = ['--format', format, '--owner', '3000000', '--group', '7', '--sort=name', '-C', root, '-c', '.'];
      const archive = execFileSync('tar', format === 'ustar' ? options.map(word => (word === '3000000' ? '30' : word)) : options);
      const whole = readIn(archive, [archive.length]);
      const uid = format === 'ustar' ? 30 : 3_000_000;
      expect(whole.isWhole, format).toBe(true);
      expect(whole.found, format).toContainEqual(['./data/', `${uid}:7`, 0o2770]);
      expect(whole.found, format).toContainEqual(['./data/file', 'file', 0o644]);
      expect(whole.found, format).toContainEqual([`./${long}/`, `${uid}:7`, 0o755]);
      fc.assert(
        fc.property(fc.array(fc.integer({ min: 1, max: 2000 }), { minLength: 1, maxLength: 5 }), sizes => {
          expect(readIn(archive, sizes)).toEqual(whole);
        }),
        { numRuns: 20 },
      );
      expect(readIn(archive.subarray(0, 2048), [2048]).isWhole).toBe(false);
    }
  } finally {
    rmSync(root, { recursive: true });
  }
});
