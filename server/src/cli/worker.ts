import { parentPort, workerData } from 'node:worker_threads';
import type { Refusal } from '../../../shared/src/output/protocol/messages';
import type { MaskedText } from '../../../shared/src/early';
import { createSharedMarker } from '../watch/shared-mark';
import { createWatch } from '../watch/watch';
import { tellProcesses, type ProcessNews } from '../host/node/scanner/processes';
import type { Attempt } from './attempt';
import { progressEveryMs, type Output } from './output';
import { packText } from './packed-text';
import { createStandardInput, type StandardInput } from './standard-input';
import { InputError, UsageError } from './usage';
import { collectSooner } from '../host/node/v8-flags';

/** What the worker of a command is started with. */
export interface CommandWorkerData {
  readonly argv: readonly string[];
  readonly mark: SharedArrayBuffer;
  readonly refusals: readonly Refusal[];
  readonly standardInput: StandardInput | null;
  readonly colour: boolean;
  readonly terminal: boolean;
  readonly errorColour: boolean;
}

/** What the worker says. */
export type CommandMessage =
  | { readonly kind: 'print' | 'say' | 'note'; readonly text: MaskedText }
  /** Much text, as `packText` gives it. */
  | { readonly kind: 'printPacked'; readonly bytes: Uint8Array }
  | { readonly kind: 'progress'; readonly done: number; readonly total: number; readonly what?: string }
  | { readonly kind: 'process'; readonly news: ProcessNews }
  | { readonly kind: 'done'; readonly code: number }
  | { readonly kind: 'failed'; readonly of: 'usage' | 'input' | 'program'; readonly message: string; readonly stack: string };

/** A report of thousands of files waits in pieces until nothing can make the command start again: that long it is not to take the room twice. */
const leastPacked = 1 << 16;
/** From so many files on the room that they take counts for more than the time. */
const manyFiles = 2000;

/** Runs a command in the worker that this is: everything goes through the thread that started it. */
export async function runInWorker(main: (argv: readonly string[], output: Output, attempt: Attempt) => Promise<number>): Promise<void> {
  const port = parentPort!;
  const { argv, mark, refusals, standardInput, colour, terminal, errorColour } = workerData as CommandWorkerData;
  let told = 0;
  const tell = (message: CommandMessage): void => port.postMessage(message);
  const output: Output = {
    colour,
    terminal,
    errorColour,
    print: text => tell(text.length < leastPacked ? { kind: 'print', text } : { kind: 'printPacked', bytes: packText(text) }),
    say: text => tell({ kind: 'say', text }),
    note: text => tell({ kind: 'note', text }),
    progress: (done, total, what) => {
      const now = Date.now();
      if (now - told < progressEveryMs) return;
      told = now;
      tell({ kind: 'progress', done, total, ...(what !== undefined && { what }) });
    },
  };
  const input = createStandardInput(standardInput);
  let collectAsBefore = (): void => {};
  try {
    const code = await main(argv, output, {
      watch: createWatch(createSharedMarker(mark), refusals),
      standardInput: () => input.read(),
      expect: files => {
        if (files > manyFiles) collectAsBefore = collectSooner();
      },
      isClean: refusals.length === 0,
      running: tellProcesses(news => tell({ kind: 'process', news })),
    }).finally(() => collectAsBefore());
    tell({ kind: 'done', code });
  } catch (error) {
    const { message, stack = '' } = error instanceof Error ? error : new Error(String(error));
    tell({ kind: 'failed', of: error instanceof UsageError ? 'usage' : error instanceof InputError ? 'input' : 'program', message, stack });
  }
}
