import { spawn } from 'node:child_process';
import { join } from 'node:path';
import fc from 'fast-check';
import { root } from '../../../tools/rules/files';
import { anyLspCase, type LspAnswers, type LspCase } from '../generate/lsp';
import { memory } from './engine-target';
import { minimise } from './minimise';
import type { FuzzTarget } from './types';

/** Seconds of the clock in which everything must be answered: the slowest machine needs a few. */
const patience = 60;

/** A message as it comes from the server. */
interface Incoming {
  readonly id?: number | string;
  readonly method?: string;
  readonly params?: { readonly items?: readonly unknown[] };
  readonly error?: { readonly code: number; readonly message: string };
}

/** What the client says to a request of the server. */
function answer(answers: LspAnswers, { method, params }: Incoming): object {
  if (answers === 'error') return { error: { code: -32603, message: 'no' } };
  if (answers === 'odd') return { result: [7, 'x', { uris: 7, text: {} }] };
  if (answers === 'plain' && method === 'workspace/configuration') return { result: (params?.items ?? []).map(() => null) };
  if (answers === 'plain' && method === 'workspace/applyEdit') return { result: { applied: true } };
  return { result: null };
}

/** Takes the messages out of what has come so far. */
function createReader(onMessage: (message: Incoming) => void): (chunk: Buffer) => void {
  let rest = Buffer.alloc(0);
  return chunk => {
    rest = Buffer.concat([rest, chunk]);
    for (;;) {
      const end = rest.indexOf('\r\n\r\n');
      if (end < 0) return;
      const length = Number(/Content-Length: (\d+)/i.exec(rest.toString('latin1', 0, end))?.[1]);
      if (rest.length < end + 4 + length) return;
      const body = rest.toString('utf8', end + 4, end + 4 + length);
      rest = rest.subarray(end + 4 + length);
      onMessage(JSON.parse(body) as Incoming);
    }
  };
}

/** What is wrong with how a new server takes messages: it must answer each request, live, shut down when it is asked to, and leave. */
export function checkLsp(server: string, { answers, messages }: LspCase): Promise<readonly string[]> {
  return new Promise((resolve, reject) => {
    const child = spawn(process.execPath, [`--max-old-space-size=${memory}`, server, '--stdio'], { stdio: ['pipe', 'pipe', 'pipe'] });
    const flaws: string[] = [];
    const open = new Map<number, string>();
    let stderr = '';
    let leaving = false;
    const send = (body: string): void => void child.stdin.write(`Content-Length: ${Buffer.byteLength(body)}\r\n\r\n${body}`);
    const sendMessage = (message: object): void => send(JSON.stringify({ jsonrpc: '2.0', ...message }));
    const clock = setTimeout(() => {
      flaws.push(open.size > 0 ? `no answer to ${[...new Set(open.values())].join(', ')}` : 'does not leave');
      child.kill('SIGKILL');
    }, patience * 1000);
    const leave = (): void => {
      if (leaving || open.size > 0) return;
      leaving = true;
      sendMessage({ method: 'exit' });
    };

    child.stdout.on(
      'data',
      createReader(message => {
        if (message.method !== undefined) {
          if (message.id !== undefined) sendMessage({ id: message.id, ...answer(answers, message) });
          return;
        }
        if (typeof message.id === 'number') open.delete(message.id);
        leave();
      }),
    );
    child.stderr.setEncoding('utf8').on('data', (text: string) => (stderr += text));
    child.stdin.on('error', () => undefined);
    child.on('error', reject);
    child.on('close', (code, signal) => {
      clearTimeout(clock);
      if (!leaving) flaws.push(`ends by itself: ${signal ?? code}`);
      else if (code !== 0) flaws.push(`leaves with ${signal ?? code}`);
      if (/^ {4}at .*:\d+/m.test(stderr)) flaws.push(`prints a stack trace: ${stderr.slice(0, 600)}`);
      resolve(flaws);
    });

    const ids: number[] = [];
    for (const message of messages) {
      if (message.kind === 'raw') send(message.body);
      else if (message.kind === 'cancel') sendMessage({ method: '$/cancelRequest', params: { id: ids.at(-1 - message.back) ?? 0 } });
      else if (message.kind === 'notification') sendMessage({ method: message.method, params: message.params });
      else {
        const id = ids.length + 1;
        ids.push(id);
        open.set(id, message.method);
        sendMessage({ id, method: message.method, params: message.params });
      }
    }
    open.set(0, 'shutdown');
    sendMessage({ id: 0, method: 'shutdown' });
  });
}

/** Feeds the language server, a new process for each sequence of messages. */
export const lspTarget: FuzzTarget = async ({ seconds, cases: most, seed }) => {
  const server = join(root, 'dist/server.js');
  const cases = anyLspCase();
  const end = Date.now() + seconds * 1000;
  let count = 0;
  for (let batch = 0; Date.now() < end && count < most; batch++) {
    for (const input of fc.sample(cases, { seed: seed + batch, numRuns: 20 })) {
      if (Date.now() >= end || count >= most) break;
      count++;
      const flaws = await checkLsp(server, input);
      if (flaws.length === 0) continue;
      const key = flaws[0]!.slice(0, 12);
      const fails = async (messages: LspCase['messages']): Promise<boolean> =>
        (await checkLsp(server, { ...input, messages })).some(flaw => flaw.startsWith(key));
      const messages = await minimise(input.messages, fails, 60);
      return { cases: count, failure: { flaws, input: { ...input, messages } } };
    }
  }
  return { cases: count, failure: null };
};
