import { MessageChannel, Worker, type MessagePort } from 'node:worker_threads';
import type { Refusal, RefusalReason } from '../../../../../shared/src/output/protocol/messages';
import { masked, type MaskedText, printable, trusted } from '../../../../../shared/src/early';
import { createOverrun, type Limits } from '../../../watch/overrun';
import { createSharedMark, readSharedMark } from '../../../watch/shared-mark';
import { createProcesses, type ProcessNews } from '../scanner/processes';
import type { Message } from './frames';
import { createSessionMemory } from './memory';
import type { Transport } from './transport';

/** What a supervisor works with. */
export interface SupervisorOptions {
  /** The script that a worker runs. */
  readonly worker: string;
  readonly transport: Transport;
  readonly limits: Limits;
}

/** What a worker is started with. */
export interface ServerWorkerData {
  readonly port: MessagePort;
  readonly mark: SharedArrayBuffer;
  /** Requests of the server get ids from here on, so that no answer to an earlier worker is taken for one to this. */
  readonly firstId: number;
}

/** A message of the server, as the worker hands it over: who writes it out has spared the supervisor the work. */
export interface Outgoing {
  readonly id?: Message['id'];
  readonly method?: string;
  readonly text: string;
}

/** More requests than one worker ever makes. */
export const idsPerWorker = 1_000_000;

/** How often a worker may end without a file to blame within `window` milliseconds; after that the client is to decide. */
const maxUnexplained = 5;
const unexplainedWindow = 180_000;
const idleTickMs = 1000;
const busyTickMs = 100;
/** A worker that does not end in this time is in native code, and left behind. */
const terminateMs = 2000;
/** The hard limit of a worker's heap, in megabytes. V8 ends the whole process where one allocation goes far beyond: the soft limit comes long before. */
const heapMb = 4096;
/** Room for all that an edit of a large file leaves behind: the default of a worker is half of it, and costs the slowest edits of 10,000 lines a quarter more. */
const youngMb = 96;

const serverCancelled = -32802;
const invalidRequest = -32600;

/**
 * Serves a client through a worker: relays messages, and replaces the worker when a file takes longer, or more memory, than a file may. The new one is told
 * what the old one knew, and which text not to try again. This side does nothing that takes time, so that `shutdown` and `exit` are always answered.
 */
export function supervise({ worker: script, transport, limits }: SupervisorOptions): void {
  const memory = createSessionMemory();
  const refusals: Refusal[] = [];
  const unexplained: number[] = [];
  let generation = 0;
  let shutdown = false;
  let current = start();

  const send = (message: object): void => transport.send(JSON.stringify({ jsonrpc: '2.0', ...message }));
  const say = (type: 2 | 1, message: MaskedText): void =>
    send({ method: 'window/logMessage', params: { type, message: printable(message) } });
  // Node waits for its workers when it exits, and one that is in native code would keep it for ever.
  const end = (): void =>
    void current.stop().then(stopped => {
      if (!stopped) process.kill(process.pid, 'SIGKILL');
      process.exit(shutdown ? 0 : 1);
    });

  function start(): Running {
    return startWorker(script, generation, limits, {
      onMessage: fromServer,
      onOverrun: reason => void replace(reason),
      onEnd: error => {
        const outOfMemory = (error as { code?: unknown } | null)?.code === 'ERR_WORKER_OUT_OF_MEMORY';
        void replace(outOfMemory ? 'memory' : null, error);
      },
    });
  }

  function fromServer({ id, method, text }: Outgoing): void {
    if (method === undefined) {
      if (memory.answered(id)) transport.send(text);
      // the client has what the first worker asked for
    } else if (method === 'client/registerCapability' && generation > 0) current.post({ id: id!, result: null });
    else transport.send(text);
  }

  async function replace(reason: RefusalReason | null, error?: unknown): Promise<void> {
    const blamed = current.mark() ?? (reason === null ? null : memory.suspect());
    await current.stop();
    if (blamed && reason !== null) {
      const limit = reason === 'timeout' ? limits.cpuMs : limits.memory;
      refusals.push({ key: blamed.key, reason, limit });
      const what = reason === 'timeout' ? masked`${limit / 1000} s` : masked`${Math.round(limit / (1 << 20))} MB of memory`;
      say(2, masked`Checking ${trusted(blamed.name)} needed more than ${what}; the file is not checked again until its text changes`);
    } else {
      // its message may quote a document, and the gate that would mask it is not loaded on this thread
      const what = error instanceof Error ? ((error as { code?: string }).code ?? error.name) : 'it does not answer';
      say(1, masked`the server is restarting: ${trusted(what)}`);
      const now = Date.now();
      unexplained.push(now);
      while (now - unexplained[0]! > unexplainedWindow) unexplained.shift();
      if (unexplained.length > maxUnexplained) return end();
    }
    generation++;
    current = start();
    const { toWorker, dropped } = memory.replay(refusals);
    for (const { id } of dropped) send({ id, error: { code: serverCancelled, message: 'the server was restarted' } });
    for (const message of toWorker) current.post(message);
    if (memory.refreshes) send({ id: `bulkhead/refresh-${generation}`, method: 'workspace/diagnostic/refresh' });
  }

  transport.listen(message => {
    const { id, method } = message;
    if (method === 'exit') end();
    else if (method === 'shutdown') {
      shutdown = true;
      send({ id, result: null });
    } else if (method === undefined) {
      if (typeof id === 'string' && id.startsWith('bulkhead/')) return;
      const own = typeof id !== 'number' || Math.floor(id / idsPerWorker) === generation;
      if (own) current.post(message);
    } else if (shutdown && id !== undefined) {
      send({ id, error: { code: invalidRequest, message: 'the server was shut down' } });
    } else {
      current.post(message);
      memory.fromClient(message);
      if (method === 'initialize') watchParent((message.params as { processId?: unknown } | undefined)?.processId, end);
    }
  }, end);
}

/** A worker that serves. */
interface Running {
  post(message: Message): void;
  /** What it is working on. */
  mark(): { readonly key: string; readonly name: string } | null;
  /** Gives whether it ended. */
  stop(): Promise<boolean>;
}

interface WorkerEvents {
  readonly onMessage: (message: Outgoing) => void;
  readonly onOverrun: (reason: RefusalReason) => void;
  /** It ended by itself. */
  readonly onEnd: (error: unknown) => void;
}

/** Starts a worker, and looks at it from time to time. After one of `onOverrun` and `onEnd`, and after `stop`, nothing more is heard of it. */
function startWorker(script: string, generation: number, limits: Limits, events: WorkerEvents): Running {
  const { port1: port, port2 } = new MessageChannel();
  const mark = createSharedMark();
  const data: ServerWorkerData = { port: port2, mark, firstId: generation * idsPerWorker };
  // standard output belongs to the protocol
  const worker = new Worker(script, {
    workerData: data,
    transferList: [port2],
    stdout: true,
    resourceLimits: { maxOldGenerationSizeMb: heapMb, maxYoungGenerationSizeMb: youngMb },
  });
  const overrun = createOverrun(limits);
  let over = false;
  let asked = false;
  let waiting = false;
  let answers = 0;
  let timer: NodeJS.Timeout;

  const once = (event: () => void): void => {
    if (over) return;
    over = true;
    clearTimeout(timer);
    event();
  };
  /** The worker answers when it is through with what came before: its answer is a step forward, and says that it has nothing to do. */
  const ping = (): void => {
    asked = false;
    waiting = true;
    worker.postMessage(null);
  };
  const processes = createProcesses();
  worker.on('message', (said: ProcessNews | null) => {
    if (said !== null) return processes.hear(said);
    waiting = false;
    answers++;
  });
  const tick = (): void => {
    const { count, mark: working } = readSharedMark(mark);
    const busy = waiting || working !== null;
    const { user, system } = process.cpuUsage();
    const sample = { progress: count + answers, busy, cpuMs: (user + system) / 1000, memory: process.memoryUsage.rss() };
    const reason = overrun(sample);
    if (reason !== null) return once(() => events.onOverrun(reason));
    if (asked && !waiting) ping();
    timer = setTimeout(tick, Math.min(busy ? busyTickMs : idleTickMs, limits.cpuMs / 4));
    timer.unref();
  };
  tick();

  let failure: unknown = null;
  worker.on('error', error => (failure = error));
  worker.on('exit', () => once(() => events.onEnd(failure)));
  port.on('message', (message: Outgoing) => {
    if (!over) events.onMessage(message);
  });
  return {
    post: message => {
      asked = true;
      port.postMessage(message);
    },
    mark: () => readSharedMark(mark).mark,
    stop: () => {
      once(() => {});
      port.close();
      processes.end();
      return Promise.race([worker.terminate().then(() => true), new Promise<false>(resolve => setTimeout(resolve, terminateMs, false))]);
    },
  };
}

/** Ends with the process that started the server, should that go without a word. */
function watchParent(processId: unknown, end: () => void): void {
  if (typeof processId !== 'number') return;
  setInterval(() => {
    try {
      process.kill(processId, 0);
    } catch {
      end();
    }
  }, 3000).unref();
}
