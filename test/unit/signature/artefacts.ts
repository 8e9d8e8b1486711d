import { createHash, generateKeyPairSync, sign, type KeyObject } from 'node:crypto';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { preAuthentication } from '../../../shared/src/services/signature/read';
import type { RegistryClient } from '../../../shared/src/services/registry/client';
import { readDescriptors } from '../../../shared/src/services/registry/descriptors';
import { fail } from '../../../shared/src/services/registry/failure';

/** The digest of bytes. */
export const digestOf = (bytes: Uint8Array | string): string => `sha256:${createHash('sha256').update(bytes).digest('hex')}`;

/** What a repository holds: manifests by digest or tag, blobs by digest. */
export interface Repository {
  readonly manifests: Map<string, string>;
  readonly blobs: Map<string, Buffer>;
}

/** A repository with one image. Gives its digest, too. */
export function repositoryWithImage(name = 'app'): { readonly repository: Repository; readonly digest: string } {
  const repository: Repository = { manifests: new Map(), blobs: new Map() };
  const config = put(
    repository,
    Buffer.from(
      JSON.stringify({ architecture: 'amd64', os: 'linux', config: { Labels: { name } }, rootfs: { type: 'layers', diff_ids: [] } }),
    ),
  );
  const manifest = manifestOf({ config: { mediaType: 'application/vnd.oci.image.config.v1+json', ...config }, layers: [] });
  return { repository, digest: tagged(repository, manifest, '1.0') };
}

function put({ blobs }: Repository, bytes: Buffer): { readonly digest: string; readonly size: number } {
  const digest = digestOf(bytes);
  blobs.set(digest, bytes);
  return { digest, size: bytes.length };
}

function manifestOf(members: object): string {
  return JSON.stringify({ schemaVersion: 2, mediaType: 'application/vnd.oci.image.manifest.v1+json', ...members });
}

/** Puts a manifest under its digest, and under a tag. Gives the digest. */
export function tagged({ manifests }: Repository, manifest: string, tag?: string): string {
  const digest = digestOf(manifest);
  manifests.set(digest, manifest);
  if (tag !== undefined) manifests.set(tag, manifest);
  return digest;
}

/** The payload that cosign 2 signs for a digest. */
export const payloadOf = (digest: string, type = 'cosign container image signature'): string =>
  JSON.stringify({
    critical: { identity: { 'docker-reference': 'registry.example.com/team/app' }, image: { 'docker-manifest-digest': digest }, type },
    optional: null,
  });

/** Puts signatures as cosign 2 does, under the tag of an image. */
export function putSimple(
  repository: Repository,
  of: string,
  layers: readonly { readonly payload: string; readonly signature: Buffer; readonly annotations?: Readonly<Record<string, string>> }[],
  ending = '.sig',
  mediaType = 'application/vnd.dev.cosign.simplesigning.v1+json',
): void {
  const manifest = manifestOf({
    config: { mediaType: 'application/vnd.oci.image.config.v1+json', ...put(repository, Buffer.from('{}')) },
    layers: layers.map(({ payload, signature, annotations }) => ({
      mediaType,
      ...put(repository, Buffer.from(payload)),
      annotations: { 'dev.cosignproject.cosign/signature': signature.toString('base64'), ...annotations },
    })),
  });
  tagged(repository, manifest, `${of.replace(':', '-')}${ending}`);
}

/** A statement about a digest. */
export const statementOf = (digest: string, predicateType = 'https://sigstore.dev/cosign/sign/v1', predicate: object = {}): string =>
  JSON.stringify({
    _type: 'https://in-toto.io/Statement/v1',
    subject: [{ name: '', digest: { sha256: digest.slice('sha256:'.length) } }],
    predicateType,
    predicate,
  });

/** What DSSE signs of a statement. */
export const encoded = (statement: string, type = 'application/vnd.in-toto+json'): Uint8Array =>
  preAuthentication(type, Buffer.from(statement));

/** A bundle of cosign 3 around a statement. */
export function bundleOf(statement: string, signature: Buffer, changes: object = {}): string {
  return JSON.stringify({
    mediaType: 'application/vnd.dev.sigstore.bundle.v0.3+json',
    verificationMaterial: { publicKey: { hint: 'aGludA==' } },
    dsseEnvelope: {
      payloadType: 'application/vnd.in-toto+json',
      payload: Buffer.from(statement).toString('base64'),
      signatures: [{ sig: signature.toString('base64') }],
    },
    ...changes,
  });
}

const bundleType = 'application/vnd.dev.sigstore.bundle.v0.3+json';

/** Puts bundles beside an image, listed under the tag that takes the place of the referrers' API. */
export function putBundles(repository: Repository, of: string, bundles: readonly string[], says = true): void {
  const manifests = bundles.map(bundle => {
    const manifest = manifestOf({
      artifactType: bundleType,
      config: { mediaType: 'application/vnd.oci.empty.v1+json', ...put(repository, Buffer.from('{}')) },
      layers: [{ mediaType: bundleType, ...put(repository, Buffer.from(bundle)) }],
      subject: {
        mediaType: 'application/vnd.oci.image.manifest.v1+json',
        digest: of,
        size: Buffer.byteLength(repository.manifests.get(of) ?? ''),
      },
    });
    const mediaType = 'application/vnd.oci.image.manifest.v1+json';
    return {
      mediaType,
      digest: tagged(repository, manifest),
      size: Buffer.byteLength(manifest),
      ...(says && { artifactType: bundleType }),
    };
  });
  const index = JSON.stringify({ schemaVersion: 2, mediaType: 'application/vnd.oci.image.index.v1+json', manifests });
  tagged(repository, index, of.replace(':', '-'));
}

/** The kinds of keys that cosign signs with. */
export const kinds = ['P-256', 'P-384', 'P-521', 'RSA', 'Ed25519'] as const;
/** One of `kinds`. */
export type Kind = (typeof kinds)[number];

/** A key pair, and the public key in PEM. */
export function keyPair(kind: Kind): { readonly pem: string; readonly key: KeyObject } {
  const pair =
    kind === 'RSA'
      ? generateKeyPairSync('rsa', { modulusLength: 2048 })
      : kind === 'Ed25519'
        ? generateKeyPairSync('ed25519')
        : generateKeyPairSync('ec', { namedCurve: kind });
  return { pem: pair.publicKey.export({ type: 'spki', format: 'pem' }).toString(), key: pair.privateKey };
}

/** Signs as cosign does: with SHA-256, whatever the curve. */
export function signature(bytes: Uint8Array | string, key: KeyObject, hash = 'sha256'): Buffer {
  return sign(key.asymmetricKeyType === 'ed25519' ? null : hash, typeof bytes === 'string' ? Buffer.from(bytes) : bytes, key);
}

/** A client that reads a repository, whatever registry is asked. Counts what it was asked for. */
export function clientOf({ manifests, blobs }: Repository): RegistryClient & { readonly asked: string[] } {
  const asked: string[] = [];
  const never = (): never => {
    throw new Error('not asked here');
  };
  const manifest = (reference: string): { readonly digest: string; readonly mediaType: string; readonly text: string } | null => {
    asked.push(reference);
    const text = manifests.get(reference);
    return text === undefined ? null : { digest: digestOf(text), mediaType: '', text };
  };
  return {
    asked,
    created: never,
    part: never,
    tags: never,
    limit: () => null,
    manifest: ({ tag, digest }) => {
      const found = manifest(tag ?? digest!);
      return Promise.resolve(found ? { ok: true, value: found } : fail('not-found', 'the registry has no such image'));
    },
    read: (_, reference) => Promise.resolve({ ok: true, value: manifest(reference) }),
    blob: (_, digest) => {
      asked.push(digest);
      const bytes = blobs.get(digest);
      return Promise.resolve(bytes ? { ok: true, value: bytes } : fail('not-found', 'the registry has no such blob'));
    },
    referrers: (_, digest) =>
      Promise.resolve({ ok: true, value: readDescriptors(manifest(digest.replace(':', '-'))?.text ?? null, 'manifests') }),
  };
}

/** Puts a repository into a registry that takes everything over plain HTTP, manifests that others name first. */
export async function push({ manifests, blobs }: Repository, host: string, name: string): Promise<void> {
  const put = async (path: string, body: Uint8Array | string, type: string): Promise<void> => {
    const response = await fetch(`http://${host}/v2/${name}/${path}`, { method: 'PUT', body, headers: { 'content-type': type } });
    if (!response.ok) throw new Error(`${path}: ${response.status} ${await response.text()}`);
  };
  for (const [digest, bytes] of blobs) {
    const { headers } = await fetch(`http://${host}/v2/${name}/blobs/uploads/`, { method: 'POST' });
    const location = new URL(headers.get('location') ?? '', `http://${host}`);
    location.searchParams.set('digest', digest);
    const response = await fetch(location, {
      method: 'PUT',
      body: new Uint8Array(bytes),
      headers: { 'content-type': 'application/octet-stream' },
    });
    if (!response.ok) throw new Error(`${digest}: ${response.status} ${await response.text()}`);
  }
  // an index after what it lists
  const isIndex = (text: string): boolean => text.includes('"manifests":');
  const sorted = [...manifests].sort(([, a], [, b]) => Number(isIndex(a)) - Number(isIndex(b)));
  for (const [reference, text] of sorted) {
    const { mediaType = 'application/vnd.oci.image.manifest.v1+json' } = JSON.parse(text) as { mediaType?: string };
    await put(`manifests/${reference}`, text, mediaType);
  }
}

/** An image that a key signed, in the format of cosign 2. */
export function signedImage(name: string, key: KeyObject): ReturnType<typeof repositoryWithImage> {
  const image = repositoryWithImage(name);
  const payload = payloadOf(image.digest);
  putSimple(image.repository, image.digest, [{ payload, signature: signature(payload, key) }]);
  return image;
}

/** A registry in this process. */
export interface ServedRegistry {
  /** With its port. */
  readonly host: string;
  /** The paths that it was asked for. */
  readonly asked: string[];
  close(): void;
}

/** Serves repositories by their names, without a list of referrers; what is private shows nothing. */
export async function serve(
  repositories: Readonly<Record<string, { readonly repository: Repository }>>,
  isPrivate: (name: string) => boolean = () => false,
): Promise<ServedRegistry> {
  const asked: string[] = [];
  const server = createServer(({ url = '', method }, response) => {
    asked.push(url);
    const [, name = '', kind = '', reference = ''] = /^\/v2\/(.+)\/(manifests|blobs)\/([^/]+)$/.exec(url) ?? [];
    const repository = repositories[name]?.repository;
    const body = kind === 'manifests' ? repository?.manifests.get(reference) : repository?.blobs.get(reference);
    if (isPrivate(name)) response.writeHead(403).end();
    else if (body === undefined) response.writeHead(404).end();
    else
      response
        .writeHead(200, { 'content-type': 'application/vnd.oci.image.manifest.v1+json', 'docker-content-digest': digestOf(body) })
        .end(method === 'HEAD' ? undefined : body);
  });
  await new Promise<void>(resolve => server.listen(0, '127.0.0.1', resolve));
  const close = (): void => {
    server.close();
    server.closeAllConnections();
  };
  return { host: `127.0.0.1:${(server.address() as AddressInfo).port}`, asked, close };
}
