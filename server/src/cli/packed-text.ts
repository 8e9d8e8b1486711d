import { createRequire } from 'node:module';
import type * as Zlib from 'node:zlib';
import { type MaskedText, trusted } from '../../../shared/src/early';
import type { KeptBytes } from '../host/node/kept/packs';
import type { FilePart } from '../../../shared/src/formats';

/** Shorter texts are kept as they are. */
const leastLength = 4096;

/** How bytes are kept: the first one says it. */
const plainMark = 0;
const packedMark = 1;

let loaded: typeof Zlib | undefined;
/** A run over a few files keeps nothing packed, and need not wait for this. */
const zlib = (): typeof Zlib => (loaded ??= createRequire(__filename)('node:zlib') as typeof Zlib);

/** A text as bytes, in little room: what reports say of files repeats itself, and takes a tenth or less. */
export function packText(text: MaskedText): KeptBytes {
  if (text.length < leastLength) return marked(plainMark, Buffer.from(text));
  // the quickest level: 0.1 ms for what is said of a file
  return marked(packedMark, zlib().deflateRawSync(text, { level: 1 }));
}

/** The text of what `packText` gave. */
export function unpackText(bytes: Uint8Array): MaskedText {
  const body = Buffer.from(bytes.buffer, bytes.byteOffset + 1, bytes.byteLength - 1);
  return trusted((bytes[0] === plainMark ? body : zlib().inflateRawSync(body)).toString());
}

function marked(mark: number, body: Uint8Array): KeptBytes {
  const bytes = Buffer.allocUnsafeSlow(body.length + 1);
  bytes[0] = mark;
  bytes.set(body, 1);
  // of what a gate let through
  return bytes as Uint8Array as KeptBytes;
}

const bytesOfParts = new WeakMap<FilePart, KeptBytes>();

/** The part of a file with a text that is packed while nobody asks for it. */
export function packedPart(part: FilePart): FilePart {
  return part.text.length < leastLength ? part : partFrom(packText(part.text), part.sums);
}

/** The same part of bytes that `bytesOf` gave. */
export function partFrom(bytes: KeptBytes, sums: FilePart['sums']): FilePart {
  if (bytes[0] === plainMark) return { text: unpackText(bytes), sums };
  const part: FilePart = {
    get text() {
      return unpackText(bytes);
    },
    sums,
  };
  bytesOfParts.set(part, bytes);
  return part;
}

/** The text of a part as `packText` gives it. */
export function bytesOf(part: FilePart): KeptBytes {
  return bytesOfParts.get(part) ?? packText(part.text);
}
