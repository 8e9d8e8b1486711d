import { appendItem, setValue, type YamlOperation, type YamlValue } from '../../../syntax/yaml/operations';
import { leave, type NoFix, type Remedy } from '../../../rule/fix/remedy';
import type { Assumption } from '../../../rule/fix/types';
import { stringOf } from '../../../syntax/yaml/values';
import { isWithinPath, normalizeHostPath, pathAround } from '../../../knowledge/host-paths';
import type { ImageProfile } from '../../../knowledge/image-profiles';
import { containerName } from '../model/names';
import { containerFlag } from '../model/security';
import type { ContainerView, PodView, VolumeView } from '../model/types';
import { claimTemplates } from './claims';
import { namedFolders } from '../../../knowledge/folders';
import { stageWrites } from '../../../evidence/program/programs';
import { stageDoubts } from '../../../evidence/program/stage-doubts';
import { doubtsOf, replacingWords } from './doubts';
import { knownImage, type KnownImage } from './image';
import { laidOver, manifestWrites } from './manifest-writes';
import { needsRoot, rootCommand, startWords } from './needs-root';
import { findLowPort } from './run-as';
import type { FixSettings } from './settings';
import { runsOnWindows } from './windows';
import { withoutEnd } from '../../../base/text/ends';
import { memoizeFor } from '../../../base/text/memoize';
import { usesOf, volumeNamed } from '../model/volumes';

/** Images that ship files where they may write at start, and go on where they cannot: only a setting of the user makes them write. */
const tolerant = new Set(['nginx', 'tomcat', 'hashicorp/vault', 'hashicorp/consul']);

/** What a container needs to write to, beside its volumes. */
interface Writes {
  /** Paths that get an emptyDir. */
  readonly mounts: readonly string[];
  /** Paths that it may write to and whose files a mount would hide. */
  readonly shipped: readonly string[];
}

function writesOf(container: ContainerView, image: KnownImage | null, settings: FixSettings): Writes {
  const profile = image?.profile ?? null;
  const mounted = container.mounts.flatMap(({ mountPath }) => (mountPath === null ? [] : [trim(mountPath)]));
  const isOpen = (path: string): boolean => !mounted.some(mount => isWithinPath(normalizeHostPath(path), normalizeHostPath(mount)));
  // what prepares the pod with a command of its own does not start the server
  const prepares = container.kind === 'init' && container.command !== null;
  const lenient = profile !== null && tolerant.has(profile.name);
  const shipping = (profile?.writablePaths ?? []).filter(({ hasContent }) => !(hasContent && lenient));
  const built = [
    ...(image?.stage ? stageWrites(image.stage, settings.workspace, container.env, laidOver(container, settings)).folders : []),
    ...manifestWrites(container, profile, settings).folders,
  ];
  const made = new Set(built.map(({ path }) => path));
  const known = prepares ? [] : [...shipping, ...built];
  const paths = known.map(entry => ({
    path: trim(entry.path),
    hasContent:
      'filled' in entry ? entry.filled : entry.hasContent || !(isEmptyAtStart(trim(entry.path)) || isData(trim(entry.path), profile)),
  }));
  const workdir = stringOf(container.node.get('workingDir'));
  const named = namedFolders(container.env, [...startWords(container), ...(workdir === null ? [] : [workdir])])
    .filter(path => !paths.some(other => other.path === path))
    .map(path => ({ path, hasContent: !(isEmptyAtStart(path) && !program.test(path)) }));
  const all = [...paths, ...named];
  const wanted = ['/tmp', ...all.filter(({ hasContent }) => !hasContent).map(({ path }) => path)].filter(isOpen);
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

/** The containers of a pod that need to write to a path, by path. */
const writers = memoizeFor((pod: PodView, settings: FixSettings): ReadonlyMap<string, readonly ContainerView[]> => {
  const found = new Map<string, ContainerView[]>();
  for (const container of pod.containers) {
    for (const path of writesOf(container, knownImage(container, settings), settings).mounts) {
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
  const image = knownImage(container, settings);
  const profile = image?.profile ?? null;
  return writesOf(container, image, settings)
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
  const { mounts, shipped } = writesOf(container, image, settings);
  const operations = (): YamlOperation[] => [
    setValue([...container.securityContextPath, 'readOnlyRootFilesystem'], true),
    ...mountOperations(container, settings),
  ];
  const name = containerName(container);
  const assumes: Assumption[] = [...(image?.assumes ?? [])];
  if (shipped.length > 0) assumes.push({ id: 'shipped-path', data: { container: name, paths: shipped.join(', ') } });
  if (image?.stage || (profile?.kind !== 'server' && profile?.kind !== 'tool')) {
    assumes.push({ id: 'writes-only', data: { container: name, paths: ['/tmp', ...mounts.filter(path => path !== '/tmp')].join(', ') } });
  }
  const noFix = writesElsewhere(container, image, shipped, settings);
  if (noFix?.detail !== undefined) assumes.push({ id: 'writes-nothing', data: { container: name, seen: noFix.detail }, evidence: true });
  if (noFix) return { fix: { operations, class: 'attended', assumes }, noFix };
  return { fix: { operations, class: 'review', assumes }, noFix: null };
}

/** Why a container may write elsewhere than to volumes, so that a person has to say; `null`: nothing speaks for it. */
function writesElsewhere(
  container: ContainerView,
  image: KnownImage | null,
  shipped: readonly string[],
  settings: FixSettings,
): NoFix | null {
  if (containerFlag(container, 'privileged')?.value === true) return { reason: 'needs-root', detail: 'it is privileged' };
  const command = rootCommand(container);
  if (command !== null) return { reason: 'attended', detail: `${command} may write anywhere` };
  // what the Dockerfile says of its command holds whatever the base is
  const seen = container.command === null ? (image?.stage?.run?.obstacle ?? null) : null;
  const work = seen ?? (image?.profile ? null : needsRoot(container, settings));
  if (work !== null) return { reason: 'attended', detail: `${work}, and may write anywhere` };
  const run = image?.stage?.run;
  // what goes on as somebody else by itself is a server with files and locks in places of its own
  if (run?.drops && container.command === null && !(run.keepsStart && image?.profile?.kind === 'server'))
    return { reason: 'attended', detail: 'its image goes on as another user by itself, and may write anywhere' };
  const program = run?.programs[0];
  if (program !== undefined) return { reason: 'attended', detail: `${program} may write anywhere` };
  if (shipped.length > 0) return { reason: 'attended', detail: `the image writes to ${shipped[0]}` };
  const doubt =
    doubtsOf(container, image, findLowPort(container, image), settings)[0] ??
    (image?.stage && stageDoubts(image.stage, settings.workspace, container.env, replacingWords(container, image.stage)).readOnly);
  return doubt == null ? null : { reason: 'attended', detail: doubt };
}
