import { createProcesses, type Processes } from '../host/node/scanner/processes';

const signals = { SIGINT: 2, SIGTERM: 15, SIGHUP: 1 } as const;

/** Keeps account of the processes of a run; where the run is ended by a signal, they are ended with it, and their folders removed. */
export function createRunning(): Processes {
  const processes = createProcesses(() => {
    for (const [signal, number] of Object.entries(signals)) {
      process.once(signal, () => {
        processes.end();
        process.exit(128 + number);
      });
    }
  });
  return processes;
}
