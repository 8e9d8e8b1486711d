import { corpusFiles } from '../corpus-folder';
import { deployment, longDockerfile } from './large-files';
import { ownServer, type ServerUnderTest } from './server';
import { measureLatency } from './server-latency';
import { percentile } from './timing';

/** How many edits are the first: in a fresh server, from the first on, directly after the document is opened. */
const edits = 60;

/** So many servers are started for each row. */
const rounds = 3;

const clients: readonly (readonly [name: string, server: ServerUnderTest])[] = [
  ['pulls', ownServer],
  ['pulls, cannot be asked to', { ...ownServer, withoutRefresh: true }],
];

/** What is edited: a real Dockerfile, where it is here, a short one, and a long manifest of many documents. */
function inputs(): readonly (readonly [name: string, file: string, language: string, text: string])[] {
  const postgres = corpusFiles('dockerfile').find(({ path }) => path.endsWith('/docker-library__postgres__16-trixie.Dockerfile'));
  const manifest = Array.from({ length: 400 }, (_, i) => deployment(`web-${i}`)).join('---\n');
  return [
    ...(postgres ? [["postgres' Dockerfile", 'Dockerfile', 'dockerfile', postgres.text] as const] : []),
    ['50-line Dockerfile', 'Dockerfile', 'dockerfile', longDockerfile(9)],
    ['long manifest', 'many.yaml', 'yaml', manifest],
  ];
}

/** Prints what the first edits cost in a fresh server, for clients that can be asked to pull again and for others. */
export async function measureFirstEdits(): Promise<void> {
  console.log(`the first ${edits} edits, ${rounds} fresh servers each, ms\n`);
  console.log('| file | lines | client | open | first | p50 | p95 | processor time of an edit |\n|---|---:|---|---:|---:|---:|---:|---:|');
  for (const [name, file, language, text] of inputs()) {
    for (const [client, server] of clients) {
      const runs = [];
      for (let i = 0; i < rounds; i++) runs.push(await measureLatency(file, language, text, false, edits, server));
      const times = runs.flatMap(run => run.times);
      const numbers = [
        percentile(
          runs.map(({ open }) => open),
          0.5,
        ),
        percentile(
          runs.map(run => run.times[0] ?? NaN),
          0.5,
        ),
        percentile(times, 0.5),
        percentile(times, 0.95),
        percentile(
          runs.map(({ cpu }) => cpu ?? NaN),
          0.5,
        ),
      ];
      console.log(`| ${[name, text.split('\n').length, client, ...numbers.map(ms => ms.toFixed(1))].join(' | ')} |`);
    }
  }
}
