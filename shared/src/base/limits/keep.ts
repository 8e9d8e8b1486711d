/** Gathers things, no more than a number of them. */
export interface Keeper<T> {
  add(item: T): void;
  /** What is kept, in the order in which it came. */
  taken(): readonly T[];
  /** How many were left out so far. */
  left(): number;
}

/**
 * Keeps the first `limit` things by `compare`; of equals those that came first. Never holds more than twice as many, and costs nothing beyond
 * a push as long as there are fewer.
 */
export function createKeeper<T>(limit: number, compare: (a: T, b: T) => number): Keeper<T> {
  let items: T[] = [];
  let left = 0;
  let last: T | null = null;
  const prune = (): void => {
    if (items.length <= limit) return;
    const best = [...items].sort(compare).slice(0, limit);
    const kept = new Set(best);
    left += items.length - limit;
    items = items.filter(item => kept.has(item));
    last = best.at(-1) ?? null;
  };
  return {
    add: item => {
      if (last !== null && compare(item, last) >= 0) left++;
      else if (items.push(item) >= 2 * limit) prune();
    },
    taken: () => {
      prune();
      return items;
    },
    // no accessor: an object with one has a hidden class of its own, which keeps what it closes over until the next full run of the collector
    left: () => left,
  };
}
