import { describe, expect, test } from 'vitest';
import { LSPErrorCodes, MessageType, type Diagnostic, type DocumentDiagnosticReport } from 'vscode-languageserver/node';
import { bundleServer, clientsOf, fullCapabilities, startClient, until, type TestClient } from './client';
import { makeFolder } from './folders';
import { dockerfile, pod } from './texts';

const start = clientsOf('test/lsp/fake-server.ts');

/** Long enough for the server to start in, on a machine that is busy with other tests. */
const env = { FAKE_TRICKS: '1', BULKHEAD_TEST_CPU_MS: '1000', BULKHEAD_TEST_MEMORY_MB: '1000' };

/** Where memory is what a file runs out of: a busy machine may need long to fill it. */
const littleMemory = { FAKE_TRICKS: '1', BULKHEAD_TEST_CPU_MS: '30000', BULKHEAD_TEST_MEMORY_MB: '300' };
const uri = 'untitled:/Dockerfile';
const trick = (name: string): string => `FROM a\nVOLUME ${name}\n`;
const message = (what: string): string => `File was not checked: the check took more than ${what}`;
const shown = (items: readonly Diagnostic[]): unknown => items.map(item => [item.code, item.severity, item.message]);
const warnings = (client: TestClient): string[] => client.logs.filter(log => log.type === MessageType.Warning).map(log => log.message);
const incomplete = (what: string): unknown => [['bulkhead/incomplete', 1, message(what)]];

describe('a document that never comes to an end', () => {
  test.each([
    ['a regular expression', 'regexp', '1 s', env],
    ['a loop', 'loop', '1 s', env],
    ['all memory, bit by bit', 'memory', '300 MB of memory', littleMemory],
    ['all memory, in large pieces', 'arrays', '300 MB of memory', littleMemory],
  ])('%s: the file is named once, and all others go on', async (_, name, what, limits) => {
    const client = await start({ env: limits });
    await client.open(uri, trick(name));
    const stuck = client.items(uri);
    await client.open('untitled:/b/Dockerfile', dockerfile);
    const other = client.items('untitled:/b/Dockerfile');
    expect(shown(await stuck)).toEqual(incomplete(what));
    expect((await other).map(item => item.code)).toContain('dockerfile/fake-root');
    expect(warnings(client)).toEqual([
      `Checking Dockerfile needed more than ${what}; the file is not checked again until its text changes`,
    ]);

    // the same text again, under another name too, costs nothing
    await client.open('untitled:/c/Dockerfile', trick(name));
    expect(shown(await client.items('untitled:/c/Dockerfile'))).toEqual(incomplete(what));
    expect(shown(await client.items(uri))).toEqual(incomplete(what));
    expect(warnings(client)).toHaveLength(1);

    await client.replace(uri, `VOLUME ${name}`, 'USER root');
    expect((await client.items(uri)).map(item => item.code)).toContain('dockerfile/fake-root');
    await client.replace(uri, 'USER root', `VOLUME ${name}`);
    expect(shown(await client.items(uri))).toEqual(incomplete(what));
    expect(client.process.exitCode).toBeNull();
    expect(warnings(client)).toHaveLength(1);
  });

  test('two of them are both named', async () => {
    const client = await start({ env });
    await client.open(uri, trick('regexp'));
    await client.open('untitled:/b/Dockerfile', trick('loop'));
    const reports = await Promise.all([client.items(uri), client.items('untitled:/b/Dockerfile')]);
    expect(reports.map(shown)).toEqual([incomplete('1 s'), incomplete('1 s')]);
    expect(warnings(client)).toHaveLength(2);
  });

  test('no fix and no preview touches it', async () => {
    const client = await start({ env });
    await client.open(uri, trick('loop'));
    await client.items(uri);
    const hardened = await client.connection.sendRequest('bulkhead/hardenedText', { uri });
    expect(hardened).toMatchObject({ text: trick('loop'), groups: [], left: [{ rule: 'bulkhead/incomplete', reasonId: 'incomplete' }] });
  });

  test('clients that are pushed to are told too', async () => {
    const capabilities = { ...fullCapabilities, textDocument: { ...fullCapabilities.textDocument } };
    delete capabilities.textDocument.diagnostic;
    const client = await start({ env, capabilities });
    await client.open('untitled:/b/Dockerfile', dockerfile);
    await client.open(uri, trick('loop'));
    await until('the error', () => client.published.get(uri));
    expect(shown(client.published.get(uri)!.diagnostics)).toEqual(incomplete('1 s'));
    expect(client.published.get('untitled:/b/Dockerfile')!.diagnostics.map(item => item.code)).toContain('dockerfile/fake-root');
  });

  test('in a file of the workspace that nobody has opened', async () => {
    const account =
      'apiVersion: v1\nkind: ServiceAccount\nmetadata: {name: robot, namespace: default}\nautomountServiceAccountToken: true\n';
    const folder = makeFolder({ '.git/HEAD': '', 'a.yaml': account, 'bad.yaml': `${account}# hang the index\n` });
    const client = await start({ env, folders: [folder] });
    await client.open(`${folder}/web.yaml`, pod.replace('spec:\n', 'spec:\n  serviceAccountName: robot\n'));
    await client.items(`${folder}/web.yaml`);
    await until('the name', () => warnings(client).length > 0);
    expect(warnings(client)).toEqual(['Checking bad.yaml needed more than 1 s; the file is not checked again until its text changes']);
    await until('what the other file says', async () =>
      (await client.items(`${folder}/web.yaml`)).some(item => item.code === 'kubernetes/fake-account'),
    );
    expect(warnings(client)).toHaveLength(1);
  });
});

describe('another worker', () => {
  test('knows what the last one knew', async () => {
    const client = await start({ env, settings: () => ({ rules: { 'dockerfile/fake-root': 'error' } }) });
    const b = 'untitled:/b/Dockerfile';
    await client.open(b, dockerfile);
    await client.replace(b, 'USER root', 'USER 1000');
    await client.replace(b, 'WORKDIR /app', 'WORKDIR /srv\nUSER root');
    const closed = 'untitled:/d/Dockerfile';
    await client.open(closed, dockerfile);
    await client.close(closed);
    const before = await client.pull(b);
    const registered = client.registrations.length;
    const refreshes = client.refreshes();
    await client.open(uri, trick('regexp'));
    await client.items(uri);
    await until('a refresh', () => client.refreshes() > refreshes);
    const id = before.kind === 'full' ? before.resultId! : '';
    const after = await client.pull(b, id);
    // an id of the last worker says nothing to this one
    expect(after).toMatchObject({ kind: 'full', items: (before as DocumentDiagnosticReport & { items: unknown }).items });
    expect(await client.items(closed)).toEqual([]);
    await client.replace(b, 'USER root', 'USER 1001');
    expect(await client.items(b)).not.toContainEqual(expect.objectContaining({ code: 'dockerfile/fake-root' }));
    expect(client.registrations).toHaveLength(registered);
  });

  test('answers the requests that waited, but for commands, and none that was cancelled', async () => {
    const client = await start({ env });
    await client.open('untitled:/b.yaml', pod);
    await client.open(uri, trick('regexp'));
    const pull = client.items(uri);
    const position = client.position('untitled:/b.yaml', 'true');
    const hover = client.connection.sendRequest('textDocument/hover', { textDocument: { uri: 'untitled:/b.yaml' }, position });
    const command = client.connection.sendRequest('workspace/executeCommand', { command: 'bulkhead.showInfo', arguments: [uri] }).then(
      () => null,
      (error: { code: number }) => error.code,
    );
    expect(await command).toBe(LSPErrorCodes.ServerCancelled);
    expect(await hover).not.toBeNull();
    expect(shown(await pull)).toEqual(incomplete('1 s'));
  });
});

test('a client that shuts down is answered while a document hangs, and exit ends the process', async () => {
  // with the limit that ships: nobody waits for it
  const client = await startClient({ server: bundleServer('test/lsp/fake-server.ts'), env: { FAKE_TRICKS: '1' } });
  await client.open(uri, trick('regexp'));
  const stuck = client.items(uri).catch(() => 'gone');
  const started = performance.now();
  const ended = new Promise(resolve => client.process.once('exit', resolve));
  await client.connection.sendRequest('shutdown');
  await client.connection.sendNotification('exit');
  expect(await ended).toBe(0);
  expect(performance.now() - started).toBeLessThan(8000);
  client.connection.dispose();
  expect(await stuck).toBe('gone');
});
