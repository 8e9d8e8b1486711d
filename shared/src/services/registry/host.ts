/** A host as a connection takes it, whatever it was spelled like: an address as its 4 or 16 bytes, or a name without its final dot. */
export type Host = { readonly name: string } | { readonly bytes: readonly number[] };

/**
 * Reads the host of an address as the URL standard does (https://url.spec.whatwg.org/#host-parsing): `127.1`, `0x7f.1`, `0177.0.0.1`, `2130706433` and
 * `127.0.0.1.` are one address. `null`: neither an address nor a name, as `1.2.3.999`.
 * @param host in lower case, an IPv6 address in brackets
 */
export function parseHost(host: string): Host | null {
  if (host.startsWith('[')) {
    const bytes = host.endsWith(']') ? parseV6(host.slice(1, -1)) : null;
    return bytes && { bytes };
  }
  const name = host.endsWith('.') ? host.slice(0, -1) : host;
  if (name === '') return null;
  // what ends in a number is an address or nothing
  if (!/^(?:\d+|0x[0-9a-f]*)$/.test(name.slice(name.lastIndexOf('.') + 1))) return { name };
  const bytes = parseV4(name);
  return bytes && { bytes };
}

/** One to four numbers, the last of which fills what is left. */
function parseV4(text: string): readonly number[] | null {
  const parts = text.split('.');
  if (parts.length > 4) return null;
  const numbers: number[] = [];
  for (const part of parts) {
    if (!/^(?:0x[0-9a-f]*|0[0-7]*|[1-9]\d*)$/.test(part)) return null;
    numbers.push(part.startsWith('0x') ? parseInt(`0${part.slice(2)}`, 16) : parseInt(part, part.startsWith('0') ? 8 : 10));
  }
  const last = numbers.pop()!;
  const left = 4 - numbers.length;
  if (numbers.some(number => number > 255) || last >= 256 ** left) return null;
  for (let i = left - 1; i >= 0; i--) numbers.push(Math.floor(last / 256 ** i) % 256);
  return numbers;
}

/** Eight groups, a run of zeros as `::`, the last two as dotted numbers perhaps. */
function parseV6(text: string): readonly number[] | null {
  const halves = text.split('::');
  if (halves.length > 2) return null;
  const sides: number[][] = [];
  for (const [index, half] of halves.entries()) {
    const bytes: number[] = [];
    const groups = half === '' ? [] : half.split(':');
    for (const [i, group] of groups.entries()) {
      if (/^[0-9a-f]{1,4}$/.test(group)) bytes.push(parseInt(group, 16) >> 8, parseInt(group, 16) & 255);
      else if (index === halves.length - 1 && i === groups.length - 1 && /^(?:(?:0|[1-9]\d{0,2})\.){3}(?:0|[1-9]\d{0,2})$/.test(group)) {
        const numbers = group.split('.').map(Number);
        if (numbers.some(number => number > 255)) return null;
        bytes.push(...numbers);
      } else return null;
    }
    sides.push(bytes);
  }
  const [head = [], tail = []] = sides;
  const missing = 16 - head.length - tail.length;
  if (halves.length === 1 ? missing !== 0 : missing < 2) return null;
  return [...head, ...Array.from({ length: missing }, () => 0), ...tail];
}

/** Whether an address is this machine: nobody else can listen on the way. */
export function isLoopbackAddress(bytes: readonly number[]): boolean {
  if (bytes.length === 4) return bytes[0] === 127;
  const inner = innerV4(bytes);
  return inner ? isLoopbackAddress(inner) : bytes.every((byte, i) => byte === (i === 15 ? 1 : 0));
}

/** Whether an address is of this machine, a local network or a link, by the registries of IANA (RFC 6890) and what stands in for them. */
export function isLocalAddress(bytes: readonly number[]): boolean {
  const [a = 0, b = 0] = bytes;
  if (bytes.length === 4) {
    return (
      a === 0 ||
      a === 10 ||
      a === 127 ||
      (a === 100 && b >= 64 && b < 128) ||
      (a === 169 && b === 254) ||
      (a === 172 && b >= 16 && b < 32) ||
      (a === 192 && b === 168)
    );
  }
  const inner = innerV4(bytes);
  // fc00::/7 is unique local, fe80::/10 link-local, fec0::/10 site-local, 64:ff9b:1::/48 a translator of the local network
  if (a === 0xfe || (a & 0xfe) === 0xfc || startsWith(bytes, [0, 0x64, 0xff, 0x9b, 0, 1])) return true;
  // unspecified and loopback look like compatible addresses, which nobody routes
  return inner
    ? isLocalAddress(inner)
    : startsWith(
        bytes,
        Array.from({ length: 12 }, () => 0),
      );
}

/** The IPv4 address that an IPv6 address stands for: mapped (`::ffff:0:0/96`), translated (NAT64, `64:ff9b::/96`), or through 6to4 (`2002::/16`). */
function innerV4(bytes: readonly number[]): readonly number[] | null {
  const zeros = (count: number): number[] => Array.from({ length: count }, () => 0);
  if (startsWith(bytes, [...zeros(10), 0xff, 0xff]) || startsWith(bytes, [0, 0x64, 0xff, 0x9b, ...zeros(8)])) return bytes.slice(12);
  return bytes[0] === 0x20 && bytes[1] === 0x02 ? bytes.slice(2, 6) : null;
}

function startsWith(bytes: readonly number[], prefix: readonly number[]): boolean {
  return prefix.every((byte, i) => bytes[i] === byte);
}
