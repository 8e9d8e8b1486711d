/** An address as a number, and how many bits it has: 32 or 128. */
export interface Address {
  readonly bits: 32 | 128;
  readonly value: bigint;
}

/** A network: an address, and how many bits of it are its own. */
export interface Network {
  readonly address: Address;
  readonly prefix: number;
}

function parseFour(text: string): bigint | null {
  const parts = text.split('.');
  if (parts.length !== 4 || !parts.every(part => /^(?:0|[1-9]\d{0,2})$/.test(part) && Number(part) < 256)) return null;
  return parts.reduce((value, part) => value * 256n + BigInt(part), 0n);
}

/** An address as Kubernetes' CEL reads it, without zones and without IPv4 within IPv6; `null`: it is none. */
export function parseAddress(text: string): Address | null {
  if (text.length > 45) return null;
  if (!text.includes(':')) {
    const value = parseFour(text);
    return value === null ? null : { bits: 32, value };
  }
  const halves = text.split('::');
  if (halves.length > 2 || text.includes('.')) return null;
  const [head = [], tail = []] = halves.map(half => (half === '' ? [] : half.split(':')));
  const missing = 8 - head.length - tail.length;
  if (halves.length === 1 ? missing !== 0 : missing < 1) return null;
  const groups = [...head, ...new Array<string>(halves.length === 1 ? 0 : missing).fill('0'), ...tail];
  if (!groups.every(group => /^[0-9a-fA-F]{1,4}$/.test(group))) return null;
  const value = groups.reduce((sum, group) => sum * 65536n + BigInt(`0x${group}`), 0n);
  // an IPv4 address in IPv6's clothes is refused
  return value >> 32n === 0xffffn ? null : { bits: 128, value };
}

/** A network (`10.0.0.0/8`); `null`: it is none. */
export function parseNetwork(text: string): Network | null {
  const slash = text.indexOf('/');
  const address = parseAddress(text.slice(0, Math.max(slash, 0)));
  const length = text.slice(slash + 1);
  const prefix = /^(?:0|[1-9]\d{0,2})$/.test(length) ? Number(length) : NaN;
  return address && prefix <= address.bits ? { address, prefix } : null;
}

/** An address with the bits after a prefix cleared. */
export function masked({ address: { bits, value }, prefix }: Network): Address {
  const rest = BigInt(bits - prefix);
  return { bits, value: (value >> rest) << rest };
}

/** Whether a network holds an address. */
export function holdsAddress(network: Network, address: Address): boolean {
  return network.address.bits === address.bits && masked({ address, prefix: network.prefix }).value === masked(network).value;
}

/** An address as it is written in its usual form. */
export function showAddress({ bits, value }: Address): string {
  const size = bits === 32 ? 8n : 16n;
  const groups = Array.from(
    { length: bits === 32 ? 4 : 8 },
    (_, i) => (value >> (size * BigInt((bits === 32 ? 3 : 7) - i))) & ((1n << size) - 1n),
  );
  if (bits === 32) return groups.join('.');
  const text = groups.map(group => group.toString(16)).join(':');
  // the longest run of zeros, the first of several
  const runs = [...text.matchAll(/(?:^|:)0(?::0){1,7}(?=:|$)/g)].sort((a, b) => b[0].length - a[0].length || a.index - b.index);
  const [run] = runs;
  if (!run) return text;
  const after = text.slice(run.index + run[0].length).replace(/^:/, '');
  return `${text.slice(0, run.index)}::${after}`;
}

/** Names of what an address is for, as methods of Kubernetes' CEL ask. */
export function isKind({ bits, value }: Address, kind: string): boolean {
  const inside = (network: string): boolean => holdsAddress(parseNetwork(network)!, { bits, value });
  switch (kind) {
    case 'isUnspecified':
      return value === 0n;
    case 'isLoopback':
      return bits === 32 ? inside('127.0.0.0/8') : value === 1n;
    case 'isLinkLocalMulticast':
      return bits === 32 ? inside('224.0.0.0/24') : inside('ff02::/16');
    case 'isLinkLocalUnicast':
      return bits === 32 ? inside('169.254.0.0/16') : inside('fe80::/10');
    default: {
      const special = ['isUnspecified', 'isLoopback', 'isLinkLocalMulticast', 'isLinkLocalUnicast'].some(each =>
        isKind({ bits, value }, each),
      );
      const isMulticast = bits === 32 ? inside('224.0.0.0/4') : inside('ff00::/8');
      return !special && !isMulticast && !(bits === 32 && value === 0xffffffffn);
    }
  }
}
