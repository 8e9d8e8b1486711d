import type { Finding } from '../../shared/src/finding/types';
import { expect } from 'vitest';

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

/**
 * Expects that four times the text takes four times the time; up to eight is noise, and so is anything below a blink. (What is quadratic
 * takes sixteen times as long.) `size` is the middle size in characters, `BULKHEAD_SIZE` another one; `BULKHEAD_COSTS` prints.
 */
export function expectProportional(name: string, make: Make, lint: Lint, size = 30_000): void {
  const wanted = Number(process.env['BULKHEAD_SIZE'] ?? size);
  const n = Math.max(8, Math.round((8 * wanted) / make(8).length));
  const [small, large] = [n >> 1, 4 * (n >> 1)];
  let [once, four] = [Infinity, Infinity];
  for (let round = 0; round < 2 || (round < rounds && four >= Math.max(8 * once, 150)); round++) {
    once = Math.min(once, cost(make, lint, small, round));
    four = Math.min(four, cost(make, lint, large, round));
  }
  const costs = `${once.toFixed(0)} ms for ${small}, ${four.toFixed(0)} ms for ${large}`;
  if (process.env['BULKHEAD_COSTS']) console.log(`${name}: ${costs}`);
  expect(four, costs).toBeLessThan(Math.max(8 * once, 150));
}
