import type { Range } from './range';
import { firstIndex } from './search';

/** Ranges that are searched by place. */
export interface RangeSearch<T extends Range> {
  /** Whether `test` holds for one of those that meet `range`: share a character with it, or end where it begins, or begin where it ends. */
  some(range: Range, test: (candidate: T) => boolean): boolean;
  /** The last one, by where they begin, that meets `range` and for which `test` holds. */
  last(range: Range, test: (candidate: T) => boolean): T | undefined;
  /** Those that meet `range` and for which `test` holds, by where they begin. */
  filter(range: Range, test: (candidate: T) => boolean): T[];
}

/**
 * Prepares ranges, in any order, for many searches. A search costs the logarithm of their number and what meets the range, as long as few
 * of them are much longer than the others.
 */
export function createRangeSearch<T extends Range>(ranges: readonly T[]): RangeSearch<T> {
  const sorted = [...ranges].sort((a, b) => a.start - b.start);
  // how far a range and all before it reach: where that is short of a place, nothing further up comes to it
  let furthest = 0;
  const reach = sorted.map(({ end }) => (furthest = Math.max(furthest, end)));
  const some = (range: Range, test: (candidate: T) => boolean): boolean => {
    const behind = firstIndex(sorted.length, i => sorted[i]!.start > range.end);
    for (let at = behind - 1; at >= 0 && reach[at]! >= range.start; at--) {
      const candidate = sorted[at]!;
      if (candidate.end >= range.start && test(candidate)) return true;
    }
    return false;
  };
  return {
    some,
    last: (range, test) => {
      let found: T | undefined;
      some(range, candidate => {
        if (test(candidate)) found = candidate;
        return found !== undefined;
      });
      return found;
    },
    filter: (range, test) => {
      const found: T[] = [];
      some(range, candidate => {
        if (test(candidate)) found.push(candidate);
        return false;
      });
      return found.reverse();
    },
  };
}
