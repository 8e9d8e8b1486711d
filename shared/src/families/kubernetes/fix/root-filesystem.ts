import { appendItem, setValue, type YamlOperation, type YamlValue } from '../../../syntax/yaml/operations';
import { leave, type NoFix, type Remedy } from '../../../rule/fix/remedy';
import type { Assumption } from '../../../rule/fix/types';
import { isWithinPath, normalizeHostPath, pathAround } from '../../../knowledge/host-paths';
import type { ImageProfile } from '../../../knowledge/image-profiles';
import { containerName } from '../model/names';
import { containerFlag } from '../model/security';
import type { ContainerView, PodView, VolumeView } from '../model/types';
import { provedBy } from '../../../rule/fix/proved';
import { claimTemplates } from './claims';
import { reason } from '../../../base/terms/evidence';
import { doubtAgainst } from '../../../evidence/evidence';
import type { Place } from '../../../evidence/testimony';
import { imageAssumptions, knownImage } from './image';
import { evidenceFor } from './service';
import type { FixSettings } from './settings';
import { runsOnWindows } from './windows';
import { withoutEnd } from '../../../base/text/ends';
import { memoizeFor } from '../../../base/text/memoize';
import { usesOf, volumeNamed } from '../model/volumes';

/** What a container needs to write to, beside its volumes. */
interface Writes {
  /** Paths that get an emptyDir. */
  readonly mounts: readonly string[];
  /** Paths that it may write to and whose files a mount would hide. */
  readonly shipped: readonly string[];
}

function writesOf(container: ContainerView, settings: FixSettings): Writes {
  const profile = knownImage(container, settings)?.profile ?? null;
  const mounted = container.mounts.flatMap(({ mountPath }) => (mountPath === null ? [] : [trim(mountPath)]));
  const isOpen = (path: string): boolean => !mounted.some(mount => isWithinPath(normalizeHostPath(path), normalizeHostPath(mount)));
  const { writes, trial } = evidenceFor(container, settings);
  const made = new Set(writes.flatMap(({ path, witness }) => (witness === 'program' ? trim(path) : [])));
  const all = writes.map(place => ({ path: trim(place.path), hasContent: mayHaveContent(place, profile) }));
  const wanted = [
    ...(trial?.facts.readOnly ? [] : ['/tmp']),
    ...all.filter(({ hasContent }) => !hasContent).map(({ path }) => path),
  ].filter(isOpen);
  const mounts = wanted.filter(
    (path, at) =>
      wanted.indexOf(path) === at &&
      // a folder that the image has in another one is gone once that is a volume
      (made.has(path) || !wanted.some(other => other !== path && isWithinPath(path, other))) &&
      // a mount would hide what is mounted below it, where data lives, and what the image ships there
      !(isData(path, profile) && mounted.some(mount => isWithinPath(mount, path))) &&
      !all.some(other => other.hasContent && isWithinPath(other.path, path)),
  );
  const shipped = all.filter(({ hasContent, path }) => hasContent && isOpen(path)).map(({ path }) => path);
  return { mounts: mounts.map(path => pathAround(path, mounted)), shipped };
}

/** Whether a mount would hide files of the image: they were seen, or the name of the folder and its place tell of them. */
function mayHaveContent({ path, filled, level, witness }: Place, profile: ImageProfile | null): boolean {
  const isEmpty = isEmptyAtStart(trim(path));
  if (level === 'guessed') return !isEmpty || program.test(path);
  return filled || (witness === 'image' && !isEmpty && !isData(trim(path), profile));
}

/** The containers of a pod that need to write to a path, by path. */
const writers = memoizeFor((pod: PodView, settings: FixSettings): ReadonlyMap<string, readonly ContainerView[]> => {
  const found = new Map<string, ContainerView[]>();
  for (const container of pod.containers) {
    for (const path of writesOf(container, settings).mounts) {
      const list = found.get(path);
      if (list) list.push(container);
      else found.set(path, [container]);
    }
  }
  return found;
});

/** Folders that are a program's own, and not for what it writes, as far as their last part does not say so. */
const program =
  /^\/(?:app|application|build|code|dist|project|server|service|site|src|srv|work|workdir|workspace)(?:$|\/(?!.*(?:logs?|te?mp|work|data|cache|run|uploads?|storage)$))/;

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
  const others = (writers(pod, settings).get(path) ?? []).some(other => other !== container);
  const wanted =
    withoutEnd((path === '/tmp' || !others ? base : `${container.name ?? 'app'}-${base}`).slice(0, 50).replace(/^-+/, ''), '-') ||
    'scratch';
  const claims = claimTemplates(pod);
  for (let count = 1; ; count++) {
    const name = count === 1 ? wanted : `${wanted}-${count}`;
    const volume = volumeNamed(pod, name);
    if (volume && isSpare(volume, path)) return { name, value: null };
    if (volume || claims.includes(name)) continue;
    // a pod is evicted once it exceeds a limit: nobody but its owner knows one
    const limit = isTemporary(path) && !isData(path, profile) ? settings.defaults.tmpSize : null;
    return { name, value: { name, emptyDir: limit === null ? {} : { sizeLimit: limit } } };
  }
}

/** Whether a volume is an emptyDir that serves for this path elsewhere, or for nothing at all. */
function isSpare(volume: VolumeView, path: string): boolean {
  if (volume.type !== null && volume.type !== 'emptyDir') return false;
  return usesOf(volume).every(({ mount }) => mount.mountPath !== null && trim(mount.mountPath) === path && mount.subPath === null);
}

/** Gives a container volumes for the paths that it writes, or for those of them that `isWanted`, as far as it has none there. */
export function mountOperations(
  container: ContainerView,
  settings: FixSettings,
  isWanted: (path: string) => boolean = () => true,
): YamlOperation[] {
  const profile = knownImage(container, settings)?.profile ?? null;
  return writesOf(container, settings)
    .mounts.filter(isWanted)
    .flatMap((mountPath): YamlOperation[] => {
      const { name, value } = volumeFor(container, mountPath, profile, settings);
      const mount: YamlOperation = appendItem([...container.path, 'volumeMounts'], { name, mountPath });
      return value === null ? [mount] : [mount, appendItem([...container.pod.path, 'volumes'], value)];
    });
}

/** How a container comes to run on a read-only root file system: with volumes for what it writes, never over what it ships. */
export function rootFilesystemRemedy(container: ContainerView, settings: FixSettings): Remedy {
  if (runsOnWindows(container.pod)) return leave('windows');
  const image = knownImage(container, settings);
  const profile = image?.profile ?? null;
  const { mounts, shipped } = writesOf(container, settings);
  const operations = (): YamlOperation[] => [
    setValue([...container.securityContextPath, 'readOnlyRootFilesystem'], true),
    ...mountOperations(container, settings),
  ];
  const name = containerName(container);
  const assumes: Assumption[] = [...imageAssumptions(container, image)];
  if (shipped.length > 0) assumes.push({ id: 'shipped-path', data: { container: name, paths: shipped.join(', ') } });
  const proved = provedBy(evidenceFor(container, settings), 'files');
  if (proved) assumes.push(...proved);
  else if (image?.stage || (profile?.kind !== 'server' && profile?.kind !== 'tool')) {
    assumes.push({ id: 'writes-only', data: { container: name, paths: ['/tmp', ...mounts.filter(path => path !== '/tmp')].join(', ') } });
  }
  const noFix = writesElsewhere(container, shipped, settings);
  if (noFix?.detail !== undefined) assumes.push({ id: 'writes-nothing', data: { container: name, seen: noFix.detail }, evidence: true });
  if (noFix) return { fix: { operations, class: 'attended', assumes }, noFix };
  return { fix: { operations, class: 'review', assumes }, noFix: null };
}

/** Why a container may write elsewhere than to volumes, so that a person has to say; `null`: nothing speaks for it. */
function writesElsewhere(container: ContainerView, [shipped]: readonly string[], settings: FixSettings): NoFix | null {
  if (containerFlag(container, 'privileged')?.value === true) return { reason: 'needs-root', detail: reason('privileged') };
  const seen =
    doubtAgainst(evidenceFor(container, settings), 'files') ?? (shipped === undefined ? null : reason('image-writes', { path: shipped }));
  return seen === null ? null : { reason: 'attended', detail: seen };
}
