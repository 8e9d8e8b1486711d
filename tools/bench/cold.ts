import { execFileSync, spawnSync } from 'node:child_process';
import { cpSync, mkdirSync, mkdtempSync, readFileSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { corpusFiles, corpusFolder, hasCorpus, noCorpus } from '../corpus-folder';
import { root } from '../rules/files';
import { percentile } from './timing';

/** What a run has used: milliseconds of the clock and of the processor, and megabytes. */
interface Used {
  readonly wall: number;
  readonly cpu: number;
  readonly memory: number;
}

/** What is measured: the command line's arguments, and the folder that it runs in. */
interface Row {
  readonly name: string;
  readonly folder: string;
  readonly args: readonly string[];
}

/** Both are run so often in turn, since the machine changes while they run. */
const rounds = 3;

/** Builds a commit beside this checkout, with the packages of this one; gives the command line. */
function build(commit: string, work: string): string {
  const tree = join(work, 'tree');
  execFileSync('git', ['worktree', 'add', '--detach', '--quiet', tree, commit], { cwd: root });
  try {
    symlinkSync(join(root, 'node_modules'), join(tree, 'node_modules'));
    execFileSync(process.execPath, ['tools/build.mjs', '--production'], { cwd: tree, stdio: 'ignore' });
    cpSync(join(tree, 'dist/npm'), join(work, 'before'), { recursive: true });
  } finally {
    execFileSync('git', ['worktree', 'remove', '--force', tree], { cwd: root });
  }
  return join(work, 'before/cli.js');
}

/** Copies files of the corpus out of any repository, so that nothing but themselves is read. */
function copied(work: string, family: string): string {
  for (const { path, text } of corpusFiles(family)) {
    mkdirSync(join(work, path, '..'), { recursive: true });
    writeFileSync(join(work, path), text);
  }
  return join(work, family);
}

function rowsIn(work: string): readonly Row[] {
  const whole = join(work, 'whole');
  cpSync(join(corpusFolder, 'corpus/real'), whole, { recursive: true });
  execFileSync('git', ['init', '--quiet'], { cwd: whole });
  const folders = [
    ['manifests', copied(work, 'kubernetes')],
    ['Dockerfiles', copied(work, 'dockerfile')],
    ['the corpus as one repository', whole],
  ] as const;
  return folders.flatMap(([name, folder]) => [
    { name, folder, args: ['.'] },
    { name: `${name}, JSON`, folder, args: ['--format', 'json', '.'] },
  ]);
}

/** Runs the command line on a row, with what is kept in `cache`. */
function run(cli: string, { folder, args }: Row, cache: string, more: readonly string[]): Used {
  const file = join(cache, 'used.json');
  const preload = join(root, 'tools/bench/preload.cjs');
  const env = { ...process.env, XDG_CACHE_HOME: cache, BULKHEAD_BENCH_USED: file, NODE_OPTIONS: `--require=${JSON.stringify(preload)}` };
  const start = performance.now();
  const { stderr, status } = spawnSync(process.execPath, [cli, 'lint', '--fail-on', 'never', ...more, ...args], {
    cwd: folder,
    env,
    stdio: ['ignore', 'ignore', 'pipe'],
  });
  const wall = performance.now() - start;
  if (status !== 0 && status !== 2) throw new Error(`${cli} ended with ${status}: ${stderr.toString()}`);
  return { wall, ...(JSON.parse(readFileSync(file, 'utf8')) as Omit<Used, 'wall'>) };
}

function medianOf(all: readonly Used[], of: keyof Used): number {
  return percentile(
    all.map(used => used[of]),
    0.5,
  );
}

/** Measures two builds in turn: cold, where nothing was kept and nothing is, and from what the run before has kept. */
function measure(row: Row, before: string, now: string, work: string): void {
  for (const isKept of [false, true]) {
    const clis = [before, now].map(cli => ({ cli, cache: mkdtempSync(join(work, 'cache-')), used: [] as Used[] }));
    if (isKept) for (const { cli, cache } of clis) run(cli, row, cache, []);
    for (let round = 0; round < rounds; round++)
      for (const { cli, cache, used } of clis)
        used.push(isKept ? run(cli, row, cache, []) : run(cli, row, mkdtempSync(join(work, 'cache-')), ['--no-cache']));
    const [old = [], own = []] = clis.map(({ used }) => used);
    const cells = (['cpu', 'wall', 'memory'] as const).map(of => {
      const [a, b] = [medianOf(old, of), medianOf(own, of)];
      return of === 'memory' ? `${b.toFixed(0)} (${(b / a).toFixed(2)})` : `${(b / 1000).toFixed(2)} (${(b / a).toFixed(2)})`;
    });
    console.log(`| ${row.name} | ${isKept ? 'kept' : 'cold'} | ${cells.join(' | ')} |`);
  }
}

/**
 * `npm run bench -- --cold [COMMIT]`: what whole runs of the command line cost, cold and from what was kept, in brackets the ratio to another commit, by default the one
 * before. Of this checkout it is the production build that is measured.
 */
export function measureCold(commit = 'HEAD~1'): void {
  if (!hasCorpus) return console.log(noCorpus);
  const work = mkdtempSync(join(tmpdir(), 'bulkhead-cold-'));
  try {
    execFileSync(process.execPath, ['tools/build.mjs', '--production'], { cwd: root, stdio: 'ignore' });
    const before = build(commit, work);
    console.log(`| files | | processor, s (to ${commit}) | wall, s | MB |\n|---|---|---:|---:|---:|`);
    for (const row of rowsIn(work)) measure(row, before, join(root, 'dist/npm/cli.js'), work);
  } finally {
    rmSync(work, { recursive: true, force: true });
  }
}
