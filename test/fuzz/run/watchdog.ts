import { Worker } from 'node:worker_threads';

/** Ends this process where a step takes too much time of the processor: the main thread cannot, it is the one that does not come back. */
export interface Watchdog {
  /** A step begins. */
  start(): void;
  /** It has ended; gives the milliseconds of the processor that it took. */
  stop(): number;
}

/** Milliseconds of the processor that this process has used, with all its threads: they collect garbage and compile for nobody else. */
export function processorTime(): number {
  const { user, system } = process.cpuUsage();
  return (user + system) / 1000;
}

const program = `
  const { workerData: began } = require('node:worker_threads');
  const time = () => { const { user, system } = process.cpuUsage(); return (user + system) / 1000; };
  setInterval(() => {
    // read once: the step may end between two readings
    const since = began[0];
    if (since > 0 && time() - since > began[1]) process.kill(process.pid, 'SIGKILL');
  }, 50);
`;

/** Starts a watchdog. The process ends by SIGKILL after `patience` milliseconds of the processor in one step. */
export function startWatchdog(patience: number): Watchdog {
  // when the step at work began; 0 between two steps
  const began = new Float64Array(new SharedArrayBuffer(16));
  began[1] = patience;
  new Worker(program, { eval: true, workerData: began }).unref();
  return {
    start: () => void (began[0] = processorTime()),
    stop: () => {
      const took = processorTime() - began[0]!;
      began[0] = 0;
      return took;
    },
  };
}
