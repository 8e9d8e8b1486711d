import { connect } from 'node:net';
import type { Readable, Writable } from 'node:stream';
import { createFrameReader, frame, type Message } from './frames';

/** The way to the client. */
export interface Transport {
  /** Starts reading. `onClose`: the client is gone. */
  listen(onMessage: (message: Message) => void, onClose: () => void): void;
  /** Sends a message, as JSON. */
  send(text: string): void;
}

/** Opens the connection that the arguments name, as servers of this protocol take them: `--stdio`, `--node-ipc`, `--socket=PORT`, `--pipe=NAME`. */
export function openTransport(argv: readonly string[]): Transport {
  for (const [i, arg] of argv.entries()) {
    const [name, value = argv[i + 1]] = arg.split('=', 2);
    if (name === '--stdio') return overStreams(process.stdin, process.stdout);
    if (name === '--node-ipc') return overIpc();
    if (name === '--socket' && value !== undefined) return overSocket({ port: Number(value), host: '127.0.0.1' });
    if (name === '--pipe' && value !== undefined) return overSocket({ path: value });
  }
  throw new Error('Say how to connect: --stdio, --node-ipc, --socket=PORT or --pipe=NAME');
}

function overStreams(input: Readable, output: Writable): Transport {
  return {
    listen: (onMessage, onClose) => {
      const read = createFrameReader(onMessage, problem => process.stderr.write(`bulkhead: the client sent ${problem}\n`));
      input.on('data', (bytes: Buffer) => read(bytes));
      for (const event of ['end', 'close', 'error']) input.on(event, onClose);
      // who does not read any more is gone
      output.on('error', onClose);
    },
    send: text => void output.write(frame(text)),
  };
}

function overSocket(where: { readonly port: number; readonly host: string } | { readonly path: string }): Transport {
  const socket = connect(where);
  socket.setNoDelay(true);
  return overStreams(socket, socket);
}

function overIpc(): Transport {
  return {
    listen: (onMessage, onClose) => {
      process.on('message', message => onMessage(message as Message));
      process.on('disconnect', onClose);
    },
    send: text => void process.send?.(JSON.parse(text), undefined, undefined, () => {}),
  };
}
