import { createContext, runInContext } from 'node:vm';
import * as fs from 'node:fs';
import * as os from 'node:os';
import * as path from 'node:path';
import { buildSync } from 'esbuild';
import { expect, test } from 'vitest';
import { workingMethod } from '../../shared/src/output/protocol/messages';
import { textKey } from '../../shared/src/base/text/text-key';
import { until } from './client';
import { pod } from './texts';

/** A message of JSON-RPC. */
interface Message {
  readonly id?: number;
  readonly method?: string;
  readonly params?: unknown;
  readonly result?: unknown;
}

/** Bundles the server for a worker and runs it in a scope that has no host but messages. */
function startBrowserServer(): { readonly sent: Message[]; readonly send: (message: Message) => void } {
  const outfile = path.join(fs.mkdtempSync(path.join(os.tmpdir(), 'bulkhead-browser-')), 'server.js');
  buildSync({
    absWorkingDir: path.resolve(import.meta.dirname, '../..'),
    entryPoints: ['server/src/main.browser.ts'],
    outfile,
    bundle: true,
    platform: 'browser',
    format: 'iife',
    target: 'es2022',
    mainFields: ['browser', 'module', 'main'],
    logLevel: 'error',
  });
  const sent: Message[] = [];
  const scope: { onmessage?: (event: { readonly data: Message }) => void } & Record<string, unknown> = {
    addEventListener: () => {},
    crypto,
    postMessage: (message: Message) => sent.push(message),
    setTimeout,
    clearTimeout,
    setInterval,
    clearInterval,
    performance,
    TextEncoder,
    TextDecoder,
    URL,
    queueMicrotask,
  };
  scope['self'] = scope;
  runInContext(fs.readFileSync(outfile, 'utf8'), createContext(scope));
  return { sent, send: message => scope.onmessage!({ data: { jsonrpc: '2.0', ...message } as Message }) };
}

test('the browser bundle serves in a worker that has no host but messages', async () => {
  const { sent, send } = startBrowserServer();
  const folder = 'vscode-vfs://github/acme';
  const answer = async (id: number): Promise<unknown> =>
    (await until(`answer ${id}`, () => sent.find(m => m.id === id && m.method === undefined))).result;

  const capabilities = { textDocument: { diagnostic: {} } };
  const workspaceFolders = [{ uri: folder, name: 'acme' }];
  send({
    id: 1,
    method: 'initialize',
    params: { processId: null, rootUri: null, workspaceFolders, capabilities, initializationOptions: { files: true } },
  });
  expect(await answer(1)).toMatchObject({ serverInfo: { name: 'bulkhead' } });
  send({ method: 'initialized', params: {} });
  const uri = `${folder}/a.yaml`;
  send({ method: 'textDocument/didOpen', params: { textDocument: { uri, languageId: 'yaml', version: 1, text: pod } } });
  send({ id: 2, method: 'textDocument/diagnostic', params: { textDocument: { uri } } });

  const asked = new Set<number>();
  const items = await until('findings', () => {
    for (const { id, method, params } of sent) {
      if (id === undefined || asked.has(id) || !method?.startsWith('bulkhead/')) continue;
      asked.add(id);
      const isConfig = (params as { uri?: string }).uri === `${folder}/.bulkhead.yaml`;
      send({ id, result: method === 'bulkhead/findFiles' ? { uris: [] } : { text: isConfig ? 'profile: baseline\n' : null } });
    }
    return (sent.find(m => m.id === 2 && m.method === undefined)?.result as { items: { code: string }[] } | undefined)?.items;
  });
  expect(items.map(item => item.code)).toContain('kubernetes/privileged');
});

test('says what it works on before it does, to those who watch, and leaves alone what it is told to', async () => {
  const { sent, send } = startBrowserServer();
  const answer = async (id: number): Promise<unknown> =>
    (await until(`answer ${id}`, () => sent.find(m => m.id === id && m.method === undefined))).result;
  const refusals = [{ key: textKey(`${pod}# bad`), reason: 'timeout', limit: 10_000 }];
  send({
    id: 1,
    method: 'initialize',
    params: { processId: null, capabilities: { textDocument: { diagnostic: {} } }, initializationOptions: { watched: true, refusals } },
  });
  await answer(1);
  const open = (uri: string, text: string): void =>
    send({ method: 'textDocument/didOpen', params: { textDocument: { uri, languageId: 'yaml', version: 1, text } } });
  open('untitled:/a.yaml', pod);
  open('untitled:/b.yaml', `${pod}# bad`);
  send({ id: 2, method: 'textDocument/diagnostic', params: { textDocument: { uri: 'untitled:/a.yaml' } } });
  await answer(2);
  const marks = sent.filter(m => m.method === workingMethod).map(m => m.params);
  expect(marks[0]).toEqual({ key: textKey(pod), name: 'a.yaml' });
  expect(marks.at(-1)).toBeNull();
  const before = sent.length;
  send({ id: 3, method: 'textDocument/diagnostic', params: { textDocument: { uri: 'untitled:/b.yaml' } } });
  expect(await answer(3)).toMatchObject({
    items: [{ code: 'bulkhead/incomplete', message: 'File was not checked: the check took more than 10 s' }],
  });
  expect(sent.slice(before).filter(m => m.method === workingMethod)).toEqual([]);
});
