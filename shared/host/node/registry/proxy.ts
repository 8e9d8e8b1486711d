import { isLoopback } from '../../../src/services/registry/address';

/** A proxy for HTTP and, by CONNECT, HTTPS. */
export interface Proxy {
  readonly url: URL;
  /** Value of `Proxy-Authorization`, where the address of the proxy has a user name. */
  readonly authorization: string | null;
}

/** Finds the proxy for an address; `null`: there is none. A string: the proxy is there and cannot be used, and why. */
export type FindProxy = (target: URL) => Proxy | string | null;

/**
 * Reads `HTTPS_PROXY`, `HTTP_PROXY`, `ALL_PROXY` and `NO_PROXY`, in either case, the lower one first, as curl and Go do. This machine is never asked through
 * a proxy.
 */
export function proxyFromEnvironment(env: NodeJS.ProcessEnv): FindProxy {
  const read = (name: string): string => env[name.toLowerCase()] || env[name] || '';
  const exceptions = read('NO_PROXY')
    .split(/[\s,]+/)
    .filter(entry => entry !== '');
  const secure = read('HTTPS_PROXY') || read('ALL_PROXY');
  // a CGI script gets the client's `Proxy:` header under this name
  const plain = (env['REQUEST_METHOD'] === undefined ? read('HTTP_PROXY') : '') || read('ALL_PROXY');
  return target => {
    const text = target.protocol === 'https:' ? secure : plain;
    if (text === '' || isLoopback(target.hostname) || exceptions.some(entry => matches(entry, target))) return null;
    return parseProxy(text);
  };
}

function parseProxy(text: string): Proxy | string {
  let url: URL;
  try {
    url = new URL(/^[a-z][a-z0-9+.-]*:\/\//i.test(text) ? text : `http://${text}`);
  } catch {
    return 'the proxy in the environment is not a valid URL';
  }
  if (url.protocol !== 'http:' && url.protocol !== 'https:') return `a proxy of the kind ${url.protocol.slice(0, -1)} is not supported`;
  const user = url.username === '' ? null : `${decode(url.username)}:${decode(url.password)}`;
  return { url, authorization: user === null ? null : `Basic ${Buffer.from(user).toString('base64')}` };
}

function decode(text: string): string {
  try {
    return decodeURIComponent(text);
  } catch {
    return text;
  }
}

/** Whether an entry of `NO_PROXY` names the target: `*`, a domain and what is below it, an address, a block of IPv4 addresses, each with or without a port. */
function matches(entry: string, target: URL): boolean {
  if (entry === '*') return true;
  const { name, port } = readException(entry);
  const targetPort = target.port || (target.protocol === 'https:' ? '443' : '80');
  if (port !== undefined && port !== targetPort) return false;
  const host = target.hostname.toLowerCase().replace(/^\[|\]$/g, '');
  const block = /^(\d+\.\d+\.\d+\.\d+)\/(\d{1,2})$/.exec(name);
  if (block) return inBlock(host, block[1]!, Number(block[2]));
  const domain = name
    .toLowerCase()
    .replace(/^\[|\]$/g, '')
    .replace(/^\*?\./, '');
  return domain !== '' && (host === domain || host.endsWith(`.${domain}`));
}

/** Takes an entry apart. An address of IPv6 has colons of its own, and a port only behind brackets. */
function readException(entry: string): { readonly name: string; readonly port: string | undefined } {
  const match = /^(\[[^\]]*\]|[^:]*)(?::(\d+))?$/.exec(entry);
  if (match) return { name: match[1]!, port: match[2] };
  const [first, last] = [entry.indexOf(':'), entry.lastIndexOf(':')];
  const isAddress = first < last && !entry.slice(0, first).includes('[') && !entry.slice(last).includes(']');
  return { name: isAddress ? entry : '', port: undefined };
}

function inBlock(host: string, base: string, length: number): boolean {
  const [a, b] = [numberOf(host), numberOf(base)];
  return a !== null && b !== null && length <= 32 && Math.floor(a / 2 ** (32 - length)) === Math.floor(b / 2 ** (32 - length));
}

function numberOf(address: string): number | null {
  if (!/^\d{1,3}(?:\.\d{1,3}){3}$/.test(address)) return null;
  return address.split('.').reduce((sum, part) => sum * 256 + Number(part), 0);
}
