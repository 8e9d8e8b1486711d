import { createHash, createHmac, randomBytes, timingSafeEqual } from 'node:crypto';
import { readdirSync, statSync, utimesSync } from 'node:fs';
import { join } from 'node:path';
import type { MaskedText } from '../../../../../shared/src/early';
import { readPrivate, remove, writePrivate } from './private-files';

/** What a run keeps for the next, in files of one folder, each a table of rows. What is damaged, of another version or not our own is as if it were not there. */
export interface Packs {
  /** The rows under a name; `null`: there are none that can be trusted. */
  read(name: PackName): Pack | null;
  /** Keeps rows under a name in the place of those before. What cannot be written is as if nothing had been kept. */
  write(name: PackName, rows: Iterable<PackRow>, common: unknown): void;
  /** What tells texts apart; nobody can make two of one hash, nor try what a text may have been without the user's key. */
  hash(text: string): string;
  /** Removes the rows under a name. */
  forget(name: PackName): void;
  /** Removes all packs of the folder. */
  forgetAll(): void;
}

/** What a pack is for, and what its rows hold under: the same of another version has another name. */
export interface PackName {
  readonly what: 'facts' | 'lint' | 'scan';
  readonly under: readonly string[];
}

/** One row: `head` is read with the pack, `body` when it is asked for. */
export interface PackRow {
  readonly key: string;
  readonly head: unknown;
  readonly body: KeptBytes;
}

declare const mark: unique symbol;

/** Bytes that may be kept: what is kept between runs is read by others, too. */
export type KeptBytes = Uint8Array & { readonly [mark]: true };

/** The bytes of what a gate let through. */
export function keptBytes(text: MaskedText): KeptBytes {
  return Buffer.from(text) as Uint8Array as KeptBytes;
}

/** The rows of a pack by their keys, in the order in which they were written. */
export interface Pack {
  readonly common: unknown;
  readonly rows: ReadonlyMap<string, { readonly head: unknown; readonly body: () => Buffer & KeptBytes }>;
}

/** Where packs are, and what they are sealed with. */
export interface PackPlace {
  readonly folder: string;
  /** The folder of the key: the user's own, wherever the packs are. */
  readonly keyFolder: string;
  /** What tells this version of Bulkhead from others. */
  readonly version: string;
  readonly limits?: PackLimits;
}

/** Bytes of one pack, and of all. */
export interface PackLimits {
  readonly pack: number;
  readonly folder: number;
}

const usual: PackLimits = { pack: 256 << 20, folder: 512 << 20 };
const keyName = 'key';
const keyLength = 32;
const sealLength = 32;
const packPattern = /^(?:facts|lint|scan)-[0-9a-f]{32}(?:\..*)?$/;
/** Nobody takes so long to write a file. */
const abandonedMs = 3_600_000;

/**
 * Opens the packs of a folder. They are sealed with a key that only the user can read: a folder that came with a repository, or was filled by somebody else's
 * run, holds nothing that counts, whatever its files say. Nothing is written before there is something to keep.
 */
export function openPacks({ folder, keyFolder, version, limits = usual }: PackPlace): Packs {
  const fileOf = ({ what, under }: PackName): string =>
    `${what}-${createHash('sha256')
      .update(JSON.stringify([version, ...under]))
      .digest('hex')
      .slice(0, 32)}`;
  // the name is part of what is sealed: no pack passes for another
  const sealOf = (key: Buffer, name: string, bytes: readonly Uint8Array[]): Buffer => {
    const seal = createHmac('sha256', key).update(name);
    for (const part of bytes) seal.update(part);
    return seal.digest();
  };
  /** Hashes are made with the key that there is, or will be once something is written. */
  let own: Buffer | null = null;
  const ownKey = (): Buffer => (own ??= readKey(keyFolder) ?? randomBytes(keyLength));
  return {
    hash: text => createHash('sha256').update(ownKey()).update(text).digest('base64url').slice(0, 27),
    read: pack => {
      const name = fileOf(pack);
      const key = readKey(keyFolder);
      const bytes = key && readPrivate(folder, name, limits.pack + sealLength);
      if (!bytes || bytes.length < sealLength) return null;
      const sealed = bytes.subarray(sealLength);
      if (!timingSafeEqual(sealOf(key, name, [sealed]), bytes.subarray(0, sealLength))) return null;
      touch(join(folder, name));
      return parsePack(sealed);
    },
    write: (pack, rows, common) => {
      const key = readKey(keyFolder) ?? keepKey(keyFolder, ownKey());
      // another run may have made one meanwhile
      if (!key || (own && !own.equals(key))) return;
      const name = fileOf(pack);
      const bytes = printPack(rows, common, limits.pack);
      if (writePrivate(folder, name, [sealOf(key, name, bytes), ...bytes])) sweep(folder, name, limits.folder);
    },
    forget: pack => remove(join(folder, fileOf(pack))),
    forgetAll: () => {
      for (const name of packsIn(folder)) remove(join(folder, name));
    },
  };
}

function readKey(folder: string): Buffer | null {
  const key = readPrivate(folder, keyName, keyLength);
  return key?.length === keyLength ? key : null;
}

function keepKey(folder: string, key: Buffer): Buffer | null {
  return writePrivate(folder, keyName, [key]) ? key : null;
}

/** The length of the table, the table, and the bodies. */
function printPack(rows: Iterable<PackRow>, common: unknown, maxBytes: number): readonly Uint8Array[] {
  const table: [key: string, head: unknown, length: number][] = [];
  const bodies: Uint8Array[] = [];
  let size = 0;
  for (const { key, head, body } of rows) {
    size += body.length;
    // those that come later have not been asked for as long
    if (size > maxBytes / 2) break;
    table.push([key, head, body.length]);
    bodies.push(body);
  }
  const head = Buffer.from(JSON.stringify([common, table]));
  if (head.length > maxBytes / 2 - 4) return printPack([], null, maxBytes);
  const length = Buffer.alloc(4);
  length.writeUInt32LE(head.length);
  return [length, head, ...bodies];
}

function parsePack(bytes: Buffer): Pack {
  let at = 4 + bytes.readUInt32LE();
  const [common, table] = JSON.parse(bytes.toString('utf8', 4, at)) as [unknown, [key: string, head: unknown, length: number][]];
  const rows = new Map<string, { head: unknown; body: () => Buffer & KeptBytes }>();
  for (const [key, head, length] of table) {
    const start = at;
    rows.set(key, { head, body: () => bytes.subarray(start, start + length) as Buffer & KeptBytes });
    at += length;
  }
  return { common, rows };
}

/** What is in use is not swept away. */
function touch(path: string): void {
  try {
    const now = new Date();
    utimesSync(path, now, now);
  } catch {
    // it is read all the same
  }
}

/** The files of packs, those that runs have left behind included. Never throws. */
function packsIn(folder: string): readonly string[] {
  try {
    return readdirSync(folder).filter(name => packPattern.test(name));
  } catch {
    return [];
  }
}

/** Removes the packs that nobody has asked for longest, as far as there is more than there may be, and what runs that were ended have left behind. */
function sweep(folder: string, own: string, maxBytes: number): void {
  try {
    const files = packsIn(folder)
      .map(name => ({ name, stat: statSync(join(folder, name)) }))
      .sort((a, b) => b.stat.mtimeMs - a.stat.mtimeMs);
    let size = 0;
    for (const { name, stat } of files) {
      const isWhole = !name.includes('.');
      size += isWhole ? stat.size : 0;
      const isAbandoned = !isWhole && stat.mtimeMs < Date.now() - abandonedMs;
      if (name !== own && (isAbandoned || (isWhole && size > maxBytes))) remove(join(folder, name));
    }
  } catch {
    // another run is at it
  }
}
