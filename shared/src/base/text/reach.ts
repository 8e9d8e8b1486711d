/**
 * Whether what runs looks beyond the piece of a text that it was given: at the rest of its file, or at what other files say. Views say so
 * themselves, in the few getters that lead out of a piece; what was worked out without it holds wherever the same piece stands.
 */
export const reach = { out: false };

/** Works out what a piece keeps for whoever asks: that it was the first to ask is no matter of the asker. */
export function unreached<T>(compute: () => T): T {
  const { out } = reach;
  try {
    return compute();
  } finally {
    reach.out = out;
  }
}

/** What was worked out once for many that ask, and whether that looked beyond the piece of who asked first. */
export interface Reached<T> {
  readonly value: T;
  readonly out: boolean;
}

/** Works something out to be kept with what it looked at, which `reachAgain` gives to who asks later. */
export function withReach<T>(compute: () => T): Reached<T> {
  const { out } = reach;
  reach.out = false;
  try {
    const value = compute();
    return { value, out: reach.out };
  } finally {
    reach.out ||= out;
  }
}

/** The value, for somebody who has looked at the same by asking for it. */
export function reachAgain<T>({ value, out }: Reached<T>): T {
  reach.out ||= out;
  return value;
}
