import type { LayerHost } from '../../base/ports/layer-host';
import { createLayerCollector, type LayerCollector, type LayerRecord } from './layer-record';
import { addLayer, resolvePath, stillReading, type Found } from './layer-tree';
import { Malformed } from './members';
import { concat, createTarReader } from './tar';

/** A layer as a manifest and a configuration name it. */
export interface LayerBlob {
  /** `sha256:` and 64 hexadecimal digits: of its bytes as they are kept. */
  readonly digest: string;
  readonly mediaType: string;
  /** How many bytes it has, as the manifest says. */
  readonly size: number;
  /** The digest of the archive in it; `null`: the configuration says none. */
  readonly diffId: string | null;
}

/**
 * Where the bytes of layers come from: a registry, an OCI layout, an archive.
 *
 * `read` gives the bytes of one layer from its beginning, in chunks of any size, compressed or not. It is asked for the next chunk only when that is needed, and left
 * (`return` of the iterator) as soon as nothing more is: a source that reads at an offset keeps the offset in its generator:
 *
 * ```ts
 * async function* read({ digest, size }) {
 *   for (let at = 0; at < size; at += chunk) yield await bytesOf(digest, at, Math.min(chunk, size - at));
 * }
 * ```
 *
 * It need not give more than `most` bytes: reading ends there. It throws `Unread` with the reason where the bytes cannot be had. It need not check any digest: who reads does that, of layers that are read whole.
 */
export interface LayerSource {
  read(layer: LayerBlob, most: number): AsyncIterable<Uint8Array>;
}

/** The bytes of a layer cannot be had. The message is the end of a sentence: `the registry does not answer`. */
export class Unread extends Error {}

/** How much is read. */
export interface LayerLimits {
  /** Of all layers as they are kept. */
  readonly bytes: number;
  /** Of all layers as archives. */
  readonly unpacked: number;
  readonly milliseconds: number;
  /** Of layers that are read for extras alone. */
  readonly extraBytes: number;
}

/** The usual limits. */
export const usualLimits: LayerLimits = { bytes: 32 << 20, unpacked: 1 << 30, milliseconds: 20_000, extraBytes: 4 << 20 };

/** How far what is asked for is known. `enough`: only extras are missing, for which no large layer is read. */
export type Progress = 'open' | 'enough' | 'all';

/** The files of an image, as far as its layers were read. */
export interface LayerTree {
  /** What a path leads to, through all links. `pending` becomes `uncertain` once nothing more is read. */
  readonly find: (path: string) => Found;
  /** Whether what rests on so many layers from the top rests on bytes that hash. */
  readonly isWhole: (depth: number) => boolean;
}

/** What reading came to. */
export interface LayerReading {
  readonly tree: LayerTree;
  /** Bytes that came from the source. */
  readonly bytes: number;
  /** How many layers were read, whole or in part. */
  readonly layers: number;
  /** Why no more was read, a phrase; `null`: nothing more was needed, or there is no more. */
  readonly problem: string | null;
  /** Whether the same would come of it another time: a registry that does not answer may do so later, and one that lies may stop. */
  readonly isFinal: boolean;
}

/** More layers no engine takes. */
const mostLayers = 500;

/**
 * Reads the layers of an image from the top, as long as `progress` says that something is missing. Never throws.
 * @param layers as a manifest lists them: the lowest first
 */
export async function readLayers(
  layers: readonly LayerBlob[],
  source: LayerSource,
  host: LayerHost,
  progress: (tree: LayerTree) => Progress,
  limits: LayerLimits = usualLimits,
): Promise<LayerReading> {
  const records: LayerRecord[] = [];
  const budget: Budget = { ...limits, end: host.now() + limits.milliseconds };
  const cap = budget.bytes;
  let limit: string | null = layers.length > mostLayers ? 'it has too many layers' : null;
  let rest = limit;
  const treeOf = (list: readonly LayerRecord[], isAll: boolean): LayerTree => ({
    find: path => {
      const found = resolvePath(list, isAll, path);
      return found.state === 'pending' && rest !== null ? { state: 'uncertain', reason: rest, entry: null } : found;
    },
    isWhole: depth => list.slice(0, depth).every(({ verified }) => verified),
  });
  const tree = (): LayerTree => treeOf(records, records.length === layers.length);
  for (const layer of [...layers].reverse()) {
    if (rest !== null) break;
    const known = progress(tree());
    if (known === 'all') break;
    if (known === 'enough' && layer.size > Math.min(budget.extraBytes, budget.bytes)) {
      rest = 'a large layer was not read for it';
      break;
    }
    if (budget.bytes <= 0) {
      limit = rest = `more than ${sizeText(cap)} would have to be read`;
      break;
    }
    // one that does not fit is left as soon as all that matters was found in it
    const isStopped =
      layer.size <= budget.bytes
        ? null
        : (partial: LayerRecord): boolean => partial.sorted && progress(treeOf([...records, partial], false)) !== 'open';
    const before = budget.bytes;
    const record = await readLayer(layer, source, host, budget, isStopped);
    if (known === 'enough') budget.extraBytes -= before - budget.bytes;
    addLayer(records, record);
    rest = record.problem;
  }
  rest ??= records.length === layers.length ? null : 'a layer below was not read';
  const problem = records.at(-1)?.problem ?? limit;
  return {
    tree: tree(),
    bytes: cap - budget.bytes,
    layers: records.length,
    problem: problem === stopped ? null : problem,
    isFinal: problem === limit || [stopped, byteLimit, sizeLimit].includes(problem ?? stopped),
  };
}

/** What is left of the limits. */
interface Budget {
  bytes: number;
  unpacked: number;
  extraBytes: number;
  readonly end: number;
}

/** Why the rest of a layer was not read, where that was not needed. */
const stopped = 'everything needed had already been found';

/** Limits that will be met again. */
const byteLimit = 'the byte limit was reached';
const sizeLimit = 'its layers are larger than the read limit';

const sizeText = (bytes: number): string => `${Math.round(bytes / (1 << 20))} MiB`;

/** Reads a layer, as far as that goes. `isStopped` says when the rest is not needed. */
async function readLayer(
  layer: LayerBlob,
  source: LayerSource,
  host: LayerHost,
  budget: Budget,
  isStopped: ((record: LayerRecord) => boolean) | null,
): Promise<LayerRecord> {
  const collector = createLayerCollector();
  const unread = (problem: string, sorted = collector.record.sorted): LayerRecord =>
    recordOf(collector, { problem, sorted, verified: false });
  const refusal = refusalOf(layer.mediaType);
  if (refusal !== null) return unread(refusal);
  const reader = createTarReader({ entry: collector.add, content: collector.keep });
  const [packed, archive] = [host.hash(), host.hash()];
  const counted = count(layer, source, budget, host, bytes => packed.update(bytes));
  let looked = 0;
  try {
    const { format, chunks } = await formatOf(counted);
    for await (const bytes of format === 'tar' ? chunks : host.decompress(format, chunks)) {
      budget.unpacked -= bytes.length;
      if (budget.unpacked < 0) throw new Unread(sizeLimit);
      archive.update(bytes);
      reader.push(bytes);
      looked += bytes.length;
      if (!isStopped || looked < lookEach) continue;
      looked = 0;
      if (isStopped(unread(stillReading))) return unread(stopped);
    }
    reader.end();
  } catch (error) {
    if (error instanceof Unread) return unread(error.message);
    // of an archive that no engine would unpack nothing is believed
    return unread(error instanceof Malformed ? error.message : 'it cannot be decompressed', false);
  }
  if (`sha256:${packed.end()}` !== layer.digest) return unread('its content does not match its digest', false);
  if (layer.diffId === null) return recordOf(collector, { problem: null, verified: false });
  if (`sha256:${archive.end()}` !== layer.diffId) return unread('its archive does not match the digest in the configuration', false);
  return recordOf(collector, { problem: null, verified: true });
}

/** So many bytes of an archive are read before anybody looks whether they are enough. */
const lookEach = 256 << 10;

function recordOf(
  { record }: LayerCollector,
  about: Pick<LayerRecord, 'problem' | 'verified'> & { readonly sorted?: boolean },
): LayerRecord {
  const { entries, removed, opaque, implied, ghosts, odd, sorted } = record;
  return { entries, removed, opaque, implied, ghosts, odd, sorted, ...about };
}

/** Why a layer cannot be read at all; `null`: it may be. */
function refusalOf(mediaType: string): string | null {
  if (/foreign|nondistributable/.test(mediaType)) return 'a layer is kept elsewhere';
  if (mediaType.includes('encrypted')) return 'a layer is encrypted';
  return null;
}

/** The chunks of a layer, as long as the limits allow. */
async function* count(
  layer: LayerBlob,
  source: LayerSource,
  budget: Budget,
  host: LayerHost,
  seen: (bytes: Uint8Array) => void,
): AsyncGenerator<Uint8Array> {
  let left = layer.size;
  for await (const bytes of source.read(layer, budget.bytes)) {
    budget.bytes -= bytes.length;
    left -= bytes.length;
    if (left < 0) throw new Unread('it has more bytes than its manifest says');
    seen(bytes);
    yield bytes;
    if (left > 0 && budget.bytes <= 0) throw new Unread(byteLimit);
    if (host.now() > budget.end) throw new Unread('the limit of time was met');
  }
  if (left > 0) throw new Unread('it has fewer bytes than its manifest says');
}

/** The format of a layer by its first bytes: media types are wrong often enough. */
async function formatOf(
  counted: AsyncGenerator<Uint8Array>,
): Promise<{ readonly format: 'gzip' | 'zstd' | 'tar'; readonly chunks: AsyncIterable<Uint8Array> }> {
  const parts: Uint8Array[] = [];
  let length = 0;
  while (length < 4) {
    const next = await counted.next();
    if (next.done) break;
    parts.push(next.value);
    length += next.value.length;
  }
  const first = concat(parts);
  async function* chunks(): AsyncGenerator<Uint8Array> {
    try {
      if (first.length > 0) yield first;
      yield* counted;
    } finally {
      await counted.return(undefined);
    }
  }
  const starts = (...magic: readonly number[]): boolean => magic.every((byte, at) => first[at] === byte);
  const isSkippable = (first[0] ?? 0) >> 4 === 5 && starts(first[0]!, 0x2a, 0x4d, 0x18);
  const format = starts(0x1f, 0x8b) ? 'gzip' : starts(0x28, 0xb5, 0x2f, 0xfd) || isSkippable ? 'zstd' : 'tar';
  return { format, chunks: chunks() };
}
