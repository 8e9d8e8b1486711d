import { isAscii } from 'node:buffer';
import { readFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { dirname, join } from 'node:path';
import { Script } from 'node:vm';
import { isMainThread } from 'node:worker_threads';
import { userCacheFolder } from '../../../shared/host/node/cache-folder';
import { liesIn, topOf } from '../../../shared/host/node/folders';
import { lastGeneration, readCode, writeCode } from './code-cache';
import { nameCode } from './kept/code-name';
import { optimizeLater } from '../host/node/v8-flags';

/** Put in by the build: the hash of the command line's code. */
declare const BULKHEAD_CODE: string;

/** A run on more paths has more to do than to compile. */
const mostPaths = 100;

/** The commands that are run again and again. Of `mcp` it is a worker that does the work, and ends with it. */
const often: ReadonlySet<string> = new Set(isMainThread ? ['lint', 'harden', 'pin'] : ['mcp']);

/**
 * Starts the command line, which lies beside this file, from what V8 made of its code in an earlier run: to compile it takes a third of the time of a run on
 * one file. `NODE_DISABLE_COMPILE_CACHE` switches that off, as it does in Node itself.
 */
function start(): void {
  if (isMainThread) optimizeLater();
  const path = join(__dirname, 'command.js');
  const require = createRequire(__filename);
  const folder = userCacheFolder('code', process.env);
  // what comes with a repository is not run, wherever the user's cache folder is said to be
  const paths = [process.cwd(), ...process.argv.slice(2)];
  const isForeign = paths.length > mostPaths || paths.some(path => liesIn(folder, topOf(path)));
  const enabled = !process.env['NODE_DISABLE_COMPILE_CACHE'] && !isForeign;
  const name = `${BULKHEAD_CODE}-${process.version}-${process.arch}`;
  const known = enabled ? readCode(folder, name) : null;
  const script = new Script(readCodeText(path), { filename: path, ...(known && { cachedData: known.data }) });
  const run = script.runInThisContext() as (...args: readonly unknown[]) => void;
  const module = { exports: {} };
  nameCode(BULKHEAD_CODE);
  // workers are started with this very file
  run(module.exports, require, module, __filename, dirname(__filename));

  const generation = known && script.cachedDataRejected !== true ? known.generation + 1 : 1;
  if (!enabled || generation > lastGeneration || !often.has(process.argv[2] ?? '')) return;
  process.once('exit', code => {
    if (code === 0 || code === 1) writeCode(folder, name, { generation, data: script.createCachedData() });
  });
}

/** The text of a file of code: of ASCII, which bundles are, in a third of the time. */
function readCodeText(path: string): string {
  const bytes = readFileSync(path);
  return bytes.toString(isAscii(bytes) ? 'latin1' : 'utf8');
}

start();
