import * as fs from 'node:fs';
import * as os from 'node:os';
import * as path from 'node:path';
import { pathToFileURL } from 'node:url';
import { CodeActionRequest } from 'vscode-languageserver';
import { afterEach, expect, test } from 'vitest';
import { bundleServer, fullCapabilities, startClient, until, type TestClient } from './client';

const server = bundleServer('server/src/main.node.ts');
const dockerfile = 'FROM nginx:1.29\nCOPY README.md /x/\nCOPY . /app\n';
let client: TestClient | undefined;
let folder: string;

afterEach(async () => {
  await client?.stop();
  client = undefined;
  fs.rmSync(folder, { recursive: true, force: true });
});

/** Opens a Dockerfile in a folder of its own; gives what the rules about ignore files say of it now. */
async function open(
  options: { trusted?: boolean } = {},
  resourceOperations: ['create'] | [] = [],
): Promise<{ uri: string; said: () => Promise<unknown[]> }> {
  folder = fs.realpathSync(fs.mkdtempSync(path.join(os.tmpdir(), 'bulkhead-context-')));
  fs.writeFileSync(path.join(folder, 'Dockerfile'), dockerfile);
  const base = pathToFileURL(folder).href;
  const { workspace } = fullCapabilities;
  const capabilities = {
    ...fullCapabilities,
    workspace: { ...workspace, workspaceEdit: { ...workspace!.workspaceEdit, resourceOperations } },
  };
  const own = await startClient({ server, folders: [base], options, capabilities });
  client = own;
  const uri = `${base}/Dockerfile`;
  await own.open(uri, dockerfile, 'dockerfile');
  const wanted = /(?:ignored|broad)-copy$/;
  return { uri, said: async () => (await own.items(uri)).map(item => item.code).filter(code => wanted.test(String(code))) };
}

test('an ignore file that comes, changes and goes is looked at again', async () => {
  const { uri, said } = await open();
  expect(await said()).toEqual(['dockerfile/broad-copy']);
  const file = path.join(folder, '.dockerignore');
  const change = async (type: 1 | 2 | 3): Promise<void> => {
    const before = client!.refreshes();
    await client!.connection.sendNotification('workspace/didChangeWatchedFiles', {
      changes: [{ uri: uri.replace('Dockerfile', '.dockerignore'), type }],
    });
    await until('refresh', () => client!.refreshes() > before);
  };
  fs.writeFileSync(file, '*.md\n');
  await change(1);
  expect(await said()).toEqual(['dockerfile/ignored-copy']);
  fs.writeFileSync(file, '*.txt\n');
  await change(2);
  expect(await said()).toEqual([]);
  fs.rmSync(file);
  await change(3);
  expect(await said()).toEqual(['dockerfile/broad-copy']);
});

test('nothing is read, and nothing said, where the workspace is not trusted', async () => {
  const { said } = await open({ trusted: false });
  expect(await said()).toEqual([]);
});

test.each<[what: string, operations: ['create'] | []]>([
  ['is offered where the client creates files', ['create']],
  ['is not offered where it does not', []],
])('a new ignore file %s', async (_what, operations) => {
  const { uri, said } = await open({}, operations);
  expect(await said()).toEqual(['dockerfile/broad-copy']);
  const place = { line: 2, character: 5 };
  const actions = await client!.connection.sendRequest(CodeActionRequest.type, {
    textDocument: { uri },
    range: { start: place, end: place },
    context: { diagnostics: [], only: ['quickfix'] },
  });
  const created = (actions ?? [])
    .flatMap(action => ('edit' in action ? (action.edit?.documentChanges ?? []) : []))
    .filter(one => 'kind' in one);
  const file = uri.replace('Dockerfile', '.dockerignore');
  expect(created).toEqual(
    operations.length === 0 ? [] : [{ kind: 'create', uri: file, options: { overwrite: false, ignoreIfExists: false } }],
  );
});
