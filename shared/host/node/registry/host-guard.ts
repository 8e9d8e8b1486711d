import { lookup, type LookupAddress } from 'node:dns';
import type { LookupFunction } from 'node:net';
import { isLocalLiteral } from '../../../src/services/registry/address';
import { isLocalAddress, parseHost } from '../../../src/services/registry/host';

/** Why a host is not asked. */
export const localRefusal = 'an address of this machine or of a private network, which a file may not choose';

/**
 * Keeps requests from this machine, private networks and links, where clouds keep the credentials of their machines: whoever writes a file names the hosts,
 * and on a build machine that may be anybody.
 */
export interface HostGuard {
  /** Whether a host is refused as it is written; `port`: empty where it is the scheme's own. */
  refuses(hostname: string, port: string): boolean;
  /** Looks a name up, and fails where it stands for such an address: at the connection, so that no second answer can be another one. */
  readonly lookup: LookupFunction;
}

/** Creates a guard; `allowed` are hosts that a person has named, with or without their port. */
export function createHostGuard(allowed: readonly string[]): HostGuard {
  const names = new Set(allowed.map(name => name.toLowerCase()));
  const isAllowed = (hostname: string, port: string): boolean => names.has(hostname) || names.has(`${hostname}:${port}`);
  // a connection is made by the name alone
  const withoutPorts = new Set([...names].map(name => name.replace(/:\d{1,5}$/, '')));
  return {
    refuses: (hostname, port) => isLocalLiteral(hostname) && !isAllowed(hostname.toLowerCase(), port),
    lookup: (hostname, options, callback) => {
      lookup(hostname, { ...options, all: true }, (error, addresses) => {
        if (error) callback(error, []);
        else if (!withoutPorts.has(hostname.toLowerCase()) && addresses.some(isLocal)) callback(new Error(localRefusal), []);
        else if (options.all) callback(null, addresses);
        else callback(null, addresses[0]!.address, addresses[0]!.family);
      });
    },
  };
}

/** Whether an address is one of this machine, of a private network or of a link. */
export function isLocal({ address, family }: LookupAddress): boolean {
  const parsed = parseHost(family === 6 ? `[${address.toLowerCase()}]` : address);
  return parsed === null || !('bytes' in parsed) || isLocalAddress(parsed.bytes);
}
