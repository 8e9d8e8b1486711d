import { generateKeyPairSync } from 'node:crypto';
import { describe, expect, it } from 'vitest';
import { readPublicKey } from '../../../shared/host/node/signature/public-key';
import { keyPair } from './artefacts';

const rsa = generateKeyPairSync('rsa', { modulusLength: 2048 });
const weak = generateKeyPairSync('rsa', { modulusLength: 1024 });
const odd = generateKeyPairSync('ec', { namedCurve: 'secp256k1' });
const spki = { type: 'spki', format: 'pem' } as const;

describe('a file with a public key', () => {
  it.each([
    ['P-256', keyPair('P-256').pem, 'ECDSA P-256'],
    ['P-384', keyPair('P-384').pem, 'ECDSA P-384'],
    ['P-521', keyPair('P-521').pem, 'ECDSA P-521'],
    ['Ed25519', keyPair('Ed25519').pem, 'Ed25519'],
    ['RSA', rsa.publicKey.export(spki).toString(), 'RSA 2048'],
    ['RSA in PKCS 1', rsa.publicKey.export({ type: 'pkcs1', format: 'pem' }).toString(), 'RSA 2048'],
    ['with prose around it and Windows line ends', `our key\r\n${keyPair('P-256').pem.replace(/\n/g, '\r\n')}\r\n`, 'ECDSA P-256'],
  ])('%s', (_, pem, kind) => {
    const key = readPublicKey(pem);
    expect(key.ok && key.value.kind).toBe(kind);
    expect(key.ok && key.value.fingerprint).toMatch(/^[0-9a-f]{64}$/);
  });

  it.each([
    ['empty', '', 'it holds no public key in PEM'],
    ['bytes', '\0\x01binary', 'it holds no public key in PEM'],
    ['cut', keyPair('P-256').pem.slice(0, 80), 'its public key cannot be read'],
    [
      'a private key',
      '-----BEGIN ENCRYPTED SIGSTORE PRIVATE KEY-----\nAAAA\n-----END ENCRYPTED SIGSTORE PRIVATE KEY-----\n',
      'it is a private key: a check needs the public one',
    ],
    ['a certificate', '-----BEGIN CERTIFICATE-----\nAAAA\n-----END CERTIFICATE-----\n', 'it is a certificate, not a public key'],
    ['two', keyPair('P-256').pem + keyPair('P-256').pem, 'it holds several public keys'],
    [
      'a short one',
      weak.publicKey.export(spki).toString(),
      'cosign signs with no such key: ECDSA on P-256, P-384 or P-521, Ed25519, or RSA of at least 2048 bits',
    ],
    [
      'another curve',
      odd.publicKey.export(spki).toString(),
      'cosign signs with no such key: ECDSA on P-256, P-384 or P-521, Ed25519, or RSA of at least 2048 bits',
    ],
  ])('is refused: %s', (_, pem, reason) => {
    expect(readPublicKey(pem)).toEqual({ ok: false, reason });
  });
});
