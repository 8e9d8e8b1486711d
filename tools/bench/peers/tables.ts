import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { corpusFiles } from '../../corpus-folder';
import { percentile } from '../timing';
import { givesUp, mostMs, peers, runOnce, versionOf, type Cost, type Peer } from './tools';

/** How often each tool runs; one that takes long runs fewer times. */
const runs = 5;
const longSeconds = 15;

/** What is checked of the corpus, by the names of its folders. */
type Family = 'dockerfile' | 'kubernetes';

/** What one line of a table measures: commands that are run one after the other. */
interface Job {
  readonly folder: string;
  /** The files that are checked; where it is all of the folder, tools that take one get that. */
  readonly paths: readonly string[];
  readonly isFolder: boolean;
  /** Whether each file is given to a process of its own. */
  readonly apart?: true;
}

/** A table of what tools take for one job, alternately; the ratio is to the first that is there. */
function measure(title: string, family: Family, job: Job): string {
  const { folder, paths, isFolder, apart } = job;
  const there = peers.flatMap(peer => {
    const args = peer.arguments[family];
    if (!args) return [];
    const command = [...peer.command, ...args];
    const commands = apart ? paths.map(path => [...command, path]) : [[...command, ...(peer.files || !isFolder ? paths : ['.'])]];
    return [{ peer, version: versionOf(peer.command, peer.version), commands }];
  });
  const costs = new Map<Peer, Cost[]>();
  // what stops at a file is no better off where each has a process
  const unfinished = new Set(
    there.filter(({ peer, version, commands }) => !apart && version !== null && givesUp(peer, commands[0]!, folder)),
  );
  for (let run = 0; run < runs; run++) {
    for (const { peer, version, commands } of there.filter(one => !unfinished.has(one))) {
      const known = costs.get(peer) ?? [];
      if (version === null || known.length < run || known.some(({ elapsed }) => elapsed > longSeconds)) continue;
      const each = commands.map(command => runOnce(command, folder));
      const sum = (of: keyof Cost): number => each.reduce((total, cost) => total + (cost?.[of] ?? 0), 0);
      costs.set(peer, each.includes(null) ? known : [...known, { cpu: sum('cpu'), elapsed: sum('elapsed') }]);
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
    if (list.length === 0) return `| ${peer.name} ${version} | not done in ${mostMs / 1000} s | | | | |`;
    const [cpu, elapsed] = [median(list, 'cpu'), median(list, 'elapsed')];
    const ratio = (cpu / median(base, 'cpu')).toFixed(2);
    return `| ${peer.name} ${version} | ${list.length} | ${cpu.toFixed(2)} | ${ratio} | ${elapsed.toFixed(2)} | ${(elapsed / median(base, 'elapsed')).toFixed(2)} |`;
  });
  const head = `| ${title} | runs | processor, s | ratio | elapsed, s | ratio |\n| --- | ---: | ---: | ---: | ---: | ---: |`;
  return [head, ...rows].join('\n');
}

/** Writes so many files of the corpus into a folder that is the root of a repository, several times where there are not as many; gives their paths in it. */
function put(place: string, family: Family, count: number): readonly string[] {
  mkdirSync(join(place, '.git'), { recursive: true });
  const files = corpusFiles(family);
  return Array.from({ length: count }, (_, i) => {
    const { path, text } = files[i % files.length]!;
    const copy = Math.floor(i / files.length);
    const name = `${copy === 0 ? '' : `copy-${copy}/`}${path.split('/').at(-1)!}`;
    mkdirSync(join(place, name, '..'), { recursive: true });
    writeFileSync(join(place, name), text);
    return name;
  });
}

/** The tables of what runs on the command line take: many files, each in a process of its own, one alone, and one of a large repository. */
export function measureRuns(): readonly string[] {
  const folder = mkdtempSync(join(tmpdir(), 'bulkhead-peers-'));
  const tables: string[] = [];
  const jobs: readonly (readonly [title: string, family: Family, count: number, more?: Partial<Job> & { readonly one?: true }])[] = [
    ['400 Dockerfiles', 'dockerfile', 400],
    ['400 manifests', 'kubernetes', 400],
    ['30 Dockerfiles, a process each', 'dockerfile', 30, { apart: true }],
    ['30 manifests, a process each', 'kubernetes', 30, { apart: true }],
    ['one Dockerfile', 'dockerfile', 1],
    ['one manifest', 'kubernetes', 1],
    ['one Dockerfile of 22,000 files', 'dockerfile', 2000, { one: true }],
    ['one manifest of 22,000 files', 'kubernetes', 20_000, { one: true }],
  ];
  try {
    for (const [title, family, count, more] of jobs) {
      const place = join(folder, more?.one ? 'repository' : `${family}-${count}`);
      const paths = put(place, family, count);
      // both halves of the repository are there before the first of its files is checked
      if (more?.one) put(place, family === 'dockerfile' ? 'kubernetes' : 'dockerfile', 22_000 - count);
      const job: Job = {
        folder: place,
        paths: more?.one ? paths.slice(0, 1) : paths,
        isFolder: !more?.one,
        ...(more?.apart && { apart: true }),
      };
      tables.push(measure(title, family, job));
    }
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
  return tables;
}
