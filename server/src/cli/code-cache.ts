import { createHash } from 'node:crypto';
import { readdirSync, statSync } from 'node:fs';
import { join } from 'node:path';
import { readPrivate, remove, writePrivate } from '../host/node/kept/private-files';

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

/** The code under a name; `null` where there is none that can be trusted: what it holds is run. Never throws. */
export function readCode(folder: string, name: string): CachedCode | null {
  const bytes = readPrivate(folder, name, maxBytes);
  if (!bytes || bytes.length <= headLength) return null;
  const data = bytes.subarray(headLength);
  return headOf(bytes[0]!, data).equals(bytes.subarray(0, headLength)) ? { generation: bytes[0]!, data } : null;
}

/** Keeps code under a name: whole or not at all. What cannot be written is as if it were not there. */
export function writeCode(folder: string, name: string, { generation, data }: CachedCode): void {
  if (!writePrivate(folder, name, [headOf(generation, data), data])) return;
  try {
    const others = readdirSync(folder).filter(other => other !== name);
    const aged = others.map(other => ({ path: join(folder, other), at: statSync(join(folder, other)).mtimeMs }));
    for (const { path } of aged.sort((a, b) => b.at - a.at).slice(mostFiles - 1)) remove(path);
  } catch {
    // another run has removed them
  }
}
