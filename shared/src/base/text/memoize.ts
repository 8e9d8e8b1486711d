/** A view that keeps what others work out of it. */
export interface Memo {
  /** By the function that works it out; for `memoize` alone. */
  readonly memo: Map<unknown, unknown>;
}

/**
 * Works a value out once for each view, and lets the view keep it. No WeakMap: the garbage collector's frequent small runs take the values
 * of one for reachable, so that a value which leads back to its key would keep every model until the next full run.
 */
export function memoize<O extends Memo, V>(compute: (owner: O) => V): (owner: O) => V {
  return owner => {
    const { memo } = owner;
    if (memo.has(compute)) return memo.get(compute) as V;
    const value = compute(owner);
    memo.set(compute, value);
    return value;
  };
}

/** As `memoize`, for a value that depends on something else too, which is one object for as long as it is the same: the last value is kept. */
export function memoizeFor<O extends Memo, K, V>(compute: (owner: O, by: K) => V): (owner: O, by: K) => V {
  const last = memoize((_: O): { by: K | null; value: V | null } => ({ by: null, value: null }));
  return (owner, by) => {
    const kept = last(owner);
    if (kept.by !== by) {
      kept.value = compute(owner, by);
      kept.by = by;
    }
    return kept.value as V;
  };
}
