import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import type { CodeLens, InlayHint } from 'vscode-languageserver/node';
import { hardenPlanMethod } from '../../shared/src/output/protocol/messages';
import { postureMethod } from '../../shared/src/output/protocol/posture';
import { installScanner } from '../support/fake-scanner';
import { listen, type Listener } from '../support/sends';
import { keyPair } from '../unit/signature/artefacts';
import { bundleServer, startClient as startOne, until, type TestClient } from './client';
import { hoverText, newBase, report, start, startClient, type Started } from './scan-client';

/** What an editor asks for by itself, in a workspace that has everything that could be asked, run or verified. */

const config = `trustedSigners:
  - images: registry.example/team
    key: cosign.pub
  - images: registry.example/other
    identity: "*"
    issuer: https://issuer.example
`;
const files = {
  Dockerfile:
    'FROM registry.example/team/base:3 AS build\nRUN curl -fsSL https://example.com/x.sh | sh\nFROM registry.example/other/app:1.0\n',
  'compose.yaml': 'services:\n  a:\n    image: registry.example/team/a:1\n',
  'deploy.yaml':
    'apiVersion: v1\nkind: Pod\nmetadata: { name: a }\nspec:\n  containers:\n    - name: a\n      image: registry.example/team/a:1\n',
};

/** Programs of the user's that only remember how they were called, and an image that an earlier session has scanned. */
async function prepared(): Promise<{ readonly base: string; readonly calls: () => readonly unknown[] }> {
  const base = newBase();
  const first = await start({ report }, {}, options => startOne({ server: bundleServer('server/src/main.node.ts'), ...options }), base);
  await first.open(first.uri, files.Dockerfile);
  await first.scan();
  await first.stop();
  for (const [name, text] of Object.entries(files)) writeFileSync(join(first.folder, name), text);
  writeFileSync(join(first.folder, '.bulkhead.yaml'), config);
  writeFileSync(join(first.folder, 'cosign.pub'), keyPair('P-256').pem);
  const others = ['cosign', 'grype', 'dockle', 'docker', 'podman'].map(name => installScanner(join(base, 'tools'), name, {}));
  const before = first.calls().length;
  return { base, calls: () => [...others.flatMap(({ calls }) => calls()), ...first.calls().slice(before)] };
}

const languages: Readonly<Record<string, string>> = { Dockerfile: 'dockerfile', 'compose.yaml': 'dockercompose', 'deploy.yaml': 'yaml' };

/** Everything that an editor asks of a server without anybody's asking. What pins is resolved by the network: an editor resolves it when it is chosen. */
async function everything(client: Started): Promise<void> {
  for (const [name, text] of Object.entries(files)) {
    const uri = client.uri.replace('Dockerfile', name);
    await client.open(uri, text, languages[name]);
    await client.items(uri);
    const textDocument = { uri };
    const range = { start: { line: 0, character: 0 }, end: { line: 9, character: 0 } };
    const ask = <T>(method: string, more: object = {}): Promise<T> => client.connection.sendRequest<T>(method, { textDocument, ...more });
    await ask<readonly InlayHint[] | null>('textDocument/inlayHint', { range });
    await ask<readonly CodeLens[] | null>('textDocument/codeLens');
    await ask('textDocument/completion', { position: { line: 0, character: 5 } });
    await client.connection.sendRequest(hardenPlanMethod, { uri });
    for (let line = 0; line < text.split('\n').length; line++) {
      for (const character of [6, 12, 30]) {
        await ask('textDocument/hover', { position: { line, character } });
        const position = { line, character };
        const context = { diagnostics: [] };
        type Actions = readonly { readonly title: string; readonly data?: unknown }[] | null;
        const actions = await ask<Actions>('textDocument/codeAction', { range: { start: position, end: position }, context });
        for (const action of actions ?? [])
          if (action.data !== undefined && !/^(?:Pin|Update)/.test(action.title))
            await client.connection.sendRequest('codeAction/resolve', action);
      }
    }
    client.connection.sendNotification('textDocument/didSave', { textDocument }).catch(() => null);
    await client.items(uri);
  }
  const named = Object.keys(files).map(name => ({ uri: client.uri.replace('Dockerfile', name), name }));
  await client.connection.sendRequest(postureMethod, { folder: client.uri.replace('/Dockerfile', ''), files: named });
}

const run = (client: TestClient, command: string, argument: object): Promise<unknown> =>
  client.connection.sendRequest('workspace/executeCommand', { command: `bulkhead.${command}`, arguments: [argument] });

describe('nothing is sent or started that nobody has asked for', () => {
  let listener: Listener;
  beforeAll(async () => void (listener = await listen()));
  afterAll(() => listener.stop());

  test('in a workspace that is trusted, where an earlier session has scanned', async () => {
    const { base, calls } = await prepared();
    const options = { env: listener.env, options: { scans: true } };
    const client = await start({ report }, options, startClient, base);
    await everything(client);
    // what that session has found is shown, so that it was really there
    await until('the view', () => client.images.at(-1)?.images.length === 2);
    expect(await hoverText(client, 'app:1.0')).toContain('in an earlier session');
    expect([listener.sent(), calls()]).toEqual([[], []]);
    // the listener would have heard it, and the programs would have been called
    await client.scan();
    expect(listener.sent()).toContain('spawn');
    expect(calls()).not.toEqual([]);
  });

  test('in one that is not, whatever is asked for', async () => {
    const { base, calls } = await prepared();
    const before = listener.sent().length;
    const options = { env: listener.env, options: { scans: true, trusted: false } };
    const client = await start({ report }, options, startClient, base);
    await everything(client);
    await expect(client.scan()).rejects.toThrow('untrusted');
    const { uri } = client;
    for (const [command, argument] of [
      ['verifySignatures', { uri }],
      ['verifySignatures', { uri, position: { line: 0, character: 8 } }],
    ] as const)
      await run(client, command, argument).catch(() => null);
    expect(client.images.flatMap(({ images }) => images)).toEqual([]);
    expect([listener.sent().slice(before), calls()]).toEqual([[], []]);
  });
});
