import type { Cancellation } from '../../../src/base/ports/cancellation';
import type { VerifyAnswer, VerifyParams } from '../../../src/output/protocol/registry';
import type { RegistryClient } from '../../../src/services/registry/client';
import { unknownVerdict, verifySignature } from '../../../src/services/signature/verify';
import { readPublicKey } from './public-key';

/** Asks the registry of an image who signed it, and holds that against keys in PEM. Never rejects. */
export async function verifyWithKeys(
  client: RegistryClient,
  { reference, keys }: VerifyParams,
  cancellation: Cancellation,
): Promise<VerifyAnswer> {
  const read = keys.map(readPublicKey);
  const wrong = read.find(key => !key.ok);
  // an image must not pass for signed by somebody else because one of its signers was misspelt, nor fail
  if (wrong && !wrong.ok) return { verdict: unknownVerdict(null, `the file with the key: ${wrong.reason}`), signer: null };
  const usable = read.flatMap(key => (key.ok ? [key.value] : []));
  const verdict = await verifySignature(client, reference, usable, cancellation);
  const signer = usable.findIndex(({ fingerprint }) => fingerprint === verdict.key);
  return { verdict, signer: signer < 0 ? null : signer };
}
