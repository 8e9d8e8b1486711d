import { spawnSync } from 'node:child_process';
import { existsSync, mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

/** Images and layers, kept from one run to the next. */
export const cache = process.env['BULKHEAD_CONTAINERS_CACHE'] ?? join(tmpdir(), 'bulkhead-containers');

/** Volumes, copies of services and everything else of this run; removed at its end. */
export const scratch = ((): string => {
  mkdirSync(cache, { recursive: true });
  return mkdtempSync(join(cache, 'run-'));
})();

/** What all containers and images of this run are called first. */
export const prefix = `bulkhead-${process.pid}`;

const roots = ['--root', join(cache, 'storage'), '--runroot', join(cache, 'runtime'), '--storage-driver', 'overlay'];

/** The capabilities that Docker and containerd give: podman's own list is shorter. */
export const usualCapabilities: readonly string[] =
  'CHOWN DAC_OVERRIDE FOWNER FSETID KILL MKNOD NET_BIND_SERVICE NET_RAW SETFCAP SETGID SETPCAP SETUID SYS_CHROOT AUDIT_WRITE'.split(' ');

/** The configuration of podman and buildah: locks in files and no events, so that nothing is shared with other containers of the machine. */
const configuration = join(cache, 'containers.conf');
writeFileSync(
  configuration,
  `[containers]
default_ulimits = ["nofile=1024:1024", "nproc=1024:1024"]
default_capabilities = [${usualCapabilities.map(name => `"${name}"`).join(', ')}]
log_driver = "k8s-file"
init_path = "/usr/bin/catatonit"
[engine]
runtime = "runc"
cgroup_manager = "cgroupfs"
events_logger = "none"
lock_type = "file"
`,
);

/** How other programs call podman on the images of the tests. */
export const options = {
  podman: [...roots, '--tmpdir', join(cache, 'tmp')],
  // health checks are run when they are asked for: their timers would be systemd's
  environment: { CONTAINERS_CONF: configuration, DISABLE_HC_SYSTEMD: 'true' },
} as const;

/** What a program printed, and its exit code. */
export interface Ran {
  readonly code: number | null;
  readonly out: string;
  readonly err: string;
}

/** Runs a program to its end, within a number of seconds. */
export function run(
  program: string,
  args: readonly string[],
  { seconds = 120, cwd }: { readonly seconds?: number; readonly cwd?: string } = {},
): Ran {
  const { status, stdout, stderr } = spawnSync(program, args, {
    encoding: 'utf8',
    timeout: seconds * 1000,
    killSignal: 'SIGKILL',
    maxBuffer: 1 << 26,
    ...(cwd !== undefined && { cwd }),
    env: { ...process.env, ...options.environment },
  });
  return { code: status, out: stdout, err: stderr };
}

/** Runs podman on the images of the tests. */
export function podman(args: readonly string[], seconds?: number): Ran {
  return run('podman', [...options.podman, ...args], seconds === undefined ? {} : { seconds });
}

/** Where Go is on this machine, with what its links lead to. Programs in Go are built with it, in containers that see it. */
function goFolders(): readonly string[] {
  const { out } = run('go', ['env', 'GOROOT']);
  const root = out.trim();
  const debian = root.startsWith('/usr/lib/go') ? ['/usr/share/go-', '/usr/share/go'].flatMap(start => foldersLike(start)) : [];
  return root === '' ? [] : [`${root}:/usr/local/go:ro`, ...debian.map(folder => `${folder}:${folder}:ro`)];
}

const foldersLike = (start: string): readonly string[] =>
  run('sh', ['-c', `ls -d ${start}*`])
    .out.split('\n')
    .filter(name => name !== '');

/** Options that let a build see Go, and keep what it compiled. */
export const goMounts = ((): readonly string[] => {
  const compiled = join(cache, 'go-build');
  mkdirSync(compiled, { recursive: true });
  return [...goFolders(), `${compiled}:/root/.cache/go-build`].flatMap(mount => ['--volume', mount]);
})();

/** Builds an image. Throws with what the build printed last where it fails. */
export function build(folder: string, name: string, args: readonly string[] = []): void {
  const { code, out, err } = run(
    'nice',
    [
      'buildah',
      ...roots,
      'bud',
      '--isolation',
      'chroot',
      '--network',
      'host',
      '--layers',
      '--format',
      'docker',
      '--quiet',
      ...goMounts,
      ...args,
      '-t',
      name,
      folder,
    ],
    { seconds: 300 },
  );
  if (code !== 0) throw new Error(`the build of ${name} fails: ${(err + out).trim().split('\n').slice(-4).join(' | ')}`);
}

/** Whether an image is there. */
export const hasImage = (name: string): boolean => podman(['image', 'exists', name]).code === 0;

/** What an image says of the process that it starts. */
export interface ImageFacts {
  /** As USER says it; '' where it says none. */
  readonly user: string;
  readonly volumes: readonly string[];
}

/** The size of an image with all its layers, in bytes. */
export const imageSize = (name: string): number => Number(podman(['image', 'inspect', '--format', '{{.Size}}', name]).out);

/** What an image says of the process that it starts. */
export function imageFacts(name: string): ImageFacts {
  const { Config: config } = (
    JSON.parse(podman(['image', 'inspect', name]).out) as { Config: { User?: string; Volumes?: Record<string, unknown> } }[]
  )[0]!;
  return { user: config.User ?? '', volumes: Object.keys(config.Volumes ?? {}) };
}

const lock = join(cache, 'lock');

/** Waits until no other run uses the cache: what one removes, another may be building on. */
export async function takeCache(): Promise<void> {
  for (;;) {
    try {
      writeFileSync(lock, String(process.pid), { flag: 'wx' });
      process.on('exit', () => rmSync(lock, { force: true }));
      return;
    } catch {
      const owner = existsSync(lock) ? readFileSync(lock, 'utf8') : '';
      if (owner !== '' && !existsSync(`/proc/${owner}`)) rmSync(lock, { force: true });
      else await new Promise(done => setTimeout(done, 1000));
    }
  }
}

/** Removes every container of this run, the images that it built, and its folder. */
export function cleanUp(): void {
  const containers = podman(['ps', '-a', '--format', '{{.Names}}'])
    .out.split('\n')
    .filter(name => name.startsWith(prefix));
  for (const name of containers.reverse()) podman(['rm', '-f', '-t', '0', name]);
  const volumes = podman(['volume', 'ls', '--format', '{{.Name}}'])
    .out.split('\n')
    .filter(name => name.startsWith(prefix));
  for (const name of volumes) podman(['volume', 'rm', '-f', name]);
  const images = podman(['images', '--format', '{{.Repository}}:{{.Tag}}'])
    .out.split('\n')
    .filter(name => name.startsWith(`localhost/${prefix}`));
  if (images.length > 0) podman(['rmi', '-f', ...images]);
  // Layers that builds kept for the next one; not those of a run that this one waited for.
  if (existsSync(lock) && readFileSync(lock, 'utf8') === String(process.pid)) podman(['image', 'prune', '--force']);
  if (existsSync(scratch)) rmSync(scratch, { recursive: true, force: true });
}
