import type { RefusalReason, Working } from '../../../shared/src/output/protocol/messages';
import { createOverrun, type Limits } from '../watch/overrun';
import { readSharedMark, type SharedMark } from '../watch/shared-mark';

const tickMs = 100;

/** The hard limit of a worker's heap, as in the language server: the soft limit comes long before. */
export const heapMb = 4096;

/** Looks from time to time at what a worker marks, until something has cost more than it may, or what this gives is called. */
export function watchWorker(mark: SharedMark, limits: Limits, onOver: (reason: RefusalReason, blamed: Working) => void): () => void {
  const overrun = createOverrun(limits);
  const timer = setInterval(
    () => {
      const { count, mark: work } = readSharedMark(mark);
      const { user, system } = process.cpuUsage();
      const sample = { progress: count, busy: work !== null, cpuMs: (user + system) / 1000, memory: process.memoryUsage.rss() };
      const reason = overrun(sample);
      if (reason === null || !work) return;
      clearInterval(timer);
      onOver(reason, work);
    },
    Math.min(tickMs, limits.cpuMs / 4),
  );
  return () => clearInterval(timer);
}
