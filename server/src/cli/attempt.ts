import { Script } from 'node:vm';
import type { Watch, WatchedFile } from '../watch/watch';
import type { Running } from '../host/node/process/process-tree';
import type { StandardInput } from './standard-input';

/** What a command works with that may be made to start again. No command writes a file before it has done all its work on texts. */
export interface Attempt {
  readonly watch: Watch;
  readonly standardInput: () => StandardInput;
  /** To be called with the number of files before they are read; a trial takes no more than a few. Throws `Overdue`. */
  readonly expect: (files: number) => void;
  /** Whether no file has been given up so far. */
  readonly isClean: boolean;
  /** To be told of the processes that a command starts. */
  readonly running: Running;
  /** The folder that no link below it may lead out of, where that is less than the repository. */
  readonly within?: string;
}

/** A trial was given up: the command is to start again, in a worker that can be ended. */
export class Overdue extends Error {}

/** More files than these are worth the start of a worker. */
export const manyFiles = 100;

/** Few files take a tenth of this, and on a busy machine a half; none grows a heap to its end in it. */
const trialMs = 1000;

/** A longer text takes longer: to begin with it would be lost time. */
const longestTrial = 1_000_000;

const slot = Symbol.for('bulkhead.trial');
const trials = globalThis as unknown as Record<symbol, () => unknown>;

/**
 * A watch for work on this very thread, which costs nobody the start of a worker. What takes long is interrupted and throws `Overdue`, past every `catch` and
 * `finally` on the way: nothing that has been made may be used after that.
 */
export function createTrialWatch(): Watch {
  const script = new Script(`globalThis[Symbol.for('bulkhead.trial')]()`);
  let within = false;
  return {
    refusal: () => null,
    run: <T>({ text }: WatchedFile, work: () => T): T => {
      if (within) return work();
      if (text.length > longestTrial) throw new Overdue();
      trials[slot] = work;
      within = true;
      try {
        return script.runInThisContext({ timeout: trialMs }) as T;
      } catch (error) {
        throw (error as { code?: unknown }).code === 'ERR_SCRIPT_EXECUTION_TIMEOUT' ? new Overdue() : error;
      } finally {
        within = false;
      }
    },
  };
}

/** Gives up a trial of many files before it has begun. */
export function expectFew(files: number): void {
  if (files > manyFiles) throw new Overdue();
}
