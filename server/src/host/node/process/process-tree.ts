/** Hears of processes that run, so that none is left behind when the program is ended. */
export interface Running {
  /** `folder`: to be removed with the process. */
  started(pid: number, folder: string): void;
  ended(pid: number): void;
}

/** Signals a process that leads a group, and the group; gone already is fine. */
export function killTree(pid: number, signal: 'SIGTERM' | 'SIGKILL'): void {
  try {
    process.kill(process.platform === 'win32' ? pid : -pid, signal);
  } catch {
    // it has ended
  }
}
