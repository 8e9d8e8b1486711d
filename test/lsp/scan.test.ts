import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import type { IgnoreResult } from '../../shared/src/output/protocol/scan';
import { installScanner } from '../support/fake-scanner';
import { trivyJson } from '../support/scan-report';
import { bundleServer, startClient as startOne, until } from './client';
import { hoverText, imageCalls, report, scans, start, text, type Started } from './scan-client';

describe('an image is scanned', () => {
  test('when its action is run, and not before; what was found stands at the tag and in the hover', async () => {
    const client = await start();
    await client.open(client.uri, text);
    expect(await client.found()).toEqual([]);
    const [action] = scans(await client.actions(client.uri, 'app:1.0'));
    expect(action).toMatchObject({ title: 'Scan registry.example/app:1.0 for vulnerabilities', kind: 'quickfix' });
    await hoverText(client, 'app:1.0');
    expect(client.calls()).toEqual([]);

    const refreshes = client.refreshes();
    const { command } = action!;
    const result = await client.connection.sendRequest('workspace/executeCommand', {
      command: command!.command,
      arguments: command!.arguments,
    });
    expect(result).toEqual({
      scanned: 1,
      affected: 1,
      kept: 0,
      summary: 'registry.example/app:1.0: 1 critical, 1 high with a fix; 3 in all',
      failed: [],
      cancelled: false,
    });
    await until('the refresh', () => client.refreshes() > refreshes);
    const [found, ...more] = await client.found();
    expect(more).toEqual([]);
    expect(found).toMatchObject({
      message: 'registry.example/app:1.0: 1 critical, 1 high with a fix; 3 in all (Trivy 0.74.0)',
      severity: 1,
      source: 'bulkhead',
      range: { start: { line: 1, character: 26 }, end: { line: 1, character: 29 } },
    });
    expect(client.progress.map(({ value }) => value.kind)).toEqual(['begin', 'report', 'end']);

    const hover = await hoverText(client, 'app:1.0');
    expect(hover).toContain('**1 critical, 1 high with a fix; 3 in all**');
    expect(hover).toContain('- **critical** libssl 1.0 → 1.1, [CVE-2099-1](https://example.com/CVE-2099-1)');
    expect(hover).toContain('Trivy 0.74.0, database of 2026-11-26');
    // what strangers write is text
    expect(hover).toContain('made \\[up\\](command:x) \\<b\\>');
    expect(hover).not.toContain('javascript:');
    expect(hover).not.toContain('do-not-keep-me');
  });

  test('with all of its file; a view hears of them, and forgets them again', async () => {
    const client = await start({ report }, { options: { scans: true } });
    await client.open(client.uri, text);
    expect(scans(await client.actions(client.uri, 'base:3'))[0]!.command!.command).toBe('bulkhead.scanImage');
    expect(await client.scan()).toMatchObject({ scanned: 2, affected: 2 });
    expect((await client.found()).map(({ severity }) => severity)).toEqual([3, 1]);
    const [image] = client.images.at(-1)!.images;
    expect(image).toMatchObject({
      severity: 'error',
      summary: '1 critical, 1 high with a fix; 3 in all',
      packages: [
        { name: 'libssl', installed: '1.0', vulnerabilities: [{ id: 'CVE-2099-1', fixed: '1.1', purl: 'pkg:deb/debian/libssl' }] },
        {
          name: 'libmade',
          vulnerabilities: [
            { id: 'CVE-2099-2', url: null },
            { id: 'CVE-2099-3', fixed: null },
          ],
        },
      ],
    });
    await client.connection.sendRequest('workspace/executeCommand', { command: 'bulkhead.clearScans', arguments: [] });
    expect(client.images.at(-1)).toEqual({ images: [] });
    expect(await client.found()).toEqual([]);
  });

  test('of files that are not open, without what a configuration of the repository could do', async () => {
    const client = await start();
    writeFileSync(join(client.folder, 'Dockerfile'), text);
    writeFileSync(join(client.folder, 'trivy.yaml'), 'output: /tmp/x\n');
    writeFileSync(join(client.folder, '.trivyignore'), 'CVE-2099-3\n');
    expect(await client.scan({ uris: [client.uri] })).toMatchObject({ scanned: 2 });
    expect(imageCalls(client).at(-1)!.files).toEqual({ 'empty.yaml': '{}\n', '.trivyignore': 'CVE-2099-3\n' });
  });

  test('and nothing was found: the hover says so, and nothing is underlined', async () => {
    const client = await start({ report: trivyJson([]) });
    await client.open(client.uri, text);
    expect(await client.scan()).toMatchObject({ scanned: 2, affected: 0 });
    expect(await client.found()).toEqual([]);
    expect(await hoverText(client, 'app:1.0')).toContain('**no known vulnerabilities**');
  });
});

describe('an image is not scanned', () => {
  const scanner = async (client: Started): Promise<number> =>
    (await until('the scanner', () => client.calls().find(({ args }) => args[0] === 'image'))).pid;

  test('once it is cancelled, and the scanner is ended', async () => {
    const client = await start({ instead: 'hang' });
    await client.open(client.uri, text);
    const running = client.scan();
    const pid = await scanner(client);
    const { token } = await until('the progress', () => client.progress[0]);
    await client.connection.sendNotification('window/workDoneProgress/cancel', { token });
    expect(await running).toMatchObject({ scanned: 0, failed: [], cancelled: true });
    await until('the end of the scanner', () => !isRunning(pid));
  });

  test('when the server ends, and no scanner stays behind', async () => {
    const server = bundleServer('server/src/main.node.ts');
    const client = await start({ instead: 'hang' }, {}, options => startOne({ server, ...options }));
    await client.open(client.uri, text);
    void client.scan().catch(() => null);
    const pid = await scanner(client);
    await client.stop();
    await until('the end of the scanner', () => !isRunning(pid));
  });

  test('because it fails: the reason is said', async () => {
    const client = await start({ errors: 'FATAL init error: DB error: x', code: 1 });
    await client.open(client.uri, text);
    const { failed } = await client.scan();
    expect(failed.map(({ reasonId }) => reasonId)).toEqual(['no-database', 'no-database']);
    expect(client.messages).toMatchObject([
      { type: 1, message: expect.stringContaining('registry.example/base:3 was not scanned: it has no') as string },
    ]);
  });

  test('in an untrusted workspace', async () => {
    const client = await start({ report }, { options: { trusted: false } });
    await client.open(client.uri, text);
    expect(scans(await client.actions(client.uri, 'app:1.0'))).toMatchObject([
      { disabled: { reason: 'Images are not scanned in an untrusted workspace' } },
    ]);
    await expect(client.scan()).rejects.toThrow('untrusted');
    expect(client.calls()).toEqual([]);
  });

  test('where scans are off', async () => {
    const client = await start({ report }, { settings: () => ({ scan: { run: 'off' } }) });
    await client.open(client.uri, text);
    expect(scans(await client.actions(client.uri, 'app:1.0'))).toEqual([]);
    await expect(client.scan()).rejects.toThrow('bulkhead.scan.run');
    expect(client.calls()).toEqual([]);
  });

  test('whose registry is of the local network, unless the settings name it', async () => {
    const local = 'FROM 127.0.0.1:5000/app:1\n';
    const client = await start();
    await client.open(client.uri, local);
    expect((await client.scan()).failed).toMatchObject([{ reasonId: 'refused' }]);
    const allowed = await start({ report }, { settings: () => ({ scan: { registries: ['127.0.0.1:5000'] } }) });
    await allowed.open(allowed.uri, local);
    expect(await allowed.scan()).toMatchObject({ scanned: 1, failed: [] });
  });

  test('by a program of the workspace', async () => {
    const client = await start({ report }, { env: { PATH: '' } });
    installScanner(join(client.folder, 'bin'), 'trivy', { report });
    await client.open(client.uri, text);
    expect((await client.scan()).failed).toMatchObject([{ reasonId: 'not-installed' }]);
  });
});

describe('a vulnerability is ignored', () => {
  const ignore = (client: Started, more: object = {}): Promise<IgnoreResult> =>
    client.connection.sendRequest('workspace/executeCommand', {
      command: 'bulkhead.addIgnoreEntry',
      arguments: [
        {
          reference: 'registry.example/app:1.0',
          id: 'CVE-2099-1',
          purl: 'pkg:deb/debian/libssl',
          reason: 'not reachable',
          until: '2027-01-01',
          ...more,
        },
      ],
    });

  test('in a new file: the finding follows at once, and the hover lists what is left out', async () => {
    const client = await start();
    await client.open(client.uri, text);
    await client.scan();
    expect(await ignore(client)).toEqual({ uri: client.uri.replace('Dockerfile', '.trivyignore.yaml'), failure: null });
    expect(client.edits[0]!.edit.documentChanges).toMatchObject([
      { kind: 'create' },
      { edits: [{ newText: expect.stringContaining('  - id: CVE-2099-1\n    purls:\n') as string }] },
    ]);
    expect((await client.found()).map(({ message }) => message)[1]).toContain('registry.example/app:1.0: 1 high with a fix; 2 in all');
    expect(await hoverText(client, 'app:1.0')).toContain('CVE-2099-1 of libssl is left out by .trivyignore.yaml: not reachable');
  });

  test('in the file that is there, whose other bytes stay', async () => {
    const client = await start();
    writeFileSync(join(client.folder, '.trivyignore.yaml'), '# ours\nvulnerabilities:\n  - id: CVE-2098-1\n    statement: old\n');
    await client.open(client.uri, text);
    await client.scan();
    expect((await ignore(client)).failure).toBeNull();
    const [change] = client.edits[0]!.edit.documentChanges as { edits: { range: object; newText: string }[] }[];
    expect(change!.edits).toMatchObject([{ range: { start: { line: 4, character: 0 }, end: { line: 4, character: 0 } } }]);
  });

  test('not without a reason, nor in a file that is none', async () => {
    const client = await start();
    await client.open(client.uri, text);
    expect((await ignore(client)).failure).toContain('There are no scan results for this image in this session');
    await client.scan();
    expect((await ignore(client, { reason: ' ' })).failure).toContain('.trivyignore.yaml was not changed');
    writeFileSync(join(client.folder, '.trivyignore.yaml'), '- a\n');
    expect((await ignore(client)).failure).toContain('.trivyignore.yaml was not changed');
    expect(client.edits).toEqual([]);
  });
});

function isRunning(pid: number): boolean {
  try {
    process.kill(pid, 0);
    return true;
  } catch {
    return false;
  }
}
