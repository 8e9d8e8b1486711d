import { spawn } from 'node:child_process';
import { mkdirSync, mkdtempSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import fc from 'fast-check';
import { root } from '../../../tools/rules/files';
import { anyCliCase, type CliCase } from '../generate/cli';
import { memory } from './engine-target';
import { minimise } from './minimise';
import type { FuzzTarget } from './types';

/** Seconds of the clock after which a run is taken to hang: the slowest machine needs a few. */
const patience = 60;

/** What a run gave. */
interface Ran {
  readonly code: number | null;
  readonly signal: string | null;
  readonly stdout: string;
  readonly stderr: string;
}

function run(cli: string, { args, stdin, entries }: CliCase): Promise<Ran> {
  // what is above the folder is the run's own, too: `lint ..` is not to search what else the machine keeps
  const top = mkdtempSync(join(tmpdir(), 'bulkhead-fuzz-cli-'));
  const folder = join(top, 'a', 'b');
  mkdirSync(folder, { recursive: true });
  for (const { path, text, link } of entries) {
    const place = join(folder, path);
    try {
      mkdirSync(dirname(place), { recursive: true });
      if (link !== undefined) symlinkSync(link, place);
      else if (typeof text === 'string') writeFileSync(place, text);
      else mkdirSync(place);
    } catch {
      // two entries of one name: the first one stays
    }
  }
  return new Promise((resolve, reject) => {
    // whoever asks a registry is to find nobody
    const nobody = 'http://127.0.0.1:9';
    const env = {
      PATH: process.env['PATH'],
      HOME: folder,
      HTTP_PROXY: nobody,
      HTTPS_PROXY: nobody,
      http_proxy: nobody,
      https_proxy: nobody,
    };
    const child = spawn(process.execPath, [`--max-old-space-size=${memory}`, cli, ...args.map(arg => arg.replaceAll('\0', ''))], {
      cwd: folder,
      env,
      timeout: patience * 1000,
      killSignal: 'SIGKILL',
    });
    const out = { stdout: '', stderr: '' };
    child.stdout.setEncoding('utf8').on('data', (text: string) => (out.stdout += text));
    child.stderr.setEncoding('utf8').on('data', (text: string) => (out.stderr += text));
    // a run that reads no input closes it
    child.stdin.on('error', () => undefined);
    child.stdin.end(stdin);
    child.on('error', reject);
    child.on('close', (code, signal) => {
      rmSync(top, { recursive: true, force: true });
      resolve({ code, signal, ...out });
    });
  });
}

/** What is wrong with a run: how it ends, what it prints, and whether what machines read can be read. */
export async function checkCli(cli: string, input: CliCase): Promise<readonly string[]> {
  const { code, signal, stdout, stderr } = await run(cli, input);
  const flaws: string[] = [];
  if (signal !== null) flaws.push(`ends by ${signal}`);
  else if (code !== 0 && code !== 1 && code !== 2) flaws.push(`exit code ${code}: ${stderr.slice(-300)}`);
  if (/^ {4}at .*:\d+/m.test(stderr + stdout)) flaws.push('prints a stack trace');
  if (/internal error/.test(stderr)) flaws.push(`an internal error: ${stderr.slice(0, 300)}`);
  // without a command there is the help, on standard output
  if (code === 2 && stderr.trim() === '' && input.args.length > 0) flaws.push('exit code 2 without a word');
  const format = formatOf(input.args);
  const help = input.args.some(arg => /^(-\w*h|--help)/.test(arg));
  if ((format === 'json' || format === 'sarif') && stdout !== '' && !help) {
    try {
      const value = JSON.parse(stdout) as { readonly version?: string };
      if (format === 'sarif' && value.version !== '2.1.0') flaws.push('SARIF of no version');
    } catch {
      flaws.push(`${format} that is none`);
    }
  }
  return flaws;
}

/** The format that holds: the last one. */
function formatOf(args: readonly string[]): string | null {
  const at = args.findLastIndex(arg => arg === '--format' || arg.startsWith('--format='));
  if (at < 0) return null;
  return args[at] === '--format' ? (args[at + 1] ?? null) : args[at]!.slice('--format='.length);
}

/** Feeds the command line, as a process of its own each time. */
export const cliTarget: FuzzTarget = async ({ seconds, cases: most, seed }) => {
  const cli = join(root, 'dist/cli.js');
  const cases = anyCliCase();
  const end = Date.now() + seconds * 1000;
  let count = 0;
  for (let batch = 0; Date.now() < end && count < most; batch++) {
    for (const input of fc.sample(cases, { seed: seed + batch, numRuns: 20 })) {
      if (Date.now() >= end || count >= most) break;
      count++;
      const flaws = await checkCli(cli, input);
      if (flaws.length === 0) continue;
      const fails = async (smaller: CliCase): Promise<boolean> => (await checkCli(cli, smaller)).length > 0;
      const entries = await minimise(input.entries, own => fails({ ...input, entries: own }), 20);
      const args = await minimise(input.args, own => fails({ ...input, entries, args: own }), 20);
      const stdin = (await fails({ args, entries, stdin: '' })) ? '' : input.stdin;
      return { cases: count, failure: { flaws, input: { args, entries, stdin } } };
    }
  }
  return { cases: count, failure: null };
};
