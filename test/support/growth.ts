import { expect } from 'vitest';

/** How often both sizes are measured at most: a busy machine can spoil a round, not all of them. */
const rounds = 6;

/** Milliseconds that are a blink: whatever takes less for the larger size is good enough. */
const blink = 150;

/** A limit for tests that keep the thread busy: nothing can end them in the middle, so that a shorter one would only fail on a busy machine. */
export const patience = 3_600_000;

/** Milliseconds of the processor that `run` takes: waiting for others does not count. */
export function processorTime(run: () => void): number {
  const start = process.cpuUsage();
  run();
  const { user, system } = process.cpuUsage(start);
  return (user + system) / 1000;
}

/**
 * Expects that four times the input takes four times the time: a ratio, since no clock is the same on a busy machine. Up to eight is noise, and so
 * is anything below a blink; what is quadratic takes sixteen times as long. `n` is the larger size. Each input is another one, so that no cache helps.
 * `BULKHEAD_COSTS` prints.
 */
export function expectLinear<T>(name: string, make: (n: number) => T, run: (input: T) => void, n: number): void {
  const timeOf = (size: number): number => {
    const input = make(size);
    return processorTime(() => run(input));
  };
  const small = Math.max(1, n >> 2);
  let once = Infinity;
  let four = timeOf(4 * small);
  // the smaller size twice at least, since the first time warms the code up; the larger one again only where it is the one that was spoilt
  for (let round = 1; round <= rounds && four >= blink && (round <= 2 || four >= 8 * once); round++) {
    once = Math.min(once, timeOf(small + round));
    if (four >= 8 * once) four = Math.min(four, timeOf(4 * small + round));
  }
  const costs = `${name}: ${Number.isFinite(once) ? `${once.toFixed(0)} ms for ${small}, ` : ''}${four.toFixed(0)} ms for ${4 * small}`;
  if (process.env['BULKHEAD_COSTS']) console.log(costs);
  expect(four, costs).toBeLessThan(Math.max(8 * once, blink));
}

let unseen = 0;

/** A path that no engine has seen: what is kept from one check of a file to the next would be part of what is measured. */
export function unseenPath(name: string): string {
  return `${unseen++}/${name}`;
}
