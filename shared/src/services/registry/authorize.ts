import type { Cancellation } from '../../base/ports/cancellation';
import type { HttpResponse } from '../../base/ports/http-client';
import { isLocalLiteral, isLoopback, originOf, parseAddress, type Address } from './address';
import { encodeBase64 } from '../../base/text/base64';
import { decodeUtf8, encodeUtf8 } from './bytes';
import { parseChallenges, type Challenge } from './challenge';
import type { Credentials, CredentialStore } from './credentials';
import { fail, type Outcome } from './failure';
import type { Endpoint } from './names';
import { followRedirects } from './redirects';
import { exchange, hostOf, type TransportPorts } from './transport';

/** Keeps the `Authorization` headers that registries asked for, in memory and for a short time. */
export interface Authorizer {
  /** The header for an image at an origin, where one is known that still holds. */
  known(address: Address, endpoint: Endpoint): string | null;
  /** Answers a 401. `home`: the address is the registry's own, which alone may see the user's credentials. */
  answer(response: HttpResponse, address: Address, endpoint: Endpoint, home: boolean, cancellation: Cancellation): Promise<Outcome<string>>;
  /** Forgets the header for an image: it was refused. */
  forget(address: Address, endpoint: Endpoint): void;
}

interface Grant {
  readonly header: string;
  /** Milliseconds since 1970. */
  readonly expires: number;
}

/** A token without a term holds for a minute (distribution's token specification). */
const shortestTermSeconds = 60;
/** Credentials are asked for again after this time: somebody may have logged in meanwhile. */
const credentialsAgeMs = 60_000;

/** Creates an authorizer. */
export function createAuthorizer(ports: TransportPorts, store: CredentialStore): Authorizer {
  const grants = new Map<string, Grant>();
  const pending = new Map<string, Promise<Outcome<Grant>>>();
  const found = new Map<string, { readonly at: number; readonly credentials: Promise<Credentials | null> }>();
  const keyOf = (address: Address, endpoint: Endpoint): string => `${originOf(address)} ${endpoint.repository}`;

  const credentialsFor = (endpoint: Endpoint): Promise<Credentials | null> => {
    const key = `${endpoint.credentialKey} ${endpoint.repository}`;
    const now = ports.timer.now();
    let entry = found.get(key);
    if (!entry || now - entry.at > credentialsAgeMs) {
      entry = { at: now, credentials: store.find(endpoint.credentialKey, endpoint.repository) };
      found.set(key, entry);
    }
    return entry.credentials;
  };

  const grant = async (
    response: HttpResponse,
    address: Address,
    endpoint: Endpoint,
    home: boolean,
    cancellation: Cancellation,
  ): Promise<Outcome<Grant>> => {
    const challenges = parseChallenges(response.headers['www-authenticate'] ?? '');
    const bearer = challenges.find(c => c.scheme === 'bearer' && c.parameters['realm'] !== undefined);
    if (!bearer && !challenges.some(c => c.scheme === 'basic'))
      return fail('denied', `${hostOf(address)} requires an unsupported kind of credentials`);
    const credentials = home ? await credentialsFor(endpoint) : null;
    if (bearer) return await fetchToken(ports, bearer, address, endpoint, credentials, cancellation);
    if (credentials?.kind !== 'password') return fail('denied', `${hostOf(address)} requires a user name and password: ${logIn(endpoint)}`);
    if (!mayCarryCredentials(address)) return insecure(address);
    return {
      ok: true,
      value: { header: basic(credentials.username, credentials.password), expires: ports.timer.now() + credentialsAgeMs },
    };
  };

  return {
    known: (address, endpoint) => {
      const kept = grants.get(keyOf(address, endpoint));
      return kept && kept.expires > ports.timer.now() ? kept.header : null;
    },
    answer: async (response, address, endpoint, home, cancellation) => {
      const key = keyOf(address, endpoint);
      for (;;) {
        let running = pending.get(key);
        if (!running) {
          running = grant(response, address, endpoint, home, cancellation).finally(() => pending.delete(key));
          pending.set(key, running);
        }
        const outcome = await running;
        // whoever started it went away; we have not
        if (!outcome.ok && outcome.failure.kind === 'cancelled' && !cancellation.cancelled) continue;
        if (!outcome.ok) return outcome;
        grants.set(key, outcome.value);
        return { ok: true, value: outcome.value.header };
      }
    },
    forget: (address, endpoint) => {
      grants.delete(keyOf(address, endpoint));
      found.delete(`${endpoint.credentialKey} ${endpoint.repository}`);
    },
  };
}

function basic(username: string, password: string): string {
  return `Basic ${encodeBase64(encodeUtf8(`${username}:${password}`))}`;
}

/** Credentials go over plain HTTP to this machine only. */
function mayCarryCredentials(address: Address): boolean {
  return address.scheme === 'https' || isLoopback(address.host);
}

function insecure(address: Address): Outcome<never> {
  return fail('insecure', `${hostOf(address)} requires credentials over plain HTTP: they are not sent`);
}

function logIn({ registry }: Endpoint): string {
  return registry === 'docker.io' ? 'see docker login' : `see docker login ${registry}`;
}

/**
 * Whether a registry may send its users to a token service: over HTTPS, unless both are this machine; never to an address of this machine or the local network
 * that is not the registry's own, since a registry from outside has no business there.
 */
export function allowsRealm(registry: Address, realm: Address): boolean {
  if (realm.scheme === 'http' && !(registry.scheme === 'http' && isLoopback(registry.host) && isLoopback(realm.host))) return false;
  return !isLocalLiteral(realm.host) || realm.host === registry.host || (isLoopback(registry.host) && isLoopback(realm.host));
}

async function fetchToken(
  ports: TransportPorts,
  challenge: Challenge,
  registry: Address,
  endpoint: Endpoint,
  credentials: Credentials | null,
  cancellation: Cancellation,
): Promise<Outcome<Grant>> {
  const { realm: realmText = '', service, scope = `repository:${endpoint.repository}:pull` } = challenge.parameters;
  const realm = parseAddress(realmText);
  if (realm === null || !allowsRealm(registry, realm))
    return fail('denied', `${hostOf(registry)} refers to a token service that is not allowed`);
  if (credentials && !mayCarryCredentials(realm)) return insecure(realm);
  const query = [['service', service] as const, ['scope', scope] as const].flatMap(([name, value]) =>
    value === undefined ? [] : [pair(name, value)],
  );
  const get = async (authorization: string | null): Promise<Outcome<HttpResponse>> => {
    const start = { ...realm, path: `${realm.path}${realm.path.includes('?') ? '&' : '?'}${query.join('&')}` };
    const arrived = await followRedirects(
      start,
      address =>
        exchange(ports, {
          method: 'GET',
          address,
          headers: {
            accept: 'application/json',
            ...(authorization !== null && originOf(address) === originOf(realm) && { authorization }),
          },
          cancellation,
        }),
      address => allowsRealm(registry, address),
    );
    return arrived.ok ? { ok: true, value: arrived.value.response } : arrived;
  };
  let outcome: Outcome<HttpResponse>;
  if (credentials?.kind === 'identity') {
    const body = [
      ...query,
      pair('grant_type', 'refresh_token'),
      pair('client_id', 'bulkhead'),
      pair('refresh_token', credentials.token),
    ].join('&');
    const headers = { accept: 'application/json', 'content-type': 'application/x-www-form-urlencoded' };
    outcome = await exchange(ports, { method: 'POST', address: realm, headers, body, cancellation });
    // services without OAuth2 take the token as a password
    if (outcome.ok && [404, 405].includes(outcome.value.status)) outcome = await get(basic('<token>', credentials.token));
  } else outcome = await get(credentials ? basic(credentials.username, credentials.password) : null);
  if (!outcome.ok) return outcome;
  const { status, body } = outcome.value;
  if (status === 400 || status === 401 || status === 403) {
    return credentials
      ? fail('denied', `${hostOf(realm)} rejects the stored credentials: ${logIn(endpoint)}`)
      : fail('denied', `${endpoint.registry} requires credentials for ${endpoint.repository}: ${logIn(endpoint)}`);
  }
  const answer = status === 200 ? readToken(body) : null;
  if (answer === null) return fail('invalid-answer', `the token service ${hostOf(realm)} returned no token (${status})`);
  const term = Math.max(answer.seconds ?? 0, shortestTermSeconds);
  return { ok: true, value: { header: `Bearer ${answer.token}`, expires: ports.timer.now() + (term - 10) * 1000 } };
}

function readToken(body: Uint8Array): { readonly token: string; readonly seconds: number | null } | null {
  try {
    const answer = JSON.parse(decodeUtf8(body) ?? '') as Record<string, unknown> | null;
    const token = answer?.['token'] || answer?.['access_token'];
    const seconds = answer?.['expires_in'];
    // anything else could end the header early
    if (typeof token !== 'string' || !/^[\x21-\x7e]+$/.test(token)) return null;
    return { token, seconds: typeof seconds === 'number' ? seconds : null };
  } catch {
    return null;
  }
}

function pair(name: string, value: string): string {
  // a half of a surrogate pair would make the encoder throw
  return `${name}=${encodeURIComponent(value.replace(/[\ud800-\udfff]/gu, ''))}`;
}
