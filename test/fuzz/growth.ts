import { expect } from 'vitest';
import type { Finding } from '../../shared/src/engine/types';

/** Makes a text of `n` of something. */
export type Make = (n: number) => string;
/** Lints a text. */
export type Lint = (text: string) => readonly Finding[];

/** How often both sizes are measured at most: the first round warms the engine up, and a busy machine can spoil a round, not all of them. */
const rounds = 6;

/** Milliseconds of the processor that a text takes: a fresh text each time, so that no cache helps, and no waiting for others. */
export function cost(make: Make, lint: Lint, n: number, round = 0): number {
  const text = `${make(n)}# ${n}.${round}\n`;
  const start = process.cpuUsage();
  const findings = lint(text);
  const { user, system } = process.cpuUsage(start);
  expect(findings.filter(({ rule }) => rule === 'bulkhead/internal-error')).toEqual([]);
  return (user + system) / 1000;
}

/** Expects that twice the text takes twice the time; up to thrice is noise, and so is anything below a blink. `BULKHEAD_SIZE` is the size in characters, `BULKHEAD_COSTS` prints. */
export function expectProportional(name: string, make: Make, lint: Lint): void {
  const size = Number(process.env['BULKHEAD_SIZE'] ?? 30_000);
  const n = Math.max(8, Math.round((8 * size) / make(8).length));
  let [once, twice] = [Infinity, Infinity];
  for (let round = 0; round < 2 || (round < rounds && twice >= Math.max(3 * once, 150)); round++) {
    once = Math.min(once, cost(make, lint, n, round));
    twice = Math.min(twice, cost(make, lint, 2 * n, round));
  }
  const costs = `${once.toFixed(0)} ms for ${n}, ${twice.toFixed(0)} ms for ${2 * n}`;
  if (process.env['BULKHEAD_COSTS']) console.log(`${name}: ${costs}`);
  expect(twice, costs).toBeLessThan(Math.max(3 * once, 150));
}
