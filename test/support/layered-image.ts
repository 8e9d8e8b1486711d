import { createHash } from 'node:crypto';
import { createServer, request, type IncomingMessage } from 'node:http';
import type { AddressInfo } from 'node:net';
import { digestOf, indexOf } from './image-chain';
import { layer, type MadeEntry, type MadeLayer, type Packing } from './tar';

/** What a made image with files is made of. */
export interface LayeredImage {
  /** `config` of the configuration. */
  readonly config?: Readonly<Record<string, unknown>>;
  /** The lowest first. */
  readonly layers: readonly (readonly MadeEntry[] | MadeLayer)[];
  readonly packing?: Packing;
  readonly platform?: string;
  /** Put it into an index, with another platform and an attestation of it. */
  readonly indexed?: boolean;
  /** Statements of the attestation, by predicate type. */
  readonly statements?: Readonly<Record<string, unknown>>;
  /** Annotations of the index. */
  readonly annotations?: Readonly<Record<string, string>>;
}

/** A made image as a registry has it. */
export interface LayeredRepository {
  readonly digest: string;
  readonly manifests: Map<string, string>;
  readonly blobs: Map<string, Buffer>;
}

const manifestType = 'application/vnd.oci.image.manifest.v1+json';

/** Makes an image, under a tag too. */
export function makeLayered(image: LayeredImage, tag = '1.0'): LayeredRepository {
  const manifests = new Map<string, string>();
  const blobs = new Map<string, Buffer>();
  const [os = 'linux', architecture = 'amd64'] = (image.platform ?? 'linux/amd64').split('/');
  const layers = image.layers.map(made => ('blob' in made ? made : layer(made, image.packing)));
  for (const { blob, bytes } of layers) blobs.set(blob.digest, bytes);
  const put = (value: unknown): { readonly digest: string; readonly size: number } => {
    const text = JSON.stringify(value);
    blobs.set(digestOf(text), Buffer.from(text));
    return { digest: digestOf(text), size: Buffer.byteLength(text) };
  };
  const configuration = put({
    os,
    architecture,
    created: '2026-01-02T03:04:05Z',
    config: image.config ?? {},
    rootfs: { type: 'layers', diff_ids: layers.map(({ blob }) => blob.diffId) },
  });
  const manifestOf = (value: Readonly<Record<string, unknown>>): string => {
    const text = JSON.stringify({ schemaVersion: 2, mediaType: manifestType, ...value });
    manifests.set(digestOf(text), text);
    return text;
  };
  const config = { mediaType: 'application/vnd.oci.image.config.v1+json', ...configuration };
  const manifest = manifestOf({ config, layers: layers.map(({ blob: { mediaType, digest, size } }) => ({ mediaType, digest, size })) });
  let top = manifest;
  if (image.indexed === true || image.statements) {
    const statements = Object.entries(image.statements ?? {}).map(([type, predicate]) => ({
      mediaType: 'application/vnd.in-toto+json',
      ...put({ _type: 'https://in-toto.io/Statement/v0.1', predicateType: type, subject: [], predicate }),
      annotations: { 'in-toto.io/predicate-type': type },
    }));
    const attestation = manifestOf({ config: { ...config, ...put({ architecture: 'unknown', os: 'unknown' }) }, layers: statements });
    const other = manifestOf({ config: { ...config, ...put({ os, architecture: 'arm64', config: { User: 'other' } }) }, layers: [] });
    top = indexOf(
      [
        {
          manifest: attestation,
          platform: 'unknown/unknown',
          annotations: { 'vnd.docker.reference.type': 'attestation-manifest', 'vnd.docker.reference.digest': digestOf(manifest) },
        },
        { manifest: other, platform: 'linux/arm64/v8' },
        { manifest, platform: `${os}/${architecture}` },
      ],
      image.annotations,
    );
    manifests.set(digestOf(top), top);
  }
  manifests.set(tag, top);
  return { digest: digestOf(top), manifests, blobs };
}

/** A layer that is large when it is unpacked, and some megabytes as it is kept: one file of the same block many times, each a gzip member of its own. */
export function largeLayer(
  path: string,
  mebibytes: number,
  seed: number,
  pack: (bytes: Buffer) => Buffer,
  head: (size: number) => Buffer,
): MadeLayer {
  const noise = Buffer.alloc(1 << 20);
  let state = seed;
  for (let at = 0; at < 48 << 10; at++) {
    state = (Math.imul(state, 1664525) + 1013904223) >>> 0;
    noise[at] = state >>> 24;
  }
  const parts = [head(mebibytes << 20), ...Array.from({ length: mebibytes }, () => noise), Buffer.alloc(1024)];
  const hash = createHash('sha256');
  for (const part of parts) hash.update(part);
  const packed = pack(noise);
  const bytes = Buffer.concat(parts.map(part => (part === noise ? packed : pack(part))));
  const digest = `sha256:${createHash('sha256').update(bytes).digest('hex')}`;
  const mediaType = 'application/vnd.oci.image.layer.v1.tar+gzip';
  return { bytes, blob: { digest, mediaType, size: bytes.length, diffId: `sha256:${hash.digest('hex')}` } };
}

/** Something between a client and a registry that counts, and may leave out what a request asks. */
export interface CountingProxy {
  readonly host: string;
  /** `GET /v2/...` of what was asked so far. */
  readonly asked: string[];
  /** Bytes of bodies that went to the client. */
  readonly bytes: () => number;
  readonly close: () => void;
}

/** Starts one on this machine. `withoutParts`: the registry behind it never hears of a range. */
export async function countRequests(target: string, withoutParts = false): Promise<CountingProxy> {
  const asked: string[] = [];
  let bytes = 0;
  const server = createServer((incoming: IncomingMessage, answer) => {
    asked.push(`${incoming.method} ${incoming.url}`);
    const { range, ...rest } = incoming.headers;
    const headers = withoutParts || range === undefined ? rest : { ...rest, range };
    const [host, port] = target.split(':');
    const asking = request({ host, port, path: incoming.url, method: incoming.method, headers }, response => {
      answer.writeHead(response.statusCode ?? 500, response.headers);
      response.on('data', (chunk: Buffer) => (bytes += chunk.length));
      response.pipe(answer);
      answer.on('close', () => response.destroy());
    });
    asking.on('error', () => answer.destroy());
    incoming.pipe(asking);
  });
  await new Promise<void>(resolve => server.listen(0, '127.0.0.1', resolve));
  const close = (): void => void (server.close(), server.closeAllConnections());
  return { host: `127.0.0.1:${(server.address() as AddressInfo).port}`, asked, bytes: () => bytes, close };
}
