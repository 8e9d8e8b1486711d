import { createHash } from 'node:crypto';
import type { ImageChain } from '../../shared/src/services/facts/chain';

/** The digest of a text, by Node's own hash. */
export const digestOf = (text: string): string => `sha256:${createHash('sha256').update(text).digest('hex')}`;

const layerType = 'application/vnd.oci.image.layer.v1.tar+gzip';

/** What a made image is made of. */
export interface MadeImage {
  /** `config` of the configuration. */
  readonly config?: unknown;
  readonly history?: readonly { readonly created_by: string; readonly empty_layer?: boolean }[];
  readonly os?: string;
  readonly architecture?: string;
  readonly created?: string;
}

/** The texts of one platform. */
export function makePlatform(image: MadeImage): { readonly manifest: string; readonly configuration: string } {
  const { config = {}, history = [], os = 'linux', architecture = 'amd64', created = '2026-01-02T03:04:05Z' } = image;
  const configuration = JSON.stringify({ os, architecture, created, config, history, rootfs: { type: 'layers', diff_ids: [] } });
  return { manifest: manifestOf(configuration), configuration };
}

/** A manifest of a configuration. */
export function manifestOf(configuration: string, mediaType = 'application/vnd.oci.image.config.v1+json'): string {
  const config = { mediaType, digest: digestOf(configuration), size: configuration.length };
  return JSON.stringify({
    schemaVersion: 2,
    mediaType: 'application/vnd.oci.image.manifest.v1+json',
    config,
    layers: [{ mediaType: layerType, digest: digestOf('layer'), size: 5 }],
  });
}

/** An entry of an index. */
export interface IndexEntry {
  readonly manifest: string;
  readonly platform: string;
  readonly annotations?: Readonly<Record<string, string>>;
}

/** An index of manifests. */
export function indexOf(entries: readonly IndexEntry[], annotations: Readonly<Record<string, string>> = {}): string {
  const manifests = entries.map(({ manifest, platform, annotations: marks }) => {
    const [os, architecture, variant] = platform.split('/');
    return {
      mediaType: 'application/vnd.oci.image.manifest.v1+json',
      digest: digestOf(manifest),
      size: manifest.length,
      platform: { os, architecture, ...(variant && { variant }) },
      ...(marks && { annotations: marks }),
    };
  });
  return JSON.stringify({ schemaVersion: 2, mediaType: 'application/vnd.oci.image.index.v1+json', manifests, annotations });
}

/** An image that was made, and its digest. */
export interface TestImage {
  readonly digest: string;
  readonly chain: ImageChain;
  /** What else its index lists. */
  readonly others?: readonly { readonly manifest: string; readonly configuration: string }[];
}

/** An image of one platform without an index. */
export function makeImage(image: MadeImage): TestImage {
  const { manifest, configuration } = makePlatform(image);
  return { digest: digestOf(manifest), chain: { index: null, manifest, configuration } };
}

/** An image in an index, with an attestation before it as BuildKit may write one, and a platform that is another image. */
export function makeIndexed(image: MadeImage, arm: MadeImage = image): TestImage {
  const made = makePlatform(image);
  const other = makePlatform({ ...arm, architecture: 'arm64' });
  const attestation = { manifest: manifestOf('attested'), configuration: 'attested' };
  const index = indexOf([
    {
      manifest: attestation.manifest,
      platform: 'unknown/unknown',
      annotations: { 'vnd.docker.reference.type': 'attestation-manifest', 'vnd.docker.reference.digest': digestOf(made.manifest) },
    },
    { manifest: other.manifest, platform: 'linux/arm64/v8' },
    { manifest: made.manifest, platform: 'linux/amd64' },
  ]);
  return { digest: digestOf(index), chain: { index, ...made }, others: [attestation, other] };
}

/** What a registry has of an image, under a tag too: of an index everything that it lists. */
export function repositoryOf(
  { digest, chain: { index, manifest, configuration }, others = [] }: TestImage,
  tag = '1.0',
): { readonly manifests: Map<string, string>; readonly blobs: Map<string, Buffer> } {
  const manifests = new Map<string, string>();
  const blobs = new Map([[digestOf('layer'), Buffer.from('layer')]]);
  for (const part of [...others, { manifest, configuration }]) {
    manifests.set(digestOf(part.manifest), part.manifest);
    blobs.set(digestOf(part.configuration), Buffer.from(part.configuration));
  }
  for (const reference of [digest, tag]) manifests.set(reference, index ?? manifest);
  return { manifests, blobs };
}
