import type { LookupAddress } from 'node:dns';
import { lookup } from 'node:dns/promises';
import { isLocal, localRefusal } from '../../../../../shared/host/node/registry/host-guard';
import { isLocalLiteral } from '../../../../../shared/src/registry/address';
import { endpointOf } from '../../../../../shared/src/registry/names';

const patienceMs = 3000;

/**
 * Why the registry of an image is not to be contacted: whoever writes the file names the host, and on a build machine that may be anybody. Hosts of this
 * machine, of a private network or of a link, where clouds keep the credentials of their machines, are for those whom the user has named.
 * @param allowed hosts, with or without their port
 * @returns a short English phrase; `null`: it may be contacted
 */
export async function refusedHost(reference: string, allowed: readonly string[]): Promise<string | null> {
  const endpoint = endpointOf(reference);
  if (!endpoint.ok) return endpoint.failure.message;
  const { registry } = endpoint.value;
  const host = registry.replace(/:\d{1,5}$/, '').toLowerCase();
  if (allowed.some(one => [registry.toLowerCase(), host].includes(one.toLowerCase()))) return null;
  const reason = `${registry}: ${localRefusal}`;
  if (isLocalLiteral(host)) return reason;
  const addresses = await addressesOf(host);
  return addresses.some(isLocal) ? reason : null;
}

/** What a name stands for; nothing where nobody knows, so that nobody can be reached by it either, but for a proxy, which decides for itself. */
async function addressesOf(host: string): Promise<readonly LookupAddress[]> {
  let timer: NodeJS.Timeout | undefined;
  const late = new Promise<readonly LookupAddress[]>(resolve => (timer = setTimeout(() => resolve([]), patienceMs)));
  const asked = lookup(host, { all: true }).catch(() => []);
  const addresses = await Promise.race([asked, late]);
  clearTimeout(timer);
  return addresses;
}
