import { createHash } from 'node:crypto';
import { mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { gzipSync } from 'node:zlib';

const sha256 = (bytes: Buffer): string => createHash('sha256').update(bytes).digest('hex');

/** Writes an OCI layout with an image for two platforms, its index tagged `1.0`. Gives the digest of the index. Other `content`, other digests. */
export function writeLayout(folder: string, content: string): string {
  mkdirSync(join(folder, 'blobs/sha256'), { recursive: true });
  const put = (bytes: Buffer, mediaType: string): { mediaType: string; digest: string; size: number } => {
    const hash = sha256(bytes);
    writeFileSync(join(folder, 'blobs/sha256', hash), bytes);
    return { mediaType, digest: `sha256:${hash}`, size: bytes.length };
  };
  const json = (value: unknown): Buffer => Buffer.from(JSON.stringify(value));
  const manifests = [
    { os: 'linux', architecture: 'amd64' },
    { os: 'linux', architecture: 'arm64', variant: 'v8' },
  ].map(platform => {
    const tar = oneFileTar('hello', `${content} for ${platform.architecture}\n`);
    const layer = put(gzipSync(tar), 'application/vnd.oci.image.layer.v1.tar+gzip');
    const config = put(
      json({ ...platform, created: '2026-01-02T03:04:05Z', config: {}, rootfs: { type: 'layers', diff_ids: [`sha256:${sha256(tar)}`] } }),
      'application/vnd.oci.image.config.v1+json',
    );
    const mediaType = 'application/vnd.oci.image.manifest.v1+json';
    return { ...put(json({ schemaVersion: 2, mediaType, config, layers: [layer] }), mediaType), platform };
  });
  const mediaType = 'application/vnd.oci.image.index.v1+json';
  const index = put(json({ schemaVersion: 2, mediaType, manifests }), mediaType);
  const annotations = { 'org.opencontainers.image.ref.name': '1.0' };
  writeFileSync(join(folder, 'index.json'), json({ schemaVersion: 2, manifests: [{ ...index, annotations }] }));
  writeFileSync(join(folder, 'oci-layout'), json({ imageLayoutVersion: '1.0.0' }));
  return index.digest;
}

/** A tar archive with one small file (POSIX ustar). */
function oneFileTar(name: string, text: string): Buffer {
  const header = Buffer.alloc(512);
  const field = (at: number, value: string): void => void header.write(value, at, 'ascii');
  field(0, name);
  field(100, '0000644\0');
  field(108, '0000000\0');
  field(116, '0000000\0');
  field(124, `${text.length.toString(8).padStart(11, '0')}\0`);
  field(136, '00000000000\0');
  field(148, '        ');
  field(156, '0');
  field(257, 'ustar\0');
  field(263, '00');
  const sum = header.reduce((total, byte) => total + byte, 0);
  field(148, `${sum.toString(8).padStart(6, '0')}\0 `);
  const body = Buffer.alloc(Math.ceil(text.length / 512) * 512);
  body.write(text);
  return Buffer.concat([header, body, Buffer.alloc(1024)]);
}
