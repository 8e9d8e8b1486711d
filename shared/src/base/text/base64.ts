import { withoutEnd } from './ends';

const digits = 'ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/';

/** Base64 (RFC 4648) with padding. */
export function encodeBase64(bytes: Uint8Array): string {
  let out = '';
  for (let i = 0; i < bytes.length; i += 3) {
    const [a, b, c] = [bytes[i]!, bytes[i + 1], bytes[i + 2]];
    out += digits[a >> 2]! + digits[((a & 3) << 4) | ((b ?? 0) >> 4)]!;
    out += b === undefined ? '==' : digits[((b & 15) << 2) | ((c ?? 0) >> 6)]! + (c === undefined ? '=' : digits[c & 63]!);
  }
  return out;
}

/** The bytes of a base64 text, padded or not, in the ordinary or the URL alphabet; `null` where it is none. */
export function decodeBase64(text: string): Uint8Array | null {
  const clean = withoutEnd(text.trim(), '=').replace(/-/g, '+').replace(/_/g, '/');
  if (clean.length % 4 === 1) return null;
  const out: number[] = [];
  let bits = 0;
  let count = 0;
  for (const character of clean) {
    const value = digits.indexOf(character);
    if (value < 0) return null;
    bits = ((bits << 6) | value) & 0xffff;
    count += 6;
    if (count >= 8) {
      count -= 8;
      out.push((bits >> count) & 255);
    }
  }
  return Uint8Array.from(out);
}

/** What base64 holds, byte by byte as Latin-1; `null` for what is none. */
export function decodeLatin1(text: string): string | null {
  const bytes = decodeBase64(text);
  if (bytes === null) return null;
  let decoded = '';
  for (const byte of bytes) decoded += String.fromCharCode(byte);
  return decoded;
}
