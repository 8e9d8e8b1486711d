import type { Finding } from '../../shared/src/rule/finding/types';
import { expect } from 'vitest';
import { expectLinear } from '../support/growth';

/** Makes a text of `n` of something. */
export type Make = (n: number) => string;
/** Lints a text. */
export type Lint = (text: string) => readonly Finding[];

const isBroken = ({ rule }: Finding): boolean => rule === 'bulkhead/internal-error';

/** Expects that four times the text takes four times the time. `size` is the middle size in characters, `BULKHEAD_SIZE` another one. */
export function expectProportional(name: string, make: Make, lint: Lint, size = 30_000): void {
  const wanted = Number(process.env['BULKHEAD_SIZE'] ?? size);
  expectProportionalAt(4 * (Math.max(8, Math.round((8 * wanted) / make(8).length)) >> 1), name, make, lint);
}

/** The same, where the larger text has `n` of what grows. */
export function expectProportionalAt(n: number, name: string, make: Make, lint: Lint): void {
  expectLinear(
    name,
    k => `${make(k)}# ${k}\n`,
    text => expect(lint(text).filter(isBroken)).toEqual([]),
    n,
  );
}
