import type { Cancellation } from '../../base/ports/cancellation';
import { decodeUtf8 } from './bytes';
import type { RegistryClient } from './client';
import { fail, type Outcome } from './failure';
import { endpointOf } from './names';

/** Which part of an image a registry is asked for: see `ReadPartParams`. */
export interface Part {
  readonly reference: string;
  readonly part: 'tag' | 'manifest' | 'blob';
}

/** What a registry has, and what it says of its limit. */
export interface PartAnswer {
  readonly outcome: Outcome<string>;
  readonly limit: ReturnType<RegistryClient['limit']>;
}

/** Asks a registry for one part of an image. Never rejects. */
export async function readPart(client: RegistryClient, { reference, part }: Part, cancellation: Cancellation): Promise<PartAnswer> {
  const named = endpointOf(reference);
  if (!named.ok) return { outcome: named, limit: null };
  const endpoint = named.value;
  const { registry, repository, digest } = endpoint;
  const ask = async (): Promise<Outcome<string>> => {
    if (part === 'tag') {
      const found = await client.manifest(endpoint, cancellation);
      return found.ok ? { ok: true, value: found.value.digest } : found;
    }
    if (digest === null) return fail('invalid-reference', `${reference} has no digest`);
    if (part === 'manifest') {
      const found = await client.read(endpoint, digest, cancellation);
      if (!found.ok) return found;
      return found.value ? { ok: true, value: found.value.text } : fail('not-found', `${registry} has no ${repository}@${digest}`);
    }
    const found = await client.blob(endpoint, digest, cancellation);
    if (!found.ok) return found;
    const text = decodeUtf8(found.value);
    return text === null ? fail('unsupported', 'its configuration is not UTF-8') : { ok: true, value: text };
  };
  return { outcome: await ask(), limit: client.limit(endpoint) };
}
