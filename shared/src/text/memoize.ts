/** A view that keeps what others work out of it. */
export interface Keeper {
  /** By the function that works it out; for `derive` alone. */
  readonly derived: Map<unknown, unknown>;
}

/**
 * Works a value out once for each view, and lets the view keep it. No WeakMap: the garbage collector's frequent small runs take the values
 * of one for reachable, so that a value which leads back to its key would keep every model until the next full run.
 */
export function derive<O extends Keeper, V>(compute: (owner: O) => V): (owner: O) => V {
  return owner => {
    const { derived } = owner;
    if (derived.has(compute)) return derived.get(compute) as V;
    const value = compute(owner);
    derived.set(compute, value);
    return value;
  };
}
