import type { HttpResponse } from '../../base/ports/http-client';
import { originOf, resolveLocation, type Address } from './address';
import { fail, type Outcome } from './failure';
import { hostOf } from './transport';

/** What stands at the end of some redirects. */
export interface Arrival {
  readonly response: HttpResponse;
  readonly address: Address;
}

const longest = 5;

/**
 * Follows redirects by hand. `visit` sends the request to one address and adds what only that origin may see; `allows` says whether an address may be gone
 * to at all. From HTTPS no redirect leads to HTTP.
 */
export async function followRedirects(
  start: Address,
  visit: (address: Address) => Promise<Outcome<HttpResponse>>,
  allows: (address: Address) => boolean = () => true,
): Promise<Outcome<Arrival>> {
  let address = start;
  for (let count = 0; count <= longest; count++) {
    const outcome = await visit(address);
    if (!outcome.ok) return outcome;
    const response = outcome.value;
    if (![301, 302, 303, 307, 308].includes(response.status)) return { ok: true, value: { response, address } };
    const next = resolveLocation(address, response.headers['location'] ?? '');
    if (next === null) return fail('redirect', `${hostOf(address)} redirects to an unusable address`);
    if (address.scheme === 'https' && next.scheme === 'http')
      return fail('redirect', `${hostOf(address)} redirects from HTTPS to plain HTTP`);
    if (!allows(next)) return fail('redirect', `${hostOf(address)} redirects to ${originOf(next)}, which is not allowed`);
    address = next;
  }
  return fail('redirect', `${hostOf(start)} redirects more than ${longest} times`);
}
