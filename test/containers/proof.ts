import { spawnSync } from 'node:child_process';
import { chmodSync, mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { goMounts, options, scratch } from './engine';

/** The command line: as it is built here, unless another one is named. */
const cli = process.env['BULKHEAD_CLI'] ?? join(__dirname, '..', '..', 'dist', 'cli.js');

/** What `prove --format json` prints, as far as it is looked at. */
export interface Proof {
  readonly verdict: 'proved' | 'partly' | 'cannot';
  readonly level?: string;
  readonly settings?: {
    readonly user: string | null;
    readonly folders: readonly { readonly path: string; readonly kind: string }[];
    readonly capabilities: readonly string[] | null;
  };
  readonly needs?: readonly string[];
  readonly notTried?: readonly string[];
  readonly reason?: string;
  readonly what?: string;
  readonly durationMs: number;
  readonly starts: readonly { readonly purpose: string; readonly result: string }[];
}

/** A folder for the path with a podman that works on the images of the tests. */
export function podmanHere(): string {
  const folder = join(scratch, 'bin');
  mkdirSync(folder, { recursive: true });
  const quote = (words: readonly string[]): string => words.map(word => `'${word}'`).join(' ');
  const variables = Object.entries(options.environment).map(([name, value]) => `export ${name}='${value}'`);
  const own = `exec /usr/bin/podman ${quote(options.podman)}`;
  // a build sees Go, as those of the tests do
  const builds = `if [ "$2" = build ]; then first=$1; shift 2; ${own} "$first" build ${quote(goMounts)} "$@"; fi`;
  writeFileSync(join(folder, 'podman'), ['#!/bin/sh', ...variables, builds, `${own} "$@"`, ''].join('\n'));
  chmodSync(join(folder, 'podman'), 0o755);
  return folder;
}

/** How the command line is called to prove what an operand names, with that podman. */
export function commandOf(
  operand: string,
  path: string,
  more: readonly string[] = [],
): readonly [program: string, args: string[], options: { readonly env: NodeJS.ProcessEnv }] {
  const env = { ...process.env, PATH: `${path}:${process.env['PATH'] ?? ''}`, XDG_STATE_HOME: join(scratch, 'state') };
  return [process.execPath, [cli, 'prove', operand, '--engine', 'podman', '--yes', '--format', 'json', ...more], { env }];
}

/** Proves what a file starts, with that podman; a text says why there is no report. */
export function proveFile(operand: string, path: string, more: readonly string[] = []): Proof | string {
  const [program, args, options] = commandOf(operand, path, more);
  const { status, stdout, stderr } = spawnSync(program, args, { ...options, encoding: 'utf8', timeout: 600_000 });
  try {
    return JSON.parse(stdout) as Proof;
  } catch {
    return `${status}: ${(stdout + stderr).trim().split('\n').at(-1) ?? ''}`;
  }
}
