import { describe, expect, test } from 'vitest';
import type { CodeAction } from 'vscode-languageserver/node';
import type { PolicyResult } from '../../shared/src/output/protocol/policies';
import { keyPair } from '../unit/signature/artefacts';
import { clientsOf, creatingCapabilities as capabilities, refactorsAt, type TestClient } from './client';
import { makeFolder } from './folders';

const start = clientsOf('server/src/main.node.ts');

const workload = (name: string, namespace: string, value = ''): string => `apiVersion: apps/v1
kind: Deployment
metadata:
  name: ${name}
  namespace: ${namespace}
spec:
  selector: {matchLabels: {app: ${name}}}
  template:
    metadata: {labels: {app: ${name}}}
    spec: {containers: [{name: main, image: 'ghcr.io/acme/${name}:1', env: [{name: URL, value: '${value}'}]}]}
---
apiVersion: v1
kind: Service
metadata: {name: ${name}, namespace: ${namespace}}
spec: {selector: {app: ${name}}, ports: [{port: 80}]}
`;

const { pem } = keyPair('P-256');
const web = workload('web', 'shop', 'http://api');
const files = {
  'deploy/web.yaml': web,
  'deploy/api.yaml': workload('api', 'shop', 'http://pay.billing'),
  'other/pay.yaml': workload('pay', 'billing'),
  'other/excluded/x.yaml': workload('x', 'hidden'),
  '.bulkhead.yaml': 'exclude: [other/excluded/**]\n',
};

const write = (client: TestClient, params: unknown): Promise<PolicyResult> =>
  client.connection.sendRequest('workspace/executeCommand', { command: 'bulkhead.policyText', arguments: [params] });

const started = async (own: Readonly<Record<string, string>> = files, options: object = {}) => {
  const folder = makeFolder(own);
  return { folder, client: await start({ capabilities, folders: [folder], options }) };
};

describe('bulkhead.policyText', () => {
  test('asks which namespace, and writes its policies from all manifests', async () => {
    const { folder, client } = await started();
    expect(await write(client, { kind: 'network', uri: `${folder}/deploy/web.yaml` })).toEqual({
      ok: false,
      choose: 'namespace',
      among: ['billing', 'shop'],
    });
    const made = await write(client, { kind: 'network', uri: `${folder}/deploy/web.yaml`, namespace: 'shop' });
    expect(made).toMatchObject({ ok: true, fileName: 'network-policy-shop.yaml', left: ['nobody is seen to call web at port 80'] });
    expect((made as { text: string }).text).toContain('# Service pay (URL)');
  });

  test('of a folder it reads what is below', async () => {
    const { folder, client } = await started();
    const made = await write(client, { kind: 'network', uri: `${folder}/deploy`, isFolder: true });
    expect(made).toMatchObject({ ok: true, fileName: 'network-policy-shop.yaml' });
    expect((made as { text: string }).text).not.toContain('Service pay');
    expect(await write(client, { kind: 'network', uri: `${folder}/none`, isFolder: true })).toMatchObject({
      ok: false,
      message: /No workload/,
    });
  });

  test('a document counts as it is in the editor', async () => {
    const { folder, client } = await started();
    await client.open(`${folder}/deploy/web.yaml`, web.replace('http://api', 'http://nothing.shop'), 'yaml');
    const made = await write(client, { kind: 'network', uri: `${folder}/deploy/web.yaml`, namespace: 'shop' });
    expect(made).toMatchObject({ ok: true, left: expect.arrayContaining(['nobody is seen to call api at port 80']) as unknown });
  });

  test('in a workspace of several folders each is one by itself', async () => {
    const folders = [makeFolder({ 'web.yaml': web }), makeFolder({ 'api.yaml': workload('api', 'shop', '') })];
    const client = await start({ capabilities, folders, options: {} });
    const made = await write(client, { kind: 'network', uri: folders[0], isFolder: true });
    expect(made).toMatchObject({ ok: true, fileName: 'network-policy-shop.yaml' });
    expect((made as { text: string }).text).not.toContain('name: api');
  });

  test('an image policy: who signs is asked, then which images', async () => {
    const { folder, client } = await started();
    const params = { kind: 'image', uri: folder, isFolder: true };
    const among = ['ghcr.io/acme/api', 'ghcr.io/acme/pay', 'ghcr.io/acme/web', 'ghcr.io/acme/x'];
    expect(await write(client, params)).toEqual({ ok: false, choose: 'signer', among });
    expect(await write(client, { ...params, signer: { key: pem } })).toEqual({ ok: false, choose: 'images', among });
    const made = await write(client, { ...params, signer: { key: pem }, images: ['ghcr.io/acme/web'], engine: 'sigstore' });
    expect(made).toMatchObject({ ok: true, fileName: 'image-policy.yaml' });
    expect((made as { text: string }).text).toContain("- glob: 'ghcr.io/acme/web@**'");
  });

  test('an image policy of the signers of the configuration', async () => {
    const config = 'trustedSigners:\n  - {images: [ghcr.io/acme], key: keys/cosign.pub}\n';
    const { folder, client } = await started({ ...files, '.bulkhead.yaml': config, 'keys/cosign.pub': pem });
    const made = await write(client, { kind: 'image', uri: `${folder}/deploy/web.yaml` });
    expect((made as { text: string }).text).toContain(pem.split('\n')[1]);
  });

  test.each<[argument: unknown, said: RegExp]>([
    [undefined, /kind must be network or image/],
    [{ kind: 'network' }, /uri must be a string/],
    [{ kind: 'network', uri: 'a:b', namespace: 'A B' }, /namespace must be the name of a namespace/],
    [{ kind: 'image', uri: 'a:b', images: ['a b/c'] }, /images must be full image names/],
    [{ kind: 'image', uri: 'a:b', signer: { identity: '*', issuer: 'https://login.example.com' } }, /"signer" must be a key, or/],
    [{ kind: 'image', uri: 'a:b', signer: { identity: 'x', issuer: 'http://login.example.com' } }, /"signer" must be a key, or/],
    [{ kind: 'image', uri: 'a:b', signer: { key: '-----BEGIN PRIVATE KEY-----\nx\n-----END PRIVATE KEY-----' } }, /no public key/],
  ])('refuses %j', async (argument, said) => {
    const { client } = await started({});
    await expect(write(client, argument)).rejects.toThrow(said);
  });

  test('writes nothing in a workspace that is not trusted', async () => {
    const { folder, client } = await started(files, { trusted: false, policies: true });
    expect(await write(client, { kind: 'network', uri: folder, isFolder: true })).toMatchObject({
      ok: false,
      message: /trust the workspace/,
    });
    await client.open(`${folder}/deploy/web.yaml`, web, 'yaml');
    expect(await refactorsAt(client, `${folder}/deploy/web.yaml`, 3)).toEqual([]);
  });
});

describe('the light bulb', () => {
  test('at the name of a workload, in an editor that creates files by edits', async () => {
    const { folder, client } = await started();
    await client.open(`${folder}/deploy/web.yaml`, web, 'yaml');
    for (const line of [1, 4, 9]) expect(await refactorsAt(client, `${folder}/deploy/web.yaml`, line), String(line)).toEqual([]);
    const actions = await refactorsAt(client, `${folder}/deploy/web.yaml`, 3);
    expect(actions.map(({ title, kind }) => [title, kind])).toEqual([
      ['Write network policies for the namespace shop…', 'refactor.rewrite.bulkhead.policy'],
    ]);
    const { edit } = await client.connection.sendRequest<CodeAction>('codeAction/resolve', actions[0]!);
    expect(edit!.documentChanges).toMatchObject([
      { kind: 'create', uri: `${folder}/deploy/network-policy-shop.yaml`, options: { overwrite: false, ignoreIfExists: false } },
      { edits: [{ newText: expect.stringContaining('name: default-deny') as unknown }] },
    ]);
  });

  test('has the client ask, where it can', async () => {
    const { folder, client } = await started(files, { policies: true });
    const uri = `${folder}/deploy/web.yaml`;
    await client.open(uri, web, 'yaml');
    expect(await refactorsAt(client, uri, 3)).toMatchObject([
      { command: { command: 'bulkhead.writePolicyHere', arguments: [{ kind: 'network', uri, namespace: 'shop' }] } },
      { title: 'Write an image policy…', command: { command: 'bulkhead.writePolicyHere', arguments: [{ kind: 'image', uri }] } },
    ]);
  });
});
