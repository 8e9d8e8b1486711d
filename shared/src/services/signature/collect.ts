import type { Cancellation } from '../../base/ports/cancellation';
import { decodeUtf8 } from '../registry/bytes';
import type { Manifest, RegistryClient } from '../registry/client';
import { readDescriptors, type Descriptor, type Descriptors } from '../registry/descriptors';
import type { Outcome, RegistryFailure } from '../registry/failure';
import { jsonObject } from '../../base/json';
import type { Endpoint } from '../registry/names';
import { createTurns } from '../registry/turns';
import { requestsPerHost } from '../registry/resolver';
import { isBundle, isName, readBundle, readEnvelope, readSimple, simpleAnnotations, simpleType, type Read } from './read';
import type { Signed } from '../../base/ports/signature';

/** What a registry has about one image. */
export interface Collected {
  readonly signed: readonly Signed[];
  /** Why something that should have been a signature is none. */
  readonly unreadable: readonly string[];
  /** What BuildKit says of the image within its index, unsigned: predicate types. */
  readonly unsigned: readonly string[];
  /** What could not be asked; the registry's own words. */
  readonly failures: readonly RegistryFailure[];
  /** Why there may be signatures that were not read; `null`: all were. */
  readonly unread: string | null;
}

/** No more signatures of an image than this are read, each of at most the 4 MiB that the client takes. */
const maxSignatures = 64;

/** A part of what a registry has: a file that is read, or what is known without it. */
type Source = () => Promise<Outcome<Read | null>>;

/**
 * Reads the signatures and attestations of an image, by its manifest or index: bundles that refer to it, the tags of cosign 2 (`.sig`, `.att`), and what BuildKit put
 * into the index. Never rejects.
 */
export async function collectSignatures(
  client: RegistryClient,
  endpoint: Endpoint,
  { digest, text }: Manifest,
  cancellation: Cancellation,
): Promise<Collected> {
  const failures: RegistryFailure[] = [];
  const failed = <T>(outcome: Outcome<T>): T | null => {
    if (outcome.ok) return outcome.value;
    failures.push(outcome.failure);
    return null;
  };
  const blob = async (of: string, read: (bytes: Uint8Array) => Read): Promise<Outcome<Read>> => {
    const bytes = await client.blob(endpoint, of, cancellation);
    return bytes.ok ? { ok: true, value: read(bytes.value) } : bytes;
  };
  let whole = true;
  const listed = (descriptors: Descriptors): readonly Descriptor[] => {
    whole &&= descriptors.whole;
    return descriptors.list;
  };
  const layersOf = async (reference: string): Promise<readonly Descriptor[]> =>
    listed(readDescriptors(failed(await client.read(endpoint, reference, cancellation))?.text ?? null, 'layers'));

  const bundle = async (referrer: Descriptor): Promise<Outcome<Read | null>> => {
    const manifest = await client.read(endpoint, referrer.digest, cancellation);
    if (!manifest.ok) return manifest;
    const layer = readDescriptors(manifest.value?.text ?? null, 'layers').list.find(({ mediaType }) => isBundle(mediaType));
    return layer ? await blob(layer.digest, readBundle) : { ok: true, value: null };
  };
  // what does not say what it is may be one
  const referring = failed(await client.referrers(endpoint, digest, cancellation));
  const referrers = (referring ? listed(referring) : []).filter(({ artifactType }) => artifactType === '' || isBundle(artifactType));
  const tag = digest.replace(':', '-');
  const simple = (await layersOf(`${tag}.sig`)).filter(({ mediaType }) => mediaType === simpleType);
  const attached = (await layersOf(`${tag}.att`)).filter(({ mediaType }) => mediaType === 'application/vnd.dsse.envelope.v1+json');
  const sources: readonly Source[] = [
    ...referrers.map(referrer => () => bundle(referrer)),
    ...simple.map(layer => () => blob(layer.digest, bytes => readSimple(bytes, layer.annotations))),
    ...attached.map(layer => () => blob(layer.digest, bytes => readAttached(bytes, layer.annotations))),
  ];

  const turn = createTurns(requestsPerHost);
  const reads = await Promise.all(sources.slice(0, maxSignatures).map(source => turn(source)));
  const read = reads.map(failed).filter(value => value !== null);
  return {
    signed: read.flatMap(one => (one.ok ? [one.value] : [])),
    unreadable: [...new Set(read.flatMap(one => (one.ok ? [] : [one.reason])))],
    unsigned: await buildkitAttestations(client, endpoint, text, cancellation),
    failures,
    unread:
      sources.length > maxSignatures
        ? `it has more signatures than are read (${maxSignatures})`
        : whole
          ? null
          : 'its registry lists more than is read, or what is no list: a signature may be among it',
  };
}

function readAttached(bytes: Uint8Array, annotations: Readonly<Record<string, string>>): Read {
  const envelope = jsonObject(decodeUtf8(bytes));
  if (!envelope) return { ok: false, reason: 'a signature envelope is incomplete' };
  return readEnvelope(envelope, 'simple', annotations[simpleAnnotations.certificate] !== undefined);
}

/** What BuildKit says of the first images of an index (its "attestation storage"). What cannot be read is left out: nobody has signed it anyway. */
async function buildkitAttestations(
  client: RegistryClient,
  endpoint: Endpoint,
  index: string,
  cancellation: Cancellation,
): Promise<readonly string[]> {
  const entries = readDescriptors(index, 'manifests')
    .list.filter(({ annotations }) => annotations['vnd.docker.reference.type'] === 'attestation-manifest')
    .slice(0, requestsPerHost);
  const manifests = await Promise.all(entries.map(entry => client.read(endpoint, entry.digest, cancellation)));
  const types = manifests.flatMap(manifest =>
    readDescriptors(manifest.ok ? (manifest.value?.text ?? null) : null, 'layers').list.flatMap(
      ({ annotations }) => annotations['in-toto.io/predicate-type'] ?? [],
    ),
  );
  return [...new Set(types.filter(isName))].slice(0, maxSignatures);
}
