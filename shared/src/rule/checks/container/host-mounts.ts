import { ownItems, type ContainerOptions, type Mount, type OwnSetting } from '../../container/types';
import { findDangerousPath, findRuntimeSocket, normalizeHostPath, socketsBelow, type RuntimeSocket } from '../../../knowledge/host-paths';

/** A bind mount of the host whose source is known. */
export interface HostMount {
  readonly item: OwnSetting<Mount>;
  readonly mount: Mount;
  readonly source: string;
}

/** The engine's own pipe on Windows, which a mount of the type `npipe` hands over, too. */
const enginePipe = /^[\\/]{2}\.[\\/]pipe[\\/]docker_engine$/i;

/** The bind mounts that a container itself has, with what of the host they mount. */
export function hostMountsOf(container: ContainerOptions): readonly HostMount[] {
  return ownItems(container, 'mounts').flatMap(item => {
    const { value: mount } = item;
    const { kind, source } = mount;
    return source !== null && (kind === 'bind' || (kind === 'other' && enginePipe.test(source))) ? [{ item, mount, source }] : [];
  });
}

/** The runtime socket that a source is, or that lies in it; `null`: none. */
export function socketIn(source: string): { readonly socket: RuntimeSocket; readonly direct: boolean } | null {
  if (enginePipe.test(source)) return { socket: { path: source, runtime: 'Docker Engine' }, direct: true };
  if (!source.startsWith('/')) return null;
  const socket = findRuntimeSocket(source);
  if (socket) return { socket, direct: true };
  // what gives away more than a socket is reported as what it is
  if (['/', '/var', '/var/lib'].includes(normalizeHostPath(source))) return null;
  const [below] = socketsBelow(source);
  return below ? { socket: below, direct: false } : null;
}

/** Folders of a person that hold keys, and the home of a person as a whole. */
const credentials =
  /^~(?:$|\/$|\/\.(?:ssh|aws|azure|kube|docker|gnupg|netrc|npmrc|pypirc|git-credentials)(?:$|\/)|\/\.config(?:$|\/$|\/gcloud))|^\/(?:root|home\/[^/]+)\/\.(?:ssh|aws|azure|kube|docker|gnupg|netrc)(?:$|\/)/;

/** Whether a source holds the keys of a person. */
export function holdsCredentials(source: string): boolean {
  return credentials.test(source);
}

/** Folders that hold what belongs to whoever runs the host, and beside it, for some, what is the host's. */
const ownFolders =
  /^\/(?:srv|opt|data|mnt|media|tmp|home\/.+|var\/(?!run(?:\/|$)|lib(?:\/|$)|spool\/cron(?:\/|$)).+|usr\/(?!(?:s?bin|lib|lib64|libexec)(?:\/|$)).+)(?:\/|$)/;

/** Whether a source holds files that somebody put there, who may be their only reader: beside the file that mounts it, or in a folder for such. */
export function holdsOwnFiles(source: string): boolean {
  return /^[.~$]/.test(source) || (source.startsWith('/') && ownFolders.test(normalizeHostPath(source)));
}

/** Configuration of the host that belongs to one program, its keys among it. */
const programs = /^\/etc\/(?:letsencrypt|nginx|apache2|httpd|traefik|caddy|haproxy|prometheus|grafana|mosquitto|bind)(?:\/|$)/;

/** What a source gives away. `program`: configuration of one program alone. `null`: nothing that is known; single devices are no matter of mounts. */
export function dangerOf(source: string, readOnly: boolean): { readonly why: string; readonly program: boolean } | null {
  const normal = normalizeHostPath(source);
  if (!source.startsWith('/') || /^\/dev\/./.test(normal) || /^\/run\/secrets\//.test(source) || ownFolders.test(normal)) return null;
  // what network tools load, and what tells the system's name
  if ((normal === '/lib/modules' && readOnly) || normal === '/usr/lib/os-release') return null;
  const found = findDangerousPath(source);
  if (found) return found.severity === 'medium' ? null : { why: readOnly ? found.whyRead : found.why, program: false };
  return programs.test(normal) ? { why: '', program: true } : null;
}
