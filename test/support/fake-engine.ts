import { chmodSync, existsSync, mkdirSync, readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';

/** An engine whose containers are jobs: each ends at once. */
export interface FakeEngine {
  /** The folder that a job writes to; without it, it ends with 1. */
  readonly writes?: string;
  /** How it ends as it is written. */
  readonly code?: number;
}

/** Electron is not Node unless a variable says so. */
const program = 'electron' in process.versions ? '/usr/bin/env node' : process.execPath;

const script = ({ writes = '', code = 0 }: FakeEngine, record: string, state: string): string => `#!${program}
const fs = require('node:fs');
const path = require('node:path');
const args = process.argv.slice(2).filter(word => word !== '--remote=false');
fs.appendFileSync(${JSON.stringify(record)}, JSON.stringify({ args, env: Object.keys(process.env) }) + '\\n');
const say = value => process.stdout.write(JSON.stringify(value) + '\\n');
const made = name => path.join(${JSON.stringify(state)}, name);
const info = { host: { ociRuntime: { name: 'runc', version: 'runc version 1.1.5' }, security: {}, os: 'linux', arch: 'amd64', cgroupVersion: 'v2' }, version: { Version: '4.3.1' } };
const image = { Id: 'a'.repeat(64), RepoDigests: ['registry.example.com/job@sha256:${'b'.repeat(64)}'], Os: 'linux', Architecture: 'amd64', Config: { User: '', WorkingDir: '/srv' } };
const [verb, noun] = args;
const last = args[args.length - 1];
if (verb === 'info') say(info);
else if (verb === 'image' && noun === 'inspect') say([image]);
else if (verb === 'run') {
  const name = args.find(word => word.startsWith('--name=')).slice(7);
  const canWrite = !${JSON.stringify(writes)} || !args.includes('--read-only') || args.some(word => /^--(?:tmpfs|volume)=/.test(word) && word.includes(${JSON.stringify(writes)}));
  fs.writeFileSync(made(name), JSON.stringify(canWrite ? { code: ${code}, log: '' } : { code: 1, log: "open '${writes}/x': Read-only file system" }));
} else if (verb === 'create') fs.writeFileSync(made(args.find(word => word.startsWith('--name=')).slice(7)), '{}');
else if (verb === 'container') say({ Running: false, Pid: 0, ExitCode: JSON.parse(fs.readFileSync(made(last), 'utf8')).code });
else if (verb === 'logs') process.stderr.write(JSON.parse(fs.readFileSync(made(last), 'utf8')).log + '\\n');
else if (verb === 'ps') process.stdout.write(fs.readdirSync(${JSON.stringify(state)}).join('\\n') + '\\n');
else if (verb === 'rm') fs.rmSync(made(last), { force: true });
else if (verb === 'cp') process.exit(1);
`;

/** Puts such an engine into a folder, as `podman`. Gives its calls, and what it made and nothing removed. */
export function installEngine(
  folder: string,
  fake: FakeEngine,
): {
  readonly calls: () => readonly { readonly args: readonly string[]; readonly env: readonly string[] }[];
  readonly left: () => readonly string[];
} {
  const [record, state] = [join(folder, 'calls'), join(folder, 'made')];
  mkdirSync(state, { recursive: true });
  const path = join(folder, 'podman');
  writeFileSync(path, script(fake, record, state));
  chmodSync(path, 0o755);
  const lines = (): readonly string[] => (existsSync(record) ? readFileSync(record, 'utf8').split('\n') : []);
  return {
    calls: () => lines().flatMap(line => (line === '' ? [] : [JSON.parse(line) as { args: readonly string[]; env: readonly string[] }])),
    left: () => readdirSync(state),
  };
}
