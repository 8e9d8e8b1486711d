import { fc } from '../../support/property';
import { describe, expect, test } from 'vitest';
import { createFrameReader, frame, type Message } from '../../../server/src/host/node/supervisor/frames';
import { createSessionMemory, replayId } from '../../../server/src/host/node/supervisor/memory';
import { createOverrun } from '../../../server/src/watch/overrun';
import { createSharedMark, createSharedMarker, readSharedMark } from '../../../server/src/watch/shared-mark';
import { createWatch, type Marker } from '../../../server/src/watch/watch';
import { textKey } from '../../../shared/src/base/text/text-key';

describe('frames', () => {
  test('come out as they went in, wherever the stream is cut', () => {
    const messages = fc.array(fc.record({ id: fc.nat(), method: fc.string({ unit: 'binary' }) }), { maxLength: 5 });
    fc.assert(
      fc.property(messages, fc.array(fc.nat(60), { maxLength: 30 }), (sent, cuts) => {
        const received: Message[] = [];
        const read = createFrameReader(
          message => received.push(message),
          problem => expect.unreachable(problem),
        );
        let rest = Buffer.concat(sent.map(message => frame(JSON.stringify(message))));
        for (const cut of cuts) {
          read(rest.subarray(0, cut));
          rest = rest.subarray(cut);
        }
        read(rest);
        expect(received).toEqual(JSON.parse(JSON.stringify(sent)));
      }),
    );
  });

  test.each([
    ['a header without a length', 'Content-Type: x\r\n\r\n'],
    ['a body that is not JSON', 'Content-Length: 3\r\n\r\n{,}'],
    ['a body that is no message', 'Content-Length: 4\r\n\r\nnull'],
    ['a body that is no message', 'Content-Length: 2\r\n\r\n[]'],
  ])('%s is passed over', (problem, text) => {
    const received: Message[] = [];
    const problems: string[] = [];
    const read = createFrameReader(
      message => received.push(message),
      found => problems.push(found),
    );
    read(Buffer.from(text));
    read(frame('{"id":1}'));
    expect([received, problems]).toEqual([[{ id: 1 }], [problem]]);
  });
});

describe('what a session knows', () => {
  const initialize = { id: 0, method: 'initialize', params: { capabilities: {}, workspaceFolders: [{ uri: 'file:///a', name: 'a' }] } };
  const open = (uri: string, text: string): Message => ({
    method: 'textDocument/didOpen',
    params: { textDocument: { uri, languageId: 'yaml', version: 1, text } },
  });
  const pull = (id: number, uri: string): Message => ({ id, method: 'textDocument/diagnostic', params: { textDocument: { uri } } });

  test('documents as they are now, folders, settings, and the requests that wait', () => {
    const memory = createSessionMemory();
    const settings = { method: 'workspace/didChangeConfiguration', params: { settings: { bulkhead: {} } } };
    const change = {
      textDocument: { uri: 'a', version: 7 },
      contentChanges: [{ range: { start: { line: 0, character: 0 }, end: { line: 0, character: 1 } }, text: 'yy' }],
    };
    const sent: Message[] = [
      initialize,
      { method: 'initialized', params: {} },
      open('a', 'x: 1'),
      open('b', 'y'),
      { method: 'textDocument/didChange', params: change },
      { method: 'textDocument/didClose', params: { textDocument: { uri: 'b' } } },
      {
        method: 'workspace/didChangeWorkspaceFolders',
        params: { event: { removed: [{ uri: 'file:///a' }], added: [{ uri: 'file:///c', name: 'c' }] } },
      },
      settings,
      pull(1, 'a'),
      pull(2, 'a'),
      pull(3, 'a'),
      { id: 4, method: 'workspace/executeCommand', params: { command: 'x' } },
      { method: '$/cancelRequest', params: { id: 2 } },
      { method: 'textDocument/didOpen', params: null },
    ];
    for (const message of sent) memory.fromClient(message);
    expect([memory.answered(0), memory.answered(1), memory.answered(1), memory.answered(replayId)]).toEqual([true, true, false, false]);
    const refusals = [{ key: 'k', reason: 'timeout', limit: 1 }] as const;
    const { toWorker, dropped } = memory.replay(refusals);
    expect(toWorker).toEqual([
      {
        ...initialize,
        id: replayId,
        params: { ...initialize.params, workspaceFolders: [{ uri: 'file:///c', name: 'c' }], initializationOptions: { refusals } },
      },
      { method: 'initialized', params: {} },
      settings,
      { ...open('a', 'yy: 1'), jsonrpc: '2.0', params: { textDocument: { uri: 'a', languageId: 'yaml', version: 7, text: 'yy: 1' } } },
      pull(3, 'a'),
    ]);
    expect(dropped.map(({ id }) => id)).toEqual([2, 4]);
    expect(memory.answered(4)).toBe(false);
  });

  test('an answer to initialize that is still waited for is asked for again', () => {
    const memory = createSessionMemory();
    memory.fromClient(initialize);
    expect(memory.replay([]).toWorker.map(({ id }) => id)).toEqual([0]);
    expect(memory.answered(0)).toBe(true);
  });

  test.each([
    ['textDocument', { textDocument: { uri: 'a' } }],
    ['uri', { uri: 'a' }],
    ['an argument', { command: 'x', arguments: ['a'] }],
    ['an argument that holds one', { command: 'x', arguments: [{ uri: 'a' }] }],
  ])('the document that a request is about: %s', (_, params) => {
    const memory = createSessionMemory();
    memory.fromClient(open('a', 'x: 1'));
    expect(memory.suspect()).toBeNull();
    memory.fromClient({ id: 1, method: 'm', params: { textDocument: { uri: 'other' } } });
    memory.fromClient({ id: 2, method: 'm', params });
    expect(memory.suspect()).toEqual({ name: 'a', key: textKey('x: 1') });
  });
});

describe('watching', () => {
  test('work is over its limits only where one piece of it goes on', () => {
    const overrun = createOverrun({ cpuMs: 100, memory: 1000 });
    const at = (progress: number, cpuMs: number, busy = true, memory = 0): string | null => overrun({ progress, busy, cpuMs, memory });
    expect([at(1, 0), at(1, 100), at(2, 190), at(2, 290), at(2, 291)]).toEqual([null, null, null, null, 'timeout']);
    expect([at(2, 600, false), at(2, 900), at(2, 1000), at(2, 1001)]).toEqual([null, null, null, 'timeout']);
    expect([at(3, 1100, true, 500), at(3, 1100, true, 1500), at(3, 1100, true, 1501)]).toEqual([null, null, 'memory']);
  });

  test('marks are read as they stand, nested ones too', () => {
    const memory = createSharedMark();
    const marker = createSharedMarker(memory);
    const outer = { key: 'a', name: 'ä "x"\n' };
    const counts: number[] = [];
    const now = (): unknown => {
      const { count, mark } = readSharedMark(memory);
      counts.push(count);
      return mark;
    };
    expect(now()).toBeNull();
    marker.begin(outer);
    expect(now()).toEqual(outer);
    marker.begin({ key: 'b', name: '\u{1f600}'.repeat(5000) });
    expect(now()).toMatchObject({ key: 'b', name: '\u{1f600}'.repeat(150) });
    marker.end();
    expect(now()).toEqual(outer);
    marker.end();
    expect(now()).toBeNull();
    expect(new Set(counts).size).toBe(counts.length);
  });

  test('a refused text is not worked on, whatever it is called; any other is', () => {
    const calls: string[] = [];
    const marker: Marker = { begin: ({ name }) => calls.push(`begin ${name}`), end: () => calls.push('end') };
    const watch = createWatch(marker, [{ key: textKey('bad'), reason: 'memory', limit: 5 }]);
    const run = (path: string, text: string): string =>
      watch.run(
        { path, text },
        () => {
          calls.push(text);
          return 'done';
        },
        ({ reason }) => reason,
      );
    expect([run('a', 'bad'), run('b', 'bad'), run('a', 'bad '), run('c', '')]).toEqual(['memory', 'memory', 'done', 'done']);
    expect(calls).toEqual(['begin a', 'bad ', 'end', 'begin c', '', 'end']);
    expect(() =>
      watch.run(
        { path: 'd', text: 'x' },
        () => {
          throw new Error('on purpose');
        },
        () => null,
      ),
    ).toThrow('on purpose');
    expect(calls.slice(6)).toEqual(['begin d', 'end']);
  });

  test('keys tell texts apart', () => {
    const texts = ['', ' ', 'a', 'b', 'ab', 'ba', 'a\0', '\0a', 'x'.repeat(1000), `${'x'.repeat(999)}y`, '\u{1f600}', '\ud83d'];
    expect(new Set(texts.map(textKey)).size).toBe(texts.length);
    fc.assert(
      fc.property(fc.string({ unit: 'binary' }), fc.string({ unit: 'binary' }), (a, b) => (textKey(a) === textKey(b)) === (a === b)),
    );
  });
});
