import type { PortRange } from './types';

/** A published port as its short syntax says it; offsets are in the text. */
export interface ParsedPort {
  /** Without brackets; `null`: none is written. */
  readonly address: string | null;
  readonly host: PortRange | null;
  readonly hasHost: boolean;
  readonly container: PortRange | null;
  readonly protocol: string;
  /** Where address and port of the host are written; the whole text where they are not. */
  readonly hostStart: number;
  readonly hostEnd: number;
}

/** Why no engine reads a port. `part`: what is wrong, as written. */
export interface PortProblem {
  readonly problem: 'no-port' | 'address' | 'container' | 'host' | 'length' | 'protocol';
  readonly part: string;
}

/** A port or a range of ports; `null` for what is neither. */
export function parsePortRange(text: string): PortRange | null {
  const match = /^(\d{1,5})(?:-(\d{1,5}))?$/.exec(text);
  if (!match) return null;
  const first = Number(match[1]);
  const last = match[2] === undefined ? first : Number(match[2]);
  return last <= 65535 && first <= last ? { first, last } : null;
}

/** Whether a text is an IP address, as the engines' `net.ParseIP` takes it: without brackets, an IPv6 zone allowed. */
export function isAddress(text: string): boolean {
  const octets = text.split('.');
  if (octets.length === 4 && octets.every(octet => /^(?:0|[1-9]\d{0,2})$/.test(octet) && Number(octet) < 256)) return true;
  const address = text.split('%', 1)[0]!;
  if (!address.includes(':') || address.length > 45 || !/^[0-9A-Fa-f:.]+$/.test(address)) return false;
  const halves = address.split('::');
  if (halves.length > 2) return false;
  const groups = halves.flatMap(half => (half === '' ? [] : half.split(':')));
  const v4 = groups.at(-1)?.includes('.') ? groups.pop()! : null;
  if (v4 !== null && !isAddress(v4)) return false;
  const count = groups.length + (v4 === null ? 0 : 2);
  return groups.every(group => /^[0-9A-Fa-f]{1,4}$/.test(group)) && (halves.length === 2 ? count < 8 : count === 8);
}

/**
 * Reads `[[ADDRESS:][HOST]:]CONTAINER[/PROTOCOL]` as the engine does (`nat.ParsePortSpec`: what stands before the last two colons is the
 * address, brackets or not). A variable in place of a port leaves that part `null`.
 */
export function parsePort(text: string): ParsedPort | PortProblem {
  const slash = text.indexOf('/');
  const protocol = slash < 0 ? 'tcp' : text.slice(slash + 1).toLowerCase();
  const rest = slash < 0 ? text : text.slice(0, slash);
  const parts = splitAtColons(rest);
  const container = parts.at(-1)!;
  const host = parts.length > 1 ? parts.at(-2)! : null;
  const written = parts.length > 2 ? rest.slice(0, rest.length - container.length - host!.length - 2) : null;
  const address = written !== null && /^\[.*\]$/.test(written) ? written.slice(1, -1) : written;
  if (container === '') return { problem: 'no-port', part: rest };
  if (address !== null && address !== '' && !isVariable(address) && !isAddress(address)) return { problem: 'address', part: address };
  const containerPorts = parsePortRange(container);
  if (!containerPorts && !isVariable(container)) return { problem: 'container', part: container };
  const hostPorts = host === null || host === '' ? null : parsePortRange(host);
  if (host !== null && host !== '' && !hostPorts && !isVariable(host)) return { problem: 'host', part: host };
  const length = (range: PortRange): number => range.last - range.first;
  if (containerPorts && hostPorts && length(containerPorts) !== length(hostPorts) && length(containerPorts) > 0)
    return { problem: 'length', part: rest };
  if (!['tcp', 'udp', 'sctp'].includes(protocol) && !isVariable(protocol)) return { problem: 'protocol', part: protocol };
  return {
    address: address === '' ? null : address,
    host: hostPorts,
    hasHost: host !== null && host !== '',
    container: containerPorts,
    protocol,
    hostStart: 0,
    hostEnd: host === null ? text.length : rest.length - container.length - 1,
  };
}

function isVariable(text: string): boolean {
  return /[$`]/.test(text);
}

/** Splits at colons, but not within `${}` and `[]`. */
function splitAtColons(text: string): readonly string[] {
  const parts: string[] = [];
  let from = 0;
  let depth = 0;
  for (let i = 0; i < text.length; i++) {
    const character = text[i]!;
    if (character === '{' || character === '[' || character === '(') depth++;
    else if ((character === '}' || character === ']' || character === ')') && depth > 0) depth--;
    else if (character === ':' && depth === 0) {
      parts.push(text.slice(from, i));
      from = i + 1;
    }
  }
  parts.push(text.slice(from));
  return parts;
}
