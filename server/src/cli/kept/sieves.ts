import { createSieve, type Sieve } from '../../../../shared/src/index';

/** By the hashes of texts: what is said of a file and what is learned of it pass through the same one. */
const known = new Map<string, Sieve>();

/** The sieve of a text of which the hash is known; `null` where nobody has the text any more. */
export function sieveOf(hash: string, text: () => string | null): Sieve | null {
  let sieve = known.get(hash);
  if (!sieve) {
    const own = text();
    if (own !== null) known.set(hash, (sieve = createSieve(own)));
  }
  return sieve ?? null;
}
