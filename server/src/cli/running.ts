import { killTree, type Running } from '../host/node/scanner/process-tree';
import { removeFolder } from '../host/node/scanner/scanner-folder';

const signals = { SIGINT: 2, SIGTERM: 15, SIGHUP: 1 } as const;

/** Keeps account of the processes of a run; where the run is ended by a signal, they are ended with it, and their folders removed. */
export function createRunning(): Running {
  const folders = new Map<number, string>();
  let isListening = false;
  const listen = (): void => {
    isListening = true;
    for (const [signal, number] of Object.entries(signals)) {
      process.once(signal, () => {
        for (const [pid, folder] of folders) {
          // nobody is left to wait for a kind one
          killTree(pid, 'SIGKILL');
          removeFolder(folder);
        }
        process.exit(128 + number);
      });
    }
  };
  return {
    started: (pid, folder) => {
      folders.set(pid, folder);
      if (!isListening) listen();
    },
    ended: pid => void folders.delete(pid),
  };
}
