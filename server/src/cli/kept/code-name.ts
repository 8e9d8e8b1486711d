/** Under this name `cli.js` leaves the hash of the code that it starts: what one version has kept, no other takes. */
const slot = Symbol.for('bulkhead.code');
const shared = globalThis as unknown as Record<symbol, string | undefined>;

/** Says which code it is. */
export function nameCode(hash: string): void {
  shared[slot] = hash;
}

/** Which code it is; `null`: nobody has said. */
export function codeName(): string | null {
  return shared[slot] ?? null;
}
