import type { LookupAddress } from 'node:dns';
import { lookup } from 'node:dns/promises';
import { codeOf } from '../../../../../shared/host/node/error-code';
import { isLocal, localRefusal } from '../../../../../shared/host/node/registry/host-guard';
import { proxyFromEnvironment } from '../../../../../shared/host/node/registry/proxy';
import { isLocalLiteral } from '../../../../../shared/src/services/registry/address';
import { endpointOf } from '../../../../../shared/src/services/registry/names';

/** Long enough for a name server to be asked again, whose answer was lost. */
const patienceMs = 10_000;

/** Asks what a name stands for. */
type Lookup = (host: string) => Promise<readonly LookupAddress[]>;

/** Who decides which registries may be contacted. */
export interface HostRules {
  /** Hosts that may be, with or without their port. */
  readonly allowed: readonly string[];
  /** With a proxy in it, the proxy looks names up. */
  readonly env: NodeJS.ProcessEnv;
}

/**
 * Why the registry of an image is not to be contacted: whoever writes the file names the host, and on a build machine that may be anybody. Hosts of this
 * machine, of a private network or of a link, where clouds keep the credentials of their machines, are for those whom the user has named. What cannot be found
 * out in time counts as such a host: the scanner might hear another answer.
 * @returns a short English phrase; `null`: it may be contacted
 */
export async function refusedHost(
  reference: string,
  { allowed, env }: HostRules,
  ask: Lookup = host => lookup(host, { all: true }),
  patience = patienceMs,
): Promise<string | null> {
  const endpoint = endpointOf(reference);
  if (!endpoint.ok) return endpoint.failure.message;
  const { registry } = endpoint.value;
  const host = registry.replace(/:\d{1,5}$/, '').toLowerCase();
  if (allowed.some(one => [registry.toLowerCase(), host].includes(one.toLowerCase()))) return null;
  const reason = `${registry}: ${localRefusal}`;
  if (isLocalLiteral(host)) return reason;
  const addresses = await addressesOf(host, ask, patience);
  if (typeof addresses !== 'string') return addresses.some(isLocal) ? reason : null;
  return isProxied(registry, env) ? null : `${registry}: ${addresses}, so that it may be ${localRefusal} (--allow-registry names it)`;
}

/** What a name stands for; none where nobody knows it, so that nobody can be reached by it either. A text: why that is not known. */
async function addressesOf(host: string, ask: Lookup, patience: number): Promise<readonly LookupAddress[] | string> {
  let timer: NodeJS.Timeout | undefined;
  const late = new Promise<string>(resolve => {
    timer = setTimeout(() => resolve(`no name server has said within ${patience / 1000} s what it stands for`), patience);
  });
  const asked = ask(host).catch((error: unknown) => {
    const code = codeOf(error);
    return code === 'ENOTFOUND' || code === 'ENODATA' ? [] : `no name server says what it stands for (${code ?? 'unknown'})`;
  });
  const addresses = await Promise.race([asked, late]);
  clearTimeout(timer);
  return addresses;
}

/** Whether scanners ask a host through a proxy: those written in Go know no `ALL_PROXY`. */
function isProxied(registry: string, env: NodeJS.ProcessEnv): boolean {
  const known = Object.fromEntries(Object.entries(env).filter(([name]) => name.toUpperCase() !== 'ALL_PROXY'));
  return proxyFromEnvironment(known)(new URL(`https://${registry}/`)) !== null;
}
