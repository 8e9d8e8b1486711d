import { expect } from 'vitest';

/** How often both sizes are measured at most: the first round warms the code up, and a busy machine can spoil a round, not all of them. */
const rounds = 6;

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
  let [once, four] = [Infinity, Infinity];
  for (let round = 0; round < 2 || (round < rounds && four >= Math.max(8 * once, 150)); round++) {
    once = Math.min(once, timeOf(small + round));
    four = Math.min(four, timeOf(4 * small + round));
  }
  const costs = `${name}: ${once.toFixed(0)} ms for ${small}, ${four.toFixed(0)} ms for ${4 * small}`;
  if (process.env['BULKHEAD_COSTS']) console.log(costs);
  expect(four, costs).toBeLessThan(Math.max(8 * once, 150));
}

let unseen = 0;

/** A path that no engine has seen: what is kept from one check of a file to the next would be part of what is measured. */
export function unseenPath(name: string): string {
  return `${unseen++}/${name}`;
}
