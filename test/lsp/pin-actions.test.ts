import { afterEach, expect, test } from 'vitest';
import type { CodeAction } from 'vscode-languageserver/node';
import { lookUpMethod, type LookUpParams, type LookUpResult, type PinFilesResult } from '../../shared/src/output/protocol/registry';
import { bundleServer, fullCapabilities, startClient, type TestClient } from './client';

const server = bundleServer('server/src/main.node.ts');
const commit = 'a'.repeat(40);
const other = 'b'.repeat(40);
const uri = 'file:///w/.github/workflows/ci.yaml';
const workflow = (first: string, second: string): string =>
  `on: push\npermissions: {}\njobs:\n  a:\n    runs-on: ubuntu-24.04\n    steps:\n      - uses: ${first}\n      - uses: ${second}\n`;

const clients: TestClient[] = [];
afterEach(() => Promise.all(clients.splice(0).map(client => client.stop())));

/** A client that answers as GitHub would: every tag is on one commit, and the other commit is in a fork alone. */
async function start(): Promise<TestClient & { readonly asked: string[] }> {
  const capabilities = { ...fullCapabilities, window: { ...fullCapabilities.window, workDoneProgress: true } };
  const client = await startClient({ server, capabilities, options: { registry: 'client' } });
  clients.push(client);
  client.connection.onRequest('window/workDoneProgress/create', () => null);
  const asked: string[] = [];
  client.connection.onRequest(lookUpMethod, ({ reference }: LookUpParams): LookUpResult => {
    asked.push(reference);
    const answer = { mediaType: '', at: 0, versionTag: null, failure: null };
    return reference.endsWith(other)
      ? { ...answer, digest: other, versions: [], contained: false }
      : { ...answer, digest: commit, versions: ['v1.2.0', 'v1'] };
  });
  return Object.assign(client, { asked });
}

const pins = (actions: readonly CodeAction[]): CodeAction[] => actions.filter(({ title }) => title.startsWith('Pin '));

test('the quick fix of an action asks when it is resolved, and writes commit and version', async () => {
  const client = await start();
  await client.open(uri, workflow('acme/scan@v1', './here'));
  await client.items(uri);
  const [action, ...rest] = pins(await client.actions(uri, 'v1'));
  expect(action).toMatchObject({ title: 'Pin acme/scan@v1 to its commit (review)', kind: 'quickfix' });
  expect(rest).toEqual([]);
  expect(client.asked).toEqual([]);
  const { edit } = await client.resolve(action!);
  expect(client.applied(uri, edit)).toBe(workflow(`acme/scan@${commit} # v1.2.0`, './here'));
  expect(client.asked).toEqual(['acme/scan@v1']);
});

const rulesAt = async (client: TestClient): Promise<readonly unknown[]> => (await client.items(uri)).map(({ code }) => code);

test('all of a file at once; a commit that only a fork has is left, with that reason', async () => {
  const client = await start();
  await client.open(uri, workflow('acme/scan@v1 # keep', `acme/build@${other} # v1`));
  let written: unknown;
  client.connection.onRequest('workspace/applyEdit', ({ edit }: { readonly edit: unknown }) => {
    written = edit;
    return { applied: true };
  });
  const params = { command: 'bulkhead.pinFiles', arguments: [{ uris: [uri] }] };
  const result = await client.connection.sendRequest<PinFilesResult>('workspace/executeCommand', params);
  expect(result).toMatchObject({
    pinned: 1,
    left: [{ failed: true, reasonId: 'mismatch', reason: 'bbbbbbbbbbbb is on no branch and no tag of acme/build: only a fork has it' }],
  });
  expect(client.applied(uri, written as CodeAction['edit'])).toBe(
    workflow(`acme/scan@${commit} # v1.2.0, keep`, `acme/build@${other} # v1`),
  );
  // what was told is a finding from then on
  expect(await rulesAt(client)).toContain('workflow/impostor-commit');
});
