import { spawnSync } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { Fixture } from '../generate/fixtures';
import type { EngineWork } from './engine-child';
import { minimiseText } from './minimise';
import type { FuzzResult, FuzzTarget } from './types';

/** Megabytes that a process may keep. */
export const memory = 512;

/** How often a case that ends the process is tried smaller: each time costs a process. */
const tries = 30;

/** Feeds the engine with files: whatever the product could do with each of them is done, in a process with limits of its own. */
export const engineTarget: FuzzTarget = async options => {
  const folder = mkdtempSync(join(tmpdir(), 'bulkhead-fuzz-'));
  const current = join(folder, 'current.json');
  try {
    const result = work({ current, make: options });
    if (result) return result;
    const file = JSON.parse(readFileSync(current, 'utf8')) as Fixture;
    const ends = (text: string): boolean => {
      writeFileSync(current, JSON.stringify({ ...file, text }));
      return work({ current, make: null }) === null;
    };
    const text = await minimiseText(file.text, ends, tries);
    return { cases: 0, failure: { flaws: [`the process ends: more than ${memory} MB, or no end`], input: { ...file, text } } };
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
};

/** Runs this program as the engine's process; `null` where it ended without a result. */
function work(order: EngineWork): FuzzResult | null {
  const args = [`--max-old-space-size=${memory}`, process.argv[1]!, '--engine', JSON.stringify(order)];
  const { stdout, status } = spawnSync(process.execPath, args, {
    encoding: 'utf8',
    maxBuffer: 1 << 26,
    stdio: ['ignore', 'pipe', 'inherit'],
  });
  return status === 0 ? (JSON.parse(stdout) as FuzzResult) : null;
}
