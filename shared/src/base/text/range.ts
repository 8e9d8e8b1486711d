/**
 * A half-open span of text: `start` is the offset of the first UTF-16 unit, `end` the offset after the last.
 * Offsets count from the start of the text they belong to; who owns that text (file or YAML document) is said where a range is stored.
 */
export interface Range {
  readonly start: number;
  readonly end: number;
}

/** Makes a range; `end` defaults to `start`, which gives an empty range (a place between two characters). */
export function range(start: number, end: number = start): Range {
  return { start, end };
}

/** Whether `inner` lies within `outer`; equal ends count as within. */
export function contains(outer: Range, inner: Range): boolean {
  return outer.start <= inner.start && inner.end <= outer.end;
}

/** Whether two ranges share at least one character. Empty ranges share none. */
export function overlaps(a: Range, b: Range): boolean {
  return a.start < b.end && b.start < a.end;
}

/** The range moved by `by` UTF-16 units. */
export function shift(r: Range, by: number): Range {
  return by === 0 ? r : { start: r.start + by, end: r.end + by };
}
