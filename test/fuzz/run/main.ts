import { spawnSync } from 'node:child_process';
import { mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { parseArgs } from 'node:util';
import { root } from '../../../tools/rules/files';
import { cliTarget } from './cli-target';
import { engineChild, type EngineWork } from './engine-child';
import { engineTarget } from './engine-target';
import { lspTarget } from './lsp-target';
import type { FuzzFailure, FuzzTarget } from './types';

/**
 * `npm run fuzz -- --seconds N --cases N --seed N --target engine|cli|lsp`: feeds the engine, the command line and the language server with what
 * nobody would write, for so many seconds in all and at most so many cases each. A failure is printed with its seed, as small as it could be made, and written to test-results/fuzz.
 * `--sweep 1`: all of what `npm test` takes a sample of, which takes hours; `--sweep 2/8`: part 2 of 8 of it.
 */
const targets: Readonly<Record<string, FuzzTarget>> = { engine: engineTarget, cli: cliTarget, lsp: lspTarget };

/** Reads a number of the command line. */
function numberOf(text: string, name: string): number {
  const value = Number(text);
  if (!Number.isInteger(value) || value < 0) throw new Error(`--${name} must be a number, not "${text}"`);
  return value;
}

/** Those that ask `test/support/sweep`. */
const sampled = 'node_modules/vitest/vitest.mjs run test/fuzz test/lsp/shipped test/unit/fix-yaml/corpus test/unit/dockerfile/corpus'.split(
  ' ',
);

/** The tests that take a sample by default, with all of it, or a part. */
function sweep(part: string): boolean {
  if (!/^\d+(?:\/\d+)?$/.test(part)) throw new Error(`--sweep must be 1, or a part such as 2/8, not "${part}"`);
  const { status } = spawnSync(process.execPath, [...sampled], {
    cwd: root,
    stdio: 'inherit',
    env: { ...process.env, BULKHEAD_FULL_SWEEP: part },
  });
  return status === 0;
}

function report(target: string, seed: number, { flaws, input }: FuzzFailure): void {
  const folder = join(root, 'test-results/fuzz');
  const file = join(folder, `${target}-${seed}.json`);
  mkdirSync(folder, { recursive: true });
  writeFileSync(file, JSON.stringify({ target, seed, flaws, input }, null, 2));
  console.error(`${target}: FAILED with --target ${target} --seed ${seed}`);
  console.error(`  ${flaws.slice(0, 5).join('\n  ')}\n${JSON.stringify(input, null, 2).slice(0, 4000)}\nwritten to ${file}`);
}

async function main(): Promise<boolean> {
  const { values } = parseArgs({
    options: {
      seconds: { type: 'string', default: '60' },
      cases: { type: 'string' },
      seed: { type: 'string' },
      target: { type: 'string' },
      sweep: { type: 'string' },
      engine: { type: 'string' },
    },
  });
  if (values.engine !== undefined) {
    process.stdout.write(JSON.stringify(await engineChild(JSON.parse(values.engine) as EngineWork)));
    return true;
  }
  if (values.sweep !== undefined) return sweep(values.sweep);
  const chosen = values.target === undefined ? Object.keys(targets) : [values.target];
  const seconds = numberOf(values.seconds, 'seconds') / chosen.length;
  const cases = values.cases === undefined ? Number.MAX_SAFE_INTEGER : numberOf(values.cases, 'cases');
  const seed = values.seed === undefined ? Date.now() % 1_000_000_000 : numberOf(values.seed, 'seed');
  console.log(`seed ${seed}, ${Math.round(seconds)} s for each of ${chosen.join(', ')}`);
  let sound = true;
  for (const name of chosen) {
    const target = Object.hasOwn(targets, name) ? targets[name] : undefined;
    if (!target) throw new Error(`--target must be one of ${Object.keys(targets).join(', ')}, not "${name}"`);
    const { cases: tried, failure } = await target({ seconds, cases, seed });
    if (failure) report(name, seed, failure);
    else console.log(`${name}: ${tried} cases, nothing found`);
    sound &&= failure === null;
  }
  return sound;
}

main().then(
  sound => (process.exitCode = sound ? 0 : 1),
  (error: unknown) => {
    console.error(error instanceof Error ? error.message : error);
    process.exitCode = 2;
  },
);
