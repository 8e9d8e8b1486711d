import type { Cancellation } from '../../base/ports/cancellation';
import type { HttpClient, HttpFailure, HttpRequest, HttpResponse } from '../../base/ports/http-client';
import type { Timer } from '../../base/ports/timer';
import { loggedAddress, originOf, printAddress, type Address } from './address';
import { fail, type Outcome } from './failure';

/** What requests go through. */
export interface TransportPorts {
  readonly http: HttpClient;
  readonly timer: Timer;
  /** Takes a line for each exchange. */
  readonly log: (line: string) => void;
  /** Value of the `User-Agent` header. */
  readonly userAgent: string;
  /** Milliseconds for one request; 10 seconds where absent. */
  readonly timeoutMs?: number;
}

/** What one request is made of. */
export interface Exchange {
  readonly method: HttpRequest['method'];
  readonly address: Address;
  readonly headers: Readonly<Record<string, string>>;
  readonly body?: string;
  readonly cancellation: Cancellation;
  /** In place of the usual limits. */
  readonly limits?: Pick<HttpRequest, 'timeoutMs' | 'maxBytes' | 'maxWholeBytes'>;
}

/** A manifest may have 4 MiB: the distribution specification asks registries for that much. */
export const maxBodyBytes = 4 << 20;
const defaultTimeoutMs = 10_000;
const retries = 2;
const firstDelayMs = 100;
/** A registry that asks for a longer pause is not waited for. */
const longestWaitSeconds = 5;

/** Sends a request, again where that may help: a busy or broken server, a connection that broke. */
export async function exchange(ports: TransportPorts, request: Exchange): Promise<Outcome<HttpResponse>> {
  const { address, cancellation, limits } = request;
  const timeoutMs = limits?.timeoutMs ?? ports.timeoutMs ?? defaultTimeoutMs;
  for (let attempt = 0; ; attempt++) {
    if (cancellation.cancelled) return fail('cancelled', 'cancelled');
    const started = ports.timer.now();
    const result = await ports.http.send({
      method: request.method,
      url: printAddress(address),
      headers: { 'user-agent': ports.userAgent, ...request.headers },
      ...(request.body !== undefined && { body: request.body }),
      maxBytes: maxBodyBytes,
      ...limits,
      timeoutMs,
      cancellation,
    });
    const took = `${ports.timer.now() - started} ms`;
    const what = `${request.method} ${loggedAddress(address)}`;
    ports.log(result.ok ? `${what}: ${result.response.status} in ${took}` : `${what}: ${result.failure.message} after ${took}`);
    if (!result.ok) {
      if (result.failure.kind !== 'reset' || attempt >= retries) return failureOf(result.failure, address, timeoutMs);
      await ports.timer.wait(firstDelayMs << attempt, cancellation);
      continue;
    }
    const { status, headers } = result.response;
    if (status !== 408 && status !== 429 && status < 500) return { ok: true, value: result.response };
    const asked = resetAfter(headers, ports.timer.now());
    const mayWait = asked === null || asked <= longestWaitSeconds;
    if (attempt < retries && mayWait && status !== 501) {
      await ports.timer.wait(asked === null ? firstDelayMs << attempt : asked * 1000, cancellation);
      continue;
    }
    if (status === 429) return rateLimited(address, 429, asked);
    return status === 501 ? { ok: true, value: result.response } : fail('server', `${originOf(address)} returned ${status}`);
  }
}

/** The failure of a request that came too often; `seconds`: for how long that holds, where the server says so. */
export function rateLimited(address: Address, status: 403 | 429, seconds: number | null): ReturnType<typeof fail> {
  const host = hostOf(address);
  if (seconds === null) return fail('rate-limited', `${host} is not accepting any more requests for now (${status})`);
  return fail('rate-limited', `${host} is not accepting any more requests for now (${status}): try again in ${duration(seconds)}`, seconds);
}

/** Seconds until requests are taken again, by `Retry-After` or by GitHub's own header, which has seconds since 1970; `null`: neither says so. */
export function resetAfter(headers: HttpResponse['headers'], now: number): number | null {
  const after = retryAfter(headers['retry-after'], now);
  if (after !== null) return after;
  const reset = headers['x-ratelimit-reset']?.trim() ?? '';
  return /^\d{1,12}$/.test(reset) ? Math.max(1, Math.ceil((Number(reset) * 1000 - now) / 1000)) : null;
}

/** Seconds as people say them. */
function duration(seconds: number): string {
  const [count, unit] =
    seconds < 120 ? [seconds, 'second'] : seconds < 7200 ? [Math.ceil(seconds / 60), 'minute'] : [Math.ceil(seconds / 3600), 'hour'];
  return `${count} ${unit}${count === 1 ? '' : 's'}`;
}

/** Seconds of a `Retry-After` header: a number or a date (RFC 9110, 10.2.3). */
export function retryAfter(header: string | undefined, now: number): number | null {
  if (header === undefined) return null;
  const text = header.trim();
  if (/^\d{1,9}$/.test(text)) return Number(text);
  const date = /^[A-Za-z]{3,9}, /.test(text) ? Date.parse(text) : NaN;
  return Number.isNaN(date) ? null : Math.max(0, Math.ceil((date - now) / 1000));
}

/** Host and port of an address, as failures name it. */
export function hostOf({ host, port }: Address): string {
  return port === null ? host : `${host}:${port}`;
}

/** The failure of a request that got no answer, in the words of a look-up. */
export function failureOf({ kind, message }: HttpFailure, address: Address, timeoutMs = defaultTimeoutMs): Outcome<never> {
  const host = hostOf(address);
  switch (kind) {
    case 'cancelled':
      return fail('cancelled', 'cancelled');
    case 'timeout':
      return fail('timeout', `${host} did not respond within ${timeoutMs / 1000} s`);
    case 'certificate':
      return fail('certificate', `the certificate of ${host} is not trusted: ${message}`);
    default:
      return fail('unreachable', `${host}: ${message}`);
  }
}
