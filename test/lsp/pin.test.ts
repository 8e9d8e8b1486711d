import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { createServer, type IncomingMessage, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { afterAll, afterEach, beforeAll, describe, expect, test } from 'vitest';
import type { CodeAction, Diagnostic, ShowMessageParams } from 'vscode-languageserver/node';
import { lookUpMethod, type LookUpParams, type LookUpResult, type PinFilesResult } from '../../shared/src/output/protocol/registry';
import { listen } from '../support/sends';
import { bundleServer, fullCapabilities, startClient, until, type ClientOptions, type TestClient } from './client';

const server = bundleServer('server/src/main.node.ts');
const a = `sha256:${'a'.repeat(64)}`;
const b = `sha256:${'b'.repeat(64)}`;

const seen: string[] = [];
const answer = (request: IncomingMessage, response: ServerResponse): void => {
  const type = 'application/vnd.oci.image.index.v1+json';
  if (request.url?.includes('/tags/list')) response.end('{"tags":["latest","22.1.0"]}');
  else if (request.url?.includes('missing')) response.writeHead(404).end();
  else if (!request.url?.includes('slow')) response.writeHead(200, { 'content-type': type, 'docker-content-digest': a }).end();
};
const registry = createServer((request, response) => {
  seen.push(`${request.method} ${request.url}`);
  answer(request, response);
});
let host = '';
beforeAll(async () => {
  await new Promise<void>(resolve => registry.listen(0, '127.0.0.1', resolve));
  host = `127.0.0.1:${(registry.address() as AddressInfo).port}`;
});
afterAll(() => {
  registry.close();
  registry.closeAllConnections();
});

const clients: TestClient[] = [];
interface Started extends TestClient {
  readonly messages: ShowMessageParams[];
  readonly progress: { readonly token: unknown; readonly value: { readonly kind: string } }[];
}

async function start(options: Partial<ClientOptions> = {}): Promise<Started> {
  const capabilities = { ...fullCapabilities, window: { ...fullCapabilities.window, workDoneProgress: true } };
  const client = await startClient({ server, capabilities, ...options });
  clients.push(client);
  const messages: ShowMessageParams[] = [];
  const progress: Started['progress'] = [];
  client.connection.onNotification('window/showMessage', (params: ShowMessageParams) => void messages.push(params));
  client.connection.onRequest('window/workDoneProgress/create', () => null);
  client.connection.onNotification('$/progress', (params: Started['progress'][number]) => void progress.push(params));
  return Object.assign(client, { messages, progress });
}

afterEach(async () => {
  seen.length = 0;
  await Promise.all(clients.splice(0).map(client => client.stop()));
});

const uri = 'file:///w/Dockerfile';
const pins = (actions: readonly CodeAction[]): CodeAction[] => actions.filter(({ title }) => /^(?:Pin|Update the digest)/.test(title));

describe('the quick fix', () => {
  test('asks the registry when it is resolved, with a progress, and not before', async () => {
    const client = await start();
    await client.open(uri, `FROM ${host}/node:20.11.0-alpine\n`);
    await client.items(uri);
    const [action, ...rest] = pins(await client.actions(uri, 'node'));
    expect(action).toMatchObject({ title: `Pin ${host}/node:20.11.0-alpine to its digest (review)`, kind: 'quickfix' });
    expect(action!.edit).toBeUndefined();
    expect(action!.diagnostics).toMatchObject([{ code: 'dockerfile/missing-digest' }]);
    expect(rest).toEqual([]);
    expect(seen).toEqual([]);
    const { edit } = await client.resolve(action!);
    expect(client.applied(uri, edit)).toBe(`FROM ${host}/node:20.11.0-alpine@${a}\n`);
    expect(seen).toEqual(['HEAD /v2/node/manifests/20.11.0-alpine']);
    expect(client.progress.map(({ value }) => value.kind)).toEqual(['begin', 'report', 'end']);
    expect(client.messages).toEqual([]);
  });

  test('with the version, for an image without one', async () => {
    const client = await start();
    await client.open(
      'file:///w/k.yaml',
      `apiVersion: v1\nkind: Pod\nmetadata: {name: a}\nspec:\n  containers:\n    - name: a\n      image: '${host}/app' # x\n`,
    );
    const actions = pins(await client.actions('file:///w/k.yaml', '/app'));
    expect(actions.map(({ title }) => title)).toEqual([
      `Pin ${host}/app to its digest (review)`,
      `Pin ${host}/app to its version and digest (review)`,
    ]);
    expect(client.applied('file:///w/k.yaml', (await client.resolve(actions[0]!)).edit)).toContain(`image: '${host}/app@${a}' # x\n`);
    expect(client.applied('file:///w/k.yaml', (await client.resolve(actions[1]!)).edit)).toContain(
      `image: '${host}/app:22.1.0@${a}' # x\n`,
    );
  });

  const failed = async (client: Started): Promise<readonly Diagnostic[]> =>
    (await client.items(uri)).filter(({ code }) => code === 'bulkhead/failed-lookup');

  test('a failure is shown once, in place, with its reason and a line in the log', async () => {
    const client = await start();
    await client.open(uri, `FROM ${host}/missing:1 AS a\nFROM ${host}/node:1\n`);
    const [action] = pins(await client.actions(uri, 'missing'));
    const refreshes = client.refreshes();
    expect((await client.resolve(action!)).edit).toBeUndefined();
    await until('the refresh', () => client.refreshes() > refreshes);
    expect(await failed(client)).toMatchObject([
      {
        severity: 3,
        message: `${host}/missing:1 was not pinned: ${host} has no missing:1`,
        range: { start: client.position(uri, `${host}/missing`), end: client.position(uri, ' AS a') },
      },
    ]);
    await until('the log', () => client.logs.some(({ message }) => message === `${host}/missing:1: not-found: ${host} has no missing:1`));
    expect(client.messages).toEqual([]);
    // the action stays, for another try; and what is forgotten is not shown
    expect(pins(await client.actions(uri, 'missing'))).toHaveLength(1);
    await client.connection.sendRequest('workspace/executeCommand', { command: 'bulkhead.clearLookups' });
    expect(await failed(client)).toEqual([]);
  });

  test('a failure goes when a look-up works', async () => {
    const client = await start({ options: { registry: 'client' } });
    const none = { mediaType: '', at: 0, versionTag: null };
    let works = false;
    client.connection.onRequest(lookUpMethod, (): LookUpResult =>
      works ? { ...none, digest: b, failure: null } : { ...none, digest: null, failure: { kind: 'timeout', message: 'too slow' } },
    );
    await client.open(uri, 'FROM node:20\n');
    const [action] = pins(await client.actions(uri, 'node'));
    await client.resolve(action!);
    expect(await failed(client)).toMatchObject([{ message: 'node:20 was not pinned: too slow' }]);
    works = true;
    expect((await client.resolve(action!)).edit).toBeDefined();
    expect(await failed(client)).toEqual([]);
  });

  test('a failure is a message where the client would not see it in place', async () => {
    const textDocument = { ...fullCapabilities.textDocument };
    delete textDocument.publishDiagnostics;
    const workspace = { ...fullCapabilities.workspace, diagnostics: {} };
    const client = await start({ capabilities: { ...fullCapabilities, workspace, textDocument } });
    await client.open(uri, `FROM ${host}/missing:1\n`);
    const [action] = pins(await client.actions(uri, 'missing'));
    expect((await client.resolve(action!)).edit).toBeUndefined();
    await until('the message', () => client.messages.length > 0);
    expect(client.messages).toMatchObject([{ type: 1, message: `${host}/missing:1 was not pinned: ${host} has no missing:1` }]);
  });

  test('can be cancelled, by the request and by the progress', async () => {
    const client = await start();
    await client.open(uri, `FROM ${host}/slow:1\n`);
    const [action] = pins(await client.actions(uri, 'slow'));
    const running = client.resolve(action!);
    await until('the progress', () => client.progress.length > 0);
    await client.connection.sendNotification('window/workDoneProgress/cancel', { token: client.progress[0]!.token });
    expect((await running).edit).toBeUndefined();
    expect(client.progress.at(-1)!.value.kind).toBe('end');
    expect(client.messages).toEqual([]);
  });

  test('says why a place cannot be pinned', async () => {
    const client = await start();
    await client.open(uri, `ARG MAJOR=1\nARG MINOR=2\nFROM ${host}/node:\${MAJOR}.\${MINOR}\n`);
    const [action] = pins(await client.actions(uri, host));
    expect(action?.disabled?.reason).toMatch(/composed from variables/);
  });

  test('updates a digest whose tag has moved on; hover says what the registry said', async () => {
    const client = await start();
    await client.open(uri, `FROM ${host}/node:20@${b}\n`);
    const [action] = pins(await client.actions(uri, 'node'));
    expect(action!.title).toBe(`Update the digest of ${host}/node:20`);
    expect(client.applied(uri, (await client.resolve(action!)).edit)).toBe(`FROM ${host}/node:20@${a}\n`);
    const hover = await client.connection.sendRequest('textDocument/hover', {
      textDocument: { uri },
      position: client.position(uri, 'node'),
    });
    expect(JSON.stringify(hover)).toMatch(new RegExp(`According to the registry at 2\\S+Z, the tag points to .*${a}`));
    await client.setText(uri, `FROM ${host}/node:20@${a}\n`);
    expect(pins(await client.actions(uri, 'node'))).toEqual([]);
  });
});

test('a tag that moved on: old and new with their times, in hover, in place and at the action', async () => {
  const client = await start({ options: { registry: 'client' } });
  const asked: LookUpParams[] = [];
  client.connection.onRequest(lookUpMethod, (params: LookUpParams): LookUpResult => {
    asked.push(params);
    const dates = { from: '2025-01-02T03:04:05Z', to: '2026-02-03T04:05:06Z' };
    return { digest: a, mediaType: '', at: 0, versionTag: null, dates, failure: null };
  });
  await client.open(uri, `FROM node:20@${b}\n`);
  expect(await client.items(uri).then(items => items.filter(({ code }) => code === 'bulkhead/moved-tag'))).toEqual([]);
  await client.resolve(pins(await client.actions(uri, 'node'))[0]!);
  expect(asked).toEqual([{ reference: `node:20@${b}`, cacheMinutes: 0, dates: true }]);
  await until('the refresh', () => client.refreshes() > 0);
  const [note] = (await client.items(uri)).filter(({ code }) => code === 'bulkhead/moved-tag');
  expect(note).toMatchObject({
    severity: 3,
    message: `The tag of node:20 has moved to ${a} (created 2026-02-03T04:05:06Z)`,
    range: { start: { line: 0, character: 5 } },
    relatedInformation: [
      { message: `Pinned: ${b} (created 2025-01-02T03:04:05Z)` },
      { message: `Current: ${a} (created 2026-02-03T04:05:06Z)` },
    ],
  });
  expect(pins(await client.actions(uri, 'node'))[0]!.diagnostics).toEqual([note]);
  const params = { textDocument: { uri }, position: client.position(uri, 'node') };
  const hover = JSON.stringify(await client.connection.sendRequest('textDocument/hover', params));
  expect(hover).toContain(`the tag points to \`${a}\` (created 2026-02-03T04:05:06Z)`);
  expect(hover).toContain(`Pinned: \`${b}\` (created 2025-01-02T03:04:05Z)`);
  await client.setText(uri, `FROM node:20@${a}\n`);
  expect((await client.items(uri)).filter(({ code }) => code === 'bulkhead/moved-tag')).toEqual([]);
});

describe('to whomever, by whatever way', () => {
  const run = async (lookup: 'off' | 'onRequest', take: boolean): Promise<readonly string[]> => {
    const listener = await listen();
    try {
      const client = await start({ env: listener.env, settings: () => ({ registry: { lookup } }) });
      await client.open(uri, `FROM node:20\nFROM ghcr.io/team/app@${b}\nFROM quay.io/team/app:1@${b}\nFROM ${host}/node:20\n`);
      await client.open(
        'file:///w/k.yaml',
        'apiVersion: v1\nkind: Pod\nmetadata: {name: a}\nspec: {containers: [{name: a, image: nginx}]}\n',
      );
      for (const [own, at] of [
        [uri, 'node'],
        [uri, 'quay.io'],
        ['file:///w/k.yaml', 'nginx'],
      ] as const) {
        await client.items(own);
        await client.connection.sendRequest('textDocument/hover', { textDocument: { uri: own }, position: client.position(own, at) });
        for (const action of await client.actions(own, at)) {
          if (take || !/^(?:Pin|Update)/.test(action.title)) await client.resolve(action);
        }
        if (take) await client.connection.sendRequest('workspace/executeCommand', { command: 'bulkhead.pinFile', arguments: [own] });
        await client.connection.sendRequest('workspace/executeCommand', { command: 'bulkhead.hardenFile', arguments: [own] });
      }
      return listener.sent();
    } finally {
      listener.stop();
    }
  };

  test('nothing is sent where look-ups are off, whatever is taken', async () => expect(await run('off', true)).toEqual([]));
  test('nothing is sent where nothing is taken', async () => expect(await run('onRequest', false)).toEqual([]));
  test('the listener hears what is sent', async () => {
    const sent = await run('onRequest', true);
    expect(sent).toContain('proxy');
    expect(sent).toContain('connect');
  });
});

describe('where the look-up is off, or nobody can make it', () => {
  test('nothing is offered, and nothing is sent', async () => {
    const client = await start({ settings: () => ({ registry: { lookup: 'off' } }) });
    await client.open(uri, `FROM ${host}/node:20\nFROM ${host}/app@${b}\n`);
    expect(pins(await client.actions(uri, 'node'))).toEqual([]);
    const result = await client.connection.sendRequest<PinFilesResult>('workspace/executeCommand', {
      command: 'bulkhead.pinFile',
      arguments: [uri],
    });
    expect(result).toMatchObject({ pinned: 0, applied: false, left: [{ reason: expect.stringContaining('turned off') as string }] });
    expect(seen).toEqual([]);
  });

  test('disabled with the reason', async () => {
    const client = await start({ options: { registry: 'none' } });
    await client.open(uri, `FROM ${host}/node:20\n`);
    expect(pins(await client.actions(uri, 'node'))).toMatchObject([
      { disabled: { reason: 'Registries cannot be queried for digests in a browser' } },
    ]);
    expect(seen).toEqual([]);
  });
});

test('through the client, where it offers to: the server sends nothing itself', async () => {
  const client = await start({ options: { registry: 'client' }, settings: () => ({ registry: { cacheMinutes: 7 } }) });
  const asked: LookUpParams[] = [];
  client.connection.onRequest(lookUpMethod, (params: LookUpParams): LookUpResult => {
    asked.push(params);
    return { digest: b, mediaType: '', at: 0, versionTag: null, failure: null };
  });
  await client.open(uri, `FROM ${host}/node:20\n`);
  const [action] = pins(await client.actions(uri, 'node'));
  expect(client.applied(uri, (await client.resolve(action!)).edit)).toBe(`FROM ${host}/node:20@${b}\n`);
  expect(asked).toEqual([{ reference: `${host}/node:20`, cacheMinutes: 7 }]);
  expect(seen).toEqual([]);
});

describe('commands', () => {
  test('a file', async () => {
    const client = await start();
    await client.open(
      uri,
      `FROM ${host}/node:20 AS a\nFROM ${host}/missing:1\n# bulkhead-ignore dockerfile/missing-digest -- ours\nFROM ${host}/app:1\nFROM a\nFROM x:$Y\n`,
    );
    const result = await client.connection.sendRequest<PinFilesResult>('workspace/executeCommand', {
      command: 'bulkhead.pinFile',
      arguments: [{ uri }],
    });
    expect(result).toMatchObject({ pinned: 1, files: 1, current: 0, applied: true, cancelled: false });
    expect(result.left.map(({ image, reasonId, failed }) => [image, reasonId, failed])).toEqual([
      ['x:$Y', 'variable', false],
      [`${host}/missing:1`, 'not-found', true],
    ]);
    expect(client.applied(uri, client.edits[0]!.edit)).toContain(`FROM ${host}/node:20@${a} AS a\n`);
  });

  test('files that are not open, each tag asked for once; the cache is forgotten when asked', async () => {
    const folder = mkdtempSync(join(tmpdir(), 'bulkhead-pin-'));
    try {
      const names = ['Dockerfile', 'web.dockerfile'];
      for (const name of names) writeFileSync(join(folder, name), `FROM ${host}/node:20\n`);
      const uris = names.map(name => pathToFileURL(join(folder, name)).href);
      const client = await start({ folders: [pathToFileURL(folder).href] });
      const run = (): Promise<PinFilesResult> =>
        client.connection.sendRequest('workspace/executeCommand', { command: 'bulkhead.pinFiles', arguments: [{ uris }] });
      expect(await run()).toMatchObject({ pinned: 2, files: 2, applied: true, left: [] });
      const changes = client.edits[0]!.edit.documentChanges as {
        textDocument: { uri: string; version: unknown };
        edits: { newText: string }[];
      }[];
      expect(changes.map(change => [change.textDocument.uri, change.textDocument.version, change.edits[0]!.newText])).toEqual(
        uris.map(own => [own, null, `@${a}`]),
      );
      await run();
      expect(seen).toEqual(['HEAD /v2/node/manifests/20']);
      await client.connection.sendRequest('workspace/executeCommand', { command: 'bulkhead.clearLookups' });
      await run();
      expect(seen).toHaveLength(2);
    } finally {
      rmSync(folder, { recursive: true });
    }
  });
});

test('the minimum age of the configuration: what is younger, or of unknown age, stays as it is, and that is said', async () => {
  const folder = mkdtempSync(join(tmpdir(), 'bulkhead-'));
  writeFileSync(join(folder, '.bulkhead.yaml'), 'pinMinAge: 7d\n');
  const file = `${pathToFileURL(folder).href}/Dockerfile`;
  const client = await start({ options: { registry: 'client' }, folders: [pathToFileURL(folder).href] });
  const asked: LookUpParams[] = [];
  let made: string | null = new Date().toISOString();
  client.connection.onRequest(lookUpMethod, (params: LookUpParams): LookUpResult => {
    asked.push(params);
    return { digest: b, mediaType: '', at: 0, versionTag: null, made, failure: null };
  });
  await client.open(file, 'FROM node:20\n');
  const resolved = async (): Promise<CodeAction> => client.resolve(pins(await client.actions(file, 'node'))[0]!);
  const pinned = async (): Promise<PinFilesResult> =>
    client.connection.sendRequest('workspace/executeCommand', { command: 'bulkhead.pinFile', arguments: [{ uri: file }] });
  expect((await resolved()).edit).toBeUndefined();
  expect(asked).toEqual([expect.objectContaining({ reference: 'node:20', made: true })]);
  expect(await pinned()).toMatchObject({ pinned: 0, left: [{ image: 'node:20', reasonId: 'too-new' }] });
  made = null;
  expect(await pinned()).toMatchObject({ pinned: 0, left: [{ image: 'node:20', reasonId: 'age-unknown' }] });
  made = '2020-01-02T03:04:05Z';
  expect(client.applied(file, (await resolved()).edit)).toBe(`FROM node:20@${b}\n`);
  rmSync(folder, { recursive: true });
});
