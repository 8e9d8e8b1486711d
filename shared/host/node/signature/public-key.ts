import { createHash, createPublicKey, verify, type KeyObject } from 'node:crypto';
import type { PublicKey } from '../../../src/base/ports/signature';

/** A key, or what is wrong with a text that should hold one: a short English phrase. */
export type KeyResult = { readonly ok: true; readonly value: PublicKey } | { readonly ok: false; readonly reason: string };

/** Curves by OpenSSL's names. */
const curves: Readonly<Record<string, string>> = { prime256v1: 'P-256', secp384r1: 'P-384', secp521r1: 'P-521' };

/** Reads a public key in PEM (SubjectPublicKeyInfo, or PKCS 1), as cosign writes it. Never throws. */
export function readPublicKey(pem: string): KeyResult {
  if (/-----BEGIN [A-Z ]*PRIVATE KEY-----/.test(pem)) return no('it is a private key: a check needs the public one');
  if (/-----BEGIN CERTIFICATE-----/.test(pem)) return no('it is a certificate, not a public key');
  const blocks = pem.match(/-----BEGIN (?:RSA )?PUBLIC KEY-----/g) ?? [];
  if (blocks.length !== 1) return no(blocks.length === 0 ? 'it holds no public key in PEM' : 'it holds several public keys');
  let key: KeyObject;
  try {
    key = createPublicKey(pem);
  } catch {
    return no('its public key cannot be read');
  }
  const kind = kindOf(key);
  if (kind === null) return no('cosign signs with no such key: ECDSA on P-256, P-384 or P-521, Ed25519, or RSA of at least 2048 bits');
  const fingerprint = createHash('sha256')
    .update(key.export({ type: 'spki', format: 'der' }))
    .digest('hex');
  return { ok: true, value: { fingerprint, kind, verifies: (bytes, signature) => verifies(key, bytes, signature) } };
}

function no(reason: string): KeyResult {
  return { ok: false, reason };
}

function kindOf({ asymmetricKeyType, asymmetricKeyDetails }: KeyObject): string | null {
  if (asymmetricKeyType === 'ed25519') return 'Ed25519';
  const bits = asymmetricKeyDetails?.modulusLength ?? 0;
  if (asymmetricKeyType === 'rsa') return bits >= 2048 ? `RSA ${bits}` : null;
  const curve = curves[asymmetricKeyDetails?.namedCurve ?? ''];
  return asymmetricKeyType === 'ec' && curve !== undefined ? `ECDSA ${curve}` : null;
}

/** SHA-256 with every key but Ed25519, in both formats, whatever the curve: as cosign 3.1.3 signs and verifies with a key. */
function verifies(key: KeyObject, bytes: Uint8Array, signature: Uint8Array): boolean {
  try {
    return verify(key.asymmetricKeyType === 'ed25519' ? null : 'sha256', bytes, key, signature);
  } catch {
    return false;
  }
}
