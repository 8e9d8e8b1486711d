import { appendItem, setValue, type YamlOperation, type YamlValue } from '../../../yaml/operations';
import { leave, type Remedy } from '../../../fix/remedy';
import type { Assumption } from '../../../fix/types';
import { isWithinPath } from '../../../knowledge/host-paths';
import type { ImageProfile } from '../../../knowledge/image-profiles';
import { containerName } from '../model/names';
import { containerFlag } from '../model/security';
import type { ContainerView, PodView, VolumeView } from '../model/types';
import { claimTemplates } from './claims';
import { needsRoot, rootCommand } from './needs-root';
import { podGroup, type FixSettings } from './settings';
import { knownImage } from './image';
import { runsOnWindows } from './windows';
import { withoutEnd } from '../../../text/ends';

/** Images that ship files where they may write at start, and go on where they cannot: only a setting of the user makes them write. */
const tolerant = new Set(['nginx', 'tomcat', 'hashicorp/vault', 'hashicorp/consul']);

/** What a container needs to write to, beside its volumes. */
interface Writes {
  /** Paths that get an emptyDir. */
  readonly mounts: readonly string[];
  /** Paths that it may write to and whose files a mount would hide. */
  readonly shipped: readonly string[];
}

function writesOf(container: ContainerView, profile: ImageProfile | null): Writes {
  const mounted = container.mounts.flatMap(({ mountPath }) => (mountPath === null ? [] : [trim(mountPath)]));
  const isOpen = (path: string): boolean => !mounted.some(mount => isWithinPath(path, mount));
  // what prepares the pod with a command of its own does not start the server
  const prepares = container.kind === 'init' && container.command !== null;
  const paths = (prepares ? [] : (profile?.writablePaths ?? [])).map(entry => ({
    path: trim(entry.path),
    hasContent: entry.hasContent || !(isEmptyAtStart(trim(entry.path)) || isData(trim(entry.path), profile)),
  }));
  const wanted = ['/tmp', ...paths.filter(({ hasContent }) => !hasContent).map(({ path }) => path)].filter(isOpen);
  const mounts = wanted.filter(
    (path, at) =>
      wanted.indexOf(path) === at &&
      !wanted.some(other => other !== path && isWithinPath(path, other)) &&
      // data lives in the folder below, which is a volume already
      !(isData(path, profile) && mounted.some(mount => isWithinPath(mount, path))),
  );
  const shipped = paths.filter(({ hasContent, path }) => hasContent && isOpen(path)).map(({ path }) => path);
  return { mounts, shipped: profile && tolerant.has(profile.name) ? [] : shipped };
}

/** Whether a path is empty in an image, as its name and place tell: not all were looked into. */
function isEmptyAtStart(path: string): boolean {
  return !/^\/(?:opt|usr|etc|app|bin|lib)\//.test(path) || /\/(?:logs?|te?mp|work|data|cache|run|work-dir)$/.test(path);
}

function trim(path: string): string {
  return path.length > 1 && path.endsWith('/') ? path.slice(0, -1) : path;
}

/** Whether a path holds data that grows: a limit for temporary files would end the pod. */
function isData(path: string, profile: ImageProfile | null): boolean {
  return (profile?.volumes ?? []).some(volume => isWithinPath(volume, path) || isWithinPath(path, volume));
}

/** Places of small files that come and go. */
const temporary = /^\/(?:tmp|run|var\/(?:run|lock|tmp))(?:\/|$)|\/te?mp$/;

/** Whether what lies at a path of a container is small and comes and goes. */
export function isTemporary(path: string): boolean {
  return temporary.test(path);
}

/** The volume that a container mounts at `path`: one that the pod has for that, or a new one. */
function volumeFor(
  container: ContainerView,
  path: string,
  profile: ImageProfile | null,
  settings: FixSettings,
): { name: string; value: YamlValue | null } {
  const { pod } = container;
  const base = path
    .slice(1)
    .replace(/[^a-z0-9]+/gi, '-')
    .toLowerCase();
  // /tmp may be one for all; other paths are one container's own
  const others = pod.containers.some(
    other => other !== container && writesOf(other, knownImage(other)?.profile ?? null).mounts.includes(path),
  );
  const wanted =
    withoutEnd((path === '/tmp' || !others ? base : `${container.name ?? 'app'}-${base}`).slice(0, 50).replace(/^-+/, ''), '-') ||
    'scratch';
  const claims = claimTemplates(pod);
  for (let count = 1; ; count++) {
    const name = count === 1 ? wanted : `${wanted}-${count}`;
    const volume = pod.volumes.find(known => known.name === name);
    if (volume && isSpare(pod, volume, path)) return { name, value: null };
    if (volume || claims.includes(name)) continue;
    const limited = isTemporary(path) && !isData(path, profile);
    return { name, value: { name, emptyDir: limited ? { sizeLimit: settings.defaults.tmpSize } : {} } };
  }
}

/** Whether a volume is an emptyDir that serves for this path elsewhere, or for nothing at all. */
function isSpare(pod: PodView, volume: VolumeView, path: string): boolean {
  if (volume.type !== null && volume.type !== 'emptyDir') return false;
  const uses = pod.containers.flatMap(container => container.mounts).filter(mount => mount.volume === volume.name);
  return uses.every(mount => mount.mountPath !== null && trim(mount.mountPath) === path && mount.subPath === null);
}

/** Gives a container volumes for the paths that it writes, as far as it has none there. */
export function mountOperations(container: ContainerView, settings: FixSettings): YamlOperation[] {
  const profile = knownImage(container)?.profile ?? null;
  return writesOf(container, profile).mounts.flatMap((mountPath): YamlOperation[] => {
    const { name, value } = volumeFor(container, mountPath, profile, settings);
    const mount: YamlOperation = appendItem([...container.path, 'volumeMounts'], { name, mountPath });
    return value === null ? [mount] : [mount, appendItem([...container.pod.path, 'volumes'], value)];
  });
}

/** How a container comes to run on a read-only root file system: with volumes for what it writes, never over what it ships. */
export function rootFilesystemRemedy(container: ContainerView, settings: FixSettings): Remedy {
  if (runsOnWindows(container.pod)) return leave('windows');
  const image = knownImage(container);
  const profile = image?.profile ?? null;
  const { mounts, shipped } = writesOf(container, profile);
  const operations = (): YamlOperation[] => [
    setValue([...container.securityContextPath, 'readOnlyRootFilesystem'], true),
    ...mountOperations(container, settings),
  ];
  const name = containerName(container);
  const assumes: Assumption[] = [...(image?.assumes ?? [])];
  if (shipped.length > 0) assumes.push({ id: 'shipped-path', data: { container: name, paths: shipped.join(', ') } });
  if (profile?.kind !== 'server' && profile?.kind !== 'tool') {
    assumes.push({ id: 'writes-only', data: { container: name, paths: ['/tmp', ...mounts.filter(path => path !== '/tmp')].join(', ') } });
  }
  const privileged = containerFlag(container, 'privileged')?.value === true;
  const command = rootCommand(container);
  const work = command ?? (profile === null ? needsRoot(container) : null);
  if (privileged) return { fix: { operations, class: 'attended', assumes }, noFix: { reason: 'needs-root', detail: 'it is privileged' } };
  if (work !== null) {
    const detail = command === null ? `${work}, and may write anywhere` : `${command} may write anywhere`;
    return { fix: { operations, class: 'attended', assumes }, noFix: { reason: 'unknown-image', detail } };
  }
  if (shipped.length > 0)
    return {
      fix: { operations, class: 'attended', assumes },
      noFix: { reason: 'unknown-image', detail: `the image writes to ${shipped[0]}` },
    };
  return { fix: { operations, class: 'review', assumes, group: podGroup(container.pod) }, noFix: null };
}
