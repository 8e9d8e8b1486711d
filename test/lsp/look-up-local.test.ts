import * as fs from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { describe, expect, test } from 'vitest';
import type { InitializationOptions } from '../../shared/src/output/protocol/messages';
import { type LookUpImagesResult } from '../../shared/src/output/protocol/registry';
import { digestOf } from '../support/image-chain';
import { until, type TestClient } from './client';
import { makeFolder } from './folders';
import { hover, lookUp, mismatch, newHome, pod, position, prefixed, registry, root, start, textOf } from './look-up-session';

describe('an engine of containers on this machine', () => {
  const name = 'registry.invalid/web:1.0';
  /** Installs a client of Docker that remembers how it was called, and has one image. */
  function install(folder: string, image: object = {}, address = 'unix:///var/run/docker.sock'): string {
    const inspected = JSON.stringify([
      {
        Id: `sha256:${'c'.repeat(64)}`,
        RepoTags: [name],
        RepoDigests: [`registry.invalid/web@${root.digest}`],
        Os: 'linux',
        Architecture: 'amd64',
        Config: { User: '' },
        ...image,
      },
    ]);
    const path = join(folder, 'bin', 'docker');
    fs.mkdirSync(join(folder, 'bin'), { recursive: true });
    const answer = `if [ "$1" = context ]; then echo '${address}'; else echo '${inspected}'; fi`;
    fs.writeFileSync(path, `#!/bin/sh\necho "docker $*" >> "$HOME/calls"\n${answer}\n`);
    fs.chmodSync(path, 0o755);
    return join(folder, 'bin');
  }
  const callsIn = (home: string): readonly string[] =>
    fs.existsSync(join(home, 'calls')) ? fs.readFileSync(join(home, 'calls'), 'utf8').trim().split('\n') : [];

  test('is asked first, and no registry about what it has', async () => {
    const [folder, home] = [makeFolder({ 'pod.yaml': pod(name) }), newHome()];
    const client = await start(folder, {}, home, [], install(home));
    const uri = `${folder}/pod.yaml`;
    await client.open(uri, pod(name));
    expect(callsIn(home)).toEqual([]);
    // there is no request to agree to
    expect(await lookUp(client, { uris: [uri] })).toMatchObject({ found: 1, failed: [], cancelled: false });
    expect(client.questions).toEqual([]);
    expect(callsIn(home)).toEqual(['docker context inspect --format {{.Endpoints.docker.Host}}', `docker image inspect ${name}`]);
    await until('the finding', async () => (await mismatch(client, uri)) !== undefined);
    expect(textOf(await hover(client, uri))).toContain('as reported by Docker on this machine');
  });

  test.skipIf(process.platform === 'win32')('says of a digest what no registry says, and proves nothing', async () => {
    const [folder, home] = [makeFolder({}), newHome()];
    const client = await start(folder, {}, home, [], install(home, { Config: { User: '1000' } }));
    const uri = `${folder}/pod.yaml`;
    const text = pod(`registry.invalid/web@${root.digest}`).replace('securityContext: { runAsNonRoot: true }', 'env: []');
    const finding = async () => (await client.items(uri)).find(({ code }) => code === 'kubernetes/run-as-root');
    await client.open(uri, text);
    await until('the finding', async () => (await finding()) !== undefined);
    expect(await lookUp(client, { uri, position })).toMatchObject({ found: 1 });
    expect(textOf(await hover(client, uri))).toContain('as reported by Docker on this machine');
    expect(await finding()).toBeDefined();
  });

  test.each<readonly [string, (home: string, folder: string) => string, InitializationOptions]>([
    ['of another machine', home => install(home, {}, 'ssh://a@host.example'), {}],
    ['whose client came with the workspace', (_, folder) => install(fileURLToPath(folder)), {}],
    ['for a workspace that is not trusted', home => install(home), { trusted: false }],
  ])('is not asked: %s', async (_, make, options) => {
    const [folder, home] = [makeFolder({}), newHome()];
    const client = await start(folder, options, home, [], make(home, folder));
    const uri = `${folder}/pod.yaml`;
    await client.open(uri, pod(name));
    await lookUp(client, { uri, position });
    expect(callsIn(home).filter(call => call.includes('image inspect'))).toEqual([]);
    expect(await mismatch(client, uri)).toBeUndefined();
  });
});

describe('an archive that somebody picks', () => {
  const name = 'registry.invalid/web:1.0';
  const blobs = (): Readonly<Record<string, string>> => {
    const { index, manifest, configuration } = root.chain;
    return Object.fromEntries([index!, manifest, configuration].map(text => [`blobs/sha256/${digestOf(text).slice(7)}`, text]));
  };
  const layout = (): Readonly<Record<string, string>> => ({
    'oci-layout': '{"imageLayoutVersion":"1.0.0"}',
    'index.json': JSON.stringify({
      schemaVersion: 2,
      manifests: [{ digest: root.digest, size: 1, annotations: { 'org.opencontainers.image.ref.name': name } }],
    }),
    ...blobs(),
  });
  const take = ({ connection }: TestClient, uri: string): Promise<LookUpImagesResult> =>
    connection.sendRequest('workspace/executeCommand', { command: 'bulkhead.lookUpImages', arguments: [{ archives: [uri] }] });

  test.each([
    ['claims of a tag', () => name, 'as reported by image on this machine'],
    ['proves of a digest', () => `registry.invalid/web@${root.digest}`, 'verified by its digest'],
  ])('%s what the image is, without a request', async (_, reference, said) => {
    const [folder, outside] = [makeFolder({}), makeFolder({ ...prefixed('image', layout()) })];
    const client = await start(folder, {}, newHome(), []);
    const uri = `${folder}/pod.yaml`;
    await client.open(uri, pod(reference()));
    expect(await mismatch(client, uri)).toBeUndefined();
    expect(await take(client, `${outside}/image`)).toEqual({ found: 1, failed: [], cancelled: false, refused: null });
    await until('the finding', async () => (await mismatch(client, uri)) !== undefined);
    expect(textOf(await hover(client, uri))).toContain(said);
    expect(registry.asked).toEqual([]);
  });

  test('that came with the workspace proves nothing', async () => {
    const folder = makeFolder({ ...prefixed('image', layout()) });
    const client = await start(folder, {}, newHome(), []);
    const uri = `${folder}/pod.yaml`;
    await client.open(uri, pod(`registry.invalid/web@${root.digest}`));
    expect(await take(client, `${folder}/image`)).toMatchObject({ found: 1 });
    expect(await mismatch(client, uri)).toBeUndefined();
    await client.open(`${folder}/tag.yaml`, pod(name));
    await until('the finding', async () => (await mismatch(client, `${folder}/tag.yaml`)) !== undefined);
  });

  test.each<readonly [string, InitializationOptions, object]>([
    ['is none', {}, { failed: [{ image: 'image', reason: 'it has neither index.json nor manifest.json, as an image has' }] }],
    ['is not read in a workspace without trust', { trusted: false }, { refused: 'Images are not looked up in an untrusted workspace' }],
  ])('%s: a clear line', async (_, options, expected) => {
    const [folder, outside] = [makeFolder({}), makeFolder({ 'image/oci-layout': '{}' })];
    const client = await start(folder, options, newHome(), []);
    expect(await take(client, `${outside}/image`)).toMatchObject({ found: 0, ...expected });
  });
});
