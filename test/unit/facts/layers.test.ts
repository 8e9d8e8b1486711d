import { describe, expect, it } from 'vitest';
import { nodeLayerHost } from '../../../shared/host/node/layer-host';
import { type LayerLimits, type LayerReading, readLayers, usualLimits } from '../../../shared/src/services/facts/layers';
import { createTarReader, type TarEntry } from '../../../shared/src/services/facts/tar';
import { Malformed } from '../../../shared/src/services/facts/members';
import { entryBlocks, layer, layerOf, type MadeEntry, type MadeLayer, sourceOf, tarOf, zstdOf, headerOf, paxOf } from '../../support/tar';

/** What a reader makes of an archive in pieces of a length; the reason where it refuses it. */
function entriesOf(archive: Buffer, piece = archive.length): readonly TarEntry[] | string {
  const entries: TarEntry[] = [];
  const reader = createTarReader({ entry: entry => (entries.push(entry), 0), content: () => undefined });
  try {
    for (let at = 0; at < archive.length; at += piece) reader.push(archive.subarray(at, at + piece));
    reader.end();
  } catch (error) {
    if (error instanceof Malformed) return error.message;
    throw error;
  }
  return entries;
}

const long = `${'folder/'.repeat(40)}file`;
const first = (entry: MadeEntry): TarEntry | string => {
  const read = entriesOf(tarOf([entry]));
  return typeof read === 'string' ? read : read[0]!;
};

describe('an entry of an archive', () => {
  it.each<readonly [string, MadeEntry, Partial<TarEntry>]>([
    [
      'ustar',
      { path: './/etc/./passwd', mode: 0o4755, uid: 3, gid: 4 },
      { path: 'etc/passwd', kind: 'file', mode: 0o4755, uid: 3, gid: 4 },
    ],
    ['a folder', { path: 'etc/' }, { path: 'etc', kind: 'folder' }],
    ['a folder as old programs write it', { path: 'etc/', type: '0' }, { path: 'etc', kind: 'folder' }],
    ['a long name of PAX', { path: long }, { path: long }],
    ['a long name of GNU', { path: long, gnu: true }, { path: long }],
    ['a long target of PAX', { path: 'a', link: long }, { kind: 'symlink', target: long }],
    ['a long target of GNU', { path: 'a', hard: long, gnu: true }, { kind: 'hardlink', target: long }],
    ['a large number', { path: 'a', uid: 3_000_000_000 }, { uid: 3_000_000_000 }],
    ['numbers of PAX', { path: 'a', pax: { uid: '5000000', gid: '7' } }, { uid: 5_000_000, gid: 7 }],
    ['a size of PAX where the header has none', { path: 'a', content: 'abc', size: 0, pax: { size: '3' } }, { size: 3 }],
    [
      'capabilities',
      { path: 'a', pax: { 'SCHILY.xattr.security.capability': Buffer.from([1, 0, 10]) } },
      { capability: new Uint8Array([1, 0, 10]) },
    ],
    ['a name that is not UTF-8', { path: 'a', pax: { path: Buffer.from([0x61, 0xff]) } }, { path: 'a\udcff' }],
    ['an empty record', { path: 'a', pax: { path: '' } }, { path: 'a' }],
    ['a device', { path: 'dev/null', type: '3' }, { kind: 'special' }],
  ])('%s', (_, entry, expected) => {
    expect(first(entry)).toMatchObject(expected);
  });

  it.each<readonly [string, Buffer, string]>([
    ['a path that leads upwards', tarOf([{ path: '../etc/passwd' }]), 'a path leads upwards'],
    [
      'a PAX size at odds with the header',
      tarOf([{ path: 'a', content: 'abc', pax: { size: '1' } }]),
      'a PAX header is at odds with the header of its entry',
    ],
    [
      'two PAX headers',
      Buffer.concat([entryBlocks({ path: 'b', pax: { path: 'x' } }).subarray(0, 1024), tarOf([{ path: 'a', pax: { path: 'y' } }])]),
      'an entry has two headers of a kind',
    ],
    ['PAX and GNU', tarOf([{ path: long, gnu: true, pax: { path: 'x' } }]), 'an entry has a PAX header and a GNU one'],
    ['a folder with content', tarOf([{ path: 'a/', content: 'abc' }]), 'an entry without content has a size'],
    ['a hard link with content', tarOf([{ path: 'a', hard: 'b', content: 'abc' }]), 'an entry without content has a size'],
    ['a sparse file of GNU', tarOf([{ path: 'a', type: 'S' }]), 'it has a sparse file'],
    ['a sparse file of PAX', tarOf([{ path: 'a', pax: { 'GNU.sparse.major': '1' } }]), 'it has a sparse file'],
    ['an unknown type', tarOf([{ path: 'a', type: 'Q' }]), 'it has an entry of an unknown type'],
    ['a zero byte in a name', tarOf([{ path: 'a', pax: { path: 'a\0b' } }]), 'a name has a zero byte'],
    ['a negative size', tarOf([{ path: 'a', pax: { size: '-1' } }]), 'an extended header has a wrong size'],
    ['half a file', tarOf([{ path: 'a', content: 'a'.repeat(600) }]).subarray(0, 1100), 'the archive ends in the middle of a file'],
    ['half a header', tarOf([{ path: 'a' }]).subarray(0, 100), 'the archive ends in the middle of a file'],
    ['an extended header without an entry', Buffer.concat([paxBlocks({ path: 'x' }), Buffer.alloc(1024)]), 'a header has no entry'],
    [
      'a global header that moves files',
      Buffer.concat([paxBlocks({ path: 'x' }, 'g'), tarOf([{ path: 'a' }])]),
      'a global header changes the entries after it',
    ],
    ['a broken checksum', Buffer.concat([Buffer.from('x'), tarOf([{ path: 'a' }]).subarray(1)]), 'a header has a wrong checksum'],
    ['something after an empty block', Buffer.concat([Buffer.alloc(512), tarOf([{ path: 'a' }])]), 'something comes after an empty block'],
    [
      'a broken record',
      Buffer.concat([headerOf('p', { type: 'x', size: 5 }), Buffer.from('9 a=b'.padEnd(512, '\0'))]),
      'an extended header is broken',
    ],
    ['no archive at all', Buffer.from('<!doctype html>'.padEnd(1024)), 'a header has a wrong checksum'],
  ])('%s is refused', (_, archive, problem) => {
    expect(entriesOf(archive)).toBe(problem);
  });

  it('is the same in pieces of any length', () => {
    const archive = tarOf([
      { path: long, content: 'abc' },
      { path: 'b', content: 'x'.repeat(1000) },
      { path: long, gnu: true, link: long },
    ]);
    for (const piece of [1, 7, 511, 512, 513]) expect(entriesOf(archive, piece)).toEqual(entriesOf(archive));
  });

  it('is read of an archive without an end, and of an empty one', () => {
    expect(entriesOf(tarOf([{ path: 'a' }]).subarray(0, 512))).toHaveLength(1);
    expect(entriesOf(Buffer.alloc(0))).toEqual([]);
    expect(entriesOf(Buffer.concat([tarOf([{ path: 'a' }]), Buffer.from('anything')]))).toHaveLength(1);
  });
});

function paxBlocks(records: Readonly<Record<string, string>>, type = 'x'): Buffer {
  const bytes = paxOf(records);
  return Buffer.concat([headerOf('pax', { type, size: bytes.length }), bytes, Buffer.alloc((512 - (bytes.length % 512)) % 512)]);
}

const read = (
  layers: readonly MadeLayer[],
  wanted: readonly string[],
  limits: LayerLimits = usualLimits,
  source = sourceOf(layers),
): Promise<LayerReading> =>
  readLayers(
    layers.map(({ blob }) => blob),
    source,
    nodeLayerHost,
    tree => (wanted.some(path => tree.find(path).state === 'pending') ? 'open' : 'all'),
    limits,
  );

/** What a path is: `path uid mode`, `absent`, or why it is uncertain. */
function said({ tree }: LayerReading, path: string): string {
  const found = tree.find(path);
  if (found.state === 'found')
    return `${found.path} ${found.entry.uid} ${found.entry.mode.toString(8)}${tree.isWhole(found.depth) ? '' : ' as served'}`;
  return found.state === 'uncertain' ? found.reason : found.state;
}

const file = (path: string, uid = 0, content = ''): MadeEntry => ({ path, uid, content });
const odd = 'container tools unpack its layer in different ways';

describe('the files of layers', () => {
  it.each<readonly [string, readonly (readonly MadeEntry[])[], string, string]>([
    ['of the top', [[file('a', 1)], [file('a', 2)]], 'a', 'a 2 644'],
    ['of below', [[file('a', 1)], [file('b', 2)]], 'a', 'a 1 644'],
    ['of none', [[file('b')]], 'a', 'absent'],
    ['of an image without layers', [], 'a', 'absent'],
    ['that a layer removes', [[file('a/b')], [file('a/.wh.b')]], 'a/b', 'absent'],
    ['below what a layer removes', [[file('a/b/c')], [file('.wh.a')]], 'a/b/c', 'absent'],
    ['that come again after they were removed', [[file('a/b', 1)], [file('.wh.a')], [file('a/b', 3)]], 'a/b', 'a/b 3 644'],
    ['of a folder that a layer hides', [[file('a/b')], [file('a/.wh..wh..opq'), file('a/c', 2)]], 'a/b', 'absent'],
    ['that the hiding layer has before it says so', [[file('a/b')], [file('a/b', 2), file('a/.wh..wh..opq')]], 'a/b', 'a/b 2 644'],
    ['that a whiteout of the same layer names', [[file('a/b')], [file('a/b', 2), file('a/.wh.b')]], 'a/b', odd],
    ['of a folder that became a file', [[file('a/b')], [file('a', 2)]], 'a/b', 'absent'],
    ['of a folder that became a file and a folder', [[file('a/b')], [file('a', 2)], [{ path: 'a/' }]], 'a/b', 'absent'],
    ['of a folder whose owner a layer changes', [[{ path: 'a/' }, file('a/b')], [{ path: 'a/', uid: 7 }]], 'a', 'a 7 755'],
    ['in a folder whose owner a layer changes', [[{ path: 'a/' }, file('a/b', 1)], [{ path: 'a/', uid: 7 }]], 'a/b', 'a/b 1 644'],
    ['twice in a layer: the last', [[file('a', 1), file('a', 2)]], 'a', 'a 2 644'],
    ['a folder without an entry', [[file('a/b')]], 'a', 'a 0 755'],
    ['a folder without an entry, whose owner is below', [[{ path: 'a/', uid: 5 }], [file('a/b')]], 'a', 'a 5 755'],
    ['a folder that a whiteout alone names', [[file('b')], [file('a/.wh.x')]], 'a', odd],
    ['a folder of below that a whiteout names', [[{ path: 'a/', uid: 4 }], [file('a/.wh.x')]], 'a', 'a 4 755'],
    ['the root', [[{ path: './', uid: 9, mode: 0o700 }]], '/', ' 9 700'],
    ['through a link', [[file('usr/bin/sh', 1), { path: 'bin', link: 'usr/bin' }]], '/bin/sh', 'usr/bin/sh 1 644'],
    ['through a link to a layer below', [[file('usr/bin/sh', 1)], [{ path: 'bin', link: '/usr/bin' }]], 'bin/sh', 'usr/bin/sh 1 644'],
    ['through links upwards', [[file('x', 1), { path: 'a/b/c', link: '../../../../x' }]], 'a/b/c', 'x 1 644'],
    [
      'through a chain as of Nix',
      [
        [
          file('nix/store/1-bash/bin/bash', 1),
          { path: 'nix/store/2-env/bin', link: '/nix/store/1-bash/bin' },
          { path: 'bin', link: 'nix/store/2-env/bin' },
        ],
      ],
      'bin/bash',
      'nix/store/1-bash/bin/bash 1 644',
    ],
    [
      'through a loop',
      [
        [
          { path: 'a', link: 'b' },
          { path: 'b', link: 'a' },
        ],
      ],
      'a',
      'absent',
    ],
    ['through a link that grows', [[{ path: 'a', link: 'a/a/a' }]], 'a', 'absent'],
    ['through a link to nothing', [[{ path: 'a', link: 'nothing' }]], 'a', 'absent'],
    ['below a file', [[file('a')]], 'a/b', 'absent'],
    ['a file with a slash', [[file('a')]], 'a/', 'absent'],
    ['a hard link', [[file('a', 3), { path: 'b', hard: './a', uid: 3, mode: 0o644 }]], 'b', 'b 3 644'],
    ['a hard link whose target is another file later', [[file('a', 3), { path: 'b', hard: 'a', uid: 3 }, file('a', 4)]], 'b', 'b 3 644'],
    ['a hard link with another owner', [[file('a', 3), { path: 'b', hard: 'a', uid: 4 }]], 'b', odd],
    ['a hard link out of its layer', [[file('a', 3)], [{ path: 'b', hard: 'a' }]], 'b', odd],
    ['below a link of the same layer', [[{ path: 'a', link: 'b' }, file('a/x')]], 'a/x', odd],
    [
      'in a folder that is a link below',
      [[{ path: 'a', link: 'b' }, file('b/y')], [file('a/x')]],
      'a/y',
      'a layer has files below what another has as no folder',
    ],
    [
      'that may be in the target of a link',
      [[{ path: 'a', link: 'b' }, file('b/y')], [file('a/x')]],
      'b/x',
      'a layer has files below what another has as no folder',
    ],
    ['beside what may be in the target of a link', [[{ path: 'a', link: 'b' }, file('b/y', 3)], [file('a/x')]], 'b/y', 'b/y 3 644'],
    ['in a folder that became a link in the same layer', [[file('a/x'), { path: 'a', link: 'b' }]], 'a/x', odd],
  ])('%s', async (_, layers, path, expected) => {
    for (const packing of ['gzip', 'zstd', 'plain'] as const)
      expect(
        said(
          await read(
            layers.map(entries => layer(entries, packing)),
            [path],
          ),
          path,
        ),
      ).toBe(expected);
  });

  it('are asked for from the top, and no further than needed', async () => {
    const layers = [layer([file('a', 1)]), layer([file('b', 2)]), layer([file('c', 3)])];
    const reading = await read(layers, ['b', 'c']);
    expect(reading).toMatchObject({ layers: 2, problem: null, bytes: layers[1]!.bytes.length + layers[2]!.bytes.length });
    expect(said(reading, 'a')).toBe('a layer below was not read');
  });

  it('keep what scripts do and the text of the lists of users, and of nothing else', async () => {
    const entries: MadeEntry[] = [
      { path: 'run.sh', mode: 0o755, content: '#!/bin/sh -e\nexec "$@"\n' },
      { path: 'long.sh', mode: 0o755, content: `#!/bin/sh\n${'#'.repeat(70_000)}` },
      { path: 'program', mode: 0o755, content: '\x7fELF' },
      { path: 'data.sh', content: '#!/bin/sh\n' },
      file('etc/passwd', 0, 'a:x:1:1::/:/bin/sh\n'),
      file('etc/shadow', 0, 'secret'),
    ];
    const { tree } = await read(
      [layer(entries)],
      entries.map(({ path }) => path),
    );
    const kept = entries.map(({ path }) => {
      const found = tree.find(path);
      if (found.state !== 'found') return found;
      const { content, script } = found.entry;
      return [content && Buffer.from(content).toString(), script];
    });
    expect(kept).toEqual([
      [null, { interpreter: '/bin/sh -e', drops: false, handsOn: true }],
      [null, 'long'],
      [null, null],
      [null, null],
      ['a:x:1:1::/:/bin/sh\n', null],
      [null, null],
    ]);
  });
});

describe('a layer that is not what it should be', () => {
  const good = layer([file('a', 1)]);
  const broken = (change: (made: MadeLayer) => Partial<MadeLayer>): MadeLayer => ({ ...good, ...change(good) });
  it.each<readonly [string, MadeLayer, string]>([
    [
      'another digest',
      broken(({ blob }) => ({ blob: { ...blob, digest: `sha256:${'0'.repeat(64)}` } })),
      'only a part of its layer was read: its content does not match its digest',
    ],
    [
      'another archive',
      broken(({ blob }) => ({ blob: { ...blob, diffId: `sha256:${'0'.repeat(64)}` } })),
      'only a part of its layer was read: its archive does not match the digest in the configuration',
    ],
    [
      'more bytes',
      broken(({ blob, bytes }) => ({ blob: { ...blob, size: bytes.length - 1 } })),
      'a layer was not read to its end: it has more bytes than its manifest says',
    ],
    [
      'fewer bytes',
      broken(({ blob, bytes }) => ({ blob: { ...blob, size: bytes.length + 1 } })),
      'a layer was not read to its end: it has fewer bytes than its manifest says',
    ],
    [
      'HTML',
      { ...good, bytes: Buffer.from('<!doctype html>'.padEnd(good.bytes.length)) },
      'a layer was not read to its end: the archive ends in the middle of a file',
    ],
    [
      'broken gzip',
      { ...good, bytes: Buffer.from([0x1f, 0x8b, ...Buffer.alloc(good.bytes.length - 2, 7)]) },
      'a layer was not read to its end: it cannot be decompressed',
    ],
    [
      'foreign',
      broken(({ blob }) => ({ blob: { ...blob, mediaType: 'application/vnd.docker.image.rootfs.foreign.diff.tar.gzip' } })),
      'a layer was not read to its end: a layer is kept elsewhere',
    ],
    [
      'encrypted',
      broken(({ blob }) => ({ blob: { ...blob, mediaType: 'application/vnd.oci.image.layer.v1.tar+gzip+encrypted' } })),
      'a layer was not read to its end: a layer is encrypted',
    ],
  ])('%s', async (_, made, expected) => {
    const source = sourceOf([made]);
    const reading = await readLayers([made.blob], source, nodeLayerHost, ({ find }) => (find('a').state === 'pending' ? 'open' : 'all'));
    expect(said(reading, 'a')).toBe(expected);
  });

  const gigabytes = 4;
  it.each(['gzip', 'zstd'] as const)('a bomb of %s is not unpacked', async packing => {
    const head = headerOf('big', { type: '0', size: gigabytes * 2 ** 30 });
    const zeros = Buffer.alloc(16 << 20);
    // a frame or member for each piece: they are one stream
    const piece = packing === 'gzip' ? layerOf(zeros).bytes : zstdOf(zeros);
    const start = packing === 'gzip' ? layerOf(head).bytes : zstdOf(head);
    const bytes = Buffer.concat([start, ...Array.from({ length: gigabytes * 64 }, () => piece)]);
    const bomb: MadeLayer = { bytes, blob: { digest: 'sha256:', mediaType: '', size: bytes.length, diffId: null } };
    const limits = { ...usualLimits, unpacked: 64 << 20 };
    const source = sourceOf([bomb]);
    const reading = await read([bomb], ['a'], limits, source);
    expect(reading.problem).toBe('its layers are larger than the read limit');
    expect(source.bytes()).toBeLessThan(bytes.length / 4);
  });

  it('is read up to the limits, and left there', async () => {
    const noise = Buffer.from(Array.from({ length: 300_000 }, (_, at) => (at * 7919 + (at >> 3)) % 251));
    const layers = [layer([file('a', 1), { path: 'b', content: noise }, file('c', 3)], 'plain')];
    const limits = { ...usualLimits, bytes: 100_000 };
    const reading = await read(layers, ['a', 'c'], limits);
    expect(reading.problem).toBe('the byte limit was reached');
    expect(said(reading, 'a')).toBe('a 1 644 as served');
    expect(said(reading, 'c')).toBe('a layer was not read to its end: the byte limit was reached');
    const late = await read(layers, ['c'], { ...usualLimits, milliseconds: -1 });
    expect(late.problem).toBe('the limit of time was met');
  });

  it('is left as soon as all that matters was found in one that does not fit', async () => {
    const noise = Buffer.from(Array.from({ length: 3_000_000 }, (_, at) => (at * 7919 + (at >> 3)) % 251));
    const big = layer([file('a', 1), { path: 'b', content: noise }], 'plain');
    const source = sourceOf([big]);
    const reading = await read([big], ['a'], { ...usualLimits, bytes: 2_000_000 }, source);
    expect(reading.problem).toBeNull();
    expect(said(reading, 'a')).toBe('a 1 644 as served');
    expect(source.bytes()).toBeLessThan(400_000);
    const twice = layer([file('b', 1), file('a', 2), { path: 'c', content: noise }], 'plain');
    expect(said(await read([twice], ['a'], { ...usualLimits, bytes: 2_000_000 }), 'a')).toContain('only a part of its layer was read');
  });
});
