/**
 * A short key of a text: equal texts have equal keys, others have others as far as 53 bits and the length can tell. No secret and no signature: whoever makes
 * two texts of one key gains nothing but to have both of them refused.
 */
export function textKey(text: string): string {
  const [a, b] = hashesOf(text);
  return `${((b & 0x1fffff) * 0x100000000 + (a >>> 0)).toString(36)}-${text.length.toString(36)}`;
}

/** Two multiplicative hashes of a text, of 32 bits each. */
export function hashesOf(text: string): readonly [number, number] {
  let a = 0xdeadbeef;
  let b = 0x41c6ce57;
  for (let i = 0; i < text.length; i++) {
    const unit = text.charCodeAt(i);
    a = Math.imul(a ^ unit, 2654435761);
    b = Math.imul(b ^ unit, 1597334677);
  }
  a = Math.imul(a ^ (a >>> 16), 2246822507) ^ Math.imul(b ^ (b >>> 13), 3266489909);
  b = Math.imul(b ^ (b >>> 16), 2246822507) ^ Math.imul(a ^ (a >>> 13), 3266489909);
  return [a, b];
}
