/** Why there is no digest. The list is closed: it is part of the JSON contract of `bulkhead pin`. */
export const registryFailureKinds = [
  'invalid-reference', // no registry can resolve the text
  'not-found', // the registry knows no such image or tag
  'denied', // it wants credentials, or others, or the image does not exist: many registries do not tell which
  'rate-limited', // too many requests; see `retryAfterSeconds`
  'unreachable', // no connection
  'timeout', // no answer in time
  'certificate', // TLS: the certificate is not trusted
  'server', // the registry failed
  'redirect', // redirects that are not followed: too many, to plain HTTP, with credentials in the address
  'invalid-answer', // an answer that no registry gives
  'mismatch', // the body does not have the digest that the registry says
  'too-large', // the body is longer than a manifest may be
  'unsupported', // an image of the old manifest format, which has no digest to rely on
  'insecure', // credentials would have to go over plain HTTP
  'cancelled', // nobody waits any more
] as const;

/** One of `registryFailureKinds`. */
export type RegistryFailureKind = (typeof registryFailureKinds)[number];

/** A look-up that gave nothing. */
export interface RegistryFailure {
  readonly kind: RegistryFailureKind;
  /** A short English sentence that names the host, without a final full stop. Holds no credentials. */
  readonly message: string;
  /** With `rate-limited`: seconds to wait, where the registry says so. */
  readonly retryAfterSeconds?: number;
}

/** A value, or why there is none. */
export type Outcome<T> = { readonly ok: true; readonly value: T } | { readonly ok: false; readonly failure: RegistryFailure };

/** Makes an outcome of a failure. */
export function fail(
  kind: RegistryFailureKind,
  message: string,
  retryAfterSeconds?: number,
): { readonly ok: false; readonly failure: RegistryFailure } {
  return { ok: false, failure: { kind, message, ...(retryAfterSeconds !== undefined && { retryAfterSeconds }) } };
}
