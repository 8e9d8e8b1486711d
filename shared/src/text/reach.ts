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
