import type { Cancellation } from '../../base/ports/cancellation';
import type { RegistryClient } from '../registry/client';
import { endpointOf } from '../registry/names';
import { collectSignatures, type Collected } from './collect';
import { signaturePredicate, type Attestation, type PublicKey, type Signed, type SignatureVerdict } from '../../base/ports/signature';

/**
 * Asks the registry of an image who signed it, and holds that against keys: one signature with one of them, over the digest of this image, is enough. The
 * digest is the one that is written, or that of the manifest which the registry sends for the tag. Nothing is believed of a document but what it signs. Never rejects.
 */
export async function verifySignature(
  client: RegistryClient,
  reference: string,
  keys: readonly PublicKey[],
  cancellation: Cancellation,
): Promise<SignatureVerdict> {
  const endpoint = endpointOf(reference);
  if (!endpoint.ok) return unknownVerdict(null, endpoint.failure.message);
  const { digest: written, tag, registry, repository } = endpoint.value;
  // not what a header says: what is run is the bytes
  const found = await client.read(endpoint.value, written ?? tag!, cancellation);
  if (!found.ok) return unknownVerdict(written, found.failure.message);
  if (found.value === null)
    return unknownVerdict(written, `${registry} has no ${repository}${written === null ? `:${tag}` : `@${written}`}`);
  return judge(found.value.digest, await collectSignatures(client, endpoint.value, found.value, cancellation), keys);
}

/** The verdict on an image about which nothing could be found out, for a reason. */
export function unknownVerdict(digest: string | null, reason: string): SignatureVerdict {
  return { state: 'unknown', digest, key: null, format: null, reasons: [reason], attestations: [] };
}

/** The verdict on the image with a digest, by what its registry has about it. */
export function judge(digest: string, collected: Collected, keys: readonly PublicKey[]): SignatureVerdict {
  const own = collected.signed.filter(({ subjects }) => subjects.includes(digest));
  const attestations = [
    ...own.filter(({ predicateType }) => predicateType !== signaturePredicate).map(signed => attestationOf(signed, keys)),
    ...collected.unsigned.map((predicateType): Attestation => ({ predicateType, signed: 'none', builder: null })),
  ];
  const verdict = { digest, key: null, format: null, attestations };
  for (const signed of own) {
    const key = signed.predicateType === signaturePredicate ? keyOf(signed, keys) : null;
    if (key) return { ...verdict, state: 'signed', key: key.fingerprint, format: signed.format, reasons: [] };
  }
  const reasons = [
    ...collected.signed
      .filter(({ predicateType }) => predicateType === signaturePredicate)
      .map(({ subjects, keyless }) =>
        !subjects.includes(digest)
          ? 'a signature is of another image'
          : keyless
            ? 'a signature stands for an identity, not for a key'
            : 'a signature was made with another key',
      ),
    ...collected.unreadable,
  ];
  const missing = collected.failures.map(({ message }) => message);
  if (collected.unread !== null) missing.push(collected.unread);
  const state = missing.length > 0 ? 'unknown' : reasons.length > 0 ? 'other-signer' : 'unsigned';
  return { ...verdict, state, reasons: [...new Set([...missing, ...reasons])] };
}

/** The key that a statement is signed with. A bundle with a certificate never stands for a key. */
function keyOf({ bytes, signatures, format, keyless }: Signed, keys: readonly PublicKey[]): PublicKey | null {
  if (keyless && format === 'bundle') return null;
  return keys.find(key => signatures.some(signature => key.verifies(bytes, signature))) ?? null;
}

function attestationOf(signed: Signed, keys: readonly PublicKey[]): Attestation {
  return { predicateType: signed.predicateType, signed: keyOf(signed, keys) ? 'key' : 'other', builder: signed.builder };
}
