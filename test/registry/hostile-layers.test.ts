import { createServer, type IncomingMessage, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { gzipSync } from 'node:zlib';
import { describe, expect, it } from 'vitest';
import { nodeLayerHost } from '../../shared/host/node/layer-host';
import { createNodeRegistry } from '../../shared/host/node/registry/resolver';
import { neverCancelled } from '../../shared/src/base/ports/cancellation';
import { fileFactsIn } from '../../shared/src/formats';
import { createFactLookup, createMemoryFactCache } from '../../shared/src/services/facts/lookup';
import type { ImageFiles } from '../../shared/src/index';
import { usualLimits } from '../../shared/src/services/facts/layers';
import { createMemoryCache } from '../../shared/src/services/registry/resolver';
import { makeLayered, type LayeredImage } from '../support/layered-image';
import { headerOf, layer, layerOf, zstdOf, type MadeLayer } from '../support/tar';
import { scratchFolder } from './real';

/** How a registry answers who asks for a layer; `false`: as it should. */
type Fault = (layer: Buffer, request: IncomingMessage, response: ServerResponse) => boolean;

const passwd = { path: 'etc/passwd', content: 'web:x:10001:10001::/:/bin/sh\n' };
const good = layer([passwd]);
const config = { User: 'web' };

/** Looks up what the layers of an image say, at a registry that goes wrong; what was kept of it, and which hosts it was led to. */
async function ask(image: LayeredImage, fault: Fault, milliseconds = usualLimits.milliseconds) {
  const { digest, manifests, blobs } = makeLayered(image);
  const layers = new Set(image.layers.flatMap(made => ('blob' in made ? [made.blob.digest] : [])));
  const log: string[] = [];
  let sent = 0;
  const server = createServer((request, response) => {
    response.on('close', () => (sent += response.socket?.bytesWritten ?? 0));
    const [, kind, reference = ''] = /^\/v2\/app\/(manifests|blobs)\/([^/]+)$/.exec(request.url ?? '') ?? [];
    const body = kind === 'manifests' ? manifests.get(reference) : blobs.get(reference);
    if (body === undefined) return void response.writeHead(404).end();
    if (layers.has(reference) && fault(body as Buffer, request, response)) return;
    const range = /^bytes=(\d+)-(\d+)$/.exec(request.headers.range ?? '');
    const headers = { 'docker-content-digest': reference.startsWith('sha256:') ? reference : digest };
    if (!range) return void response.writeHead(200, headers).end(request.method === 'HEAD' ? undefined : body);
    const [start, end] = [Number(range[1]), Math.min(Number(range[2]), body.length - 1)];
    response.writeHead(206, { ...headers, 'content-range': `bytes ${start}-${end}/${body.length}` }).end(body.slice(start, end + 1));
  });
  await new Promise<void>(resolve => server.listen(0, '127.0.0.1', resolve));
  const host = `127.0.0.1:${(server.address() as AddressInfo).port}`;
  const { client, resolver } = createNodeRegistry({
    env: { HOME: scratchFolder(), PATH: process.env['PATH'] },
    certificateFiles: [],
    outside: () => [],
    // the registry alone may be asked: it is what a person has named
    allowed: [host],
    cache: createMemoryCache(),
    maxAgeMs: () => 1,
    log: line => log.push(line),
  });
  const cache = createMemoryFactCache();
  const limits = { ...usualLimits, milliseconds, unpacked: 64 << 20 };
  const lookup = createFactLookup({ client, resolver, cache, layers: { host: nodeLayerHost, limits } });
  const found = await lookup.lookUp(`${host}/app@${digest}`, { platform: null, chain: false, files: { paths: [] } }, neverCancelled);
  server.close();
  server.closeAllConnections();
  if (!found.ok) throw new Error(found.failure.message);
  const kept = cache.files!.get({ digest, platform: null, host, paths: [] });
  return { files: found.value.facts.files!, unread: found.value.unread, kept, log, sent: () => sent, host };
}

const said = ({ account: { value, doubt } }: ImageFiles, host = 'HOST'): string =>
  doubt === null
    ? JSON.stringify(value)
    : doubt.replaceAll(host, 'HOST').replace(/^(?:only a part of its layer was read|a layer was not read to its end): /, '');

const noise = (length: number): Buffer => Buffer.from(Array.from({ length }, (_, at) => (at * 7919 + (at >> 5) * 31) % 251));
/** Larger than what is asked for first, with what matters at its end. */
const long = layer([{ path: 'data', content: noise(900_000) }, passwd], 'plain');
const other = layer([{ path: 'etc/passwd', content: 'web:x:0:0::/:/bin/sh\n' }]);

describe('a registry that goes wrong with layers', () => {
  it.each<readonly [string, MadeLayer, Fault, RegExp]>([
    ['another layer', good, (_, __, response) => whole(response, other.bytes), /fewer bytes|more bytes|content does not match its digest/],
    [
      'another layer of the same length',
      long,
      (bytes, request, response) => part(request, response, changed(bytes)),
      /content does not match its digest/,
    ],
    ['HTML', good, (_, __, response) => whole(response, Buffer.from('<!doctype html><p>sign in')), /ends in the middle|fewer bytes/],
    ['nothing', good, (_, __, response) => whole(response, Buffer.alloc(0)), /fewer bytes|sends another part/],
    ['more than the manifest says', good, (bytes, __, response) => whole(response, Buffer.concat([bytes, bytes])), /more bytes/],
    [
      'another part',
      long,
      (bytes, request, response) => part(request, response, bytes, 512),
      /^HOST sent a different part of the content than requested$/,
    ],
    [
      'parts, and then all of it',
      long,
      (bytes, request, response) => !/=0-/.test(request.headers.range ?? '') && whole(response, bytes),
      /^HOST no longer sends partial content$/,
    ],
    ['a refusal', good, (_, __, response) => answer(response, 403), /^HOST denies access to app/],
    ['no layer', good, (_, __, response) => answer(response, 404), /^HOST has no app@sha256/],
    ['half a layer, and then no connection', good, (bytes, _, response) => cut(response, bytes), /connection was lost/],
    ['a redirect into a private network', good, redirect('http://10.0.0.1/layer'), /private network/],
    ['a redirect to this machine', good, redirect('http://127.0.0.1:9/layer'), /private network/],
    ['a redirect to the metadata service', good, redirect('http://169.254.169.254/latest/meta-data/'), /private network/],
    ['redirects without an end', good, (_, request, response) => answer(response, 307, request.url), /redirects more than 5 times/],
  ])('is not believed, and nothing is kept: %s', async (_, made, fault, expected) => {
    const { files, kept, host } = await ask({ config, layers: [made] }, fault);
    expect(said(files, host)).toMatch(expected);
    expect(kept).toBeNull();
    expect(fileFactsIn(files).filter(fact => fact.whole)).toEqual([]);
  });

  it('is left after the limit of time where it hangs', async () => {
    const { files, kept } = await ask({ config, layers: [good] }, () => true, 300);
    expect(said(files)).toBe('the limit of time was met');
    expect(kept).toBeNull();
  });

  const gigabyte = 1 << 30;
  const bombs = (['gzip', 'zstd'] as const).map(packing => {
    const zeros = Buffer.alloc(1 << 20);
    const [head, piece] = [headerOf('big', { type: '0', size: 8 * gigabyte }), zeros].map(bytes =>
      packing === 'gzip' ? gzipSync(bytes) : zstdOf(bytes),
    );
    const bytes = Buffer.concat([head!, ...Array.from({ length: 8192 }, () => piece!)]);
    return [
      packing,
      { ...layerOf(Buffer.alloc(0)), bytes, blob: { ...good.blob, size: bytes.length, digest: layerDigest(bytes) } },
    ] as const;
  });
  it.each(bombs)('that serves a bomb of %s is left early', async (_, bomb) => {
    const { files, kept } = await ask({ config, layers: [bomb] }, () => false);
    expect(said(files)).toBe('its layers are larger than the read limit');
    expect(files.read.bytes).toBeLessThan(2 << 20);
    // the same would come of it again
    expect(kept).toEqual(files);
  });

  it.each<readonly [string, LayeredImage['layers'], string]>([
    ['names that lead upwards', [[{ path: '../../etc/passwd', content: 'web:x:0:0::/:/\n' }]], 'a path leads upwards'],
    ['absolute names', [[{ path: '/etc/passwd', content: 'web:x:5:5::/:/\n' }]], '{"uid":5,"gid":5,"home":"/","shell":"/"}'],
    [
      'names of control characters',
      [[{ path: 'etc/\u001b]0;x\u0007', content: '' }, passwd]],
      '{"uid":10001,"gid":10001,"home":"/","shell":"/bin/sh"}',
    ],
    ['a header at odds with itself', [[{ ...passwd, pax: { size: '1' } }]], 'a PAX header is at odds with the header of its entry'],
    ['a sparse file', [[{ ...passwd, pax: { 'GNU.sparse.size': '1' } }]], 'it has a sparse file'],
    ['a list of users that is too long', [[{ path: 'etc/passwd', content: '#'.repeat(70_000) }]], 'its file is too long'],
    ['a list of users that is no text', [[{ path: 'etc/passwd', content: Buffer.from([0xff, 0xfe]) }]], 'its file is not UTF-8'],
    ['a loop of links', [[{ path: 'etc/passwd', link: 'passwd' }]], 'null'],
    ['a folder in place of the list', [[{ path: 'etc/passwd/' }]], 'null'],
    ['numbers that are none', [[{ path: 'etc/passwd', content: 'web:x:-1:0::/:/\nweb:x:0x0:0::/:/\n' }]], 'null'],
  ])('may serve %s', async (_, layers, expected) => {
    const { files } = await ask({ config, layers }, () => false);
    expect(said(files)).toBe(expected);
  });
});

function answer(response: ServerResponse, status: number, location?: string): boolean {
  response.writeHead(status, location === undefined ? {} : { location }).end();
  return true;
}

function whole(response: ServerResponse, bytes: Buffer): boolean {
  response.writeHead(200).end(bytes);
  return true;
}

function part(request: IncomingMessage, response: ServerResponse, bytes: Buffer, shift = 0): boolean {
  const [, from, to] = /^bytes=(\d+)-(\d+)$/.exec(request.headers.range ?? '') ?? [];
  const [start, end] = [Number(from) + shift, Math.min(Number(to) + shift, bytes.length - 1)];
  response.writeHead(206, { 'content-range': `bytes ${start}-${end}/${bytes.length}` }).end(bytes.subarray(start, end + 1));
  return true;
}

function cut(response: ServerResponse, bytes: Buffer): boolean {
  response.writeHead(200, { 'content-length': bytes.length });
  response.write(bytes.subarray(0, 10), () => response.destroy());
  return true;
}

function redirect(location: string): Fault {
  return (_, __, response) => answer(response, 307, location);
}

/** The same with another number of a user in it. */
function changed(bytes: Buffer): Buffer {
  const copy = Buffer.from(bytes);
  copy.write('web:x:00000', copy.indexOf('web:x:10001'));
  return copy;
}

function layerDigest(bytes: Buffer): string {
  return layerOf(bytes, 'plain').blob.digest;
}
