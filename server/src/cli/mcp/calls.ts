import { Worker } from 'node:worker_threads';
import { masked, plain, trusted, type MaskedText } from '../../../../shared/src/early';
import type { Cancellation } from '../../../../shared/src/base/ports/cancellation';
import type { Refusal, RefusalReason, Working } from '../../../../shared/src/output/protocol/messages';
import type { Answer } from '../../agents/answer';
import type { Allowed, ToolName } from '../../agents/tools';
import { watchLimits } from '../../watch/limits';
import type { Limits } from '../../watch/overrun';
import { createSharedMark, readSharedMark, type SharedMark } from '../../watch/shared-mark';
import { heapMb, watchWorker } from '../watch-worker';

/** What the worker of `bulkhead mcp` is started with. */
export interface AgentWorkerData {
  /** Without links. */
  readonly agentRoot: string;
  readonly allowed: Allowed;
  readonly mark: SharedMark;
  readonly refusals: readonly Refusal[];
}

/** A message to the worker. */
export type AgentRequest =
  { readonly call: number; readonly tool: ToolName; readonly args: unknown } | { readonly cancel: number } | { readonly end: true };

/** A message from the worker. */
export interface AgentReply {
  readonly call: number;
  readonly answer: Answer;
}

interface Call {
  readonly request: AgentRequest;
  readonly cancellation: Cancellation;
  readonly done: (answer: Answer) => void;
}

interface Running {
  readonly worker: Worker;
  /** No event follows. */
  stop(): void;
}

/** The answer to a call whose worker has ended. */
const failure: Answer = { text: plain('internal error: the worker ended; try again'), structured: null, isError: true };

/** A worker that does not end in this time is ended. */
const longestEndMs = 2000;

/** Who answers calls. */
export interface Calls {
  call(tool: ToolName, args: unknown, cancellation: Cancellation): Promise<Answer>;
  /** To be called when all calls are answered. */
  end(): Promise<void>;
}

/** Answers calls in a worker, which is started, and the engine loaded, at the first of them. No file can hang or kill the server: what it costs too much on is not tried again. */
export function createCalls(
  { agentRoot, allowed }: Pick<AgentWorkerData, 'agentRoot' | 'allowed'>,
  say: (line: MaskedText) => void,
): Calls {
  const limits = watchLimits(process.env);
  const refusals: Refusal[] = [];
  const calls = new Map<number, Call>();
  let last = 0;
  let running: Running | null = null;

  const finish = (call: number, answer: Answer): void => {
    const waiting = calls.get(call);
    calls.delete(call);
    waiting?.done(answer);
  };
  const stop = (): void => {
    running?.stop();
    running = null;
  };
  const start = (): Running => {
    return startWorker({ agentRoot, allowed, mark: createSharedMark(), refusals }, limits, {
      onReply: ({ call, answer }) => finish(call, answer),
      onOver: giveUp,
      onEnd: () => {
        stop();
        for (const call of [...calls.keys()]) finish(call, failure);
      },
    });
  };
  /** Starts again without the text that was worked on. */
  const giveUp = (reason: RefusalReason, { key, name }: Working): void => {
    stop();
    const limit = reason === 'timeout' ? limits.cpuMs : limits.memory;
    refusals.push({ key, reason, limit });
    say(masked`bulkhead: ${trusted(name)}: gave up after ${reason === 'timeout' ? masked`${limit / 1000} s` : masked`${limit >> 20} MB`}`);
    running = start();
    for (const [call, { request, cancellation }] of calls) {
      if (cancellation.cancelled) finish(call, failure);
      else running.worker.postMessage(request);
    }
  };

  return {
    call: (tool, args, cancellation) =>
      new Promise(resolve => {
        const call = ++last;
        const request: AgentRequest = { call, tool, args };
        const forget = cancellation.onCancel(() => running?.worker.postMessage({ cancel: call } satisfies AgentRequest));
        const done = (answer: Answer): void => {
          forget();
          resolve(answer);
        };
        calls.set(call, { request, cancellation, done });
        running ??= start();
        running.worker.postMessage(request);
      }),
    end: async () => {
      if (running) await endWorker(running.worker);
      stop();
    },
  };
}

/** Events of a worker: replies, and at last one of the others. */
interface WorkerEvents {
  readonly onReply: (reply: AgentReply) => void;
  readonly onOver: (reason: RefusalReason, blamed: Working) => void;
  readonly onEnd: () => void;
}

function startWorker(data: AgentWorkerData, limits: Limits, { onReply, onOver, onEnd }: WorkerEvents): Running {
  const worker = new Worker(__filename, {
    workerData: data,
    argv: process.argv.slice(2, 3),
    // standard output belongs to the protocol
    stdout: true,
    resourceLimits: { maxOldGenerationSizeMb: heapMb },
  });
  worker.stdout.pipe(process.stderr);
  const stopWatching = watchWorker(data.mark, limits, onOver);
  let error: unknown = null;
  worker.on('message', onReply);
  worker.on('error', thrown => (error = thrown));
  worker.on('exit', () => {
    const { mark: blamed } = readSharedMark(data.mark);
    if ((error as { code?: unknown } | null)?.code === 'ERR_WORKER_OUT_OF_MEMORY' && blamed) onOver('memory', blamed);
    else onEnd();
  });
  return {
    worker,
    stop: () => {
      stopWatching();
      worker.removeAllListeners();
      worker.on('error', () => {});
      void worker.terminate();
    },
  };
}

/** Lets a worker end by itself: what V8 has made of its code is kept then. */
function endWorker(worker: Worker): Promise<void> {
  worker.postMessage({ end: true } satisfies AgentRequest);
  return new Promise(resolve => {
    const late = setTimeout(resolve, longestEndMs);
    worker.once('exit', () => {
      clearTimeout(late);
      resolve();
    });
  });
}
