/** A block of addresses. `bits` is 32 or 128; `start` its first address as a number. */
export interface AddressBlock {
  readonly bits: 32 | 128;
  readonly start: bigint;
  readonly prefix: number;
}

/** Reads `10.0.0.0/8` or `fd00::/8`; an address without a prefix is a block of one. `null` for anything else. */
export function parseBlock(text: string): AddressBlock | null {
  const [address = '', length, ...rest] = text.trim().split('/');
  if (rest.length > 0 || (length !== undefined && !/^\d{1,3}$/.test(length))) return null;
  const bits = address.includes(':') ? 128 : 32;
  const value = bits === 32 ? parseFour(address) : parseSix(address);
  const prefix = length === undefined ? bits : Number(length);
  if (value === null || prefix > bits) return null;
  const host = BigInt(bits - prefix);
  return { bits, start: (value >> host) << host, prefix };
}

/** Whether a text is one address, of IPv4 or IPv6. */
export function isIpAddress(text: string): boolean {
  return !text.includes('/') && parseBlock(text) !== null;
}

function parseFour(text: string): bigint | null {
  const parts = text.split('.');
  if (parts.length !== 4 || !parts.every(part => /^\d{1,3}$/.test(part) && Number(part) < 256)) return null;
  return parts.reduce((value, part) => value * 256n + BigInt(part), 0n);
}

function parseSix(text: string): bigint | null {
  const halves = text.split('::');
  if (halves.length > 2) return null;
  const [head = [], tail = []] = halves.map(half => (half === '' ? [] : half.split(':')));
  const missing = 8 - head.length - tail.length;
  if (halves.length === 1 ? missing !== 0 : missing < 1) return null;
  const groups = [...head, ...new Array<string>(missing).fill('0'), ...tail];
  if (!groups.every(group => /^[\da-f]{1,4}$/i.test(group))) return null;
  return groups.reduce((value, group) => value * 65536n + BigInt(`0x${group}`), 0n);
}

/** Whether all of `inner` lies in `outer`. */
export function contains(outer: AddressBlock, inner: AddressBlock): boolean {
  if (outer.bits !== inner.bits || outer.prefix > inner.prefix) return false;
  const host = BigInt(outer.bits - outer.prefix);
  return inner.start >> host === outer.start >> host;
}

/** Where clouds hand out credentials and settings to whoever asks from a node or pod. */
export const metadataAddresses: readonly string[] = [
  '169.254.169.254',
  '169.254.170.2', // AWS ECS
  '169.254.170.23', // AWS EKS Pod Identity
  '169.254.42.42', // Scaleway
  '168.63.129.16', // Azure WireServer
  '100.100.100.200', // Alibaba Cloud
  'fd00:ec2::254', // AWS
  'fd00:ec2::23',
  'fd20:ce::254', // Google Cloud
  'fd00:c1::a9fe:a9fe', // Oracle Cloud
  'fd00:a9fe:a9fe::1', // Akamai
  'fd00:42::42', // Scaleway
  'fe80::a9fe:a9fe', // OpenStack
];

/** The metadata addresses in a block, as blocks of one: `169.254.169.254/32`. */
export function metadataIn(block: AddressBlock): readonly string[] {
  return metadataAddresses.filter(address => contains(block, parseBlock(address)!)).map(address => `${address}/${block.bits}`);
}

/** The two that a block must leave out for it to be said that it does: what AWS, Google, Azure and most others use. */
export const mainMetadataAddresses: readonly string[] = ['169.254.169.254', 'fd00:ec2::254'];
