import { createPublicKey, generateKeyPairSync, X509Certificate } from 'node:crypto';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { keyProblem } from '../../../shared/src/families/policy/model/key-problems';
import { pemBlocks, pemBytes, readCertificate, readPublicKey } from '../../../shared/src/families/policy/model/keys';
import { root } from '../../../tools/rules/files';
import { fc } from '../../support/property';

const spki = { type: 'spki', format: 'pem' } as const;
const rsa = (modulusLength: number): string => generateKeyPairSync('rsa', { modulusLength }).publicKey.export(spki).toString();
const ec = (namedCurve: string): string => generateKeyPairSync('ec', { namedCurve }).publicKey.export(spki).toString();
const read = (pem: string): ReturnType<typeof readPublicKey> => readPublicKey(pemBytes(pemBlocks(pem)[0]!)!);

describe('public keys', () => {
  const names: Readonly<Record<string, string>> = {
    prime256v1: 'P-256',
    secp384r1: 'P-384',
    secp521r1: 'P-521',
    secp224r1: 'P-224',
    secp256k1: 'secp256k1',
  };
  it.each(Object.keys(names))('are read as node:crypto reads them: %s', curve => {
    const pem = ec(curve);
    expect(createPublicKey(pem).asymmetricKeyDetails?.namedCurve).toBe(curve);
    expect(read(pem)).toMatchObject({ algorithm: 'ec', curve: names[curve] });
    expect(keyProblem(pem)).toBeNull();
  });

  it.each([1024, 2048, 3072])('are read as node:crypto reads them: RSA of %i bits', bits => {
    const pem = rsa(bits);
    expect(read(pem)).toEqual({ algorithm: 'rsa', curve: null, bits: createPublicKey(pem).asymmetricKeyDetails?.modulusLength });
    const pkcs1 = createPublicKey(pem).export({ type: 'pkcs1', format: 'pem' }).toString();
    expect(read(pkcs1)).toEqual({ algorithm: 'rsa', curve: null, bits });
    expect(keyProblem(pem)).toEqual(bits < 2048 ? { id: 'weak', bits } : null);
  });

  it('are read as node:crypto reads them: Ed25519', () => {
    const pem = generateKeyPairSync('ed25519').publicKey.export(spki).toString();
    expect(read(pem)).toEqual({ algorithm: 'ed25519', curve: null, bits: 256 });
  });

  it('are cut wherever node:crypto says so', () => {
    const pem = ec('prime256v1');
    const body = pemBlocks(pem)[0]!.body.replace(/\s/g, '');
    for (let length = 0; length < body.length; length++) {
      const cut = `-----BEGIN PUBLIC KEY-----\n${body.slice(0, length)}\n-----END PUBLIC KEY-----\n`;
      expect(() => createPublicKey(cut)).toThrow();
      expect(keyProblem(cut)?.id).toBe('cut');
    }
  });

  it.each([
    ['<your key>', 'placeholder'],
    ['', 'placeholder'],
    ['-----BEGIN PUBLIC KEY-----\nabc', 'cut'],
    ['-----BEGIN CERTIFICATE-----\nMIIB\n-----END CERTIFICATE-----', 'label'],
    ['-----BEGIN EC PRIVATE KEY-----\nMHcC\n-----END EC PRIVATE KEY-----', 'private'],
  ] as const)('%j', (text, id) => expect(keyProblem(text)?.id).toBe(id));

  it.each(['k8s://signing/cosign', 'awskms:///alias/signing', 'hashivault://signing'])('may stand elsewhere: %s', uri =>
    expect(keyProblem(uri)).toBeNull(),
  );

  it('never throw, whatever the bytes', () => {
    fc.assert(
      fc.property(fc.uint8Array({ maxLength: 200 }), bytes => {
        readPublicKey(bytes);
        readCertificate(bytes);
      }),
    );
  });
});

describe('certificates', () => {
  const page = readFileSync(join(root, 'shared/src/families/policy/rules/expired-certificate.md'), 'utf8').replace(/^ +/gm, '');
  it('are read as node:crypto reads them', () => {
    const blocks = pemBlocks(page);
    expect(blocks.length).toBeGreaterThan(2);
    for (const block of blocks) {
      const bytes = pemBytes({ ...block, body: block.body.replace(/^#.*$/gm, '') })!;
      const theirs = new X509Certificate(Buffer.from(bytes));
      const ours = readCertificate(bytes)!;
      expect([ours.notBefore, ours.notAfter].map(date => Date.parse(date))).toEqual(
        [theirs.validFrom, theirs.validTo].map(date => Date.parse(date)),
      );
      expect(ours.key?.curve).toBe('P-256');
      expect(ours.issuer === ours.subject).toBe(theirs.issuer === theirs.subject);
    }
  });
});
