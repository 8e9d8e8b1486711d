import { spawn, type ChildProcessWithoutNullStreams } from 'node:child_process';
import { createInterface } from 'node:readline';

/** A message of the server. */
export interface McpMessage {
  readonly id?: unknown;
  readonly result?: {
    readonly [name: string]: unknown;
    readonly content?: readonly { readonly text: string }[];
    readonly isError?: boolean;
  };
  readonly error?: { readonly code: number; readonly message: string; readonly data?: unknown };
}

/** A server that a test speaks to by hand. */
export interface McpServer {
  readonly process: ChildProcessWithoutNullStreams;
  /** All that it has said; any line that is not JSON fails. */
  readonly said: McpMessage[];
  readonly stderr: () => string;
  /** Sends a request; gives what it is answered with. */
  ask(method: string, params?: object): Promise<McpMessage>;
  /** Calls a tool; gives the text of the answer, and whether it is an error. */
  call(name: string, args: object): Promise<{ readonly text: string; readonly isError: boolean; readonly structured: unknown }>;
  /** Sends bytes as they are. */
  write(bytes: string | Buffer): void;
  /** Ends the input; gives the exit code. */
  end(): Promise<number | null>;
}

/** Starts `bulkhead mcp` of a built command line. */
export function startMcp(cli: string, args: readonly string[], cwd: string, env: NodeJS.ProcessEnv = {}): McpServer {
  const child = spawn(process.execPath, [cli, 'mcp', ...args], { cwd, env: { ...process.env, ...env } });
  const said: McpMessage[] = [];
  const waiting = new Map<unknown, (message: McpMessage) => void>();
  let stderr = '';
  let id = 0;
  child.stderr.setEncoding('utf8').on('data', (text: string) => (stderr += text));
  createInterface({ input: child.stdout }).on('line', line => {
    const message = JSON.parse(line) as McpMessage;
    said.push(message);
    waiting.get(message.id)?.(message);
  });
  const ended = new Promise<number | null>(resolve => child.on('exit', resolve));
  // it may have ended before its input does
  child.stdin.on('error', () => {});
  const ask = (method: string, params: object = {}): Promise<McpMessage> =>
    new Promise((resolve, reject) => {
      const sent = `test-${++id}`;
      waiting.set(sent, resolve);
      void ended.then(code => reject(new Error(`the server has ended with ${code}: ${stderr}`)));
      child.stdin.write(`${JSON.stringify({ jsonrpc: '2.0', id: sent, method, params })}\n`);
    });
  return {
    process: child,
    said,
    stderr: () => stderr,
    ask,
    call: async (name, given) => {
      const { result, error } = await ask('tools/call', { name, arguments: given });
      if (!result) throw new Error(JSON.stringify(error));
      return { text: result.content?.[0]?.text ?? '', isError: result.isError === true, structured: result['structuredContent'] };
    },
    write: bytes => void child.stdin.write(bytes),
    end: () => {
      child.stdin.end();
      return ended;
    },
  };
}
