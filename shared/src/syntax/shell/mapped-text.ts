import { range, type Range } from '../../base/text/range';

/**
 * A text that was put together from pieces of a source text: a logical line without its continuations, a JSON string without its
 * escapes. `starts[i]` is where piece i begins in `text`, `sources[i]` where it begins in the source. A piece runs to the next one.
 */
export interface MappedText {
  readonly text: string;
  readonly starts: readonly number[];
  readonly sources: readonly number[];
}

/** A text that stands in one piece at `source`. */
export function mappedSlice(text: string, source: number): MappedText {
  return { text, starts: [0], sources: [source] };
}

/** The piece that holds an offset: the last one that starts at or before it. */
function pieceAt(mapped: MappedText, offset: number): number {
  const { starts } = mapped;
  let low = 0;
  let high = starts.length - 1;
  while (low < high) {
    const middle = (low + high + 1) >> 1;
    if (starts[middle]! <= offset) low = middle;
    else high = middle - 1;
  }
  return low;
}

/** The source offset of the character at `offset` of the mapped text. */
export function sourceOffset(mapped: MappedText, offset: number): number {
  const piece = pieceAt(mapped, offset);
  return mapped.sources[piece]! + offset - mapped.starts[piece]!;
}

/** The source range from the first to behind the last character of `[start, end)`; what a continuation puts between is within. */
export function sourceRange(mapped: MappedText, start: number, end: number): Range {
  if (start < end) return range(sourceOffset(mapped, start), sourceOffset(mapped, end - 1) + 1);
  // An empty range sticks to the character before it, so that it never jumps behind a line continuation.
  return range(start > 0 ? sourceOffset(mapped, start - 1) + 1 : sourceOffset(mapped, 0));
}

/** A part of a mapped text, with its own map. */
export function sliceMapped(mapped: MappedText, start: number, end: number): MappedText {
  const first = pieceAt(mapped, start);
  const starts: number[] = [];
  const sources: number[] = [];
  for (let i = first; i < mapped.starts.length && (i === first || mapped.starts[i]! < end); i++) {
    const from = Math.max(mapped.starts[i]!, start);
    starts.push(from - start);
    sources.push(mapped.sources[i]! + from - mapped.starts[i]!);
  }
  return { text: mapped.text.slice(start, end), starts, sources };
}
