import { fork, type ChildProcess } from 'node:child_process';
import { mkdtempSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { buildSync } from 'esbuild';
import { nodeBundle } from '../../support/bundle';
import type { HostileCost } from './child';

/** Megabytes that a process may keep. */
const memory = 512;

/** What became of an input; without a cost where the process ended under it. */
export type HostileOutcome = HostileCost | { readonly index: number; readonly cost: null; readonly flaws: readonly string[] };

/** Bundles the process that works through the inputs; gives its path. */
export function bundleChild(): string {
  const outfile = join(mkdtempSync(join(tmpdir(), 'bulkhead-hostile-')), 'child.cjs');
  buildSync(nodeBundle('test/fuzz/hostile/child.ts', outfile));
  return outfile;
}

/** Has `processes` processes work through inputs, the control before each of them; one that ends is replaced. */
export async function runHostile(child: string, indices: readonly number[], processes: number): Promise<readonly HostileOutcome[]> {
  const waiting = [...indices];
  const outcomes: HostileOutcome[] = [];
  const work = (): Promise<void> =>
    new Promise((resolve, reject) => {
      let current: number | undefined;
      const start = (): void => {
        const worker: ChildProcess = fork(child, {
          execArgv: [`--max-old-space-size=${memory}`],
          stdio: ['ignore', 'ignore', 'ignore', 'ipc'],
        });
        const next = (): void => {
          current = waiting.shift();
          if (current === undefined) worker.disconnect();
          else worker.send(current);
        };
        worker.on('message', (outcome: HostileCost) => {
          outcomes.push(outcome);
          next();
        });
        worker.on('error', reject);
        worker.on('exit', (code, signal) => {
          if (current === undefined) return resolve();
          const how = signal === 'SIGKILL' ? 'has no end' : `ends the process (${signal ?? code}): more than ${memory} MB`;
          outcomes.push({ index: current, cost: null, flaws: [how] });
          if (waiting.length === 0) return resolve();
          start();
        });
        next();
      };
      start();
    });
  await Promise.all(Array.from({ length: Math.min(processes, indices.length) }, work));
  return outcomes;
}
