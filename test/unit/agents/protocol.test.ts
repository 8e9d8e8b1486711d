import { describe, expect, test } from 'vitest';
import type { Answer } from '../../../server/src/agents/answer';
import { listTools, type ToolName } from '../../../server/src/agents/tools';
import { createLineReader } from '../../../server/src/cli/mcp/lines';
import { createProtocol } from '../../../server/src/cli/mcp/protocol';
import type { Cancellation } from '../../../shared/src/base/ports/cancellation';
import { plain } from '../../../shared/src/early';
import { fc } from '../../support/property';

const version = 'io.modelcontextprotocol/protocolVersion';
const capabilities = 'io.modelcontextprotocol/clientCapabilities';
const modern = { _meta: { [version]: '2026-07-28', [capabilities]: {} } };
const server = { 'io.modelcontextprotocol/serverInfo': { name: 'bulkhead', title: 'Bulkhead', version: '1.2.3' } };
const tools = listTools({ write: false, network: false });

interface Message {
  readonly id?: unknown;
  readonly result?: Record<string, unknown>;
  readonly error?: { readonly code: number; readonly message: string; readonly data?: unknown };
}

const done: Answer = { text: plain('fine'), structured: { counts: {} }, isError: false };

/** A protocol whose calls are answered when the test says so. */
function start() {
  const sent: Message[] = [];
  const calls: {
    readonly tool: ToolName;
    readonly args: unknown;
    readonly cancellation: Cancellation;
    readonly end: (answer: Answer | Error) => void;
  }[] = [];
  const protocol = createProtocol({
    version: '1.2.3',
    tools,
    call: (tool, args, cancellation) =>
      new Promise((resolve, reject) =>
        calls.push({ tool, args, cancellation, end: answer => (answer instanceof Error ? reject(answer) : resolve(answer)) }),
      ),
    send: text => {
      expect(text).not.toContain('\n');
      sent.push(JSON.parse(text) as Message);
    },
  });
  const say = (message: unknown): void => protocol.receive(typeof message === 'string' ? message : JSON.stringify(message));
  return { protocol, sent, calls, say };
}

const request = (method: string, params?: object, id: unknown = 1): object => ({ jsonrpc: '2.0', id, method, ...(params && { params }) });

describe('what is answered at once', () => {
  test.each<[string, object, object]>([
    [
      'the handshake, at the version that the client asks for',
      request('initialize', { protocolVersion: '2025-06-18' }),
      { protocolVersion: '2025-06-18', capabilities: { tools: {} }, serverInfo: { name: 'bulkhead', title: 'Bulkhead', version: '1.2.3' } },
    ],
    [
      'the handshake, at a version that is not known',
      request('initialize', { protocolVersion: '1999-01-01' }),
      { protocolVersion: '2025-11-25' },
    ],
    ['the handshake, at one that has none', request('initialize', { protocolVersion: '2026-07-28' }), { protocolVersion: '2025-11-25' }],
    ['a ping', request('ping'), {}],
    ['the list', request('tools/list'), { tools }],
    [
      'what the server is',
      request('server/discover', modern),
      {
        supportedVersions: ['2026-07-28'],
        capabilities: { tools: {} },
        resultType: 'complete',
        ttlMs: 3_600_000,
        cacheScope: 'private',
        _meta: server,
      },
    ],
    [
      'the list, since 2026-07-28',
      request('tools/list', modern),
      { tools, resultType: 'complete', ttlMs: 3_600_000, cacheScope: 'private', _meta: server },
    ],
  ])('%s', (_, message, result) => {
    const { sent, say } = start();
    say(message);
    expect(sent).toEqual([{ jsonrpc: '2.0', id: 1, result: expect.objectContaining(result) as unknown }]);
  });

  test('of the older era nothing has what only the newer one knows', () => {
    const { sent, say } = start();
    for (const message of [request('tools/list'), request('ping'), request('initialize', { protocolVersion: '2025-11-25' })]) say(message);
    for (const { result } of sent) expect(Object.keys(result!)).not.toEqual(expect.arrayContaining(['resultType', '_meta']));
  });
});

describe('what is refused', () => {
  test.each<[string, unknown, unknown, number, RegExp]>([
    ['garbage', 'Content-Length: 12', null, -32700, /not JSON/],
    ['half a message', '{"jsonrpc":"2.0","id":1', null, -32700, /not JSON/],
    ['a batch', [request('ping')], null, -32600, /one JSON object/],
    ['a number', 12, null, -32600, /one JSON object/],
    ['null', null, null, -32600, /one JSON object/],
    ['another version of JSON-RPC', { id: 1, method: 'ping' }, null, -32600, /JSON-RPC 2.0/],
    ['no method', { jsonrpc: '2.0', id: 1 }, null, -32600, /JSON-RPC 2.0/],
    ['an id of null', request('ping', {}, null), null, -32600, /an id is/],
    ['an id that is an object', request('ping', {}, {}), null, -32600, /an id is/],
    ['params that are a list', request('ping', []), 1, -32602, /params must be/],
    ['a method that there is not', request('resources/list'), 1, -32601, /unknown method resources\/list/],
    ['one of objects', request('__proto__'), 1, -32601, /unknown method/],
    ['a handshake without a version', request('initialize', {}), 1, -32602, /needs protocolVersion/],
    ['a handshake in the newer era', request('initialize', { ...modern, protocolVersion: '2026-07-28' }), 1, -32601, /unknown method/],
    ['a ping in the newer era', request('ping', modern), 1, -32601, /unknown method/],
    ['a discovery in the older', request('server/discover'), 1, -32601, /unknown method/],
    ['a version that is no string', request('tools/list', { _meta: { [version]: 1 } }), 1, -32602, /must be a string/],
    ['a request without capabilities', request('tools/list', { _meta: { [version]: '2026-07-28' } }), 1, -32602, /clientCapabilities/],
    ['a page that there is not', request('tools/list', { cursor: 'x' }), 1, -32602, /no cursor/],
    ['a tool that there is not', request('tools/call', { name: 'run' }), 1, -32602, /unknown tool run; there are lint_container_config,/],
    ['a tool without a name', request('tools/call', {}), 1, -32602, /unknown tool undefined/],
  ])('%s', (_, message, id, code, text) => {
    const { sent, say, calls } = start();
    say(message);
    expect(sent).toEqual([
      { jsonrpc: '2.0', id, error: expect.objectContaining({ code, message: expect.stringMatching(text) as unknown }) as unknown },
    ]);
    expect(calls).toEqual([]);
    // and lives
    say(request('ping', {}, 2));
    expect(sent.at(-1)).toEqual({ jsonrpc: '2.0', id: 2, result: {} });
  });

  test.each(['2025-11-25', '2027-01-01', ''])('a request at the version "%s": with the ones that are spoken', requested => {
    const { sent, say } = start();
    say(request('tools/list', { _meta: { ...modern._meta, [version]: requested } }));
    expect(sent[0]?.error).toMatchObject({ code: -32022, data: { supported: ['2026-07-28'], requested } });
  });

  test.each([
    ['an answer, since nothing was asked', { jsonrpc: '2.0', id: 1, result: {} }],
    ['an error', { jsonrpc: '2.0', id: 1, error: { code: 1, message: 'x' } }],
    ['a notification', { jsonrpc: '2.0', method: 'notifications/initialized' }],
    ['one that nobody knows', { jsonrpc: '2.0', method: 'notifications/x', params: [] }],
    ['a cancellation of nothing', { jsonrpc: '2.0', method: 'notifications/cancelled', params: { requestId: 7 } }],
  ])('in silence: %s', (_, message) => {
    const { sent, say } = start();
    say(message);
    expect(sent).toEqual([]);
  });
});

describe('calls', () => {
  const call = (id: unknown, more: object = {}): object =>
    request('tools/call', { name: 'lint_container_config', arguments: { paths: ['a'] }, ...more }, id);

  test('are answered in the order in which they end, each with its id, in the era that it was asked in', async () => {
    const { sent, say, calls, protocol } = start();
    say(call(1));
    say(call('two', modern));
    expect(calls.map(({ tool, args }) => [tool, args])).toEqual(Array(2).fill(['lint_container_config', { paths: ['a'] }]));
    calls[1]!.end(done);
    calls[0]!.end({ text: plain('no'), structured: null, isError: true });
    await protocol.settled();
    const content = [{ type: 'text', text: 'fine' }];
    expect(sent).toEqual([
      { jsonrpc: '2.0', id: 'two', result: { content, structuredContent: { counts: {} }, resultType: 'complete', _meta: server } },
      { jsonrpc: '2.0', id: 1, result: { content: [{ type: 'text', text: 'no' }], isError: true } },
    ]);
  });

  test('that are cancelled are told so, and nothing more is said of them', async () => {
    const { sent, say, calls, protocol } = start();
    say(call(1));
    say(call(2));
    say({ jsonrpc: '2.0', method: 'notifications/cancelled', params: { requestId: 1, reason: 'enough' } });
    expect(calls.map(({ cancellation }) => cancellation.cancelled)).toEqual([true, false]);
    for (const { end } of calls) end(done);
    await protocol.settled();
    expect(sent.map(({ id }) => id)).toEqual([2]);
  });

  test('that fail are an error without a word of what failed', async () => {
    const { sent, say, calls, protocol } = start();
    say(call(1));
    calls[0]!.end(new Error('hunter2'));
    await protocol.settled();
    expect(sent).toEqual([{ jsonrpc: '2.0', id: 1, error: { code: -32603, message: 'internal error' } }]);
  });

  test('have an id of their own, and there are not too many at once', async () => {
    const { sent, say, calls, protocol } = start();
    say(call(0));
    say(call(0));
    expect(sent.at(-1)).toMatchObject({ id: 0, error: { code: -32600 } });
    for (let id = 1; id <= 64; id++) say(call(id));
    expect(sent.at(-1)).toMatchObject({ id: 64, error: { code: -32000 } });
    expect(calls).toHaveLength(64);
    for (const { end } of calls) end(done);
    await protocol.settled();
    say(call(0));
    expect(calls).toHaveLength(65);
  });
});

describe('lines', () => {
  const read = (pieces: readonly Buffer[], most = 1000): { lines: string[]; long: number } => {
    const found = { lines: [] as string[], long: 0 };
    const take = createLineReader(
      most,
      line => found.lines.push(line),
      () => found.long++,
    );
    for (const piece of pieces) take(piece);
    return found;
  };

  test('are the same however the bytes come', () => {
    const text = fc.array(fc.constantFrom('{"a":1}', 'ü', '🐳', '\n', '\r\n', ' '), { maxLength: 30 }).map(parts => `${parts.join('')}\n`);
    fc.assert(
      fc.property(text, fc.array(fc.nat(100), { maxLength: 10 }), (whole, cuts) => {
        const bytes = Buffer.from(whole);
        const places = [0, ...cuts.map(cut => Math.min(cut, bytes.length)).sort((a, b) => a - b), bytes.length];
        const pieces = places.slice(1).map((end, i) => bytes.subarray(places[i], end));
        const lines = whole.split('\n').map(line => line.trim()).filter(line => line !== ''); // prettier-ignore
        expect(read(pieces)).toEqual({ lines, long: 0 });
      }),
    );
  });

  test('that are too long are told of once, and those behind are read', () => {
    const long = Buffer.alloc(5000, 'x');
    const after = Buffer.from('\n{}\n');
    expect(read([long, long, after], 8000)).toEqual({ lines: ['{}'], long: 1 });
    expect(read([Buffer.concat([long, after])], 4999)).toEqual({ lines: ['{}'], long: 1 });
    expect(read([Buffer.concat([long, after])], 5000)).toEqual({ lines: [long.toString(), '{}'], long: 0 });
  });

  test('without an end are none', () => {
    expect(read([Buffer.from('{}')])).toEqual({ lines: [], long: 0 });
  });
});
