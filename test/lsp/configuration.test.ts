import { createHash } from 'node:crypto';
import * as fs from 'node:fs';
import * as path from 'node:path';
import { describe, expect, test } from 'vitest';
import { DiagnosticSeverity, type ClientCapabilities } from 'vscode-languageserver/node';
import { clientsOf, fullCapabilities, until } from './client';
import { makeFolder } from './folders';
import { pod } from './texts';

const start = clientsOf('test/lsp/fake-server.ts');

const pathOf = (uri: string): string => decodeURIComponent(new URL(uri).pathname);

describe('configuration', () => {
  const off = 'rules:\n  kubernetes/fake-privileged: off\n';

  test('the nearest file upward counts, and a change on disk asks for a refresh', async () => {
    const folder = makeFolder({ '.bulkhead.yaml': off, 'deploy/a.yaml': pod });
    const client = await start({ folders: [folder] });
    const uri = `${folder}/deploy/a.yaml`;
    await client.open(uri, pod);
    expect((await client.items(uri)).map(item => item.code)).toEqual(['kubernetes/fake-escalation']);
    await until('watchers', () => client.registrations.some(({ method }) => method === 'workspace/didChangeWatchedFiles'));

    fs.writeFileSync(path.join(pathOf(folder), 'deploy/.bulkhead.yaml'), 'profile: baseline\n');
    const before = client.refreshes();
    await client.connection.sendNotification('workspace/didChangeWatchedFiles', {
      changes: [{ uri: `${folder}/deploy/.bulkhead.yaml`, type: 1 }],
    });
    await until('refresh', () => client.refreshes() > before);
    expect((await client.items(uri)).map(item => item.code)).toEqual(['kubernetes/fake-privileged']);
  });

  test('an open configuration is reported on while it is edited, and its last good version stays in force', async () => {
    const folder = makeFolder({ '.bulkhead.yaml': off });
    const client = await start({ folders: [folder], options: { status: true } });
    const config = `${folder}/.bulkhead.yaml`;
    const uri = `${folder}/a.yaml`;
    await client.open(uri, pod);
    await client.open(config, off);
    expect(await client.items(config)).toEqual([]);
    expect((await client.items(uri)).map(item => item.code)).toEqual(['kubernetes/fake-escalation']);

    const before = client.refreshes();
    await client.replace(config, 'rules', 'rulez');
    await until('refresh', () => client.refreshes() > before);
    expect(await client.items(config)).toMatchObject([
      {
        code: 'bulkhead/invalid-config',
        severity: DiagnosticSeverity.Error,
        range: { start: { line: 0, character: 0 }, end: { line: 0, character: 5 } },
      },
    ]);
    expect((await client.items(uri)).map(item => item.code)).toEqual(['kubernetes/fake-escalation']);
    await until('status with problems', () =>
      client.notifications.some(
        ({ params }) =>
          (params as { uri?: string; configProblems?: number }).uri === uri && (params as { configProblems?: number }).configProblems === 1,
      ),
    );

    await client.setText(config, 'rules:\n  kubernetes/fake-escalation: off\n');
    expect(await client.items(config)).toEqual([]);
    expect((await client.items(uri)).map(item => item.code)).toEqual(['kubernetes/fake-privileged']);
  });

  test('the one that it extends counts, and is read again when it changes', async () => {
    const base = `${off}locked: [kubernetes/fake-escalation]\n`;
    const own = (text: string): string => `extends: { file: base.yaml, sha256: ${createHash('sha256').update(text).digest('hex')} }\n`;
    const folder = makeFolder({ '.bulkhead.yaml': own(base), 'base.yaml': base });
    const client = await start({ folders: [folder] });
    const [config, uri] = [`${folder}/.bulkhead.yaml`, `${folder}/a.yaml`];
    await client.open(uri, pod);
    await client.open(config, own(base));
    expect(await client.items(config)).toEqual([]);
    expect((await client.items(uri)).map(item => item.code)).toEqual(['kubernetes/fake-escalation']);

    await client.setText(config, `${own(base)}rules: { kubernetes/fake-escalation: off }\n`);
    expect((await client.items(config)).map(({ message }) => message)).toEqual([
      '"kubernetes/fake-escalation" is locked by base.yaml: at least warning',
    ]);
    await client.setText(config, own(base));

    fs.writeFileSync(path.join(pathOf(folder), 'base.yaml'), `${base}# more\n`);
    const before = client.refreshes();
    await client.connection.sendNotification('workspace/didChangeWatchedFiles', { changes: [{ uri: `${folder}/base.yaml`, type: 2 }] });
    await until('refresh', () => client.refreshes() > before);
    expect((await client.items(config)).map(({ message }) => message)).toEqual([
      expect.stringContaining('base.yaml does not match sha256'),
    ]);
  });

  test('several edits make one refresh', async () => {
    const folder = makeFolder({});
    const client = await start({ folders: [folder] });
    await client.open(`${folder}/.bulkhead.yaml`, 'profile: strict\n');
    await until('first refresh', () => client.refreshes() > 0);
    const before = client.refreshes();
    for (const profile of ['baseline', 'restricted', 'recommended', 'strict', 'baseline']) {
      await client.setText(`${folder}/.bulkhead.yaml`, `profile: ${profile}\n`);
    }
    await until('refresh', () => client.refreshes() > before);
    await client.items(`${folder}/.bulkhead.yaml`);
    expect(client.refreshes()).toBe(before + 1);
  });

  test('each folder of a multi-root workspace has its own; none reaches out of its folder', async () => {
    const one = makeFolder({ '.bulkhead.yaml': off, 'inner/.git/x': '' });
    const two = makeFolder({});
    const client = await start({ folders: [one, two], settings: uri => (uri.startsWith(two) ? { profile: 'baseline' } : null) });
    await client.open(`${one}/a.yaml`, pod);
    await client.open(`${two}/a.yaml`, pod);
    await client.open(`${one}/inner/a.yaml`, pod);
    const codes = async (uri: string): Promise<unknown> => (await client.items(uri)).map(item => item.code);
    expect(await codes(`${one}/a.yaml`)).toEqual(['kubernetes/fake-escalation']);
    expect(await codes(`${two}/a.yaml`)).toEqual(['kubernetes/fake-privileged']);
    expect(await codes(`${one}/inner/a.yaml`)).toEqual(['kubernetes/fake-privileged', 'kubernetes/fake-escalation']);
  });

  test('exclude and override by glob', async () => {
    const folder = makeFolder({
      '.bulkhead.yaml': 'exclude: ["gen/**"]\noverrides:\n  - files: "test/**"\n    rules: { kubernetes/fake-privileged: hint }\n',
    });
    const client = await start({ folders: [folder], options: { status: true } });
    await client.open(`${folder}/gen/a.yaml`, pod);
    expect(await client.items(`${folder}/gen/a.yaml`)).toEqual([]);
    const status = await until('status', () => client.notifications.find(({ method }) => method === 'bulkhead/status'));
    expect(status.params).toMatchObject({ state: 'excluded', reason: 'excluded by the configuration file' });
    await client.open(`${folder}/test/a.yaml`, pod);
    expect((await client.items(`${folder}/test/a.yaml`))[0]).toMatchObject({ severity: DiagnosticSeverity.Hint });
  });

  test('settings count where the file says nothing, and are asked for again when they change', async () => {
    const client = await start({ settings: () => ({ rules: { 'kubernetes/fake-privileged': 'hint' } }) });
    const uri = 'untitled:a.yaml';
    await client.open(uri, pod);
    expect((await client.items(uri))[0]).toMatchObject({ severity: DiagnosticSeverity.Hint });
    client.settings = () => ({ enable: false });
    const before = client.refreshes();
    await client.connection.sendNotification('workspace/didChangeConfiguration', { settings: null });
    await until('refresh', () => client.refreshes() > before);
    expect(await client.items(uri)).toEqual([]);
  });

  test('a client without workspace/configuration hands settings over', async () => {
    const capabilities: ClientCapabilities = { ...fullCapabilities, workspace: { ...fullCapabilities.workspace, configuration: false } };
    const client = await start({ capabilities, options: { settings: { profile: 'baseline' } } });
    await client.open('untitled:a.yaml', pod);
    expect((await client.items('untitled:a.yaml')).map(item => item.code)).toEqual(['kubernetes/fake-privileged']);
    await client.connection.sendNotification('workspace/didChangeConfiguration', { settings: { bulkhead: { enable: false } } });
    expect(await client.items('untitled:a.yaml')).toEqual([]);
  });

  test('on save only', async () => {
    const client = await start({ settings: () => ({ run: 'onSave' }) });
    const uri = 'untitled:a.yaml';
    await client.open(uri, pod);
    const first = await client.pull(uri);
    const id = first.kind === 'full' ? first.resultId! : '';
    await client.replace(uri, 'privileged: true', 'privileged: false');
    expect(await client.pull(uri, id)).toEqual({ kind: 'unchanged', resultId: id });
    const before = client.refreshes();
    await client.save(uri);
    await until('refresh', () => client.refreshes() > before);
    expect((await client.pull(uri, id)).kind).toBe('full');
  });
});
