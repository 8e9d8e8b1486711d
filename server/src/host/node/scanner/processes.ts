import { killTree, type Running } from '../process/process-tree';
import { removeFolder } from '../process/own-folder';

/** What a thread tells of the processes that it runs. */
export type ProcessNews = { readonly started: number; readonly folder: string } | { readonly ended: number };

/** Keeps account of processes, and ends those that are left. */
export interface Processes extends Running {
  hear(news: ProcessNews): void;
  /** Ends all of them at once, and removes their folders. */
  end(): void;
}

/** Nobody runs yet. `onFirst`: called once, when the first process starts. */
export function createProcesses(onFirst: () => void = () => {}): Processes {
  const folders = new Map<number, string>();
  let isFirst = true;
  const started = (pid: number, folder: string): void => {
    folders.set(pid, folder);
    if (isFirst) onFirst();
    isFirst = false;
  };
  const ended = (pid: number): void => void folders.delete(pid);
  return {
    started,
    ended,
    hear: news => ('started' in news ? started(news.started, news.folder) : ended(news.ended)),
    end: () => {
      for (const [pid, folder] of folders) {
        // nobody is left to wait for a kind end
        killTree(pid, 'SIGKILL');
        removeFolder(folder);
      }
      folders.clear();
    },
  };
}

/** Tells another thread of processes. */
export function tellProcesses(tell: (news: ProcessNews) => void): Running {
  return { started: (pid, folder) => tell({ started: pid, folder }), ended: pid => tell({ ended: pid }) };
}
