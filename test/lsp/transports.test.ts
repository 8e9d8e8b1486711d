import { fork, type ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { createServer, type AddressInfo, type Server, type Socket } from 'node:net';
import { mkdtempSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import {
  createProtocolConnection,
  IPCMessageReader,
  IPCMessageWriter,
  StreamMessageReader,
  StreamMessageWriter,
  type FullDocumentDiagnosticReport,
  type ProtocolConnection,
} from 'vscode-languageserver/node';
import { bundleServer } from './client';
import { pod } from './texts';

const server = bundleServer('test/lsp/fake-server.ts');

interface Connected {
  readonly child: ChildProcess;
  readonly connection: ProtocolConnection;
  readonly close?: () => void;
}

/** Starts the server as VS Code's client does. */
function start(...args: string[]): ChildProcess {
  return fork(server, [...args, `--clientProcessId=${process.pid}`], { silent: true, execArgv: [] });
}

async function overSocket(where: number | string, args: (server: Server) => string[]): Promise<Connected> {
  const listener = createServer().listen(where);
  await once(listener, 'listening');
  const child = start(...args(listener));
  const [socket] = (await once(listener, 'connection')) as [Socket];
  const connection = createProtocolConnection(new StreamMessageReader(socket), new StreamMessageWriter(socket));
  return { child, connection, close: () => listener.close() };
}

const transports: Readonly<Record<string, () => Connected | Promise<Connected>>> = {
  'standard input and output': () => {
    const child = start('--stdio');
    return { child, connection: createProtocolConnection(new StreamMessageReader(child.stdout!), new StreamMessageWriter(child.stdin!)) };
  },
  'an IPC channel': () => {
    const child = start('--node-ipc');
    return { child, connection: createProtocolConnection(new IPCMessageReader(child), new IPCMessageWriter(child)) };
  },
  'a socket': () => overSocket(0, listener => [`--socket=${(listener.address() as AddressInfo).port}`]),
  'a socket, its port apart': () => overSocket(0, listener => ['--socket', String((listener.address() as AddressInfo).port)]),
  ...(process.platform !== 'win32' && {
    'a pipe': () => {
      const pipe = join(mkdtempSync(join(tmpdir(), 'bulkhead-pipe-')), 'server.sock');
      return overSocket(pipe, () => [`--pipe=${pipe}`]);
    },
  }),
};

async function findings(connection: ProtocolConnection): Promise<readonly unknown[]> {
  connection.listen();
  await connection.sendRequest('initialize', { processId: process.pid, rootUri: null, capabilities: { textDocument: { diagnostic: {} } } });
  await connection.sendNotification('initialized', {});
  const uri = 'untitled:/ü.yaml';
  await connection.sendNotification('textDocument/didOpen', { textDocument: { uri, languageId: 'yaml', version: 1, text: `# ü\n${pod}` } });
  const report: FullDocumentDiagnosticReport = await connection.sendRequest('textDocument/diagnostic', { textDocument: { uri } });
  return report.items.map(item => item.code);
}

test.each(Object.keys(transports))('serves over %s, and ends when it is told to', async name => {
  const { child, connection, close } = await transports[name]!();
  const ended = once(child, 'exit');
  expect(await findings(connection)).toContain('kubernetes/fake-privileged');
  expect(await connection.sendRequest('shutdown')).toBeNull();
  await expect(connection.sendRequest('textDocument/hover', {})).rejects.toMatchObject({ code: -32600 });
  await connection.sendNotification('exit');
  expect(await ended).toEqual([0, null]);
  connection.dispose();
  close?.();
});

test.each(Object.keys(transports))('ends with its client: %s', async name => {
  const { child, connection, close } = await transports[name]!();
  const ended = once(child, 'exit');
  expect(await findings(connection)).toContain('kubernetes/fake-privileged');
  connection.dispose();
  child.stdin!.destroy();
  child.disconnect();
  if (name.includes('socket') || name.includes('pipe')) connection.end();
  expect(await ended).toEqual([1, null]);
  close?.();
});

test('says how to connect where it is not told', async () => {
  const child = start();
  const said: Buffer[] = [];
  child.stderr!.on('data', (bytes: Buffer) => said.push(bytes));
  const [code] = (await once(child, 'close')) as [number];
  expect(code).not.toBe(0);
  expect(Buffer.concat(said).toString()).toContain('--stdio, --node-ipc, --socket=PORT or --pipe=NAME');
});
