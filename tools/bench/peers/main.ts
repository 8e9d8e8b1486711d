import { execFileSync } from 'node:child_process';
import { readFileSync, writeFileSync } from 'node:fs';
import { cpus, loadavg } from 'node:os';
import { hasCorpus, noCorpus } from '../../corpus-folder';
import { root } from '../../rules/files';
import { measureServers } from './servers';
import { measureRuns } from './tables';

/** `npm run bench -- --peers`: the command line and the server beside other tools, as far as these are on the path; the tables go into docs/performance/peers.md. */
export async function measurePeers(): Promise<void> {
  if (!hasCorpus) throw new Error(noCorpus);
  const before = loadavg()[0]!;
  const tables = [...measureRuns(), ...(await measureServers())];
  const load = `load ${before.toFixed(0)} before and ${loadavg()[0]!.toFixed(0)} after`;
  const machine = `${cpus()[0]?.model ?? 'unknown processor'}, ${cpus().length} cores, Node ${process.version}, ${load}`;
  writeTables(`Measured on ${new Date().toISOString().slice(0, 10)}: ${machine}.\n\n${tables.join('\n\n')}`);
}

const [start, end] = ['<!-- peers -->', '<!-- /peers -->'];

function writeTables(tables: string): void {
  const page = `${root}docs/performance/peers.md`;
  const text = readFileSync(page, 'utf8');
  const [from, to] = [text.indexOf(start), text.indexOf(end)];
  if (from < 0 || to < from) throw new Error(`docs/performance/peers.md has no place for the tables: ${start} and ${end}`);
  writeFileSync(page, `${text.slice(0, from + start.length)}\n\n${tables}\n\n${text.slice(to)}`);
  execFileSync(process.execPath, [`${root}node_modules/prettier/bin/prettier.cjs`, '--write', '--log-level', 'warn', page]);
  console.log(tables);
}
