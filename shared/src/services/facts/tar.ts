import { decodeUtf8 } from '../registry/bytes';
import { Malformed } from './members';

// Layers are tar archives: POSIX ustar, PAX and the GNU extensions for long names. Where programs read a header in more than one way, reading ends: nothing that comes
// after it is known.

/** What kind of file an entry is; `special`: devices, pipes. */
export type TarKind = 'file' | 'folder' | 'hardlink' | 'symlink' | 'special';

/** An entry of an archive. */
export interface TarEntry {
  /** From the root, without `/` at either end; empty: the root itself. */
  readonly path: string;
  readonly kind: TarKind;
  /** Permissions, setuid and setgid included. */
  readonly mode: number;
  readonly uid: number;
  readonly gid: number;
  /** Bytes of its content. */
  readonly size: number;
  /** Where a link leads, as it is written. */
  readonly target: string;
  /** The extended attribute `security.capability`; `null`: there is none. */
  readonly capability: Uint8Array | null;
}

/** Who is given the entries of an archive. */
export interface TarVisitor {
  /** Says how many bytes from the beginning of its content are wanted. */
  readonly entry: (entry: TarEntry) => number;
  /** The content that was wanted; shorter where the file is. */
  readonly content: (entry: TarEntry, bytes: Uint8Array) => void;
}

/** Reads an archive as its bytes come. */
export interface TarReader {
  /** Takes the next bytes. Throws `Malformed`. */
  push(bytes: Uint8Array): void;
  /** There are no more. Throws `Malformed` where the archive is not complete. */
  end(): void;
}

const block = 512;
/** Longer extended headers are not read. */
const longestExtension = 1 << 20;
const longestPath = 4096;

/** What headers before an entry say of it. */
interface Extension {
  pax: ReadonlyMap<string, Uint8Array> | null;
  longName: Uint8Array | null;
  longTarget: Uint8Array | null;
}

const none = (): Extension => ({ pax: null, longName: null, longTarget: null });

/** Creates a reader. */
export function createTarReader(visitor: TarVisitor): TarReader {
  const header = new Uint8Array(block);
  let filled = 0;
  let extension = none();
  let zeros = 0;
  /** What is being read between two headers. */
  let body: { left: number; wanted: number; readonly parts: Uint8Array[]; readonly done: (bytes: Uint8Array) => void } | null = null;
  let padding = 0;

  const take = (size: number, wanted: number, done: (bytes: Uint8Array) => void): void => {
    padding = (block - (size % block)) % block;
    if (size === 0) done(new Uint8Array(0));
    else body = { left: size, wanted: Math.min(wanted, size), parts: [], done };
  };
  const startHeader = (): void => {
    if (header.every(byte => byte === 0)) {
      zeros++;
      if (zeros === 2 && (extension.pax ?? extension.longName ?? extension.longTarget)) throw new Malformed('a header has no entry');
      return;
    }
    if (zeros > 0) throw new Malformed('something comes after an empty block');
    const raw = readHeader(header);
    const { type, size } = raw;
    if (type === 'x' || type === 'g' || type === 'L' || type === 'K') {
      if (size > longestExtension) throw new Malformed('an extended header is too long');
      take(size, size, bytes => extend(extension, type, bytes));
      return;
    }
    const entry = entryOf(raw, extension);
    extension = none();
    const wanted = visitor.entry(entry);
    if (wanted > 0) take(entry.size, wanted, bytes => visitor.content(entry, bytes));
    else take(entry.size, 0, () => undefined);
  };
  return {
    push: bytes => {
      let at = 0;
      // two empty blocks end it; what comes after them is not read
      while (at < bytes.length && zeros < 2) {
        if (body) {
          const count = Math.min(body.left, bytes.length - at);
          if (body.wanted > 0) {
            const part = copyOf(bytes.subarray(at, at + Math.min(count, body.wanted)));
            body.wanted -= part.length;
            body.parts.push(part);
          }
          body.left -= count;
          at += count;
          if (body.left > 0) return;
          const { parts, done } = body;
          body = null;
          done(concat(parts));
        } else if (padding > 0) {
          const count = Math.min(padding, bytes.length - at);
          padding -= count;
          at += count;
        } else {
          const count = Math.min(block - filled, bytes.length - at);
          header.set(bytes.subarray(at, at + count), filled);
          filled += count;
          at += count;
          if (filled < block) return;
          filled = 0;
          startHeader();
        }
      }
    },
    end: () => {
      // GNU tar and Go read an archive without its empty blocks as well
      if (body || padding > 0 || filled > 0 || extension.pax || extension.longName || extension.longTarget)
        throw new Malformed('the archive ends in the middle of a file');
    },
  };
}

/** A copy, which keeps nothing else in memory: `slice` of Node's buffers makes none. */
const copyOf = (bytes: Uint8Array): Uint8Array => new Uint8Array(bytes);

/** One array of several. */
export function concat(parts: readonly Uint8Array[]): Uint8Array {
  if (parts.length === 1) return parts[0]!;
  const all = new Uint8Array(parts.reduce((sum, { length }) => sum + length, 0));
  let at = 0;
  for (const part of parts) {
    all.set(part, at);
    at += part.length;
  }
  return all;
}

/** A header as it is written. */
interface RawHeader {
  readonly name: string;
  readonly target: string;
  readonly type: string;
  readonly mode: number;
  readonly uid: number;
  readonly gid: number;
  readonly size: number;
}

function readHeader(bytes: Uint8Array): RawHeader {
  checkSum(bytes);
  const field = (at: number, length: number): Uint8Array => untilZero(bytes.subarray(at, at + length));
  const magic = ascii(bytes.subarray(257, 265));
  const isPosix = magic === 'ustar\x0000';
  if (!isPosix && magic !== 'ustar  \x00' && !magic.startsWith('\0')) throw new Malformed('a header is of an unknown format');
  const prefix = isPosix ? textOfBytes(field(345, 155)) : '';
  const name = textOfBytes(field(0, 100));
  return {
    name: prefix === '' ? name : `${prefix}/${name}`,
    target: textOfBytes(field(157, 100)),
    type: String.fromCharCode(bytes[156]!),
    mode: numberIn(bytes.subarray(100, 108)),
    uid: numberIn(bytes.subarray(108, 116)),
    gid: numberIn(bytes.subarray(116, 124)),
    size: numberIn(bytes.subarray(124, 136)),
  };
}

const ascii = (bytes: Uint8Array): string => String.fromCharCode(...bytes);

function untilZero(bytes: Uint8Array): Uint8Array {
  const end = bytes.indexOf(0);
  return end < 0 ? bytes : bytes.subarray(0, end);
}

/** The text of bytes; those that are not UTF-8 become half surrogates, so that two names never become one. */
function textOfBytes(bytes: Uint8Array): string {
  return decodeUtf8(bytes) ?? Array.from(bytes, byte => String.fromCharCode(byte < 0x80 ? byte : 0xdc00 + byte)).join('');
}

/** The sum of all bytes, its own field taken as spaces; old programs took bytes as signed. */
function checkSum(bytes: Uint8Array): void {
  const written = numberIn(bytes.subarray(148, 156));
  let [unsigned, signed] = [0, 0];
  for (let at = 0; at < block; at++) {
    const byte = at >= 148 && at < 156 ? 0x20 : bytes[at]!;
    unsigned += byte;
    signed += byte < 0x80 ? byte : byte - 256;
  }
  if (written !== unsigned && written !== signed) throw new Malformed('a header has a wrong checksum');
}

/** An octal number, or one of base 256, which GNU tar writes where that is too short. */
function numberIn(bytes: Uint8Array): number {
  if (bytes[0]! >= 0x80) {
    if (bytes[0] !== 0x80) throw new Malformed('a header has a negative number');
    const value = bytes.subarray(1).reduce((sum, byte) => sum * 256 + byte, 0);
    if (!Number.isSafeInteger(value)) throw new Malformed('a header has a number that is too large');
    return value;
  }
  const text = ascii(untilZero(bytes)).trim();
  if (text === '') return 0;
  if (!/^[0-7]+$/.test(text)) throw new Malformed('a header has something that is not a number');
  return Number.parseInt(text, 8);
}

/** What PAX records say that matters to facts, and what a global header must not change. */
const essential: readonly string[] = ['path', 'linkpath', 'size', 'uid', 'gid'];
const capabilityRecord = 'SCHILY.xattr.security.capability';

function extend(extension: Extension, type: string, bytes: Uint8Array): void {
  const twice = new Malformed('an entry has two headers of a kind');
  if (type === 'L') {
    if (extension.longName) throw twice;
    extension.longName = untilZero(bytes);
  } else if (type === 'K') {
    if (extension.longTarget) throw twice;
    extension.longTarget = untilZero(bytes);
  } else {
    const records = readRecords(bytes);
    if (type === 'x') {
      if (extension.pax) throw twice;
      extension.pax = records;
    } else if (essential.some(name => records.has(name)) || records.has(capabilityRecord))
      // engines ignore it, other programs do not
      throw new Malformed('a global header changes the entries after it');
  }
}

/** Records of PAX: `LENGTH KEY=VALUE` and a line break. */
function readRecords(bytes: Uint8Array): ReadonlyMap<string, Uint8Array> {
  const records = new Map<string, Uint8Array>();
  const broken = new Malformed('an extended header is broken');
  for (let at = 0; at < bytes.length;) {
    const space = bytes.indexOf(0x20, at);
    if (space < 0 || space - at > 8) throw broken;
    const length = ascii(bytes.subarray(at, space));
    const end = at + Number(length);
    if (!/^[1-9]\d*$/.test(length) || end > bytes.length || bytes[end - 1] !== 0x0a) throw broken;
    const equals = bytes.indexOf(0x3d, space);
    if (equals < 0 || equals >= end) throw broken;
    const key = textOfBytes(bytes.subarray(space + 1, equals));
    if (key === '' || records.has(key)) throw broken;
    records.set(key, copyOf(bytes.subarray(equals + 1, end - 1)));
    at = end;
  }
  return records;
}

const kinds: Readonly<Record<string, TarKind>> = {
  '0': 'file',
  '\0': 'file',
  '7': 'file',
  '1': 'hardlink',
  '2': 'symlink',
  '3': 'special',
  '4': 'special',
  '5': 'folder',
  '6': 'special',
};

function entryOf(raw: RawHeader, { pax, longName, longTarget }: Extension): TarEntry {
  if (pax && (longName ?? longTarget)) throw new Malformed('an entry has a PAX header and a GNU one');
  if ([...(pax?.keys() ?? [])].some(key => key.startsWith('GNU.sparse.')) || raw.type === 'S') throw new Malformed('it has a sparse file');
  const text = (record: string, gnu: Uint8Array | null, own: string): string => {
    const value = gnu ?? pax?.get(record);
    // an empty record takes nothing away
    if (!value || value.length === 0) return own;
    if (value.includes(0)) throw new Malformed('a name has a zero byte');
    return textOfBytes(value);
  };
  const number = (record: 'size' | 'uid' | 'gid', own: number): number => {
    const value = pax?.get(record);
    if (!value || value.length === 0) return own;
    const digits = ascii(value.subarray(0, 20));
    const read = Number(digits);
    if (!/^\d{1,16}$/.test(digits) || !Number.isSafeInteger(read)) throw new Malformed(`an extended header has a wrong ${record}`);
    return read;
  };
  const name = text('path', longName, raw.name);
  const isFolder = (raw.type === '0' || raw.type === '\0') && name.endsWith('/');
  const kind = isFolder ? 'folder' : kinds[raw.type];
  if (kind === undefined) throw new Malformed('it has an entry of an unknown type');
  const size = number('size', raw.size);
  if (raw.size !== 0 && size !== raw.size) throw new Malformed('a PAX header is at odds with the header of its entry');
  if (kind !== 'file' && size !== 0) throw new Malformed('an entry without content has a size');
  return {
    path: cleanPath(name),
    kind,
    mode: raw.mode & 0o7777,
    uid: number('uid', raw.uid),
    gid: number('gid', raw.gid),
    size,
    target: text('linkpath', longTarget, raw.target),
    capability: pax?.get(capabilityRecord) ?? null,
  };
}

/** A path without `./`, doubled and outer slashes. Throws `Malformed` at `..`: where that leads is a matter of the program. */
export function cleanPath(name: string): string {
  if (name.length > longestPath) throw new Malformed('a path is too long');
  const parts = name.split('/').filter(part => part !== '' && part !== '.');
  if (parts.includes('..')) throw new Malformed('a path leads upwards');
  return parts.join('/');
}
