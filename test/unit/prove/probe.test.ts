import { spawn } from 'node:child_process';
import { createServer, type Server } from 'node:http';
import { createServer as createSocketServer } from 'node:net';
import type { AddressInfo } from 'node:net';
import { afterEach, expect, test } from 'vitest';
import { probeScript } from '../../../server/src/prove/probe-script';

const servers: { close(): void }[] = [];
afterEach(() => servers.splice(0).forEach(server => server.close()));

const listen = async (server: Server | ReturnType<typeof createSocketServer>): Promise<number> => {
  servers.push(server);
  await new Promise<void>(done => server.listen(0, '127.0.0.1', done));
  return (server.address() as AddressInfo).port;
};

interface Seen {
  readonly sockets: readonly string[];
  readonly answers: readonly { readonly port: number }[];
  readonly processes: readonly { readonly pid: number; readonly name: string; readonly threads: number }[];
}

/** Runs the probe on this very process; its ports alone, since a machine has others. */
async function probe(ports: readonly number[]): Promise<Seen> {
  const child = spawn(process.execPath, ['-e', probeScript, JSON.stringify({ pid: process.pid, ask: true, ports, mapped: true })]);
  let text = '';
  child.stdout.on('data', (part: Buffer) => (text += part.toString()));
  await new Promise(done => child.on('close', done));
  const seen = JSON.parse(text) as Seen;
  return { ...seen, answers: seen.answers.filter(({ port }) => ports.includes(port)) };
}

test.skipIf(process.platform !== 'linux')('the probe sees what listens and what it answers', async () => {
  const page = await listen(
    createServer((_, response) => {
      response.setHeader('content-type', 'text/html; charset=utf-8');
      response.end('<p>hello</p>');
    }),
  );
  const empty = await listen(createServer((_, response) => response.end()));
  const greeting = await listen(createSocketServer(socket => void socket.end('220 mail.example.com\r\n')));
  const silent = await listen(createSocketServer(socket => socket.on('data', () => socket.end())));
  const line = await listen(
    createSocketServer(socket => socket.on('data', data => socket.end(data.toString() === 'PING\r\n' ? '+PONG\r\n' : ''))),
  );
  const { sockets, answers, processes } = await probe([page, empty, greeting, silent, line]);
  expect(sockets).toEqual(expect.arrayContaining([`tcp 127.0.0.1:${page}`, `tcp 127.0.0.1:${line}`]));
  const of = (port: number): unknown => answers.find(answer => answer.port === port);
  expect(of(page)).toEqual({
    port: page,
    scheme: 'http',
    status: 200,
    type: 'text/html',
    length: 12,
    text: expect.stringMatching(/^[0-9a-f]{16}$/) as string,
  });
  expect(of(empty)).toMatchObject({ scheme: 'http', status: 200, type: null, length: 0 });
  expect(of(greeting)).toMatchObject({ scheme: 'tcp', length: 22 });
  expect(of(silent)).toMatchObject({ scheme: 'tcp', length: 0 });
  expect(of(line)).toMatchObject({ scheme: 'tcp', length: 7 });
  expect(processes.find(({ pid }) => pid === process.pid)?.threads).toBeGreaterThan(1);
});
