import type { RefusalReason } from '../../../shared/src/output/protocol/messages';

/** What one piece of work may cost. */
export interface Limits {
  /** Milliseconds of processor time. A machine that sleeps, or is busy with others, costs none. */
  readonly cpuMs: number;
  /** Bytes by which the process may grow. */
  readonly memory: number;
}

/** A look at a worker from outside. */
export interface Sample {
  /** Changes with every step forward. */
  readonly progress: number;
  /** Whether there is anything to be done at all. */
  readonly busy: boolean;
  /** Processor time of the process so far, in milliseconds. */
  readonly cpuMs: number;
  /** Memory of the process, in bytes. */
  readonly memory: number;
}

/** Tells from samples when a piece of work has cost more than it may; `null`: it has not. */
export function createOverrun(limits: Limits): (sample: Sample) => RefusalReason | null {
  let since: Sample | null = null;
  return sample => {
    if (!sample.busy || since?.progress !== sample.progress) {
      since = sample.busy ? sample : null;
      return null;
    }
    if (sample.cpuMs - since.cpuMs > limits.cpuMs) return 'timeout';
    return sample.memory - since.memory > limits.memory ? 'memory' : null;
  };
}
