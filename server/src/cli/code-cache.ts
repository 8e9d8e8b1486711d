import { createHash, randomBytes } from 'node:crypto';
import {
  closeSync,
  constants,
  fstatSync,
  lstatSync,
  mkdirSync,
  openSync,
  readdirSync,
  readSync,
  renameSync,
  rmSync,
  statSync,
  type Stats,
  writeFileSync,
} from 'node:fs';
import { join } from 'node:path';

/** What V8 has made of some code, and how often that has been brought up to date. */
export interface CachedCode {
  readonly generation: number;
  readonly data: Buffer;
}

/** Each generation holds the functions that further runs have called: of Dockerfiles, of manifests. More bring next to nothing. */
export const lastGeneration = 3;

/** The generation and a hash stand in front: V8 does not always look whether its data is whole. It wants it at a multiple of eight. */
const headLength = 24;
const headOf = (generation: number, data: Buffer): Buffer =>
  Buffer.concat([Buffer.from([generation, 0, 0, 0]), createHash('sha1').update(data).digest()]);
const maxBytes = 32 << 20;
/** Of other versions, and of Node's, a few are kept. */
const mostFiles = 4;

/** Whether something is the user's own and nobody else may write to it. What it holds is run as code. Windows keeps the user's cache folder private by itself. */
function isPrivate({ uid, mode }: Stats): boolean {
  return process.getuid === undefined || (uid === process.getuid() && (mode & 0o022) === 0);
}

/** The code under a name; `null` where there is none that can be trusted. Never throws. */
export function readCode(folder: string, name: string): CachedCode | null {
  try {
    const place = lstatSync(folder);
    if (!place.isDirectory() || !isPrivate(place)) return null;
    const file = openSync(join(folder, name), constants.O_RDONLY | (constants.O_NOFOLLOW ?? 0) | (constants.O_NONBLOCK ?? 0));
    try {
      const stat = fstatSync(file);
      if (!stat.isFile() || !isPrivate(stat) || stat.size <= headLength || stat.size > maxBytes) return null;
      const bytes = Buffer.allocUnsafeSlow(stat.size);
      if (readSync(file, bytes, 0, stat.size, 0) !== stat.size) return null;
      const data = bytes.subarray(headLength);
      return headOf(bytes[0]!, data).equals(bytes.subarray(0, headLength)) ? { generation: bytes[0]!, data } : null;
    } finally {
      closeSync(file);
    }
  } catch {
    return null;
  }
}

/** Keeps code under a name: whole or not at all. What cannot be written is as if it were not there. */
export function writeCode(folder: string, name: string, { generation, data }: CachedCode): void {
  const temporary = join(folder, `${name}.${process.pid}.${randomBytes(4).toString('hex')}`);
  try {
    mkdirSync(folder, { recursive: true, mode: 0o700 });
    if (!isPrivate(lstatSync(folder))) return;
    writeFileSync(temporary, Buffer.concat([headOf(generation, data), data]), { mode: 0o600, flag: 'wx' });
    renameSync(temporary, join(folder, name));
    const others = readdirSync(folder).filter(other => other !== name);
    const aged = others.map(other => ({ path: join(folder, other), at: statSync(join(folder, other)).mtimeMs }));
    for (const { path } of aged.sort((a, b) => b.at - a.at).slice(mostFiles - 1)) rmSync(path, { force: true });
  } catch {
    remove(temporary);
  }
}

function remove(path: string): void {
  try {
    rmSync(path, { force: true });
  } catch {
    // where a file stands in the place of a folder, there is nothing to remove
  }
}
