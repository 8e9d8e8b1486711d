import { spawnSync } from 'node:child_process';
import { chmodSync, mkdirSync, mkdtempSync, readFileSync, realpathSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { afterAll } from 'vitest';
import { built } from '../support/built';

/** The built command line. */
export const cli = built('cli.js');

/** What a run of the command line gave. */
export interface Ran {
  readonly code: number | null;
  readonly stdout: string;
  readonly stderr: string;
}

/** How to run it. */
export interface RunOptions {
  readonly cwd: string;
  readonly input?: string | Uint8Array;
  readonly env?: Readonly<Record<string, string>>;
  /** Run as nobody, where the tests run as root: root may read everything. */
  readonly unprivileged?: boolean;
  /** Milliseconds after which the run is ended; it then has no code. */
  readonly timeout?: number;
}

/** The day that the tests run on. */
export const today = ['--today', '2026-11-24'];

/** What the runs of one test file keep is kept for these alone. */
const cacheHome = mkdtempSync(join(tmpdir(), 'bulkhead-cli-cache-'));

/** Runs the built command line. No output holds a stack trace, whatever is asked for. */
export function bulkhead(args: readonly string[], { cwd, input = '', env = {}, unprivileged = false, timeout }: RunOptions): Ran {
  const { NO_COLOR: _no, FORCE_COLOR: _force, ...inherited } = process.env;
  const { status, stdout, stderr } = spawnSync(process.execPath, [cli, ...args], {
    cwd,
    input,
    env: { ...inherited, XDG_CACHE_HOME: cacheHome, ...env },
    encoding: 'utf8',
    maxBuffer: 1 << 28,
    ...(timeout !== undefined && { timeout }),
    ...(unprivileged && isRoot && { uid: 65534, gid: 65534 }),
  });
  if (/^ {4}at .*:\d+/m.test(stderr)) throw new Error(`a stack trace:\n${stderr}`);
  return { code: status, stdout, stderr };
}

/** Whether the tests run as root, from whom no permission keeps anything. */
export const isRoot = process.getuid?.() === 0;

/** Whether a run without the rights of root can be had: nobody must be able to reach the bundle. */
export const canDropRights: boolean =
  process.platform !== 'win32' &&
  (!isRoot || spawnSync(process.execPath, [cli, '--version'], { cwd: '/', uid: 65534, gid: 65534 }).status === 0);

const folders: string[] = [cacheHome];
afterAll(() => folders.forEach(folder => rmSync(folder, { recursive: true, force: true })));

/** A temporary folder. */
export interface Folder {
  readonly path: string;
  /** Writes a file, its folders included; gives its path. */
  readonly write: (name: string, content: string | Uint8Array) => string;
  readonly read: (name: string) => string;
}

/** Makes a temporary folder with files, which is gone after the tests. */
export function folder(files: Readonly<Record<string, string | Uint8Array>> = {}): Folder {
  const path = realpathSync(mkdtempSync(join(tmpdir(), 'bulkhead-cli-')));
  chmodSync(path, 0o777);
  folders.push(path);
  const write = (name: string, content: string | Uint8Array): string => {
    const file = join(path, name);
    mkdirSync(dirname(file), { recursive: true });
    writeFileSync(file, content);
    return file;
  };
  for (const [name, content] of Object.entries(files)) write(name, content);
  return { path, write, read: name => readFileSync(join(path, name), 'utf8') };
}

const homes = new WeakMap<Folder, Folder>();

/** A home for the runs in a folder, beside it: what is kept in the folder that is checked does not count. */
export function homeOf(checked: Folder): Folder {
  const home = homes.get(checked) ?? folder();
  homes.set(checked, home);
  return home;
}

/** Has one safe fix, `COPY` for `ADD`. */
export const addDockerfile = '# build\nFROM node:20.11.1\nADD a.txt /x/\n';

/** Has an error without a safe or review fix. */
export const privilegedPod = `apiVersion: v1
kind: Pod
metadata:
  name: web
spec:
  containers:
    - name: app
      image: ghcr.io/acme/shop:1.2.3
      securityContext:
        privileged: true
`;

/** Has nothing at or above a warning in the baseline profile. */
export const finePod = `apiVersion: v1
kind: ConfigMap
metadata:
  name: web
data: {}
`;
