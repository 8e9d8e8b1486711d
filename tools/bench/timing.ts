/** The value below which a share of the sorted values lies. */
export function percentile(values: readonly number[], share: number): number {
  const sorted = [...values].sort((a, b) => a - b);
  return sorted[Math.min(sorted.length - 1, Math.floor(sorted.length * share))] ?? NaN;
}

/** The best of several runs, in milliseconds: this hardware is noisy, and noise only ever adds. */
export function best(runs: number, run: () => void): number {
  let least = Infinity;
  for (let i = 0; i < runs; i++) {
    const start = performance.now();
    run();
    least = Math.min(least, performance.now() - start);
  }
  return least;
}

/**
 * The best of so many runs that it is warm, in milliseconds: ten at a time, until ten bring nothing that is better by more than a hundredth.
 * Much code takes longer to be compiled than little: with a fixed number of runs it would be measured half cold.
 */
export function bestOnceWarm(run: () => void): number {
  let least = best(10, run);
  for (;;) {
    const next = best(10, run);
    const warm = next > 0.99 * least;
    least = Math.min(least, next);
    if (warm) return least;
  }
}
