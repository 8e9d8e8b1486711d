import {
  bundleOf,
  encoded,
  keyPair,
  kinds,
  payloadOf,
  putBundles,
  putSimple,
  repositoryWithImage,
  signature,
  statementOf,
  type Kind,
  type Repository,
} from './artefacts';

/** What a registry has of an image, the key that it is held against, and what cosign 3.1.3 says of it (`cosign verify --key`), as test/registry/cosign.test.ts found. */
export interface Case {
  readonly name: string;
  readonly repository: Repository;
  /** Of the image. */
  readonly digest: string;
  readonly pem: string;
  readonly accepted: boolean;
  /** What cosign says, where it is something else: it takes any statement with the key for a signature, and looks at no payload beside a bundle. */
  readonly cosign?: boolean;
}

type Pair = ReturnType<typeof keyPair>;

/** Fresh keys and signatures for every case: a verdict depends on none of their bytes. */
export function signatureCases(): readonly Case[] {
  const pairs = new Map<Kind, readonly [Pair, Pair]>(kinds.map(kind => [kind, [keyPair(kind), keyPair(kind)]]));
  const [mine, theirs] = pairs.get('P-256')!;
  const [longer] = pairs.get('P-384')!;
  const another = `sha256:${'ab'.repeat(32)}`;
  const make = (name: string, accepted: boolean, fill: (repository: Repository, digest: string) => void, pem = mine.pem): Case => {
    const { repository, digest } = repositoryWithImage(name);
    fill(repository, digest);
    return { name, repository, digest, pem, accepted };
  };
  const simple = (payload: string, { key }: Pair, annotations = {}) => ({
    payload,
    signature: signature(payload, key),
    annotations,
  });
  const bundle = (statement: string, { key }: Pair, changes = {}): string =>
    bundleOf(statement, signature(encoded(statement), key), changes);

  return [
    ...kinds.flatMap(kind => {
      const [own, other] = pairs.get(kind)!;
      return [
        make(`${kind}, old format`, true, (r, d) => putSimple(r, d, [simple(payloadOf(d), own)]), own.pem),
        make(`${kind}, old format, another key`, false, (r, d) => putSimple(r, d, [simple(payloadOf(d), other)]), own.pem),
        make(`${kind}, bundle`, true, (r, d) => putBundles(r, d, [bundle(statementOf(d), own)]), own.pem),
        make(`${kind}, bundle, another key`, false, (r, d) => putBundles(r, d, [bundle(statementOf(d), other)]), own.pem),
      ];
    }),
    make('nothing', false, () => undefined),
    make('payload of another image', false, (r, d) => putSimple(r, d, [simple(payloadOf(another), mine)])),
    make('payload of another type', true, (r, d) => putSimple(r, d, [simple(payloadOf(d, 'something else'), mine)])),
    make('signature cut', false, (r, d) => {
      const { payload, signature: whole } = simple(payloadOf(d), mine);
      putSimple(r, d, [{ payload, signature: whole.subarray(0, 20) }]);
    }),
    make('no signature beside the payload', false, (r, d) =>
      putSimple(r, d, [simple(payloadOf(d), mine, { 'dev.cosignproject.cosign/signature': '' })]),
    ),
    make('the second of two payloads', true, (r, d) => putSimple(r, d, [simple(payloadOf(d), theirs), simple(payloadOf(d), mine)])),
    make(
      'P-384 with SHA-384, old format',
      false,
      (r, d) => {
        const payload = payloadOf(d);
        putSimple(r, d, [{ payload, signature: signature(payload, longer.key, 'sha384') }]);
      },
      longer.pem,
    ),
    make(
      'P-384 with SHA-384, bundle',
      false,
      (r, d) => {
        const statement = statementOf(d);
        putBundles(r, d, [bundleOf(statement, signature(encoded(statement), longer.key, 'sha384'))]);
      },
      longer.pem,
    ),
    make('statement about another image', false, (r, d) => putBundles(r, d, [bundle(statementOf(another), mine)])),
    make('statement about several images', true, (r, d) => {
      const statement = JSON.stringify({
        ...(JSON.parse(statementOf(d)) as object),
        subject: [another, d].map(of => ({ name: '', digest: { sha256: of.slice('sha256:'.length) } })),
      });
      putBundles(r, d, [bundle(statement, mine)]);
    }),
    make('statement of version 0.1', true, (r, d) =>
      putBundles(r, d, [bundle(statementOf(d).replace('Statement/v1', 'Statement/v0.1'), mine)]),
    ),
    make('digest in capitals', false, (r, d) =>
      putBundles(r, d, [bundle(statementOf(`sha256:${d.slice('sha256:'.length).toUpperCase()}`), mine)]),
    ),
    make('statement signed without its encoding', false, (r, d) => {
      const statement = statementOf(d);
      putBundles(r, d, [bundleOf(statement, signature(statement, mine.key))]);
    }),
    make('bundle of a version to come', false, (r, d) =>
      putBundles(r, d, [bundle(statementOf(d), mine, { mediaType: 'application/vnd.dev.sigstore.bundle.v9+json' })]),
    ),
    make('bundle without a signer', false, (r, d) => putBundles(r, d, [bundle(statementOf(d), mine, { verificationMaterial: {} })])),
    make('envelope without signatures', false, (r, d) =>
      putBundles(r, d, [
        bundle(statementOf(d), mine, {
          dsseEnvelope: {
            payloadType: 'application/vnd.in-toto+json',
            payload: Buffer.from(statementOf(d)).toString('base64'),
            signatures: [],
          },
        }),
      ]),
    ),
    {
      ...make('an attestation alone', false, (r, d) => putBundles(r, d, [bundle(statementOf(d, 'https://slsa.dev/provenance/v1'), mine)])),
      cosign: true,
    },
    make('the second of two bundles', true, (r, d) => putBundles(r, d, [bundle(statementOf(d), theirs), bundle(statementOf(d), mine)])),
    make('a list that does not say what it lists', true, (r, d) => putBundles(r, d, [bundle(statementOf(d), mine)], false)),
    make('a good bundle beside a payload of another key', true, (r, d) => {
      putSimple(r, d, [simple(payloadOf(d), theirs)]);
      putBundles(r, d, [bundle(statementOf(d), mine)]);
    }),
    {
      ...make('a good payload beside a bundle of another key', true, (r, d) => {
        putSimple(r, d, [simple(payloadOf(d), mine)]);
        putBundles(r, d, [bundle(statementOf(d), theirs)]);
      }),
      cosign: false,
    },
    {
      ...make('a good payload beside an attestation', true, (r, d) => {
        putSimple(r, d, [simple(payloadOf(d), mine)]);
        putBundles(r, d, [bundle(statementOf(d, 'https://slsa.dev/provenance/v1'), theirs)]);
      }),
      cosign: false,
    },
  ];
}
