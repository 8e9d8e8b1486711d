import { mkdirSync, readdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import type { Diagnostic } from 'vscode-languageserver/node';
import { listen } from '../support/sends';
import { entry, trivyJson } from '../support/scan-report';
import { bundleServer, startClient as startOne, until, type ClientOptions } from './client';
import { hoverText, imageCalls, newBase, report, start, startClient, text, type Started } from './scan-client';

describe('what scans have found is there in the next session', () => {
  /** A server that the test itself ends. */
  const alone: typeof startClient = options => startOne({ server: bundleServer('server/src/main.node.ts'), ...options });
  const restored = (client: Started): Promise<Diagnostic[]> =>
    until('what was found', async () => {
      const found = await client.found();
      return found.length > 0 ? found : undefined;
    });

  test('with the day of the scan; nothing is asked or started for it', async () => {
    const base = newBase();
    const first = await start({ report }, {}, alone, base);
    await first.open(first.uri, text);
    await first.scan({ uri: first.uri, position: first.position(first.uri, 'app:1.0') });
    await first.stop();
    const listener = await listen();
    try {
      const next = await start({ report }, { options: { scans: true }, env: listener.env }, startClient, base);
      await next.open(next.uri, text);
      const [found] = await restored(next);
      const day = new Date().toISOString().slice(0, 10);
      expect(found!.message).toBe(`registry.example/app:1.0: 1 critical, 1 high with a fix; 3 in all (Trivy 0.74.0, ${day})`);
      expect(await hoverText(next, 'app:1.0')).toContain('in an earlier session: whether the tag has moved since then was not asked');
      expect(next.images.at(-1)!.images.map(({ reference }) => reference)).toEqual(['registry.example/app:1.0']);
      // its image was not scanned in the first session either
      expect(await hoverText(next, 'base:3')).not.toContain('critical');
      expect(listener.sent()).toEqual([]);
    } finally {
      listener.stop();
    }
  });

  test('with what was ignored, and not once it has been cleared', async () => {
    const base = newBase();
    const first = await start({ report }, {}, alone, base);
    await first.open(first.uri, text);
    await first.scan();
    const purl = 'pkg:deb/debian/libssl';
    const ignored = { reference: 'registry.example/app:1.0', id: 'CVE-2099-1', purl, reason: 'not reachable', until: '2999-01-01' };
    await first.connection.sendRequest('workspace/executeCommand', { command: 'bulkhead.addIgnoreEntry', arguments: [ignored] });
    await first.stop();
    const second = await start({ report }, {}, alone, base);
    await second.open(second.uri, text);
    expect((await restored(second)).at(-1)!.message).toContain(': 1 high with a fix; 2 in all');
    expect(await hoverText(second, 'app:1.0')).toContain('CVE-2099-1 of libssl is left out by .trivyignore.yaml: not reachable');
    await second.connection.sendRequest('workspace/executeCommand', { command: 'bulkhead.clearScans', arguments: [] });
    await second.stop();
    expect(readdirSync(join(base, 'cache/bulkhead/kept/scans'))).toEqual([]);
    const third = await start({ report }, {}, startClient, base);
    await third.open(third.uri, text);
    await third.scan({ uri: third.uri, position: third.position(third.uri, 'base:3') });
    expect(await third.found()).toHaveLength(1);
  });

  test.each<[string, Partial<ClientOptions>]>([
    ['not in an untrusted workspace', { options: { trusted: false } }],
    ['not where scans are off', { settings: () => ({ scan: { run: 'off' } }) }],
  ])('%s', async (_, options) => {
    const base = newBase();
    const first = await start({ report }, {}, alone, base);
    await first.open(first.uri, text);
    await first.scan();
    await first.stop();
    const next = await start({ report }, options, startClient, base);
    await next.open(next.uri, text);
    // what is restored is so before the client has its first answer
    expect(await next.found()).toEqual([]);
    expect(await hoverText(next, 'app:1.0')).not.toContain('critical');
  });
});

describe('VEX documents of the settings', () => {
  const vex = (name: string): Partial<ClientOptions> => ({ settings: () => ({ scan: { vex: [name] } }) });
  const hidden = {
    Type: 'vulnerability',
    Status: 'not_affected',
    Statement: 'vulnerable_code_not_present',
    Source: '/tmp/copy/vex-0.json',
    Finding: entry('CVE-2099-9', 'HIGH'),
  };

  test('are passed to the scanner, and what they hide is listed', async () => {
    const other = trivyJson([], { Results: [{ ExperimentalModifiedFindings: [hidden] }] });
    const client = await start({ report: other }, { ...vex('security/app.vex.json'), options: { scans: true } });
    mkdirSync(join(client.folder, 'security'));
    const document = '{"@context":"https://openvex.dev/ns/v0.2.0","statements":[]}';
    writeFileSync(join(client.folder, 'security/app.vex.json'), document);
    await client.open(client.uri, text);
    expect(await client.scan()).toMatchObject({ scanned: 2, failed: [] });
    expect(imageCalls(client)[0]!.files).toMatchObject({ 'vex-0.json': document });
    const line = 'CVE-2099-9 of libmade is left out by security/app.vex.json: vulnerable_code_not_present';
    expect(await hoverText(client, 'app:1.0')).toContain(line.replaceAll('_', '\\_'));
    expect(client.images.at(-1)!.images[0]).toMatchObject({
      hidden: [{ id: 'CVE-2099-9', package: 'libmade', by: 'security/app.vex.json', reason: 'vulnerable_code_not_present' }],
    });
  });

  test.each([
    ['no.json', null, 'no.json (bulkhead.scan.vex) does not exist'],
    ['../out.json', '{"@context":"x","statements":[]}', '../out.json (bulkhead.scan.vex) is not in the workspace folder'],
    ['v.json', 'vulnerabilities: []', 'v.json (bulkhead.scan.vex) is no VEX document: it is not JSON'],
  ])('that cannot be passed on cost a clear reason: %s', async (name, content, reason) => {
    const client = await start({ report }, vex(name));
    if (content !== null) writeFileSync(join(client.folder, name), content);
    await client.open(client.uri, text);
    const { failed } = await client.scan();
    expect(failed[0]).toMatchObject({ reason });
    expect(imageCalls(client)).toEqual([]);
  });
});
