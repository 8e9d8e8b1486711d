import { isAscii, isUtf8 } from 'node:buffer';
import { lstatSync, readSync, writeSync } from 'node:fs';
import { codeOf } from '../../../../shared/host/node/error-code';

/** A value, or a short English phrase that says why there is none, without the path and without a final full stop. */
export type Result<T> = { readonly ok: true; readonly value: T } | { readonly ok: false; readonly message: string };

/** Reads a stream that is open already, which has no size beforehand and may not end; waits for who writes to it. */
export function readStream(file: number, maxBytes: number): Result<Uint8Array> {
  const result = attempt('', (): Result<Uint8Array> => {
    const chunks: Buffer[] = [];
    let length = 0;
    for (;;) {
      const chunk = Buffer.allocUnsafe(1 << 16);
      let count: number;
      try {
        count = readSync(file, chunk, 0, chunk.length, null);
      } catch (error) {
        if (codeOf(error) === 'EOF') break;
        if (codeOf(error) !== 'EAGAIN') throw error;
        // standard input of a terminal or a shared pipe may be in non-blocking mode
        Atomics.wait(new Int32Array(new SharedArrayBuffer(4)), 0, 0, 10);
        continue;
      }
      if (count === 0) break;
      chunks.push(chunk.subarray(0, count));
      length += count;
      if (length > maxBytes) return { ok: false, message: `is over ${maxBytes >> 20} MB, too large to read` };
    }
    return { ok: true, value: Buffer.concat(chunks) };
  });
  return result.ok ? result.value : result;
}

/** Writes all of some bytes, however many the system takes at a time. */
export function writeAll(file: number, bytes: Uint8Array): void {
  for (let at = 0; at < bytes.length;) at += writeSync(file, bytes, at);
}

/**
 * The text of bytes, its byte order mark kept, so that writing it back gives the same bytes. Only UTF-8 is text here: nothing else would survive
 * being written, and the tools that read these files take nothing else either.
 */
export function decodeText(bytes: Uint8Array): Result<string> {
  if ((bytes[0] === 0xff && bytes[1] === 0xfe) || (bytes[0] === 0xfe && bytes[1] === 0xff))
    return { ok: false, message: 'is UTF-16, not UTF-8' };
  if (bytes.subarray(0, 8000).includes(0)) {
    return { ok: false, message: bytes[1] === 0 || bytes[0] === 0 ? 'is binary or UTF-16, not UTF-8' : 'is binary, not text' };
  }
  // what a TextDecoder that is told to be strict takes five times as long for
  if (!isUtf8(bytes)) return { ok: false, message: `is not valid UTF-8${invalidPlace(bytes)}` };
  return { ok: true, value: Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength).toString(isAscii(bytes) ? 'latin1' : 'utf8') };
}

/** ` (line 3)`: where the first bytes stand that are no UTF-8. */
function invalidPlace(bytes: Uint8Array): string {
  const lossy = new TextDecoder('utf-8', { ignoreBOM: true }).decode(bytes);
  const at = lossy.indexOf('\ufffd');
  return at < 0 ? '' : ` (line ${lossy.slice(0, at).split('\n').length})`;
}

/** Runs something with the file system, and says in words what went wrong. */
export function attempt<T>(path: string, action: () => T): Result<T> {
  try {
    return { ok: true, value: action() };
  } catch (error) {
    return { ok: false, message: describe(path, error) };
  }
}

function describe(path: string, error: unknown): string {
  switch (codeOf(error)) {
    case 'ENOENT':
      return isLink(path) ? 'is a broken symbolic link' : 'does not exist';
    case 'ENOTDIR':
      return 'does not exist';
    case 'EACCES':
    case 'EPERM':
      return 'permission denied';
    case 'ELOOP':
      return 'is a symbolic link that points back to itself';
    case 'EISDIR':
      return 'is a directory';
    case 'ENAMETOOLONG':
      return 'the name is too long';
    case 'EROFS':
      return 'the file system is read-only';
    case 'ENOSPC':
      return 'no space left on the device';
    default:
      return (error instanceof Error ? error.message : String(error)).split('\n', 1)[0] ?? '';
  }
}

function isLink(path: string): boolean {
  try {
    return lstatSync(path).isSymbolicLink();
  } catch {
    return false;
  }
}
