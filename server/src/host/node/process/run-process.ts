import { spawn, type ChildProcess } from 'node:child_process';
import type { Cancellation } from '../../../../../shared/src/base/ports/cancellation';
import { killTree, type Running } from './process-tree';

/** A process to be run, without a shell. */
export interface ProcessRequest {
  /** Absolute: a name would be looked for, on Windows in the working folder first. */
  readonly path: string;
  readonly args: readonly string[];
  readonly cwd: string;
  readonly env: NodeJS.ProcessEnv;
  readonly timeoutMs: number;
  /** A process that prints more is ended. */
  readonly maxBytes: number;
  readonly cancellation: Cancellation;
  readonly running: Running;
  /** Ends it kindly, in place of SIGTERM: called again and again until it has ended. */
  readonly endKindly?: (pid: number) => void;
  /** Hears what it prints, which is not kept then. */
  readonly hear?: (chunk: Buffer) => void;
}

/** How a process ended. `stderr` has the end of what it said, 64 KB at most. */
export interface ProcessEnd {
  readonly how: 'exit' | 'timed-out' | 'too-much' | 'cancelled' | 'not-started';
  readonly code: number | null;
  readonly signal: NodeJS.Signals | null;
  readonly stdout: string;
  readonly stderr: string;
}

const killAfterMs = 3000;
const againMs = 100;
const keptOfErrors = 1 << 16;

/** Runs a process to its end, or ends it: it and what it started, first kindly, three seconds later at once. Never rejects. */
export function runProcess(request: ProcessRequest): Promise<ProcessEnd> {
  const { path, args, cwd, env, timeoutMs, maxBytes, cancellation, running } = request;
  const printed: Buffer[] = [];
  const hear = request.hear ?? ((chunk: Buffer): void => void printed.push(chunk));
  return new Promise(resolve => {
    let how: ProcessEnd['how'] = 'exit';
    let length = 0;
    let errors = '';
    const timers: NodeJS.Timeout[] = [];
    const repeat = (work: (pid: number) => void, pid: number): void => {
      work(pid);
      timers.push(setInterval(() => work(pid), againMs));
    };
    let release = (): void => {};
    const end = (code: number | null, signal: NodeJS.Signals | null): void => {
      timers.forEach(clearTimeout);
      release();
      if (child?.pid !== undefined) {
        // what it has started, and left behind
        kill(child, 'SIGKILL');
        running.ended(child.pid);
      }
      resolve({ how, code, signal, stdout: how === 'exit' ? Buffer.concat(printed).toString('utf8') : '', stderr: errors });
    };
    const stop = (why: ProcessEnd['how']): void => {
      if (how !== 'exit' || !child) return;
      how = why;
      const own = child;
      if (request.endKindly !== undefined && own.pid !== undefined) repeat(request.endKindly, own.pid);
      else {
        own.stdout?.destroy();
        kill(own, 'SIGTERM');
      }
      timers.push(setTimeout(() => kill(own, 'SIGKILL'), killAfterMs));
      timers.push(setTimeout(() => end(null, 'SIGKILL'), killAfterMs + 1000));
    };

    let child: ChildProcess | null = null;
    try {
      child = spawn(path, args, { cwd, env, stdio: ['ignore', 'pipe', 'pipe'], detached: process.platform !== 'win32', windowsHide: true });
    } catch (error) {
      how = 'not-started';
      errors = String(error);
      end(null, null);
      return;
    }
    if (child.pid !== undefined) running.started(child.pid, cwd);
    child.on('error', error => {
      if (child?.pid !== undefined) return;
      how = 'not-started';
      errors = error.message;
      end(null, null);
    });
    child.stdout?.on('data', (chunk: Buffer) => {
      length += chunk.length;
      if (length > maxBytes) {
        printed.length = 0;
        stop('too-much');
      } else hear(chunk);
    });
    child.stderr?.on('data', (chunk: Buffer) => (errors = (errors + chunk.toString('utf8')).slice(-keptOfErrors)));
    child.on('exit', (code, signal) => {
      if (how !== 'exit') end(code, signal);
    });
    child.on('close', (code, signal) => {
      if (how === 'exit') end(code, signal);
    });
    timers.push(setTimeout(() => stop('timed-out'), timeoutMs));
    release = cancellation.onCancel(() => stop('cancelled'));
  });
}

/** Signals a process and what it started. */
function kill(child: Pick<ChildProcess, 'pid' | 'kill'>, signal: 'SIGTERM' | 'SIGKILL'): void {
  if (child.pid === undefined) return;
  killTree(child.pid, signal);
}
