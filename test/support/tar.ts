import { createHash } from 'node:crypto';
import { gzipSync } from 'node:zlib';
import type { LayerBlob, LayerSource } from '../../shared/src/services/facts/layers';

/** An entry of an archive that a test makes; what is left out is as usual. */
export interface MadeEntry {
  /** `etc/passwd`; a folder ends in `/`. */
  readonly path: string;
  readonly content?: string | Buffer;
  readonly mode?: number;
  readonly uid?: number;
  readonly gid?: number;
  /** Makes it a symbolic link. */
  readonly link?: string;
  /** Makes it a hard link. */
  readonly hard?: string;
  /** Records of a PAX header before it. */
  readonly pax?: Readonly<Record<string, string | Buffer>>;
  /** Write a long name as GNU tar does. */
  readonly gnu?: boolean;
  /** In place of what follows from the rest. */
  readonly type?: string;
  /** In place of the length of the content. */
  readonly size?: number;
}

/** A header of ustar, or of GNU tar. */
export function headerOf(name: string, { type, size, mode = 0o644, uid = 0, gid = 0, target = '', gnu = false }: HeaderParts): Buffer {
  const header = Buffer.alloc(512);
  const field = (at: number, value: string | Buffer): void =>
    void (typeof value === 'string' ? header.write(value, at, 'utf8') : value.copy(header, at));
  const number = (at: number, length: number, value: number): void => {
    if (value < 8 ** (length - 1)) return field(at, `${value.toString(8).padStart(length - 1, '0')}\0`);
    header[at] = 0x80;
    header.writeUInt32BE(value % 2 ** 32, at + length - 4);
    header.writeUInt16BE(Math.floor(value / 2 ** 32), at + length - 6);
  };
  field(0, Buffer.from(name).subarray(0, 100));
  number(100, 8, mode);
  number(108, 8, uid);
  number(116, 8, gid);
  number(124, 12, size);
  number(136, 12, 0);
  field(148, '        ');
  field(156, type);
  field(157, Buffer.from(target).subarray(0, 100));
  field(257, gnu ? 'ustar  \0' : 'ustar\x0000');
  field(
    148,
    `${header
      .reduce((sum, byte) => sum + byte, 0)
      .toString(8)
      .padStart(6, '0')}\0 `,
  );
  return header;
}

interface HeaderParts {
  readonly type: string;
  readonly size: number;
  readonly mode?: number;
  readonly uid?: number;
  readonly gid?: number;
  readonly target?: string;
  readonly gnu?: boolean;
}

const padded = (bytes: Buffer): Buffer => Buffer.concat([bytes, Buffer.alloc((512 - (bytes.length % 512)) % 512)]);

/** Records of PAX. */
export function paxOf(records: Readonly<Record<string, string | Buffer>>): Buffer {
  return Buffer.concat(
    Object.entries(records).map(([key, value]) => {
      const rest = Buffer.concat([Buffer.from(` ${key}=`), Buffer.from(value as string), Buffer.from('\n')]);
      let length = rest.length;
      while (String(length).length + rest.length !== length) length = String(length).length + rest.length;
      return Buffer.concat([Buffer.from(String(length)), rest]);
    }),
  );
}

/** The blocks of one entry. */
export function entryBlocks(entry: MadeEntry): Buffer {
  const { path, mode, uid, gid, link, hard, gnu = false } = entry;
  const content = Buffer.from((entry.content as string | undefined) ?? '');
  const isFolder = path.endsWith('/');
  const type = entry.type ?? (link !== undefined ? '2' : hard !== undefined ? '1' : isFolder ? '5' : '0');
  const target = link ?? hard ?? '';
  const parts: Buffer[] = [];
  const before = (kind: string, bytes: Buffer): void =>
    void parts.push(headerOf('././@LongLink', { type: kind, size: bytes.length, gnu: kind !== 'x' }), padded(bytes));
  const pax = { ...entry.pax };
  if (!gnu && Buffer.byteLength(path) > 100) pax['path'] ??= path;
  if (!gnu && Buffer.byteLength(target) > 100) pax['linkpath'] ??= target;
  if (gnu && Buffer.byteLength(path) > 100) before('L', Buffer.from(`${path}\0`));
  if (gnu && Buffer.byteLength(target) > 100) before('K', Buffer.from(`${target}\0`));
  if (Object.keys(pax).length > 0) before('x', paxOf(pax));
  const usual = isFolder ? 0o755 : link !== undefined ? 0o777 : 0o644;
  const size = entry.size ?? content.length;
  parts.push(headerOf(path, { type, size, mode: mode ?? usual, uid: uid ?? 0, gid: gid ?? 0, target, gnu }), padded(content));
  return Buffer.concat(parts);
}

/** An archive. */
export function tarOf(entries: readonly MadeEntry[]): Buffer {
  return Buffer.concat([...entries.map(entryBlocks), Buffer.alloc(1024)]);
}

const digestOf = (bytes: Buffer): string => `sha256:${createHash('sha256').update(bytes).digest('hex')}`;

/** A layer that a test made: what names it, and its bytes. */
export interface MadeLayer {
  readonly blob: LayerBlob;
  readonly bytes: Buffer;
}

/** How a layer is kept. */
export type Packing = 'gzip' | 'zstd' | 'plain';

/** Bytes as zstd without compression: a frame of raw blocks (RFC 8878), or of blocks of one repeated byte where all bytes of it are the same. */
export function zstdOf(bytes: Buffer): Buffer {
  // a window of 1 MiB, no size, no checksum
  const parts: Buffer[] = [Buffer.from([0x28, 0xb5, 0x2f, 0xfd, 0x00, 0x50])];
  const most = 128 << 10;
  for (let at = 0; at < bytes.length || at === 0; at += most) {
    const part = bytes.subarray(at, at + most);
    const isLast = at + most >= bytes.length;
    const isSame = part.length > 1 && part.every(byte => byte === part[0]);
    const head = Buffer.alloc(3);
    head.writeUIntLE((part.length << 3) | (isSame ? 2 : 0) | (isLast ? 1 : 0), 0, 3);
    parts.push(head, isSame ? part.subarray(0, 1) : part);
  }
  return Buffer.concat(parts);
}

/** A layer of an archive. */
export function layerOf(archive: Buffer, packing: Packing = 'gzip'): MadeLayer {
  const bytes = packing === 'gzip' ? gzipSync(archive) : packing === 'zstd' ? zstdOf(archive) : archive;
  const mediaType = `application/vnd.oci.image.layer.v1.tar${packing === 'plain' ? '' : `+${packing}`}`;
  return { blob: { digest: digestOf(bytes), mediaType, size: bytes.length, diffId: digestOf(archive) }, bytes };
}

/** A layer of entries. */
export const layer = (entries: readonly MadeEntry[], packing?: Packing): MadeLayer => layerOf(tarOf(entries), packing);

/** A source of made layers, and how much it was asked for. */
export function sourceOf(layers: readonly MadeLayer[], chunk = 4096): LayerSource & { readonly bytes: () => number } {
  const all = new Map(layers.map(({ blob, bytes }) => [blob.digest, bytes]));
  let given = 0;
  return {
    read: async function* ({ digest }) {
      const bytes = all.get(digest)!;
      for (let at = 0; at < bytes.length; at += chunk) {
        const part = bytes.subarray(at, at + chunk);
        given += part.length;
        yield part;
      }
    },
    bytes: () => given,
  };
}
