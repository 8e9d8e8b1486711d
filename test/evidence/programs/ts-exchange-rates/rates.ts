import { readFileSync, writeFileSync, mkdirSync } from 'node:fs';

export type Rates = Readonly<Record<string, number>>;

const FIXTURES = '/var/lib/rates/fixtures';

export function load(file: string): Rates {
  return JSON.parse(readFileSync(file, 'utf8'));
}

export function convert(rates: Rates, amount: number, from: string, to: string): number {
  const source = rates[from];
  const target = rates[to];
  if (source === undefined || target === undefined) throw new RangeError(`no rate for ${from} or ${to}`);
  return Math.round((amount / source) * target * 100) / 100;
}

/** For the test suite: records rates as a fixture. */
export function recordFixture(name: string, rates: Rates): void {
  mkdirSync(FIXTURES, { recursive: true });
  writeFileSync(`${FIXTURES}/${name}.json`, JSON.stringify(rates, null, 2));
}
