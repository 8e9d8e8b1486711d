import { describe, expect, it } from 'vitest';
import { readPublicKey } from '../../../shared/host/node/signature/public-key';
import { neverCancelled } from '../../../shared/src/base/ports/cancellation';
import { readDescriptors } from '../../../shared/src/services/registry/descriptors';
import { fail } from '../../../shared/src/services/registry/failure';
import type { PublicKey, SignatureVerdict } from '../../../shared/src/base/ports/signature';
import { verifySignature } from '../../../shared/src/services/signature/verify';
import {
  bundleOf,
  clientOf,
  encoded,
  keyPair,
  kinds,
  payloadOf,
  putBundles,
  putSimple,
  repositoryWithImage,
  signature,
  statementOf,
  tagged,
  type Repository,
} from './artefacts';

const mine = keyPair('P-256');
const theirs = keyPair('P-256');

function keyOf(pem: string): PublicKey {
  const key = readPublicKey(pem);
  if (!key.ok) throw new Error(key.reason);
  return key.value;
}

async function verdictOf(
  repository: Repository,
  pem = mine.pem,
  reference = 'registry.example.com/team/app:1.0',
): Promise<SignatureVerdict> {
  return await verifySignature(clientOf(repository), reference, [keyOf(pem)], neverCancelled);
}

/** The state, and what is said of it. */
async function outcome(repository: Repository, pem = mine.pem): Promise<string> {
  const { state, format, reasons } = await verdictOf(repository, pem);
  return [state, format ?? '', ...reasons].filter(text => text !== '').join(': ');
}

describe('a signature with a key', () => {
  it.each(kinds)('is accepted in both formats: %s', async kind => {
    const { pem, key } = keyPair(kind);
    const old = repositoryWithImage();
    const payload = payloadOf(old.digest);
    putSimple(old.repository, old.digest, [{ payload, signature: signature(payload, key) }]);
    expect(await outcome(old.repository, pem)).toBe('signed: simple');
    expect(await outcome(old.repository)).toBe('other-signer: a signature was made with another key');

    const young = repositoryWithImage();
    const statement = statementOf(young.digest);
    putBundles(young.repository, young.digest, [bundleOf(statement, signature(encoded(statement), key))]);
    expect(await outcome(young.repository, pem)).toBe('signed: bundle');
    expect(await outcome(young.repository)).toBe('other-signer: a signature was made with another key');
  });

  it('says which key and which digest', async () => {
    const { repository, digest } = repositoryWithImage();
    const payload = payloadOf(digest);
    putSimple(repository, digest, [{ payload, signature: signature(payload, mine.key) }]);
    expect(await verdictOf(repository)).toMatchObject({ state: 'signed', digest, key: keyOf(mine.pem).fingerprint });
    expect(await verdictOf(repository, mine.pem, `registry.example.com/team/app@${digest}`)).toMatchObject({ state: 'signed', digest });
  });

  it('is one of several that fits', async () => {
    const { repository, digest } = repositoryWithImage();
    const payload = payloadOf(digest);
    putSimple(repository, digest, [
      { payload, signature: signature(payload, theirs.key) },
      { payload, signature: signature(payload, mine.key) },
    ]);
    expect(await outcome(repository)).toBe('signed: simple');
  });

  it('is found where the list of referrers does not say what they are', async () => {
    const { repository, digest } = repositoryWithImage();
    const statement = statementOf(digest);
    putBundles(repository, digest, [bundleOf(statement, signature(encoded(statement), mine.key))], false);
    expect(await outcome(repository)).toBe('signed: bundle');
  });
});

describe('what is no signature of the image', () => {
  const other = `sha256:${'ab'.repeat(32)}`;
  const simple =
    (payload: (digest: string) => string, annotations = {}, change = (bytes: Buffer) => bytes) =>
    () => {
      const { repository, digest } = repositoryWithImage();
      const text = payload(digest);
      putSimple(repository, digest, [{ payload: text, signature: change(signature(text, mine.key)), annotations }]);
      return repository;
    };
  const bundle =
    (statement: (digest: string) => string, changes: object = {}, bytes = (text: string): Uint8Array => encoded(text)) =>
    () => {
      const { repository, digest } = repositoryWithImage();
      const text = statement(digest);
      putBundles(repository, digest, [bundleOf(text, signature(bytes(text), mine.key), changes)]);
      return repository;
    };
  const cases: readonly [string, () => Repository, string][] = [
    ['nothing', () => repositoryWithImage().repository, 'unsigned'],
    ['a payload of another image', simple(() => payloadOf(other)), 'other-signer: a signature is of another image'],
    [
      'a payload that names no image',
      simple(() => '{"critical":{"type":"cosign container image signature"}}'),
      'other-signer: what was signed is not the signature of an image',
    ],
    [
      'a signature that is cut',
      simple(payloadOf, {}, bytes => bytes.subarray(0, 20)),
      'other-signer: a signature was made with another key',
    ],
    ['a signature of raw numbers', simple(payloadOf, {}, () => Buffer.alloc(64, 7)), 'other-signer: a signature was made with another key'],
    [
      'no signature beside the payload',
      simple(payloadOf, { 'dev.cosignproject.cosign/signature': '' }),
      'other-signer: a signature is missing beside its payload',
    ],
    [
      'a signature that is no base64',
      simple(payloadOf, { 'dev.cosignproject.cosign/signature': '%%%' }),
      'other-signer: a signature is missing beside its payload',
    ],
    ['a statement about another image', bundle(() => statementOf(other)), 'other-signer: a signature is of another image'],
    [
      'a digest in capitals',
      bundle(digest => statementOf(digest.toUpperCase().replace('SHA256', 'sha256'))),
      'other-signer: a signature is of another image',
    ],
    [
      'the statement signed in place of its encoding',
      bundle(statementOf, {}, text => Buffer.from(text)),
      'other-signer: a signature was made with another key',
    ],
    [
      'a bundle with a certificate',
      bundle(statementOf, { verificationMaterial: { certificate: { rawBytes: 'AAAA' } } }),
      'other-signer: a signature stands for an identity, not for a key',
    ],
    [
      'a bundle of a version to come',
      bundle(statementOf, { mediaType: 'application/vnd.dev.sigstore.bundle.v9+json' }),
      'other-signer: a bundle has a version that is not known',
    ],
    [
      'a bundle without any signer',
      bundle(statementOf, { verificationMaterial: {} }),
      'other-signer: a bundle says neither of a key nor of a certificate',
    ],
    [
      'a bundle around a message',
      bundle(statementOf, { dsseEnvelope: undefined, messageSignature: {} }),
      'other-signer: a bundle signs something other than a statement',
    ],
    [
      'an envelope of another type',
      bundle(statementOf, { dsseEnvelope: { payload: '', payloadType: 'text/plain', signatures: [] } }),
      'other-signer: an envelope holds something other than a statement',
    ],
    ['an envelope in pieces', bundle(statementOf, { dsseEnvelope: { payload: 7 } }), 'other-signer: a signature envelope is incomplete'],
    // what somebody says of an image is no signature of it
    ['an attestation alone', bundle(digest => statementOf(digest, 'https://slsa.dev/provenance/v1')), 'unsigned'],
  ];
  it.each(cases)('%s', async (_, make, expected) => {
    expect(await outcome(make())).toBe(expected);
  });

  it('a signature under the tag of another image', async () => {
    const { repository, digest } = repositoryWithImage();
    const payload = payloadOf(other);
    putSimple(repository, digest, [{ payload, signature: signature(payload, mine.key) }]);
    putSimple(repository, other, [{ payload: payloadOf(digest), signature: signature(payloadOf(digest), mine.key) }]);
    expect(await outcome(repository)).toBe('other-signer: a signature is of another image');
  });
});

describe('what cannot be told', () => {
  it('is never called unsigned', async () => {
    const { repository } = repositoryWithImage();
    const client = clientOf(repository);
    const denied = fail('denied', 'the registry does not show the image');
    const deny = (): Promise<typeof denied> => Promise.resolve(denied);
    for (const broken of [
      { ...client, referrers: deny },
      { ...client, read: deny },
    ])
      expect(await verifySignature(broken, 'registry.example.com/team/app:1.0', [keyOf(mine.pem)], neverCancelled)).toMatchObject({
        state: 'unknown',
        reasons: ['the registry does not show the image'],
      });
    expect(await verifySignature(client, 'not an image', [keyOf(mine.pem)], neverCancelled)).toMatchObject({
      state: 'unknown',
      digest: null,
    });
  });

  it.each([
    ['more referrers than are read', { list: [], whole: false }],
    ['what is no list', readDescriptors('{"errors":[]}', 'manifests')],
    ['a list that is too long', readDescriptors(JSON.stringify({ manifests: Array(1000).fill({}) }), 'manifests')],
  ])('%s', async (_, referrers) => {
    const { repository } = repositoryWithImage();
    const client = { ...clientOf(repository), referrers: () => Promise.resolve({ ok: true as const, value: referrers }) };
    expect(await verifySignature(client, 'registry.example.com/team/app:1.0', [keyOf(mine.pem)], neverCancelled)).toMatchObject({
      state: 'unknown',
      reasons: ['its registry lists more than is read, or what is no list: a signature may be among it'],
    });
  });

  it('a signature that fits counts even so', async () => {
    const { repository, digest } = repositoryWithImage();
    const payload = payloadOf(digest);
    putSimple(repository, digest, [{ payload, signature: signature(payload, mine.key) }]);
    const client = { ...clientOf(repository), referrers: () => Promise.resolve(fail('server', 'broken')) };
    expect(await verifySignature(client, 'registry.example.com/team/app:1.0', [keyOf(mine.pem)], neverCancelled)).toMatchObject({
      state: 'signed',
    });
  });

  it('ten thousand signatures are not read, and not called wrong', async () => {
    const { repository, digest } = repositoryWithImage();
    const payload = payloadOf(digest);
    putSimple(
      repository,
      digest,
      Array.from({ length: 10_000 }, () => ({ payload, signature: Buffer.from('nothing') })),
    );
    const client = clientOf(repository);
    const verdict = await verifySignature(client, 'registry.example.com/team/app:1.0', [keyOf(mine.pem)], neverCancelled);
    expect(verdict).toMatchObject({
      state: 'unknown',
      reasons: ['it has more signatures than are read (64)', 'a signature was made with another key'],
    });
    expect(client.asked.length).toBeLessThan(80);
  });
});

describe('attestations', () => {
  it('are listed with who signed them, and who built the image', async () => {
    const { repository, digest } = repositoryWithImage();
    const provenance = statementOf(digest, 'https://slsa.dev/provenance/v1', {
      runDetails: { builder: { id: 'https://ci.example.com/builder' } },
    });
    const sbom = statementOf(digest, 'https://spdx.dev/Document');
    putBundles(repository, digest, [
      bundleOf(provenance, signature(encoded(provenance), mine.key)),
      bundleOf(sbom, signature(encoded(sbom), theirs.key)),
    ]);
    const report = statementOf(digest, 'https://cosign.sigstore.dev/attestation/vuln/v1');
    const envelope = {
      payloadType: 'application/vnd.in-toto+json',
      payload: Buffer.from(report).toString('base64url'),
      signatures: [{ sig: signature(encoded(report), mine.key).toString('base64') }],
    };
    putSimple(
      repository,
      digest,
      [{ payload: JSON.stringify(envelope), signature: Buffer.alloc(0) }],
      '.att',
      'application/vnd.dsse.envelope.v1+json',
    );
    expect((await verdictOf(repository)).attestations).toEqual([
      { predicateType: 'https://slsa.dev/provenance/v1', signed: 'key', builder: 'https://ci.example.com/builder' },
      { predicateType: 'https://spdx.dev/Document', signed: 'other', builder: null },
      { predicateType: 'https://cosign.sigstore.dev/attestation/vuln/v1', signed: 'key', builder: null },
    ]);
  });

  it('say nothing that could be more than a name: whoever may push chose it', async () => {
    const { repository, digest } = repositoryWithImage();
    const odd = statementOf(digest, 'https://example.com/\u001b]0;title\u0007');
    const builder = statementOf(digest, 'https://slsa.dev/provenance/v1', { runDetails: { builder: { id: 'a\n# heading' } } });
    putBundles(
      repository,
      digest,
      [odd, builder].map(statement => bundleOf(statement, signature(encoded(statement), mine.key))),
    );
    expect((await verdictOf(repository)).attestations).toEqual([
      { predicateType: 'https://slsa.dev/provenance/v1', signed: 'key', builder: null },
    ]);
  });

  it("BuildKit's are listed as signed by nobody", async () => {
    const { repository } = repositoryWithImage();
    const attestation = tagged(
      repository,
      JSON.stringify({
        schemaVersion: 2,
        layers: [
          {
            mediaType: 'application/vnd.in-toto+json',
            digest: `sha256:${'0'.repeat(64)}`,
            annotations: { 'in-toto.io/predicate-type': 'https://spdx.dev/Document' },
          },
        ],
      }),
    );
    tagged(
      repository,
      JSON.stringify({
        schemaVersion: 2,
        manifests: [{ digest: attestation, annotations: { 'vnd.docker.reference.type': 'attestation-manifest' } }],
      }),
      '1.0',
    );
    expect((await verdictOf(repository)).attestations).toEqual([
      { predicateType: 'https://spdx.dev/Document', signed: 'none', builder: null },
    ]);
  });
});
