import type { Danger } from './capabilities';
import data from './data/security.json';
import { resolvePath } from '../base/text/path';

/** A place of the node's file system that is dangerous to mount. */
export interface DangerousPath {
  /** The listed path that matched. */
  readonly path: string;
  readonly severity: Danger;
  /** What it gives away, in a few words. */
  readonly why: string;
  /** The same of what can only be read. */
  readonly whyRead: string;
  /** Whether to read it gives away keys, or sockets that take commands. */
  readonly readsKeys: boolean;
}

/** What a path gives away to who cannot write to it, where the words for it are of writing. */
const onlyRead: Readonly<Record<string, string>> = {
  '/': "the node's entire filesystem, including keys and password hashes",
  '/etc/kubernetes/manifests': 'static pod manifests',
  '/etc/cni': 'network plug-in configuration',
  '/opt/cni': 'network plug-in binaries',
  '/proc': 'host process data',
  '/sys': 'kernel objects',
  '/sys/fs/cgroup': 'resource limits of other processes',
  '/var/log': 'logs of the node',
  '/var/spool/cron': 'cron jobs of any user',
  '/etc/cron.d': 'cron jobs of root',
  '/etc/systemd': 'systemd units of the node',
};

/** The socket of a container runtime: whoever can write to it is root on the node. */
export interface RuntimeSocket {
  readonly path: string;
  readonly runtime: string;
}

/** What holds no keys, and no sockets: programs, settings, counters and logs, which harm the node where they can be written. */
const withoutKeys = new Set(
  '/etc/cni /opt/cni /proc /sys /sys/fs/cgroup /sys/fs/bpf /sys/kernel/debug /boot /lib /lib64 /lib/modules /usr /bin /sbin /var/log /etc/cron.d /etc/systemd /etc/passwd /mnt /srv /tmp'.split(
    ' ',
  ),
);

const dangerous = data.hostPaths as readonly Omit<DangerousPath, 'whyRead' | 'readsKeys'>[];
const sockets: readonly RuntimeSocket[] = data.sockets;

/** A path with `//`, `.` and `..` resolved, without a slash at its end, and with `/var/run` for what it is: a link to `/run`. */
export function normalizeHostPath(path: string): string {
  const clean = resolvePath(path.replace(/\\/g, '/'));
  return clean === '/var/run' || clean.startsWith('/var/run/') ? clean.slice('/var'.length) : clean;
}

/** Whether `path` is `folder` or below it; both normalised. */
export function isWithinPath(path: string, folder: string): boolean {
  return folder === '/' || path === folder || path.startsWith(`${folder}/`);
}

/**
 * A path, or its other name of `/run` and `/var/run`, under which others are mounted in it: runtimes put mounts in order by their names, so that what is
 * mounted in a folder by another name than the folder's would be hidden.
 */
export function pathAround(path: string, mounted: readonly string[]): string {
  const inside = mounted.find(mount => isWithinPath(normalizeHostPath(mount), normalizeHostPath(path)));
  if (inside === undefined || isWithinPath(inside, path)) return path;
  return normalizeHostPath(path) === path ? `/var${path}` : normalizeHostPath(path);
}

const listed = dangerous
  .map(entry => ({ ...entry, normal: normalizeHostPath(entry.path) }))
  .sort((a, b) => b.normal.length - a.normal.length);

/**
 * Folders whose danger is what lies in some places below them: of the others the words are not true. What of them is meant all the same; most
 * have entries of their own.
 */
const collections: Readonly<Record<string, RegExp>> = {
  '/etc': /^$/,
  // what else is kept there is the operator's own choice, as a service's configuration is
  '/root': /^\.(?!cache(?:\/|$)|local(?:\/|$))/,
  // processes and settings of the kernel, not its counters
  '/proc': /^(?:$|\d|self|sys(?:\/|$)|sysrq|k(?:core|mem|msg|allsyms|pagecount|pageflags)|config|keys)/,
  '/etc/kubernetes': /^(?:pki|ssl|certs?|tls|secrets?)(?:\/|$)|\.(?:conf|json|ya?ml|key|pem|env)$|kubeconfig/,
  '/var': /^$/,
  '/run': /^$/,
  '/var/lib/kubelet': /^pods(?:\/|$)|kubeconfig|\.(?:conf|json|ya?ml|key|pem)$/,
  '/dev': /^(?:mem|kmem|port|disk|mapper|block)(?:\/|$)|^(?:sd|hd|vd|xvd|nvme|dm-|md|loop)[a-z0-9]{1,20}$/,
};

/** Whether what an entry says is true of a path at or below it. */
function isMeant(normal: string, folder: string): boolean {
  const below = normal.slice(folder.length + 1);
  return below === '' || !Object.hasOwn(collections, folder) || collections[folder]!.test(below);
}

/**
 * The most specific dangerous path that a mount of `path` exposes from the inside: the path itself or a parent of it; `null`: none. tracefs is that of
 * debugfs in a place of its own.
 */
export function findDangerousPath(path: string): DangerousPath | null {
  const normal = normalizeHostPath(path).replace(/^\/sys\/kernel\/tracing(?=\/|$)/, '/sys/kernel/debug/tracing');
  const found = listed.find(entry =>
    entry.normal === '/' ? normal === '/' : isWithinPath(normal, entry.normal) && isMeant(normal, entry.normal),
  );
  if (!found) return null;
  const { path: listedPath, severity, why } = found;
  return { path: listedPath, severity, why, whyRead: onlyRead[listedPath] ?? why, readsKeys: !withoutKeys.has(listedPath) };
}

const socketPaths = sockets.map(socket => ({ socket, normal: normalizeHostPath(socket.path) }));

/** The runtime socket that a path is; `null` for other paths. Sockets of rootless engines (`/run/user/1000/docker.sock`) are known. */
export function findRuntimeSocket(path: string): RuntimeSocket | null {
  const normal = normalizeHostPath(path);
  const known = socketPaths.find(entry => entry.normal === normal);
  if (known) return known.socket;
  const rootless = /^\/run\/user\/\d+\/(?:(docker)|podman\/podman)\.sock$/.exec(normal);
  return rootless ? { path: normal, runtime: rootless[1] === undefined ? 'Podman' : 'Docker Engine' } : null;
}

/** The runtime sockets that lie below a folder, which a mount of it exposes too. Of one runtime only the first is given. */
export function socketsBelow(folder: string): readonly RuntimeSocket[] {
  const normal = normalizeHostPath(folder);
  const seen = new Set<string>();
  return socketPaths
    .filter(
      entry =>
        // one distribution has its socket there, not whatever keeps its files in /var
        !(normal === '/var' && entry.normal.startsWith('/var/snap/')) &&
        entry.normal !== normal &&
        isWithinPath(entry.normal, normal) &&
        !seen.has(entry.socket.runtime) &&
        seen.add(entry.socket.runtime),
    )
    .map(entry => entry.socket);
}
