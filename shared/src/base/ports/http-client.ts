import type { Cancellation } from './cancellation';

/** One request. Redirects are not followed, and nothing is tried twice: whoever asks decides that. */
export interface HttpRequest {
  readonly method: 'GET' | 'HEAD' | 'POST';
  /** Absolute, `http:` or `https:`, without user information. */
  readonly url: string;
  /** Names in lower case. */
  readonly headers: Readonly<Record<string, string>>;
  readonly body?: string;
  /** Milliseconds for the whole exchange, the body included. */
  readonly timeoutMs: number;
  /** A longer body is cut off there, and the connection closed. */
  readonly maxBytes: number;
  /** The same where a part was asked for and the answer (200) is the whole; absent: no other. */
  readonly maxWholeBytes?: number;
  readonly cancellation: Cancellation;
}

/** What came back. */
export interface HttpResponse {
  readonly status: number;
  /** Names in lower case; a header that comes several times is joined with `, `. */
  readonly headers: Readonly<Record<string, string | undefined>>;
  readonly body: Uint8Array;
  /** Whether the body was longer than `maxBytes`. */
  readonly truncated: boolean;
}

/**
 * Why nothing came back: `timeout`; `cancelled`; `unknown-host`; `refused`: nobody listens there; `reset`: the connection was lost; `certificate`: not trusted;
 * `protocol`: the other end does not speak TLS or HTTP; `proxy`: the proxy would not connect; `failed`: something else.
 */
export type HttpFailureKind =
  'timeout' | 'cancelled' | 'unknown-host' | 'refused' | 'reset' | 'certificate' | 'protocol' | 'proxy' | 'failed';

/** A request without an answer. */
export interface HttpFailure {
  readonly kind: HttpFailureKind;
  /** A short English phrase for people, without a final full stop. Holds no credentials. */
  readonly message: string;
}

/** What became of a request: an answer, whatever its status, or none. */
export type HttpResult = { readonly ok: true; readonly response: HttpResponse } | { readonly ok: false; readonly failure: HttpFailure };

/** Sends requests. Never rejects. */
export interface HttpClient {
  send(request: HttpRequest): Promise<HttpResult>;
}
