import { spawnSync } from 'node:child_process';
import { existsSync, readFileSync, realpathSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { root } from '../../rules/files';

/** A tool that is compared. None is a dependency: what is not there is one line. */
export interface Peer {
  readonly name: string;
  readonly command: readonly string[];
  /** Arguments that make it print its version. */
  readonly version: readonly string[];
  /** Arguments in front of the paths, by what is checked; absent: it does not check that. */
  readonly arguments: { readonly dockerfile?: readonly string[]; readonly kubernetes?: readonly string[] };
  /** What it says where it stops at a file that it cannot read: the rest of the job is then not done. */
  readonly gaveUp?: RegExp;
  /** Whether it takes files alone, not folders. */
  readonly files?: true;
}

const ours = [process.execPath, `${root}dist/cli.js`];
const bulkhead = (format: string, ...more: readonly string[]): Peer => {
  const lint = ['lint', '--fail-on', 'never', '--format', format, ...more];
  const name = `bulkhead lint --format ${[format, ...more].join(' ')}`;
  return { name, command: ours, version: ['--version'], arguments: { dockerfile: lint, kubernetes: lint } };
};

export const peers: readonly Peer[] = [
  bulkhead('text', '--no-cache'),
  bulkhead('text'),
  bulkhead('json'),
  bulkhead('sarif'),
  { name: 'hadolint', command: ['hadolint'], version: ['--version'], arguments: { dockerfile: ['--no-fail', '-f', 'json'] }, files: true },
  {
    name: 'tally',
    command: ['tally'],
    version: ['version'],
    arguments: { dockerfile: ['lint'] },
    files: true,
    gaveUp: /^Error: failed to lint/m,
  },
  { name: 'kube-linter', command: ['kube-linter'], version: ['version'], arguments: { kubernetes: ['lint'] } },
  {
    name: 'kube-score',
    command: ['kube-score'],
    version: ['version'],
    arguments: { kubernetes: ['score', '--exit-one-on-warning=false'] },
    gaveUp: /^Failed to score files/m,
    files: true,
  },
  { name: 'polaris', command: ['polaris'], version: ['version'], arguments: { kubernetes: ['audit', '--audit-path'] } },
  {
    name: 'checkov',
    command: ['checkov'],
    version: ['--version'],
    arguments: {
      dockerfile: ['--framework', 'dockerfile', '--compact', '--quiet', '-d'],
      kubernetes: ['--framework', 'kubernetes', '--compact', '--quiet', '-d'],
    },
  },
  {
    name: 'trivy',
    command: ['trivy'],
    version: ['--version'],
    arguments: {
      dockerfile: ['config', '--skip-check-update', '--skip-version-check', '--timeout', '30m'],
      kubernetes: ['config', '--skip-check-update', '--skip-version-check', '--timeout', '30m'],
    },
  },
];

/** A run that takes longer is not waited for. */
export const mostMs = 100_000;

/** Seconds of one run: of the processor, by whatever processes, and elapsed. */
export interface Cost {
  readonly cpu: number;
  readonly elapsed: number;
}

/** One run; `null` where it did not come to an end. Bash tells what child processes took: Node does not; `timeout` ends the program and not bash alone. */
export function runOnce(command: readonly string[], folder: string): Cost | null {
  const script = 'TIMEFORMAT="%U %S %R"; time timeout -k 1 "$@" >/dev/null 2>&1';
  const args = ['-c', script, 'bash', `${mostMs / 1000}`, ...command];
  const { stderr, status } = spawnSync('bash', args, { cwd: folder, encoding: 'utf8' });
  const [user, system, elapsed] = stderr.trim().split(/\s+/).map(Number);
  // out of time, killed, or not to be started
  if (status === null || status === 124 || status > 125 || elapsed === undefined) return null;
  return { cpu: user! + system!, elapsed };
}

/** Where a program lies; `null`: not on the path. */
function placeOf(program: string): string | null {
  const { stdout, status } = spawnSync('bash', ['-c', 'command -v -- "$1"', 'bash', program], { encoding: 'utf8' });
  return status === 0 ? realpathSync(stdout.trim()) : null;
}

/** The version of the package of npm that a file belongs to. */
function packageVersion(file: string): string | null {
  for (let folder = dirname(file); folder !== dirname(folder); folder = dirname(folder)) {
    const path = join(folder, 'package.json');
    if (existsSync(path)) return (JSON.parse(readFileSync(path, 'utf8')) as { version?: string }).version ?? null;
  }
  return null;
}

/**
 * What version a tool is of, from what it prints, its package of npm, or what Go has written into it; `null`: it is not there.
 * @param version arguments that make it print its version; none: it would not
 */
export function versionOf([program = '', ...first]: readonly string[], version: readonly string[]): string | null {
  const place = placeOf(program);
  if (place === null) return null;
  if (version.length === 0) return packageVersion(place) ?? 'version unknown';
  const printed = spawnSync(program, [...first, ...version], { encoding: 'utf8', timeout: 60_000 });
  const built = spawnSync('go', ['version', '-m', place], { encoding: 'utf8', timeout: 60_000 });
  return (
    /v?\d+\.\d+[\w.+-]*|\b[0-9a-f]{7,40}\b/.exec(printed.stdout + printed.stderr)?.[0] ??
    /^\s*mod\s+\S+\s+(v[\w.+-]+)/m.exec(built.stdout ?? '')?.[1] ??
    'version unknown'
  );
}

/** What tools say of an option that their version does not have. */
const refuses = /unknown (?:flag|option|command)|unrecognized arguments|no such option|Invalid option/i;

/**
 * Whether a tool stops before its job is done.
 * @throws Error where it does not know an option that it is given: what that takes is no measure of it
 */
export function givesUp({ name, gaveUp }: Peer, [program = '', ...args]: readonly string[], folder: string): boolean {
  const { stdout, stderr } = spawnSync(program, args, { cwd: folder, encoding: 'utf8', timeout: mostMs, maxBuffer: 1 << 28 });
  const refused = stderr.split('\n').find(line => refuses.test(line));
  if (refused !== undefined) throw new Error(`${name} does not take the options of this bench: ${refused}`);
  return gaveUp !== undefined && (gaveUp.test(stdout) || gaveUp.test(stderr));
}
