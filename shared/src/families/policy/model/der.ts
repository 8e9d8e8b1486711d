/** An element of DER (X.690): its tag, and where its content stands. */
export interface DerElement {
  readonly tag: number;
  readonly start: number;
  readonly end: number;
}

/** The element at a place; `null` where the bytes end before it does, or are no DER. */
export function derAt(bytes: Uint8Array, at: number): DerElement | null {
  const tag = bytes[at];
  const first = bytes[at + 1];
  if (tag === undefined || first === undefined || (tag & 31) === 31) return null;
  let start = at + 2;
  let length = first;
  if (first & 128) {
    const count = first & 127;
    if (count === 0 || count > 4 || start + count > bytes.length) return null;
    length = 0;
    for (let i = 0; i < count; i++) length = length * 256 + bytes[start + i]!;
    start += count;
  }
  return start + length > bytes.length ? null : { tag, start, end: start + length };
}

/** The elements within one, in order; `null` where they do not fill it. */
export function derChildren(bytes: Uint8Array, parent: DerElement): readonly DerElement[] | null {
  const found: DerElement[] = [];
  for (let at = parent.start; at < parent.end;) {
    const element = derAt(bytes, at);
    if (!element || element.end > parent.end || found.length > 100) return null;
    found.push(element);
    at = element.end;
  }
  return found;
}

/** The bits of a positive INTEGER. */
export function integerBits(bytes: Uint8Array, { start, end }: DerElement): number {
  let at = start;
  while (at < end && bytes[at] === 0) at++;
  return at === end ? 0 : (end - at) * 8 - (Math.clz32(bytes[at]!) - 24);
}

/** An OBJECT IDENTIFIER in hexadecimal digits. */
export function hexOf(bytes: Uint8Array, { start, end }: DerElement): string {
  return Array.from(bytes.subarray(start, Math.min(end, start + 64)), byte => byte.toString(16).padStart(2, '0')).join('');
}

/** An UTCTime or GeneralizedTime as an ISO date and time; `null` where it is written otherwise than RFC 5280 says. */
export function timeOf(bytes: Uint8Array, { tag, start, end }: DerElement): string | null {
  const text = String.fromCharCode(...bytes.subarray(start, Math.min(end, start + 32)));
  const [, written, month, day, hour, minute, second] = /^(\d\d|\d{4})(\d\d)(\d\d)(\d\d)(\d\d)(\d\d)Z$/.exec(text) ?? [];
  if (written === undefined || written.length !== (tag === 23 ? 2 : 4)) return null;
  const year = tag === 23 ? `${Number(written) < 50 ? 20 : 19}${written}` : written;
  return `${year}-${month}-${day}T${hour}:${minute}:${second}Z`;
}
