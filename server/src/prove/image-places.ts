import { collectPlaces, type ImageEntry, type OwnedPlace } from '../../../shared/src/services/prove/owned';
import { callProgram, type EngineTool, isDone } from './engine';

const exportMs = 60_000;
const mostBytes = 8 * 2 ** 30;
const block = 512;
/** A longer text is cut off: no folder that can be mounted has one. */
const longestText = 64 << 10;

/** Whose the files of a container's image are, as its engine exports them; `null`: it does not say. The container is never started. */
export async function placesOfImage(tool: EngineTool, container: string): Promise<readonly OwnedPlace[] | null> {
  const collected = collectPlaces();
  const reader = tarReader(collected.add);
  const limits = { ms: exportMs, bytes: mostBytes, hear: reader.hear };
  const words = [...tool.first, 'export', container];
  // Podman opens /dev/stdout by its name, which no socket can be, and a socket is what Node gives
  const ended =
    tool.name === 'podman' && process.platform === 'linux'
      ? await callProgram(tool, '/bin/sh', ['-c', '"$@" | cat', 'sh', tool.path, ...words], limits)
      : await callProgram(tool, tool.path, words, limits);
  return isDone(ended) && reader.isWhole() ? collected.places() : null;
}

/** Reads the headers of an archive as it comes, and passes over the files (pax, IEEE 1003.1; GNU's long names). Links have no owner of their own. */
export function tarReader(note: (entry: ImageEntry) => void): { readonly hear: (chunk: Buffer) => void; readonly isWhole: () => boolean } {
  let held: Buffer = Buffer.alloc(0);
  /** Bytes of a file that are still to come. */
  let left = 0;
  /** What is said of the next entry, whose text is in the next blocks; `null`: the blocks are a file's. */
  let long: { readonly type: string; readonly size: number; readonly parts: Buffer[] } | null = null;
  let said: ReadonlyMap<string, string> = new Map();
  let hasEnd = false;
  const header = (at: Buffer): void => {
    const text = (from: number, length: number): string => upToNul(at.toString('utf8', from, from + length));
    const number = (from: number, length: number): number =>
      at[from]! & 0x80 ? large(at, from, length) : parseInt(text(from, length), 8) || 0;
    const type = String.fromCharCode(at[156]!);
    const stated = (key: string): number | null => (said.has(key) ? Number(said.get(key)) : null);
    const size = stated('size') ?? number(124, 12);
    left = Math.ceil(size / block) * block;
    if (type === 'x' || type === 'L') long = { type, size, parts: [] };
    else {
      const prefix = text(257, 5) === 'ustar' ? text(345, 155) : '';
      const path = said.get('path') ?? (prefix === '' ? text(0, 100) : `${prefix}/${text(0, 100)}`);
      if (/[05\0]/.test(type) && path !== '')
        note({
          path,
          isFolder: type === '5',
          uid: stated('uid') ?? number(108, 8),
          gid: stated('gid') ?? number(116, 8),
          mode: number(100, 8) & 0o7777,
        });
      said = new Map();
    }
  };
  const hear = (chunk: Buffer): void => {
    let at = 0;
    const data = held.length === 0 ? chunk : Buffer.concat([held, chunk]);
    while (at < data.length) {
      if (left > 0) {
        const taken = Math.min(left, data.length - at);
        if (long && long.parts.reduce((sum, { length }) => sum + length, 0) < longestText) long.parts.push(data.subarray(at, at + taken));
        left -= taken;
        at += taken;
        if (left === 0 && long) {
          said = new Map([...said, ...saidIn(long.type, Buffer.concat(long.parts).subarray(0, long.size).toString('utf8'))]);
          long = null;
        }
        continue;
      }
      if (data.length - at < block) break;
      const next = data.subarray(at, at + block);
      at += block;
      if (next[0] === 0) hasEnd = true;
      else header(next);
    }
    held = Buffer.from(data.subarray(at));
  };
  return { hear, isWhole: () => hasEnd };
}

const upToNul = (text: string): string => text.split('\0', 1)[0]!;

/** What is said of the next entry: `path`, `uid`, `gid`, `size`. */
function saidIn(type: string, text: string): readonly (readonly [key: string, value: string])[] {
  if (type === 'L') return [['path', upToNul(text)]];
  return text.split('\n').flatMap(line => {
    const [start, key] = /^\d{1,10} (path|uid|gid|size)=/.exec(line) ?? [];
    return start === undefined || key === undefined ? [] : [[key, line.slice(start.length)] as const];
  });
}

/** A number that takes more than its octal digits, as GNU writes it: the low 32 bits are enough for an owner, and 48 for a size. */
const large = (at: Buffer, from: number, length: number): number => at.readUIntBE(from + length - 6, 6);
