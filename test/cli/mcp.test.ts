import { Client } from '@modelcontextprotocol/client';
import { StdioClientTransport } from '@modelcontextprotocol/client/stdio';
import { execFileSync } from 'node:child_process';
import { createHash } from 'node:crypto';
import { mkdirSync, symlinkSync } from 'node:fs';
import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { dirname, join } from 'node:path';
import { afterEach, describe, expect, test } from 'vitest';
import { startMcp, type McpServer } from '../../tools/mcp-client';
import { addDockerfile, bulkhead, cli, folder, homeOf, privilegedPod, type Folder } from './cli';

const hardened = addDockerfile.replace('ADD', 'COPY');

const servers: McpServer[] = [];
afterEach(async () => {
  for (const server of servers.splice(0)) await server.end();
});

function start(files: Folder, args: readonly string[] = [], env: NodeJS.ProcessEnv = {}): McpServer {
  const server = startMcp(cli, args, files.path, { HOME: homeOf(files).path, XDG_CACHE_HOME: join(homeOf(files).path, '.cache'), ...env });
  servers.push(server);
  return server;
}

const lint = 'lint_container_config';
const harden = 'harden_container_config';

describe('the official client', () => {
  test.each([
    ['as it is by default, by the handshake', undefined, '2025-11-25', 'legacy'],
    ['asks first what the server speaks', 'auto', '2026-07-28', 'modern'],
    ['speaks the newer version alone', { pin: '2026-07-28' }, '2026-07-28', 'modern'],
  ] as const)('%s', async (_, mode, version, era) => {
    const files = folder({ Dockerfile: addDockerfile, 'web.yaml': privilegedPod });
    const client = new Client({ name: 'test', version: '1.0.0' }, mode === undefined ? {} : { versionNegotiation: { mode } });
    const problems: unknown[] = [];
    client.onerror = error => problems.push(error);
    const env = { HOME: homeOf(files).path };
    await client.connect(new StdioClientTransport({ command: process.execPath, args: [cli, 'mcp'], cwd: files.path, env, stderr: 'pipe' }));
    expect([client.getNegotiatedProtocolVersion(), client.getProtocolEra()]).toEqual([version, era]);
    expect(client.getServerVersion()).toMatchObject({ name: 'bulkhead' });
    expect(client.getServerCapabilities()).toEqual({ tools: {} });
    // it compiles the schemas of the list, and holds answers to them
    const { tools } = await client.listTools();
    expect(tools.map(({ name }) => name)).toEqual([lint, harden, 'explain_container_rule']);
    const linted = await client.callTool({ name: lint, arguments: { paths: ['.'] } });
    expect(linted.structuredContent).toMatchObject({ counts: { files: 2, error: 1 } });
    expect(await client.callTool({ name: harden, arguments: { path: 'Dockerfile' } })).toMatchObject({
      structuredContent: { changed: true, written: false, applied: [{ rule: 'dockerfile/add-for-copy' }] },
    });
    expect(await client.callTool({ name: 'explain_container_rule', arguments: { rule: 'DL3020' } })).toMatchObject({
      structuredContent: { rule: 'dockerfile/add-for-copy', page: expect.stringContaining('# ') as unknown },
    });
    expect(await client.callTool({ name: lint, arguments: { paths: ['../x'] } })).toMatchObject({
      structuredContent: { counts: { files: 0 }, notChecked: [{ path: '../x' }] },
    });
    await expect(client.callTool({ name: 'run', arguments: {} })).rejects.toMatchObject({ code: -32602 });
    await client.close();
    expect(problems).toEqual([]);
  });
});

describe('whatever a client sends, the server lives', () => {
  test('garbage, and a line of 10 MB: an error each', async () => {
    const server = start(folder({ Dockerfile: addDockerfile }));
    server.write('Content-Length: 2\r\n\r\n{}\n[]\n{"jsonrpc":"2.0","id":{},"method":"ping"}\n');
    server.write(Buffer.concat([Buffer.alloc(10 << 20, 'x'), Buffer.from('\n')]));
    server.write(Buffer.from([0xff, 0xfe, 0x00, 0x0a]));
    expect(await server.ask('ping')).toMatchObject({ result: {} });
    expect(server.said.map(({ error }) => error?.code)).toEqual([-32700, -32600, -32600, -32600, -32600, -32700, undefined]);
    expect(server.said[4]?.error?.message).toContain('8 MiB');
    expect(await server.call(lint, { paths: ['Dockerfile'] })).toMatchObject({ isError: false });
    expect(server.stderr()).toBe('');
  });

  test('a cancelled call is not answered; one that came behind it is', async () => {
    const many = Object.fromEntries(Array.from({ length: 300 }, (_, i) => [`${i}/web.yaml`, privilegedPod.repeat(5)]));
    const server = start(folder({ ...many, Dockerfile: addDockerfile }));
    server.write(
      `${JSON.stringify({ jsonrpc: '2.0', id: 'slow', method: 'tools/call', params: { name: lint, arguments: { paths: ['.'] } } })}\n`,
    );
    server.write(`${JSON.stringify({ jsonrpc: '2.0', method: 'notifications/cancelled', params: { requestId: 'slow' } })}\n`);
    expect(await server.call(lint, { paths: ['Dockerfile'] })).toMatchObject({ isError: false });
    expect(await server.end()).toBe(0);
    expect(server.said.map(({ id }) => id)).not.toContain('slow');
  });

  test('several calls at once are all answered, each with what it asked for', async () => {
    const server = start(folder(Object.fromEntries(Array.from({ length: 8 }, (_, i) => [`${i}.Dockerfile`, `FROM a${i}:latest\n`]))));
    const answers = await Promise.all(Array.from({ length: 8 }, (_, i) => server.call(lint, { paths: [`${i}.Dockerfile`] })));
    for (const [i, { text }] of answers.entries()) expect(text).toContain(`a${i}:latest`);
  });

  test('the end of the input ends it, behind what was asked; so does a client that is gone', async () => {
    const files = folder({ Dockerfile: addDockerfile });
    const call = JSON.stringify({ jsonrpc: '2.0', id: 1, method: 'tools/call', params: { name: lint, arguments: { paths: ['.'] } } });
    const { code, stdout, stderr } = bulkhead(['mcp'], { cwd: files.path, input: `${call}\n` });
    expect([code, stderr]).toEqual([0, '']);
    expect(JSON.parse(stdout)).toMatchObject({ id: 1, result: { structuredContent: { counts: { files: 1 } } } });
    expect(bulkhead(['mcp'], { cwd: files.path })).toEqual({ code: 0, stdout: '', stderr: '' });
    const server = start(files);
    const ended = new Promise(resolve => server.process.on('exit', resolve));
    server.process.stdout.destroy();
    server.write(`${call}\n${call.replace('1', '2')}\n`);
    expect(await ended).toBe(0);
    expect(server.stderr()).toBe('');
  });
});

describe('files', () => {
  test('are written only where the user allows it, whatever a call asks for', async () => {
    const files = folder({ Dockerfile: addDockerfile.replaceAll('\n', '\r\n') });
    const reading = start(files);
    for (const name of [harden, 'pin_container_images'])
      expect(await reading.call(name, { path: 'Dockerfile', write: true })).toMatchObject({
        isError: true,
        text: expect.stringContaining('--allow-') as unknown,
      });
    expect(files.read('Dockerfile')).toBe(addDockerfile.replaceAll('\n', '\r\n'));
    const writing = start(files, ['--allow-write']);
    expect(await writing.call(harden, { path: 'Dockerfile', write: true })).toMatchObject({ structured: { written: true } });
    expect(files.read('Dockerfile')).toBe(hardened.replaceAll('\n', '\r\n'));
    expect(await writing.call(harden, { path: 'Dockerfile', write: true })).toMatchObject({
      structured: { changed: false, written: false },
    });
  });

  test('are those on disk at the time of the call, and a text is none of them', async () => {
    const files = folder({ Dockerfile: addDockerfile });
    const server = start(files);
    expect(await server.call(harden, { path: 'Dockerfile' })).toMatchObject({ structured: { changed: true } });
    files.write('Dockerfile', hardened);
    expect(await server.call(harden, { path: 'Dockerfile' })).toMatchObject({ structured: { changed: false } });
    expect(await server.call(harden, { filename: 'Dockerfile', text: addDockerfile })).toMatchObject({ structured: { changed: true } });
    expect(files.read('Dockerfile')).toBe(hardened);
  });

  test('follow the nearest configuration; a wrong one is an error, and nothing is written under it', async () => {
    const files = folder({
      'a/.bulkhead.yaml': 'rules: {dockerfile/add-for-copy: off}\n',
      'a/Dockerfile': addDockerfile,
      'b/.bulkhead.yaml': 'exclude: ["*"]\n',
      'b/Dockerfile': addDockerfile,
      'c/.bulkhead.yaml': 'rules: 1\n',
      'c/Dockerfile': addDockerfile,
    });
    const server = start(files, ['--allow-write']);
    expect((await server.call(lint, { paths: ['a'] })).text).not.toContain('add-for-copy');
    expect(await server.call(harden, { path: 'b/Dockerfile', write: true })).toMatchObject({
      isError: true,
      text: 'b/Dockerfile: is excluded by the configuration',
    });
    expect((await server.call(lint, { paths: ['c'] })).text).toContain('the configuration has a problem');
    expect(await server.call(harden, { path: 'c/Dockerfile', write: true })).toMatchObject({
      isError: true,
      text: expect.stringContaining('not written: the configuration c/.bulkhead.yaml is invalid') as unknown,
    });
    expect(files.read('c/Dockerfile')).toBe(addDockerfile);
  });

  const elsewhere = folder({ 'secret/Dockerfile': 'FROM hidden-image:latest\nADD a /b\n' });
  test.skipIf(process.platform === 'win32').each<[string, (files: Folder) => string, RegExp]>([
    ['a way out', files => `../${files.path.split('/').at(-1)!}-x/Dockerfile`, /outside of the root/],
    ['an absolute path elsewhere', () => join(elsewhere.path, 'secret/Dockerfile'), /outside of the root/],
    ['a URI elsewhere', () => `file://${elsewhere.path}/secret/Dockerfile`, /outside of the root/],
    ['an encoded URI that leads out', files => `file://${files.path}/%2e%2e/x`, /outside of the root/],
    ['an encoded way out', () => '%2e%2e/Dockerfile', /does not exist/],
    ['a link to a file outside', files => link(files, 'Dockerfile', join(elsewhere.path, 'secret/Dockerfile')), /leads out of the folder/],
    [
      'a file behind a link to a folder outside',
      files => `${link(files, 'in', join(elsewhere.path, 'secret'))}/Dockerfile`,
      /leads out of the folder/,
    ],
    [
      'a link to a link',
      files => link(files, 'Dockerfile', link(files, 'next', join(elsewhere.path, 'secret/Dockerfile'))),
      /leads out of the folder/,
    ],
    ['a link to itself', files => link(files, 'Dockerfile', 'Dockerfile'), /points back to itself/],
    ['a link to a device', files => link(files, 'Dockerfile', '/dev/zero'), /leads out of the folder/],
    ['a device', () => '/dev/zero', /outside of the root/],
    ['standard input', () => '/dev/stdin', /outside of the root/],
    ['a pipe', files => pipe(files, 'Dockerfile'), /not a regular file/],
    ['what is not there', () => 'gone/Dockerfile', /does not exist/],
    ['a folder', files => dirname(files.write('sub/Dockerfile', addDockerfile)), /is a folder: name one file/],
  ])('outside of the root are not touched: %s', async (_, make, reason) => {
    const files = folder();
    const path = make(files);
    const server = start(files, ['--allow-write']);
    const answers = [
      await server.call(harden, { path, write: true }),
      await server.call(lint, { paths: [path] }),
      await server.call(lint, { paths: ['.'] }),
    ];
    expect(answers[0]!.isError).toBe(true);
    expect(answers[0]!.text).toMatch(reason);
    for (const { text } of answers) expect(text).not.toContain('hidden-image');
    expect(elsewhere.read('secret/Dockerfile')).toBe('FROM hidden-image:latest\nADD a /b\n');
  });

  test.skipIf(process.platform === 'win32')('in the repository around the root are not reached through links', async () => {
    const files = folder({ 'shop/Dockerfile': addDockerfile, 'other/Dockerfile': 'FROM hidden-image:latest\nADD a /b\n' });
    execFileSync('git', ['init', '-q'], { cwd: files.path });
    link(files, 'shop/b.Dockerfile', join(files.path, 'other/Dockerfile'));
    link(files, 'shop/in', join(files.path, 'other'));
    const server = start(files, ['--root', 'shop', '--allow-write']);
    for (const path of ['b.Dockerfile', 'in/Dockerfile', '../other/Dockerfile']) {
      expect((await server.call(harden, { path, write: true })).isError, path).toBe(true);
      // nor is a text taken for one of them, with what lies beside it
      expect((await server.call(lint, { filename: path, text: 'FROM a\n' })).text, path).not.toContain('hidden-image');
    }
    const all = await server.call(lint, { paths: ['.'] });
    expect(all.structured).toMatchObject({ counts: { files: 1 } });
    expect(all.text).not.toContain('hidden-image');
    expect(files.read('other/Dockerfile')).toContain('ADD a /b');
  });
});

function link(files: Folder, name: string, target: string): string {
  mkdirSync(dirname(join(files.path, name)), { recursive: true });
  symlinkSync(target, join(files.path, name));
  return name;
}

function pipe(files: Folder, name: string): string {
  execFileSync('sh', ['-c', 'mkfifo "$0"', join(files.path, name)]);
  return name;
}

describe('the root', () => {
  test.each([
    ['a disk', '/', /may not be a disk or a home folder/],
    ['a home', '', /may not be a disk or a home folder/],
    ['the folder around a home', '..', /may not be a disk or a home folder/],
    ['a file', 'Dockerfile', /is not a folder/],
    ['nothing', 'gone', /does not exist/],
  ])('%s is refused', (_, given, reason) => {
    const home = folder({ Dockerfile: addDockerfile });
    const args = given === '' ? ['mcp'] : ['mcp', '--root', given];
    const { code, stdout, stderr } = bulkhead(args, { cwd: home.path, env: { HOME: home.path } });
    expect([code, stdout]).toEqual([2, '']);
    expect(stderr).toMatch(reason);
  });
});

describe('registries', () => {
  const digest = `sha256:${createHash('sha256').update('{}').digest('hex')}`;
  const registry = async (): Promise<{ readonly host: string; readonly seen: string[]; readonly server: Server }> => {
    const seen: string[] = [];
    const server = createServer((request, response) => {
      seen.push(request.url ?? '');
      response.writeHead(200, { 'content-type': 'application/vnd.oci.image.index.v1+json', 'docker-content-digest': digest }).end();
    });
    await new Promise<void>(resolve => server.listen(0, '127.0.0.1', resolve));
    return { host: `127.0.0.1:${(server.address() as AddressInfo).port}`, seen, server };
  };

  test('are asked only where the user allows it, whatever a call asks for', async () => {
    const { host, seen, server: asked } = await registry();
    const files = folder({ Dockerfile: `FROM ${host}/node:20\n` });
    // one of this machine is asked only if the user is logged in to it
    const docker = folder({ 'config.json': JSON.stringify({ auths: { [host]: { auth: Buffer.from('a:b').toString('base64') } } }) });
    const env = { DOCKER_CONFIG: docker.path };
    const closed = start(files, ['--allow-write'], env);
    expect((await closed.ask('tools/list')).result?.['tools']).toHaveLength(3);
    expect(await closed.call('pin_container_images', { path: 'Dockerfile' })).toMatchObject({
      isError: true,
      text: expect.stringContaining('--allow-network') as unknown,
    });
    await closed.call(lint, { paths: ['.'] });
    await closed.call(harden, { path: 'Dockerfile' });
    expect(seen).toEqual([]);
    const open = start(files, ['--allow-write', '--allow-network'], env);
    expect((await open.ask('tools/list')).result?.['tools']).toHaveLength(4);
    expect(await open.call('pin_container_images', { path: 'Dockerfile', write: true })).toMatchObject({
      structured: { written: true, images: [{ state: 'pin', digest }] },
    });
    expect(files.read('Dockerfile')).toBe(`FROM ${host}/node:20@${digest}\n`);
    expect(seen.length).toBeGreaterThan(0);
    asked.close();
    asked.closeAllConnections();
  });
});

test('the first answer is there in the time of a run of lint on the file', async () => {
  const files = folder({ Dockerfile: addDockerfile });
  const env = { HOME: homeOf(files).path, XDG_CACHE_HOME: join(homeOf(files).path, '.cache') };
  let [fastest, run] = [Infinity, Infinity];
  // a busy machine can spoil a round, not all of them
  for (let round = 0; round < 5; round++) {
    const before = performance.now();
    bulkhead(['lint', 'Dockerfile'], { cwd: files.path, env });
    run = Math.min(run, performance.now() - before);
    const server = start(files);
    await server.ask('initialize', { protocolVersion: '2025-11-25' });
    const asked = performance.now();
    await server.call(lint, { paths: ['Dockerfile'] });
    fastest = Math.min(fastest, performance.now() - asked);
    await server.end();
  }
  expect(fastest).toBeLessThan(2 * run + 150);
});
