import type { Mount, Setting } from '../../container/types';
import { findDangerousPath, findRuntimeSocket, normalizeHostPath, socketsBelow, type RuntimeSocket } from '../../knowledge/host-paths';

/** A bind mount of the host whose source is known. */
export interface HostMount {
  readonly mount: Mount;
  readonly source: string;
}

/** A bind mount as one; `null` for volumes, and where a variable decides the source. */
export function hostMountOf({ value: mount }: Setting<Mount>): HostMount | null {
  return mount?.kind === 'bind' && mount.source !== null ? { mount, source: mount.source } : null;
}

/** The runtime socket that a source is, or that lies in it; `null`: none. */
export function socketIn(source: string): { readonly socket: RuntimeSocket; readonly direct: boolean } | null {
  if (/^\/\/\.\/pipe\/docker_engine$|^\\\\\.\\pipe\\docker_engine$/.test(source))
    return { socket: { path: source, runtime: 'Docker Engine' }, direct: true };
  if (!source.startsWith('/')) return null;
  const socket = findRuntimeSocket(source);
  if (socket) return { socket, direct: true };
  // the whole host is reported as what it is
  const [below] = normalizeHostPath(source) === '/' || isSystemFolder(source) ? [] : socketsBelow(source);
  return below ? { socket: below, direct: false } : null;
}

/** Folders whose mount gives away more than a socket. */
function isSystemFolder(source: string): boolean {
  return ['/var', '/var/lib'].includes(normalizeHostPath(source));
}

/** Folders of a person that hold keys. */
const credentials =
  /^~(?:$|\/$|\/\.(?:ssh|aws|azure|kube|docker|gnupg|netrc|npmrc|pypirc|git-credentials)(?:$|\/)|\/\.config(?:$|\/$|\/gcloud))|^\/(?:root|home\/[^/]+)\/\.(?:ssh|aws|azure|kube|docker|gnupg|netrc)(?:$|\/)/;

/** Whether a source holds the keys of a person. */
export function holdsCredentials(source: string): boolean {
  return credentials.test(source);
}

/** Files that every program may read, and whose names nobody means harm with. */
const common: ReadonlySet<string> = new Set([
  '/etc/localtime',
  '/etc/timezone',
  '/etc/ssl/certs',
  '/usr/share/zoneinfo',
  '/etc/resolv.conf',
  '/etc/hosts',
  '/etc/machine-id',
  '/etc/ca-certificates',
  '/usr/share/ca-certificates',
  '/lib/modules',
]);

/** Whether a source is one that containers are given by habit: harmless where it is read-only. */
export function isCommonFile(source: string): boolean {
  const normal = normalizeHostPath(source);
  return common.has(normal) || [...common].some(path => normal.startsWith(`${path}/`));
}

/** Folders that hold what is the host's, and beside it what people make for their containers: below them only what is listed is dangerous. */
const mixed: ReadonlySet<string> = new Set(['/var', '/var/log', '/home', '/mnt', '/srv', '/tmp', '/usr']);

/** What a source gives away. `own`: a folder of one program's configuration. `null`: nothing that is known; single devices are no matter of mounts. */
export function dangerOf(source: string): { readonly why: string; readonly own: boolean } | null {
  const normal = normalizeHostPath(source);
  if (!source.startsWith('/') || /^\/dev\/./.test(normal) || /^\/run\/secrets\//.test(source)) return null;
  const found = findDangerousPath(source);
  if (!found) return normal.startsWith('/etc/') ? { why: '', own: true } : null;
  if (found.severity === 'medium') return null;
  const isSystemProgram = /^\/usr\/(?:bin|sbin|lib|lib64|libexec)(?:\/|$)/.test(normal);
  if (mixed.has(found.path) && normal !== found.path && !isSystemProgram) return null;
  return { why: found.why, own: found.path === '/etc' && normal !== '/etc' };
}
