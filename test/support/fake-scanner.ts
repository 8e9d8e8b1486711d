import { chmodSync, existsSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';

/** What a scanner that only replays does. */
export interface FakeScanner {
  /** What it prints when it is asked for its version; by default that of Trivy 0.74.0. */
  readonly version?: string;
  /** What it prints once it has scanned an image, and brought its database up to date for that. */
  readonly laterVersion?: string;
  /** What it prints of an image. */
  readonly report?: string;
  /** The same by reference, for images that differ. */
  readonly reports?: Readonly<Record<string, string>>;
  readonly errors?: string;
  readonly code?: number;
  /** What it does instead. */
  readonly instead?: 'hang' | 'flood' | 'flood-errors' | 'kill';
}

/** How such a scanner was called. */
export interface ScannerCall {
  readonly args: readonly string[];
  readonly pid: number;
  readonly cwd: string;
  /** The texts of the files in the folder that it ran in, by name. */
  readonly files: Readonly<Record<string, string>>;
  readonly env: Readonly<Record<string, string>>;
}

/** The version that the fake says unless it is told another. */
export const fakeVersion = JSON.stringify({
  Version: '0.74.0',
  VulnerabilityDB: { Version: 2, UpdatedAt: '2026-11-26T14:24:15.597674734Z' },
});

/** Electron is no Node without being told. */
const program = 'electron' in process.versions ? '/usr/bin/env node' : process.execPath;

const script = (fake: FakeScanner, record: string): string => `#!${program}
const fs = require('node:fs');
const fake = ${JSON.stringify({ version: fakeVersion, report: '', reports: {}, errors: '', code: 0, ...fake })};
const files = Object.fromEntries(fs.readdirSync('.').map(name => [name, fs.readFileSync(name, 'utf8')]));
const args = process.argv.slice(2);
const record = ${JSON.stringify(record)};
const isLater = fake.laterVersion !== undefined && fs.existsSync(record) && fs.readFileSync(record, 'utf8').includes('["image"');
fs.appendFileSync(record, JSON.stringify({ args, pid: process.pid, cwd: process.cwd(), files, env: process.env }) + '\\n');
if (args[0] === 'version' || args[0] === '--version') process.stdout.write(isLater ? fake.laterVersion : fake.version);
else if (fake.instead === 'hang') {
  process.on('SIGTERM', () => {});
  setInterval(() => {}, 1000);
} else if (fake.instead === 'kill') process.kill(process.pid, 'SIGKILL');
else if (fake.instead === 'flood' || fake.instead === 'flood-errors') {
  const stream = fake.instead === 'flood' ? process.stdout : process.stderr;
  const block = Buffer.alloc(1 << 20, '{');
  let left = 500;
  const write = () => { while (left-- > 0) if (!stream.write(block)) return stream.once('drain', write); };
  stream.on('error', () => process.exit(1));
  write();
} else {
  process.stderr.write(fake.errors);
  process.stdout.write(fake.reports[args.at(-1)] ?? fake.report, () => (process.exitCode = fake.code));
}
`;

/** Puts a scanner that only replays into a folder, under a name such as `trivy`. */
export function installScanner(
  folder: string,
  name: string,
  fake: FakeScanner,
): { readonly path: string; readonly calls: () => readonly ScannerCall[] } {
  mkdirSync(folder, { recursive: true });
  const path = join(folder, name);
  const record = join(folder, `${name}.calls`);
  writeFileSync(path, script(fake, record));
  chmodSync(path, 0o755);
  return {
    path,
    calls: () =>
      existsSync(record)
        ? readFileSync(record, 'utf8')
            .split('\n')
            // what is being written is no line yet
            .slice(0, -1)
            .map(line => JSON.parse(line) as ScannerCall)
        : [],
  };
}
