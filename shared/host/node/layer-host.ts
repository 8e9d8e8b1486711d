import { createHash } from 'node:crypto';
import { createRequire } from 'node:module';
import { Readable, type Transform } from 'node:stream';
import type * as Zlib from 'node:zlib';
import type { LayerHost } from '../../src/base/ports/layer-host';

let loaded: typeof Zlib | null = null;

/** Few runs need it, and to load it takes a while; a script of a cache of code has no `import()`. */
const zlib = (): typeof Zlib => (loaded ??= createRequire(__filename)('node:zlib') as typeof Zlib);

/** A frame that wants a larger window to be decompressed is refused. */
const largestWindow = 27;

type ZstdModule = { readonly createZstdDecompress?: (options: object) => Transform; readonly constants: Readonly<Record<string, number>> };

/** Node's own zstd, which it has since 22.15; `null`: it has none. */
function nativeZstd(from: typeof Zlib): Transform | null {
  const { createZstdDecompress, constants } = from as unknown as ZstdModule;
  return createZstdDecompress?.({ params: { [constants['ZSTD_d_windowLogMax']!]: largestWindow } }) ?? null;
}

async function* through(stream: Transform, chunks: AsyncIterable<Uint8Array>): AsyncGenerator<Uint8Array> {
  const source = Readable.from(chunks, { objectMode: true, highWaterMark: 1 });
  source.on('error', error => stream.destroy(error));
  source.pipe(stream);
  try {
    for await (const bytes of stream) yield bytes as Uint8Array;
  } finally {
    source.destroy();
    stream.destroy();
  }
}

/** So much is decompressed at a time: a few bytes can become megabytes. */
const slice = 1024;
/** More of one slice is not a file that anybody made. */
const largestOutput = 64 << 20;

/** zstd where Node has none: some ten times slower, and fast enough for what is read. */
async function* slowZstd(chunks: AsyncIterable<Uint8Array>): AsyncGenerator<Uint8Array> {
  const { Decompress } = await import('fzstd');
  let parts: Uint8Array[] = [];
  let length = 0;
  const stream = new Decompress(bytes => {
    parts.push(bytes);
    length += bytes.length;
    if (length > largestOutput) throw new Error('zstd: too much at once');
  });
  const drained = (): readonly Uint8Array[] => {
    const all = parts;
    [parts, length] = [[], 0];
    return all;
  };
  for await (const chunk of chunks)
    for (let at = 0; at < chunk.length; at += slice) {
      stream.push(chunk.subarray(at, at + slice));
      yield* drained();
    }
  stream.push(new Uint8Array(0), true);
  yield* drained();
}

/** Node's own decompression and hash. */
export const nodeLayerHost: LayerHost = {
  decompress: async function* (format, chunks) {
    const stream = format === 'gzip' ? zlib().createGunzip() : nativeZstd(zlib());
    yield* stream ? through(stream, chunks) : slowZstd(chunks);
  },
  hash: () => {
    const hash = createHash('sha256');
    return { update: bytes => void hash.update(bytes), end: () => hash.digest('hex') };
  },
  now: () => Date.now(),
};
