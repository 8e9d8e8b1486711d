import { execFileSync, spawnSync } from 'node:child_process';
import { mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { cpus, loadavg, tmpdir } from 'node:os';
import { join } from 'node:path';
import { corpusFiles, hasCorpus, noCorpus } from '../corpus-folder';
import { root } from '../rules/files';
import { percentile } from './timing';

/** `npm run bench -- --peers`: the command line beside other tools, as far as these are on the path; the tables go into docs/performance.md. */

/** A tool that is compared. None is a dependency: what is not there is one line. */
interface Peer {
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

const peers: readonly Peer[] = [
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
      dockerfile: ['config', '--offline-scan', '--timeout', '30m'],
      kubernetes: ['config', '--offline-scan', '--timeout', '30m'],
    },
  },
];

/** How often each tool runs; one that takes long runs fewer times. */
const runs = 5;
const longSeconds = 15;
/** A run that takes longer is not waited for. */
const mostMs = 180_000;

/** Seconds of one run: of the processor, by whatever processes, and elapsed. */
interface Cost {
  readonly cpu: number;
  readonly elapsed: number;
}

/** One run; `null` where it did not come to an end. Bash tells what child processes took: Node does not. */
function runOnce(command: readonly string[], folder: string): Cost | null {
  const script = 'TIMEFORMAT="%U %S %R"; time "$@" >/dev/null 2>&1';
  const { stderr, status } = spawnSync('bash', ['-c', script, 'bash', ...command], { cwd: folder, encoding: 'utf8', timeout: mostMs });
  const [user, system, elapsed] = stderr.trim().split(/\s+/).map(Number);
  // killed, or not to be started
  if (status === null || status > 125 || elapsed === undefined) return null;
  return { cpu: user! + system!, elapsed };
}

function versionOf({ command, version }: Peer): string | null {
  const [program = '', ...first] = command;
  const { stdout, stderr, error } = spawnSync(program, [...first, ...version], { encoding: 'utf8', timeout: 60_000 });
  if (error) return null;
  return /v?\d+\.\d+[\w.+-]*|\b[0-9a-f]{7,40}\b/.exec(stdout + stderr)?.[0] ?? 'version unknown';
}

/** Whether a tool stops before its job is done. */
function givesUp({ gaveUp }: Peer, [program = '', ...args]: readonly string[], folder: string): boolean {
  if (!gaveUp) return false;
  const { stdout, stderr } = spawnSync(program, args, { cwd: folder, encoding: 'utf8', timeout: mostMs, maxBuffer: 1 << 28 });
  return gaveUp.test(stdout) || gaveUp.test(stderr);
}

/** A table of what tools take for one job, alternately; the ratio is to the first that is there. */
function measure(title: string, family: 'dockerfile' | 'kubernetes', folder: string, paths: readonly string[]): string {
  const there = peers.flatMap(peer => {
    const args = peer.arguments[family];
    return args ? [{ peer, version: versionOf(peer), command: [...peer.command, ...args, ...(peer.files ? paths : ['.'])] }] : [];
  });
  const costs = new Map<Peer, Cost[]>();
  const unfinished = new Set(there.filter(({ peer, version, command }) => version !== null && givesUp(peer, command, folder)));
  for (let run = 0; run < runs; run++) {
    for (const { peer, version, command } of there.filter(one => !unfinished.has(one))) {
      const known = costs.get(peer) ?? [];
      if (version === null || known.length < run || known.some(({ elapsed }) => elapsed > longSeconds)) continue;
      const cost = runOnce(command, folder);
      costs.set(peer, cost ? [...known, cost] : known);
    }
  }
  const median = (list: readonly Cost[], of: keyof Cost): number =>
    percentile(
      list.map(cost => cost[of]),
      0.5,
    );
  const base = costs.get(there[0]!.peer) ?? [];
  const rows = there.map(one => {
    const { peer, version } = one;
    const list = costs.get(peer) ?? [];
    if (unfinished.has(one)) return `| ${peer.name} ${version} | stops at a file that it cannot read | | | | |`;
    if (version === null) return `| ${peer.name} | not installed | | | | |`;
    if (list.length === 0) return `| ${peer.name} ${version} | no result | | | | |`;
    const [cpu, elapsed] = [median(list, 'cpu'), median(list, 'elapsed')];
    const ratio = (cpu / median(base, 'cpu')).toFixed(2);
    return `| ${peer.name} ${version} | ${list.length} | ${cpu.toFixed(2)} | ${ratio} | ${elapsed.toFixed(2)} | ${(elapsed / median(base, 'elapsed')).toFixed(2)} |`;
  });
  const head = `| ${title} | runs | processor, s | ratio | elapsed, s | ratio |\n| --- | ---: | ---: | ---: | ---: | ---: |`;
  return [head, ...rows].join('\n');
}

/** Measures all tables and puts them between the marks of docs/performance.md. */
export function measurePeers(): void {
  if (!hasCorpus) throw new Error(noCorpus);
  const folder = mkdtempSync(join(tmpdir(), 'bulkhead-peers-'));
  try {
    const put = (family: string, count: number): { folder: string; paths: string[] } => {
      const place = join(folder, `${family}-${count}`);
      mkdirSync(join(place, '.git'), { recursive: true });
      const paths = corpusFiles(family)
        .slice(0, count)
        .map(({ path, text }) => {
          const name = path.split('/').at(-1)!;
          writeFileSync(join(place, name), text);
          return name;
        });
      return { folder: place, paths };
    };
    const before = loadavg()[0]!;
    const tables = [
      ...([400, 1] as const).flatMap(count => {
        const [docker, manifests] = [put('dockerfile', count), put('kubernetes', count)];
        const [files, documents] = count === 1 ? ['one Dockerfile', 'one manifest'] : [`${count} Dockerfiles`, `${count} manifests`];
        return [
          measure(files, 'dockerfile', docker.folder, docker.paths),
          measure(documents, 'kubernetes', manifests.folder, manifests.paths),
        ];
      }),
    ];
    const load = `load ${before.toFixed(0)} before and ${loadavg()[0]!.toFixed(0)} after`;
    const machine = `${cpus()[0]?.model ?? 'unknown processor'}, ${cpus().length} cores, Node ${process.version}, ${load}`;
    writeTables(`Measured on ${new Date().toISOString().slice(0, 10)}: ${machine}.\n\n${tables.join('\n\n')}`);
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}

const [start, end] = ['<!-- peers -->', '<!-- /peers -->'];

function writeTables(tables: string): void {
  const page = `${root}docs/performance.md`;
  const text = readFileSync(page, 'utf8');
  const [from, to] = [text.indexOf(start), text.indexOf(end)];
  if (from < 0 || to < from) throw new Error(`docs/performance.md has no place for the tables: ${start} and ${end}`);
  writeFileSync(page, `${text.slice(0, from + start.length)}\n\n${tables}\n\n${text.slice(to)}`);
  execFileSync(process.execPath, [`${root}node_modules/prettier/bin/prettier.cjs`, '--write', '--log-level', 'warn', page]);
  console.log(tables);
}
