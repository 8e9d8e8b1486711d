import { isLocalAddress, isLoopbackAddress, parseHost } from './host';
import { upTo } from '../../base/text/ends';

/** A taken-apart `http:` or `https:` address. */
export interface Address {
  readonly scheme: 'http' | 'https';
  /** In lower case, without the port; an IPv6 address in brackets. */
  readonly host: string;
  /** Set where it is not the scheme's own. */
  readonly port: number | null;
  /** Path and query, from the first `/`. */
  readonly path: string;
}

/** Takes an absolute address apart. `null`: no `http:` or `https:`, user information in it, characters that do not belong there. */
export function parseAddress(text: string): Address | null {
  const match = /^(https?):\/\/(\[[0-9a-f:.]+\]|[a-z0-9._-]+)(?::([0-9]{1,5}))?([/?#].*)?$/i.exec(text);
  // blanks and control characters could end a request line early
  if (!match || /[^\x21-\x7e]/.test(text)) return null;
  const scheme = match[1]!.toLowerCase() as Address['scheme'];
  const port = match[3] === undefined ? null : Number(match[3]);
  if (port !== null && (port === 0 || port > 65535)) return null;
  const rest = upTo(match[4] ?? '', '#');
  return {
    scheme,
    host: match[2]!.toLowerCase(),
    port: port === ports[scheme] ? null : port,
    path: rest.startsWith('/') ? rest : `/${rest}`,
  };
}

const ports = { http: 80, https: 443 } as const;

/** Scheme, host and port: credentials stay within these. */
export function originOf({ scheme, host, port }: Address): string {
  return `${scheme}://${host}${port === null ? '' : `:${port}`}`;
}

/** The whole address. */
export function printAddress(address: Address): string {
  return originOf(address) + address.path;
}

/** The address for a log: a signed redirect has its signature in the query. */
export function loggedAddress(address: Address): string {
  const path = upTo(address.path, '?');
  return originOf(address) + path + (path === address.path ? '' : '?…');
}

/** Where a `Location` header leads, seen from `base`; `null` where that is no address to go to. */
export function resolveLocation(base: Address, location: string): Address | null {
  const target = location.trim();
  if (/^[a-z][a-z0-9+.-]*:/i.test(target)) return parseAddress(target);
  if (target.startsWith('//')) return parseAddress(`${base.scheme}:${target}`);
  if (target.startsWith('/')) return parseAddress(originOf(base) + target);
  if (target.startsWith('?')) return parseAddress(originOf(base) + upTo(base.path, '?') + target);
  return target === '' ? null : parseAddress(originOf(base) + folderOf(upTo(base.path, '?')) + target);
}

const folderOf = (path: string): string => path.slice(0, path.lastIndexOf('/') + 1);

/** Whether a host is this machine: nobody else can listen on the way. */
export function isLoopback(host: string): boolean {
  const parsed = parseHost(host.toLowerCase());
  if (!parsed) return false;
  return 'name' in parsed ? parsed.name === 'localhost' || parsed.name.endsWith('.localhost') : isLoopbackAddress(parsed.bytes);
}

/** Whether a host is written as an address of this machine or of a local network, in whatever spelling; so is what is no host at all. */
export function isLocalLiteral(host: string): boolean {
  const parsed = parseHost(host.toLowerCase());
  return parsed === null || isLoopback(host) || ('bytes' in parsed && isLocalAddress(parsed.bytes));
}
