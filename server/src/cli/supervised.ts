import { Worker } from 'node:worker_threads';
import type { Refusal } from '../../../shared/src/output/protocol/messages';
import { masked, trusted } from '../../../shared/src/early';
import { watchLimits } from '../watch/limits';
import type { Watch } from '../watch/watch';
import { createSharedMark, readSharedMark } from '../watch/shared-mark';
import { createTrialWatch, expectFew, Overdue, type Attempt } from './attempt';
import type { Output } from './output';
import type { Processes } from '../host/node/scanner/processes';
import { unpackText } from './packed-text';
import { createRunning } from './running';
import { createStandardInput } from './standard-input';
import { InputError, UsageError, type Arguments } from './usage';
import { heapMb, watchWorker } from './watch-worker';
import type { CommandMessage, CommandWorkerData } from './worker';

/** A command that works on files. */
export type Action = (args: Arguments, output: Output, attempt: Attempt) => number | Promise<number>;

/**
 * Runs a command so that no file can hang or kill it. A few files are tried on this thread; if there are more, or one of them takes long, the work is done in a
 * worker. A file that goes over its limits there is named, and the command starts again without it.
 */
export async function runSupervised(action: Action, argv: readonly string[], args: Arguments, output: Output): Promise<number> {
  const standardInput = createStandardInput();
  const processes = createRunning();
  // a person is there, who ends what takes too long, and whom a worker could not ask
  if (args.has('interactive')) {
    const watch: Watch = { refusal: () => null, run: (_file, work) => work() };
    return await action(args, output, {
      watch,
      standardInput: () => standardInput.read(),
      expect: () => {},
      isClean: true,
      running: processes,
    });
  }
  // who asks registries, or waits for a scanner, waits anyway
  if (argv[0] !== 'pin' && argv[0] !== 'scan' && !args.has('pin')) {
    try {
      return await action(args, output, {
        watch: createTrialWatch(),
        standardInput: () => standardInput.read(),
        expect: expectFew,
        isClean: true,
        running: processes,
      });
    } catch (error) {
      if (!(error instanceof Overdue)) throw error;
    }
  }
  const refusals: Refusal[] = [];
  for (;;) {
    const { colour, terminal, errorColour } = output;
    const mark = createSharedMark();
    const data: CommandWorkerData = { argv, mark, refusals, standardInput: standardInput.known, colour, terminal, errorColour };
    const outcome = await runOnce(data, output, processes);
    if (typeof outcome === 'number') return outcome;
    refusals.push(outcome);
  }
}

/** The exit code, or the text that is not to be tried again. What the command says is held back until nothing can make it start again. */
function runOnce(data: CommandWorkerData, output: Output, processes: Processes): Promise<number | Refusal> {
  return new Promise((resolve, reject) => {
    const limits = watchLimits(process.env);
    const worker = new Worker(__filename, { workerData: data, resourceLimits: { maxOldGenerationSizeMb: heapMb } });
    const held: (() => void)[] = [];
    let failure: unknown = null;

    const settle = (end: () => void): void => {
      stopWatching();
      worker.removeAllListeners();
      // what goes wrong while it ends is nobody's business any more
      worker.on('error', () => {});
      void worker.terminate().then(end, end);
    };
    const refuse = (reason: Refusal['reason'], blamed: { readonly key: string; readonly name: string }): void => {
      const limit = reason === 'timeout' ? limits.cpuMs : limits.memory;
      settle(() => {
        const spent = reason === 'timeout' ? masked`${limit / 1000} s` : masked`${Math.round(limit / (1 << 20))} MB`;
        output.note(masked`bulkhead: ${trusted(blamed.name)}: gave up after ${spent}`);
        resolve({ key: blamed.key, reason, limit });
      });
    };
    const stopWatching = watchWorker(data.mark, limits, refuse);

    const end = (message: CommandMessage): void => {
      for (const write of held) write();
      if (message.kind === 'done') settle(() => resolve(message.code));
      else if (message.kind === 'failed') {
        const error = new { usage: UsageError, input: InputError, program: Error }[message.of](message.message);
        error.stack = message.stack;
        settle(() => reject(error));
      }
    };
    worker.on('message', (message: CommandMessage) => {
      if (message.kind === 'progress') output.progress(message.done, message.total, message.what);
      else if (message.kind === 'note') output.note(message.text);
      else if (message.kind === 'process') processes.hear(message.news);
      else if (message.kind === 'print') held.push(() => output.print(message.text));
      else if (message.kind === 'printPacked') held.push(() => output.print(unpackText(message.bytes)));
      else if (message.kind === 'say') held.push(() => output.say(message.text));
      else end(message);
    });
    worker.on('error', error => (failure = error));
    worker.on('exit', () => {
      const { mark } = readSharedMark(data.mark);
      if ((failure as { code?: unknown } | null)?.code === 'ERR_WORKER_OUT_OF_MEMORY' && mark) refuse('memory', mark);
      else settle(() => reject(failure instanceof Error ? failure : new Error('the worker ended')));
    });
  });
}
