import * as fs from 'node:fs';
import * as path from 'node:path';
import { describe, expect, test } from 'vitest';
import { DiagnosticSeverity, DiagnosticTag, type ClientCapabilities, type Diagnostic } from 'vscode-languageserver/node';
import { clientsOf, fullCapabilities, until } from './client';
import { makeFolder } from './folders';
import { dockerfile, pod } from './texts';

const start = clientsOf('test/lsp/fake-server.ts');

const pathOf = (uri: string): string => decodeURIComponent(new URL(uri).pathname);

const withoutPull: ClientCapabilities = { ...fullCapabilities, textDocument: { ...fullCapabilities.textDocument } };
delete withoutPull.textDocument!.diagnostic;

describe('pull', () => {
  test('findings with everything that an editor shows', async () => {
    const client = await start();
    expect(client.server.capabilities.diagnosticProvider).toMatchObject({ interFileDependencies: false, workspaceDiagnostics: false });
    await client.open('untitled:Untitled-1', pod, 'yaml');
    const items = await client.items('untitled:Untitled-1');
    expect(items.map(({ code, range }) => [code, range])).toEqual([
      ['kubernetes/fake-privileged', { start: { line: 10, character: 20 }, end: { line: 10, character: 24 } }],
      ['kubernetes/fake-escalation', { start: { line: 11, character: 12 }, end: { line: 11, character: 15 } }],
    ]);
    expect(items[0]).toMatchObject({
      severity: DiagnosticSeverity.Error,
      source: 'bulkhead',
      message: 'Container app is privileged',
    });
    expect(items.filter(item => 'codeDescription' in item)).toEqual([]);
    expect(client.published.size).toBe(0);
  });

  test('of thousands of findings the most severe, and a line that says so', async () => {
    const client = await start();
    const uri = 'untitled:many.yaml';
    await client.open(uri, Array.from({ length: 600 }, () => pod).join('---\n'), 'yaml');
    const [note, ...items] = await client.items(uri);
    expect(note).toMatchObject({
      code: 'bulkhead/incomplete',
      severity: DiagnosticSeverity.Information,
      message: 'Only the 1000 most severe findings are shown; 200 others are not',
    });
    const errors = items.filter(({ severity }) => severity === DiagnosticSeverity.Error);
    expect([items.length, errors.length]).toEqual([1000, 600]);
    expect(items.map(({ range }) => range.start.line)).toEqual(items.map(({ range }) => range.start.line).sort((a, b) => a - b));
  });

  test('unchanged until the text or the findings change', async () => {
    const client = await start();
    const uri = 'untitled:a.yaml';
    await client.open(uri, pod);
    const first = await client.pull(uri);
    const id = first.kind === 'full' ? first.resultId! : '';
    expect(await client.pull(uri, id)).toEqual({ kind: 'unchanged', resultId: id });
    await client.replace(uri, 'privileged: true', 'privileged: false');
    const second = await client.pull(uri, id);
    expect(second).toMatchObject({ kind: 'full', items: [{ code: 'kubernetes/fake-escalation' }, { code: 'kubernetes/fake-escalation' }] });
    await client.close(uri);
    await client.open(uri, pod);
    expect((await client.pull(uri, id)).kind).toBe('full');
  });

  test('after edits the findings are those of a fresh document of the same text', async () => {
    const client = await start();
    const uri = 'untitled:a.yaml';
    let text = [`# first\n${pod}`, pod, `# third line\n${pod}`].join('---\n');
    await client.open(uri, text);
    await client.items(uri);
    const edits: readonly (readonly [search: string, replacement: string])[] = [
      // everything below moves, by offsets, by lines, by lines alone
      ['# first', '# first of all'],
      ['# first', '# \nfirst'],
      ['first of', '#irst\nof'],
      ['# third line', '# third\nline'],
      ['line\n', '#\n'],
      // a document changes, goes, comes back
      ['privileged: true', 'privileged: false'],
      ['---\n', ''],
      ['kind: Pod\n', 'kind: Pod\n# a comment\n'],
      ['privileged: false', 'privileged: true'],
    ];
    let number = 0;
    for (const [search, replacement] of edits) {
      await client.replace(uri, search, replacement);
      text = text.replace(search, replacement);
      const fresh = `untitled:fresh-${number++}.yaml`;
      await client.open(fresh, text);
      const positions = (items: readonly Diagnostic[]): unknown =>
        items.map(({ code, message, range, severity }) => ({ code, message, range, severity }));
      const items = positions(await client.items(uri));
      expect(items, replacement).toEqual(positions(await client.items(fresh)));
    }
  });

  test('an answer is never older than the text', async () => {
    const client = await start();
    const uri = 'untitled:a.yaml';
    await client.open(uri, pod);
    const answers: Promise<unknown>[] = [];
    const lengths: number[] = [];
    for (let i = 0; i < 20; i++) {
      await client.replace(
        uri,
        i % 2 === 0 ? 'privileged: true' : 'privileged: false',
        i % 2 === 0 ? 'privileged: false' : 'privileged: true',
      );
      answers.push(client.items(uri).then(items => lengths.push(items.filter(item => item.code === 'kubernetes/fake-privileged').length)));
    }
    await Promise.all(answers);
    expect(lengths.at(-1)).toBe(1);
    expect((await client.items(uri)).map(item => item.code)).toContain('kubernetes/fake-privileged');
  });

  test('a cancelled request is answered as cancelled, and the next one still works', async () => {
    const client = await start({ settings: () => ({}) });
    const uri = 'untitled:a.yaml';
    await client.open(uri, pod);
    const { CancellationTokenSource } = await import('vscode-languageserver/node');
    const source = new CancellationTokenSource();
    const request = client.connection.sendRequest('textDocument/diagnostic', { textDocument: { uri } }, source.token).then(
      () => 'answered',
      () => 'cancelled',
    );
    source.cancel();
    expect(['cancelled', 'answered']).toContain(await request);
    expect(await client.items(uri)).toHaveLength(2);
  });

  test('suppressions of other tools hold, and none of theirs is called unused', async () => {
    const client = await start();
    await client.open(
      'untitled:a.yaml',
      pod.replace('# keep me', '# trivy:ignore:KSV-0001').replace('privileged: true', 'privileged: true # trivy:ignore:KSV-0017'),
    );
    expect((await client.items('untitled:a.yaml')).map(item => item.code)).toEqual(['kubernetes/fake-escalation']);
  });

  test('an unused suppression is unnecessary', async () => {
    const client = await start();
    await client.open('untitled:a.yaml', pod.replace('# keep me', '# bulkhead-ignore kubernetes/fake-account'));
    const unused = (await client.items('untitled:a.yaml')).find(item => item.code === 'bulkhead/unused-suppression');
    expect(unused).toMatchObject({ tags: [DiagnosticTag.Unnecessary], severity: DiagnosticSeverity.Information });
  });

  test.each([
    ['half-typed YAML', 'yaml', pod.replace('securityContext:\n', 'securityContext: {[\n')],
    ['a half-typed Dockerfile', 'dockerfile', 'FROM node\nRUN <<EOF\nUSER'],
    ['an unknown language', 'plaintext', 'hello'],
    ['an empty document', 'yaml', ''],
    ['deep nesting', 'yaml', 'a: ' + '['.repeat(20_000)],
    ['a byte order mark and lone surrogates', 'yaml', '\ufeffa: \ud800\n'],
  ])('%s does no harm', async (_, language, text) => {
    const client = await start();
    await client.open('untitled:x', text, language);
    const report = await client.pull('untitled:x');
    expect(report.kind).toBe('full');
    for (let i = 0; i < text.length && i < 60; i += 7) {
      await client.setText('untitled:x', text.slice(0, i));
      expect((await client.pull('untitled:x')).kind).toBe('full');
    }
    expect(client.logs.filter(log => log.type === 1)).toEqual([]);
  });

  test('a rule that throws costs itself alone, and is never taken for clean', async () => {
    const client = await start();
    await client.open('untitled:Dockerfile', `${dockerfile}LABEL a=b\n`);
    const items = await client.items('untitled:Dockerfile');
    expect(items.map(item => item.code)).toEqual(['bulkhead/internal-error', 'dockerfile/fake-root']);
    expect(items[0]!.message).not.toContain('\n');
  });

  test('a file over the size limit gets one error', async () => {
    const client = await start({ settings: () => ({ maxFileSize: 200 }), options: { status: true } });
    await client.open('untitled:a.yaml', pod);
    const items = await client.items('untitled:a.yaml');
    expect(items).toMatchObject([{ code: 'bulkhead/incomplete', severity: DiagnosticSeverity.Error }]);
    const status = await until('status', () => client.notifications.find(({ method }) => method === 'bulkhead/status'));
    expect(status.params).toMatchObject({ state: 'too-large' });
  });

  test('20 MB are not looked at', async () => {
    const folder = makeFolder({});
    const client = await start({ folders: [folder] });
    await client.open(`${folder}/a.yaml`, pod + '# x\n'.repeat(5_000_000));
    expect(await client.items(`${folder}/a.yaml`)).toMatchObject([{ code: 'bulkhead/incomplete' }]);
  });

  test('views of other documents are left alone', async () => {
    const client = await start();
    await client.open('git:/a.yaml?ref', pod);
    expect(await client.pull('git:/a.yaml?ref')).toEqual({ kind: 'full', items: [] });
  });

  test('a document that is not open has no findings', async () => {
    const client = await start();
    expect(await client.pull('file:///nowhere.yaml')).toEqual({ kind: 'full', items: [] });
  });
});

describe('push', () => {
  test('where the client cannot pull, and only there', async () => {
    const client = await start({ capabilities: withoutPull });
    expect(client.server.capabilities.diagnosticProvider).toBeUndefined();
    const uri = 'untitled:a.yaml';
    await client.open(uri, pod);
    const first = await until('findings', () => client.published.get(uri));
    expect(first).toMatchObject({ version: 1, diagnostics: [{ code: 'kubernetes/fake-privileged' }, {}] });
    await client.replace(uri, 'privileged: true', 'privileged: false');
    await until('new findings', () => client.published.get(uri)?.version === 2);
    expect(client.published.get(uri)!.diagnostics.map(item => item.code)).toEqual([
      'kubernetes/fake-escalation',
      'kubernetes/fake-escalation',
    ]);
    await client.close(uri);
    await until('no findings', () => client.published.get(uri)?.diagnostics.length === 0);
  });
});

describe('facts of other files', () => {
  const user = `apiVersion: v1
kind: Pod
metadata: { name: a, namespace: x }
spec:
  serviceAccountName: robot
  containers: []
`;
  const account = (automount: boolean): string =>
    `apiVersion: v1\nkind: ServiceAccount\nmetadata: { name: robot, namespace: x }\nautomountServiceAccountToken: ${automount}\n`;

  test('are read from the folder, shown as related places, and refresh those who read them', async () => {
    const folder = makeFolder({ 'sa.yaml': account(true), 'node_modules/x/sa.yaml': account(false) });
    const client = await start({ folders: [folder] });
    const uri = `${folder}/pod.yaml`;
    await client.open(uri, user);
    const items = await until('finding', async () => {
      const found = await client.items(uri);
      return found.length > 0 && found;
    });
    expect(items).toMatchObject([
      {
        code: 'kubernetes/fake-account',
        relatedInformation: [
          { message: 'The account', location: { uri: expect.stringMatching(/sa\.yaml$/) as unknown, range: { start: { line: 2 } } } },
        ],
      },
    ]);

    // edited in the editor, not saved
    const before = client.refreshes();
    await client.open(`${folder}/sa.yaml`, account(true));
    await client.replace(`${folder}/sa.yaml`, 'true', 'false');
    await client.items(`${folder}/sa.yaml`);
    await until('refresh', () => client.refreshes() > before);
    expect(await client.items(uri)).toEqual([]);

    // closed without saving: the file counts again
    const again = client.refreshes();
    await client.close(`${folder}/sa.yaml`);
    await until('refresh', () => client.refreshes() > again);
    expect(await client.items(uri)).toHaveLength(1);

    // deleted
    const last = client.refreshes();
    fs.rmSync(path.join(pathOf(folder), 'sa.yaml'));
    await client.connection.sendNotification('workspace/didChangeWatchedFiles', { changes: [{ uri: `${folder}/sa.yaml`, type: 3 }] });
    await until('refresh', () => client.refreshes() > last);
    expect(await client.items(uri)).toEqual([]);
  });

  test('come through the client where there is no disk', async () => {
    const folder = 'vscode-vfs://github/acme/shop';
    const files = new Map([
      [`${folder}/sa.yaml`, account(true)],
      [`${folder}/.bulkhead.yaml`, 'rules: { kubernetes/fake-escalation: off }\n'],
    ]);
    const client = await start({ folders: [folder], options: { files: true } });
    client.connection.onRequest('bulkhead/readFile', ({ uri }: { uri: string }) => ({ text: files.get(uri) ?? null }));
    client.connection.onRequest('bulkhead/findFiles', () => ({ uris: [...files.keys()] }));
    await client.open(`${folder}/pod.yaml`, user);
    await until('finding', async () => (await client.items(`${folder}/pod.yaml`)).length === 1);
    await client.open(`${folder}/b.yaml`, pod);
    expect((await client.items(`${folder}/b.yaml`)).map(item => item.code)).toEqual(['kubernetes/fake-privileged']);
  });

  test('are not read in an untrusted workspace', async () => {
    const folder = makeFolder({ 'sa.yaml': account(true) });
    const client = await start({ folders: [folder], options: { trusted: false } });
    await client.open(`${folder}/pod.yaml`, user);
    expect(await client.items(`${folder}/pod.yaml`)).toEqual([]);
    const info: unknown = await client.connection.sendRequest('workspace/executeCommand', {
      command: 'bulkhead.showInfo',
      arguments: [`${folder}/pod.yaml`],
    });
    expect(info).toMatchObject({ indexedFiles: 0, languageId: 'yaml' });
  });
});
