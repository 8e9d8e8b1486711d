import { pause, type Steps } from './steps';

/** Files that git tracks, as far as somebody wanted them. Paths are relative to the working tree, with `/`. */
export interface Tracked {
  has(path: string): boolean;
  /** Whether a folder holds any. */
  within(folder: string): boolean;
  /** Whether a folder is the working tree of another repository that this one tracks. */
  isModule(folder: string): boolean;
}

/** What an index holds. */
export interface IndexEntries {
  readonly names: readonly string[];
  /** The name of the index that this one builds on (`git update-index --split-index`). */
  readonly shared: string | null;
}

/** No path that git can check out is longer. */
const maxNameBytes = 4096;
/** Version 4 writes a path as what it adds to the one before, so that a small file may hold long paths; a project does not come near this. */
const maxTotalBytes = 128 << 20;

const gitlink = 0o160000;
const folderMode = 0o040000;

/**
 * Reads `.git/index` (gitformat-index(5), versions 2 to 4, SHA-1 or SHA-256). `wanted` says which names are of interest, so that the rest costs no memory. The names of
 * repositories within get a slash at their end. `null`: this is no index, or is damaged.
 */
export function* parseIndex(bytes: Buffer, wanted: (name: string) => boolean): Steps<IndexEntries | null> {
  return (yield* parseWith(bytes, 20, wanted)) ?? (yield* parseWith(bytes, 32, wanted));
}

function* parseWith(bytes: Buffer, hashBytes: number, wanted: (name: string) => boolean): Steps<IndexEntries | null> {
  const end = bytes.length - hashBytes;
  if (end < 12 || bytes.toString('latin1', 0, 4) !== 'DIRC') return null;
  const version = bytes.readUInt32BE(4);
  const count = bytes.readUInt32BE(8);
  if (version < 2 || version > 4) return null;
  const names: string[] = [];
  const name = Buffer.alloc(maxNameBytes);
  let length = 0;
  let total = 0;
  let at = 12;
  for (let i = 0; i < count; i++) {
    if (i % 1024 === 1023) yield* pause();
    const start = at;
    const flags = start + 40 + hashBytes;
    if (flags + 2 > end) return null;
    const mode = bytes.readUInt32BE(start + 24) & 0o170000;
    at = flags + (version >= 3 && bytes.readUInt16BE(flags) & 0x4000 ? 4 : 2);
    if (version === 4) {
      const strip = readVarint(bytes, at, end);
      if (!strip || strip.value > length) return null;
      length -= strip.value;
      ({ at } = strip);
    } else length = 0;
    const close = bytes.indexOf(0, at);
    if (close < 0 || close >= end || length + close - at > maxNameBytes) return null;
    bytes.copy(name, length, at, close);
    length += close - at;
    if ((total += length) > maxTotalBytes) return null;
    // versions 2 and 3 fill an entry up to a multiple of eight bytes, one of them at least
    at = version === 4 ? close + 1 : start + ((close - start + 8) & ~7);
    if (at > end) return null;
    // entries of an index that builds on another one may have no name
    if (length === 0 || mode === folderMode) continue;
    if (mode === gitlink) names.push(`${name.toString('utf8', 0, length)}/`);
    else if (wanted(name.toString('utf8', name.subarray(0, length).lastIndexOf(0x2f) + 1, length)))
      names.push(name.toString('utf8', 0, length));
  }
  let shared: string | null = null;
  while (at < end) {
    if (at + 8 > end) return null;
    const size = bytes.readUInt32BE(at + 4);
    if (at + 8 + size > end) return null;
    if (bytes.toString('latin1', at, at + 4) === 'link' && size >= hashBytes) shared = bytes.toString('hex', at + 8, at + 8 + hashBytes);
    at += 8 + size;
  }
  return { names, shared: shared !== null && /^0+$/.test(shared) ? null : shared };
}

/** A number as in the offsets of packs: seven bits a byte, each continuation worth one more. */
function readVarint(bytes: Buffer, from: number, end: number): { readonly value: number; readonly at: number } | null {
  let at = from;
  let value = 0;
  for (;;) {
    if (at >= end) return null;
    const byte = bytes[at++]!;
    value += byte & 127;
    if ((byte & 128) === 0) return { value, at };
    value = (value + 1) * 128;
    if (value > maxNameBytes * 128) return null;
  }
}

/** Names to be asked about. */
export function createTracked(names: readonly string[]): Tracked {
  const sorted = [...names].sort();
  const from = (text: string): string | undefined => {
    let low = 0;
    let high = sorted.length;
    while (low < high) {
      const middle = (low + high) >> 1;
      if (sorted[middle]! < text) low = middle + 1;
      else high = middle;
    }
    return sorted[low];
  };
  return {
    has: path => from(path) === path,
    within: folder => from(`${folder}/`)?.startsWith(`${folder}/`) ?? false,
    isModule: folder => from(`${folder}/`) === `${folder}/`,
  };
}
