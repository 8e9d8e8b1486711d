import type { Refusal, Working } from '../../shared/src/output/protocol/messages';

/** Watches a server that shares no memory with us: all that is known is what it said it would do next. */
export interface WorkerWatch {
  /** What the server works on from now on; `null`: nothing. */
  working(mark: Working | null): void;
  /** To be called once a second. Seconds are counted, not read off a clock: a machine that sleeps lets nothing run. */
  tick(): void;
  /** The texts that are not to be tried again. */
  readonly refusals: readonly Refusal[];
}

/** A file may take this long, as in the language server outside of browsers. */
const seconds = 10;

/** Makes a watch; `onOverrun` is called once for each file that takes too long, which is among the refusals by then. */
export function createWorkerWatch(onOverrun: (mark: Working) => void): WorkerWatch {
  const refusals: Refusal[] = [];
  let current: Working | null = null;
  let ticks = 0;
  return {
    refusals,
    working: mark => {
      current = mark;
      ticks = 0;
    },
    tick: () => {
      // the first tick may come at once
      if (current === null || ++ticks <= seconds) return;
      const mark = current;
      current = null;
      refusals.push({ key: mark.key, reason: 'timeout', limit: seconds * 1000 });
      onOverrun(mark);
    },
  };
}
