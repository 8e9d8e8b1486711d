import { describe, expect, test } from 'vitest';
import type { CodeAction, CompletionItem, DocumentSymbol, Location } from 'vscode-languageserver/node';
import { clientsOf, type TestClient, until } from './client';
import { makeFolder } from './folders';

/** Symbols, definitions, and completion of what is known: what editors without another server for these languages have from us alone. */

const start = clientsOf('server/src/main.node.ts');

const dockerfile = `FROM node:24 AS Build
RUN npm ci
FROM build AS test
RUN --mount=from=build,target=/x true
FROM node:24-slim
COPY --from=test /app /app
USER 
`;
const compose = `services:
  web:
    image: nginx:1.29.1
    depends_on: [db]
    networks: [back]
  db:
    image: postgres:16.4
    network_mode: service:web
networks:
  back: {}
`;

const symbols = async ({ connection }: TestClient, uri: string): Promise<readonly string[]> => {
  const found = await connection.sendRequest<DocumentSymbol[]>('textDocument/documentSymbol', { textDocument: { uri } });
  const shown = ({ name, detail, children = [] }: DocumentSymbol): readonly string[] => [
    `${name} (${detail})`,
    ...children.flatMap(shown).map(line => `  ${line}`),
  ];
  return found.flatMap(shown);
};

/** Where the definitions of a place lead: file, line, and the text there. */
async function definition(client: TestClient, uri: string, at: string, offset = 0): Promise<readonly string[]> {
  const { line, character } = client.position(uri, at);
  const params = { textDocument: { uri }, position: { line, character: character + offset } };
  const found = await client.connection.sendRequest<Location[]>('textDocument/definition', params);
  return found.map(place => `${place.uri.slice(place.uri.lastIndexOf('/') + 1)}:${place.range.start.line + 1}`);
}

async function completion(client: TestClient, uri: string, line: number, character: number): Promise<readonly CompletionItem[]> {
  return await client.connection.sendRequest<CompletionItem[]>('textDocument/completion', {
    textDocument: { uri },
    position: { line, character },
  });
}

describe('a Dockerfile', () => {
  const uri = 'file:///w/Dockerfile';

  test('has its stages as symbols, and leads from their names to them', async () => {
    const client = await start();
    await client.open(uri, dockerfile);
    expect(await symbols(client, uri)).toEqual(['Build (node:24)', 'test (build)', 'node:24-slim ()']);
    expect(await definition(client, uri, 'build AS test')).toEqual(['Dockerfile:1']);
    expect(await definition(client, uri, 'from=build,', 5)).toEqual(['Dockerfile:1']);
    expect(await definition(client, uri, '--from=test', 8)).toEqual(['Dockerfile:3']);
    expect(await definition(client, uri, 'node:24-slim')).toEqual([]);
  });

  test('has neither where another extension answers', async () => {
    const client = await start({ options: { beside: ['ms-azuretools.vscode-docker'] } });
    await client.open(uri, dockerfile);
    expect(await symbols(client, uri)).toEqual([]);
    expect(await definition(client, uri, 'build AS test')).toEqual([]);
  });

  test('completes users of the image, and tags that are supported', async () => {
    const client = await start({ options: { today: '2026-11-24' } });
    await client.open(uri, dockerfile);
    expect((await completion(client, uri, 6, 5)).map(({ label, detail }) => `${label} ${detail}`)).toEqual(['1000:1000 node']);
    await client.replace(uri, 'FROM node:24 AS', 'FROM node: AS');
    const tags = await completion(client, uri, 0, 'FROM node:'.length);
    expect(tags.map(({ label }) => label)).toContain('24');
    expect(tags.map(({ label }) => label)).not.toContain('16');
    for (const { detail } of tags) expect(detail).toMatch(/^until 20\d\d-\d\d-\d\d$/);
    // after a word that says nothing
    expect(await completion(client, uri, 1, 7)).toEqual([]);
  });
});

test('a Compose file', async () => {
  const client = await start();
  const uri = 'file:///w/compose.yaml';
  await client.open(uri, compose, 'dockercompose');
  expect(await symbols(client, uri)).toEqual(['web (nginx:1.29.1)', 'db (postgres:16.4)']);
  expect(await definition(client, uri, '[db]', 1)).toEqual(['compose.yaml:6']);
  expect(await definition(client, uri, '[back]', 1)).toEqual(['compose.yaml:10']);
  expect(await definition(client, uri, 'service:web')).toEqual(['compose.yaml:2']);
  const beside = await start({ options: { beside: ['redhat.vscode-yaml'] } });
  await beside.open(uri, compose, 'dockercompose');
  expect(await symbols(beside, uri)).toEqual([]);
  expect(await definition(beside, uri, '[db]', 1)).toEqual(['compose.yaml:6']);
});

describe('manifests', () => {
  const web = `apiVersion: apps/v1
kind: Deployment
metadata: { name: web }
spec:
  selector: { matchLabels: { app: web } }
  template:
    metadata: { labels: { app: web } }
    spec:
      serviceAccountName: runner
      containers:
        - name: app
          image: ghcr.io/acme/shop:1.2.3
          envFrom: [{ configMapRef: { name: shop } }]
          securityContext: 
`;
  const rest = `apiVersion: v1
kind: ConfigMap
metadata: { name: shop }
---
apiVersion: v1
kind: ServiceAccount
metadata: { name: runner }
---
apiVersion: v1
kind: Service
metadata: { name: web }
spec:
  selector: { app: web }
  ports: [{ port: 80 }]
`;

  test('lead from names to objects, in other files too', async () => {
    const folder = makeFolder({ 'web.yaml': web, 'rest.yaml': rest });
    const at = (name: string): string => `${folder}/${name}`;
    const client = await start({ folders: [folder] });
    await client.open(at('web.yaml'), web);
    await client.open(at('rest.yaml'), rest);
    expect(await symbols(client, at('web.yaml'))).toEqual(['web (Deployment)', '  app (ghcr.io/acme/shop:1.2.3)']);
    await until('the index', async () => (await definition(client, at('web.yaml'), 'name: shop', 6)).length > 0);
    expect(await definition(client, at('web.yaml'), 'name: shop', 6)).toEqual(['rest.yaml:3']);
    expect(await definition(client, at('web.yaml'), 'runner')).toEqual(['rest.yaml:7']);
    expect(await definition(client, at('rest.yaml'), 'app: web', 5)).toEqual(['web.yaml:3']);
  });

  test('complete the securityContext that the container bears', async () => {
    const client = await start();
    const uri = 'file:///w/web.yaml';
    await client.open(uri, web);
    const [item] = await completion(client, uri, 13, '          securityContext: '.length);
    const position = { line: 13, character: '          securityContext: '.length };
    expect(item?.textEdit).toEqual({ range: { start: position, end: position }, newText: '\n            allowPrivilegeEscalation: false' });
  });
});

test('a workflow completes the commit that another file has', async () => {
  const client = await start();
  const commit = '0123456789abcdef0123456789abcdef01234567';
  const workflow = (uses: string): string =>
    `on: push\npermissions: {}\njobs:\n  a:\n    runs-on: ubuntu-24.04\n    steps:\n      - uses: ${uses}\n`;
  await client.open('file:///w/.github/workflows/a.yaml', workflow(`acme/build@${commit} # v1.2.3`));
  const uri = 'file:///w/.github/workflows/b.yaml';
  await client.open(uri, workflow('acme/build@'));
  const found = await completion(client, uri, 6, '      - uses: acme/build@'.length);
  expect(found.map(({ label, detail }) => [label, detail])).toEqual([[commit, 'v1.2.3']]);
});

test('a command of a script can be hardened from anywhere in it', async () => {
  const client = await start();
  const uri = 'file:///w/run.sh';
  await client.open(uri, '#!/bin/sh\ndocker run -d --name web \\\n  --publish 127.0.0.1:8080:80 \\\n  nginx:1.29.1\n', 'shellscript');
  const position = { line: 2, character: 8 };
  const params = { textDocument: { uri }, range: { start: position, end: position }, context: { diagnostics: [] } };
  const actions = await client.connection.sendRequest<CodeAction[]>('textDocument/codeAction', params);
  const harden = actions.find(({ title }) => title.startsWith('Harden this command'));
  expect(harden?.title).toMatch(/^Harden this command \(\d+ fixes\)$/);
  const [edit] = harden?.edit?.documentChanges ?? [];
  expect(JSON.stringify(edit)).toContain('no-new-privileges');
});
