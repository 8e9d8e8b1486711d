import { isAddress } from '../../../rule/container/ports';

/** A part of a short form: its text and where it stands in the whole. */
export interface PortPart {
  readonly text: string;
  readonly start: number;
  readonly end: number;
}

/** The parts of a port in short form: `[[IP:][HOST]:]CONTAINER[/PROTO]`. */
export interface PortParts {
  readonly ip: PortPart | null;
  /** `null`: the engine takes any free port. Empty where only its colon is written. */
  readonly host: PortPart | null;
  readonly container: PortPart;
  readonly protocol: PortPart | null;
}

/** One published port, as the loader writes it. */
export interface PublishedPort {
  readonly hostIp: string;
  readonly target: number;
  /** Empty: any free port; a range where one of several is taken. */
  readonly published: string;
  readonly protocol: string;
}

/** The ports of a short form, or why it is none. */
export type ParsedPorts =
  { readonly ports: readonly PublishedPort[]; readonly error: null } | { readonly ports: null; readonly error: string };

/** The offsets of the colons of a text outside brackets and `${}`. */
export function colonsOf(text: string): readonly number[] {
  const found: number[] = [];
  let braces = 0;
  let brackets = 0;
  for (let at = 0; at < text.length; at++) {
    const c = text[at];
    if (c === '$' && text[at + 1] === '{') {
      braces++;
      at++;
    } else if (c === '}' && braces > 0) braces--;
    else if (c === '[') brackets++;
    else if (c === ']' && brackets > 0) brackets--;
    else if (c === ':' && braces === 0 && brackets === 0) found.push(at);
  }
  return found;
}

/** The parts of a port, before or after interpolation: colons within `${}` and brackets do not count. */
export function splitPort(text: string): PortParts {
  const colons = colonsOf(text);
  const part = (start: number, end: number): PortPart => ({ text: text.slice(start, end), start, end });
  const last = colons.length > 0 ? colons[colons.length - 1]! + 1 : 0;
  const slash = text.indexOf('/', last);
  const inVariable = slash >= 0 && text.lastIndexOf('${', slash) > text.lastIndexOf('}', slash);
  const end = slash < 0 || inVariable ? text.length : slash;
  const container = part(last, end);
  const protocol = end === text.length ? null : part(end + 1, text.length);
  if (colons.length === 0) return { ip: null, host: null, container, protocol };
  if (colons.length === 1) return { ip: null, host: part(0, last - 1), container, protocol };
  const before = colons[colons.length - 2]!;
  return { ip: part(0, before), host: part(before + 1, last - 1), container, protocol };
}

interface PortRange {
  readonly first: number;
  readonly last: number;
}

function rangeOf(text: string): PortRange | null {
  const [first = '', last, ...more] = text.split('-');
  if (more.length > 0) return null;
  const from = portNumber(first);
  const to = last === undefined ? from : portNumber(last);
  return from === null || to === null || to < from ? null : { first: from, last: to };
}

function portNumber(text: string): number | null {
  return /^[0-9]{1,5}$/.test(text) && Number(text) <= 65535 ? Number(text) : null;
}

/** More ports than this in one range are not spread out: nobody publishes them one by one, and each costs memory. */
const mostPorts = 65536;

/** Reads a port in short form as the engine's own parser does (github.com/docker/go-connections/nat). */
export function parsePorts(text: string): ParsedPorts {
  const { ip, host, container, protocol } = splitPort(text);
  const fail = (error: string): ParsedPorts => ({ ports: null, error });
  const address = ip?.text ?? '';
  const bare = address.startsWith('[') && address.endsWith(']') ? address.slice(1, -1) : address;
  if (address !== '' && (!isAddress(bare) || bare.includes('%') || (bare.includes(':') && bare === address)))
    return fail(`Invalid ip address: ${address}`);
  if (container.text === '') return fail('No port specified: <empty>');
  const inside = rangeOf(container.text);
  if (!inside) return fail(`Invalid containerPort: ${container.text}`);
  const written = host?.text ?? '';
  const outside = written === '' ? null : rangeOf(written);
  if (written !== '' && !outside) return fail(`Invalid hostPort: ${written}`);
  const count = inside.last - inside.first;
  const isPool = outside !== null && outside.last - outside.first !== count;
  if (isPool && count !== 0) return fail(`Invalid ranges specified for container and host Ports: ${container.text} and ${written}`);
  // what follows a second slash is passed over
  const proto = (protocol?.text ?? 'tcp').split('/', 1)[0]!.toLowerCase() || 'tcp';
  if (proto !== 'tcp' && proto !== 'udp' && proto !== 'sctp') return fail(`Invalid proto: ${protocol?.text ?? ''}`);
  const ports: PublishedPort[] = [];
  for (let i = 0; i <= count && i < mostPorts; i++) {
    const published = outside === null ? '' : isPool ? `${outside.first}-${outside.last}` : String(outside.first + i);
    ports.push({ hostIp: bare, target: inside.first + i, published, protocol: proto });
  }
  return { ports, error: null };
}
