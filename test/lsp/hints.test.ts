import { afterEach, expect, test } from 'vitest';
import type { CodeLens, InlayHint, Position } from 'vscode-languageserver/node';
import { bundleServer, fullCapabilities, startClient, until, type TestClient } from './client';
import { makeFolder } from './folders';

/** Inlay hints and code lenses of the shipped rules. */
const server = bundleServer('server/src/main.node.ts');
let client: TestClient | undefined;

afterEach(async () => {
  await client?.stop();
  client = undefined;
});

const everything = { start: { line: 0, character: 0 }, end: { line: 1000, character: 0 } };

const hintsOf = async (uri: string, range = everything): Promise<readonly (readonly [Position, unknown, unknown])[]> => {
  const hints = await client!.connection.sendRequest<InlayHint[]>('textDocument/inlayHint', { textDocument: { uri }, range });
  return hints.map(({ position, label, tooltip }) => [position, label, tooltip]);
};
const lensesOf = (uri: string): Promise<CodeLens[]> => client!.connection.sendRequest('textDocument/codeLens', { textDocument: { uri } });

const capabilities = {
  ...fullCapabilities,
  workspace: { ...fullCapabilities.workspace, inlayHint: { refreshSupport: true }, codeLens: { refreshSupport: true } },
};
const both = { inlayHints: true, codeLens: true };

const dockerfile =
  'FROM node:22 AS build\nUSER node\nFROM node:22\nFROM build\nFROM registry.example.com/x:1\nARG U\nFROM node:22\nUSER $U\n';

test('the user of each stage, where it is known', async () => {
  client = await startClient({ server, capabilities, settings: () => both });
  const uri = 'file:///w/Dockerfile';
  await client.open(uri, dockerfile);
  expect(await hintsOf(uri)).toEqual([
    [{ line: 0, character: 21 }, 'user: node', 'Starts as node, set in this file'],
    [{ line: 2, character: 12 }, 'user: root', 'Starts as root, set in the image node:22'],
    [{ line: 3, character: 10 }, 'user: node', 'Starts as node, set in this file'],
  ]);
  expect(await hintsOf(uri, { start: { line: 1, character: 0 }, end: { line: 2, character: 20 } })).toHaveLength(1);
});

const pod = (user: string): string => `apiVersion: v1
kind: Pod
metadata:
  name: web
spec:
  containers:
    - name: own
      image: example.com/shop/web:1.2
    - name: set
      image: nginx:1.27
      securityContext:
        runAsUser: ${user}
    - name: image
      image: nginx:1.27
    - name: unknown
      image: registry.example.com/x:1
`;

test('the user of each container: what is set, else the Dockerfile, else the image; and again when the other file changes', async () => {
  const folder = makeFolder({
    'web.yaml': pod('0'),
    'web/Dockerfile': 'FROM debian:13\nRUN useradd --uid 1234 app\nUSER app\n',
    Makefile: 'IMAGE = example.com/shop/web\nimage:\n\tdocker build -t $(IMAGE):latest -f web/Dockerfile .\n',
  });
  client = await startClient({ server, capabilities, folders: [folder], settings: () => both });
  let refreshes = 0;
  client.connection.onRequest('workspace/inlayHint/refresh', () => {
    refreshes++;
    return null;
  });
  client.connection.onRequest('workspace/codeLens/refresh', () => null);
  const uri = `${folder}/web.yaml`;
  await client.open(uri, pod('0'));
  const own = [{ line: 7, character: 37 }, 'user: app', 'Starts as app, set in web/Dockerfile'];
  await until('the Dockerfile', async () => (await hintsOf(uri)).length === 3);
  expect(await hintsOf(uri)).toEqual([
    own,
    [{ line: 9, character: 23 }, 'user: root', 'Starts as root, set in this file'],
    [{ line: 13, character: 23 }, 'user: root', 'Starts as root, set in the image nginx:1.27'],
  ]);
  await client.items(uri);
  const before = refreshes;
  await client.open(`${folder}/web/Dockerfile`, 'FROM debian:13\nUSER 77\n');
  await client.items(`${folder}/web/Dockerfile`);
  await until('the refresh', () => refreshes > before);
  expect((await hintsOf(uri))[0]).toEqual([own[0], 'user: 77', 'Starts as 77, set in web/Dockerfile']);
});

test('a lens says how many findings harden has a fix for, and starts it', async () => {
  client = await startClient({ server, capabilities, settings: () => both });
  const uri = 'untitled:a.yaml';
  await client.open(uri, pod('0'));
  const [lens, workload, ...more] = await lensesOf(uri);
  expect(more).toEqual([]);
  expect(workload!.command!.title).toMatch(/^privileged, [a-z]+ after hardening: |^[a-z]+: \d+ fix/);
  expect(lens!.range.start).toEqual({ line: 0, character: 0 });
  expect(lens!.command).toMatchObject({
    title: expect.stringMatching(/^Harden: \d+ fixes$/) as unknown,
    command: 'bulkhead.hardenFile',
    arguments: [uri],
  });
  await client.connection.sendRequest('workspace/executeCommand', lens!.command!);
  expect(client.edits).toHaveLength(1);
  await client.open('untitled:b.yaml', 'a: 1\n');
  expect(await lensesOf('untitled:b.yaml')).toEqual([]);
});

test('neither is there unless a setting asks for it', async () => {
  client = await startClient({ server, capabilities });
  const uri = 'file:///w/Dockerfile';
  await client.open(uri, dockerfile);
  expect(await hintsOf(uri)).toEqual([]);
  expect(await lensesOf(uri)).toEqual([]);
});
