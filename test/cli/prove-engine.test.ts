import { spawnSync } from 'node:child_process';
import { accessSync, constants, copyFileSync, existsSync, mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { once } from 'node:events';
import { createServer, type AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { buildSync } from 'esbuild';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { findOnPath } from '../../shared/host/node/find-program';
import { removeLeft, type AskEngine } from '../../server/src/prove/clean-up';
import { leftJournals } from '../../server/src/prove/journal';
import { nodeBundle } from '../support/bundle';
import type { DriverOrders } from '../support/trial-driver';
import { provable } from '../support/trials';

// With podman itself, in a store of its own, and an image that is nothing but busybox.

const find = (name: string): string | null => findOnPath(name, process.env, []).path;
const podman = find('podman');
const busybox = find('busybox');

/** Why nothing here can run; `null`: it can. */
function missing(): string | null {
  if (podman === null) return 'there is no podman';
  if (busybox === null) return 'there is no busybox';
  if (process.getuid?.() !== 0) return 'the tests write a configuration for root';
  try {
    accessSync('/sys/fs/cgroup', constants.W_OK);
  } catch {
    return 'control groups are read-only';
  }
  return find('runc') === null ? 'there is no runc' : null;
}

const reason = missing();
if (reason !== null) console.log(`test/cli/prove-engine: left out, since ${reason}`);

const place = mkdtempSync(join(tmpdir(), 'bulkhead-prove-'));
const journals = join(place, 'state');
const engine = [
  podman ?? '',
  ...['--root', join(place, 'storage'), '--runroot', join(place, 'run'), '--tmpdir', join(place, 'tmp'), '--storage-driver', 'overlay'],
];
const image = 'localhost/bulkhead-prove-test:1';
const configuration = `[containers]
default_ulimits = ["nofile=1024:1024", "nproc=1024:1024"]
[engine]
runtime = "runc"
cgroup_manager = "cgroupfs"
events_logger = "none"
lock_type = "file"
`;

function run(args: readonly string[]): { readonly code: number | null; readonly out: string; readonly err: string } {
  const [program = '', ...first] = engine;
  const { status, stdout, stderr } = spawnSync(program, [...first, ...args], { encoding: 'utf8', timeout: 60_000 });
  return { code: status, out: stdout, err: stderr };
}

const ask: AskEngine = async args => {
  const { code, out } = run(args);
  return await Promise.resolve(code === 0 ? out : null);
};

/** Everything that is there, by kind. */
const everything = (): readonly string[] =>
  [
    ['ps', '--all', '--external', '--format', '{{.Names}}'],
    ['volume', 'ls', '--format', '{{.Name}}'],
    ['images', '--all', '--format', '{{.Repository}}:{{.Tag}}'],
  ].flatMap(args =>
    run(args)
      .out.split('\n')
      .filter(name => name !== '' && name !== image),
  );

const subject = provable(
  'compose',
  `services:
  web: { image: "${image}", command: [sh, -c, "cat /etc/hosts; exec sleep 600"], depends_on: [db], volumes: ["data:/data"], tmpfs: /scratch, user: "1000:1000" }
  db: { image: "${image}", command: [sleep, "600"], read_only: true, cap_drop: [ALL] }
volumes: { data: }
`,
  { name: 'web' },
);
const built = provable('dockerfile', `FROM ${image}\nRUN sleep 1\nCOPY Dockerfile /x\n`).container.image;
const driver = join(place, 'driver.cjs');

function drive(killAt: number | null): { readonly steps: readonly string[]; readonly err: string } {
  const context = join(place, 'context');
  if (typeof built === 'string') throw new Error('no build');
  const orders: DriverOrders = { folder: journals, kind: 'podman', engine, image, subject, build: built, context, killAt };
  const { stdout, stderr } = spawnSync(process.execPath, [driver, JSON.stringify(orders)], { encoding: 'utf8' });
  return { steps: stdout.split('\n').filter(line => line !== ''), err: stderr };
}

async function startAgain(): Promise<void> {
  for (const journal of leftJournals(journals)) expect(await removeLeft(journals, journal, ask)).toBe(true);
}

describe.skipIf(reason !== null)('a trial with podman', () => {
  beforeAll(() => {
    const root = join(place, 'root');
    mkdirSync(join(root, 'bin'), { recursive: true });
    copyFileSync(busybox!, join(root, 'bin/busybox'));
    mkdirSync(join(place, 'context'));
    writeFileSync(join(place, 'context/Dockerfile'), `FROM ${image}\nRUN sleep 1\nCOPY Dockerfile /x\n`);
    writeFileSync(join(place, 'containers.conf'), configuration);
    process.env['CONTAINERS_CONF'] = join(place, 'containers.conf');
    process.env['DISABLE_HC_SYSTEMD'] = 'true';
    for (const name of ['sh', 'sleep', 'cat', 'id', 'ls', 'touch', 'grep', 'nc', 'nslookup'])
      spawnSync('ln', ['-s', 'busybox', join(root, 'bin', name)]);
    spawnSync('tar', ['-C', root, '-cf', join(place, 'image.tar'), '.']);
    const { code, err } = run(['import', '--quiet', '--change', 'ENV PATH=/bin', join(place, 'image.tar'), image]);
    expect(code, err).toBe(0);
    buildSync(nodeBundle('test/support/trial-driver.ts', driver));
  });

  afterAll(() => {
    delete process.env['CONTAINERS_CONF'];
    delete process.env['DISABLE_HC_SYSTEMD'];
    run(['rm', '--all', '--force', '--time=0']);
    spawnSync('umount', [join(place, 'storage/overlay')]);
    if (existsSync(place)) rmSync(place, { recursive: true, force: true });
  });

  let steps: readonly string[] = [];

  it('starts what its arguments say, and leaves nothing once it is removed', async () => {
    const { steps: all, err } = drive(null);
    expect(all.at(-1), err).toBe('done');
    steps = all.slice(0, -1);
    const [journal] = leftJournals(journals);
    const { nonce } = journal!;
    const inside = (name: string, words: string): string => run(['exec', `bulkhead-${nonce}-${name}`, 'sh', '-c', words]).out;
    expect(inside('c1', 'cat /etc/hosts')).toMatch(/127\.0\.0\.1\s+db\b[^]*127\.0\.0\.1\s+web\b/);
    expect(inside('c1', 'ls /sys/class/net')).toBe('lo\n');
    expect(inside('c1', 'id; touch /scratch/x && ls -ld /scratch')).toMatch(/uid=1000.*\n.*rwxrwxrwt/);
    expect(inside('c0', 'grep CapBnd /proc/self/status')).toMatch(/\t0{16}\n/);
    expect(inside('c1', 'grep CapBnd /proc/self/status')).toMatch(/\t00000000a80425fb\n/);
    expect(inside('c1', 'cat /proc/sys/net/ipv4/ip_unprivileged_port_start')).toBe('1024\n');
    // the host listens, and names are known there
    const listener = createServer().listen(0, '127.0.0.1');
    await once(listener, 'listening');
    const { port } = listener.address() as AddressInfo;
    for (const name of ['c0', 'c1']) {
      expect(inside(name, `nc -w 2 127.0.0.1 ${port} </dev/null && echo reached`)).not.toContain('reached');
      expect(inside(name, 'nslookup example.com >/dev/null 2>&1 && echo known')).not.toContain('known');
    }
    listener.close();
    expect(run(['run', '--name=stranger', `--label=bulkhead.trial=${nonce}`, image, 'true']).code).not.toBe(125);
    await startAgain();
    expect(everything()).toEqual(['stranger']);
    run(['rm', '--force', 'stranger']);
    expect(leftJournals(journals)).toEqual([]);
  });

  it('leaves nothing after the next start, wherever it is killed', async () => {
    expect(steps.length).toBeGreaterThan(10);
    for (const [at, name] of steps.entries()) {
      // nothing is made by what only asks
      if (name.startsWith('process')) continue;
      const killed = drive(at);
      expect(killed.steps.at(-1), killed.err).toBe(name);
      await startAgain();
      expect(everything(), `killed at ${at}, ${name}`).toEqual([]);
      expect(leftJournals(journals)).toEqual([]);
    }
  });
});
