import { unknownImageDoubt } from '../../../evidence/run-as/unknown-image';
import { unknownBase } from '../../../rule/checks/container/start';
import { isWithinPath } from '../../../knowledge/host-paths';
import type { OwnedFolder } from '../../../knowledge/image-profiles';
import { resolvePath } from '../../../base/text/path';
import { stageWrites } from '../../../evidence/program/programs';
import { stageDoubts } from '../../../evidence/program/stage-doubts';
import { claimTemplates } from './claims';
import type { KnownImage } from './image';
import { laidOver, manifestWrites } from './manifest-writes';
import { startWords } from './needs-root';
import type { FixSettings } from './settings';
import type { StageFact } from '../../../workspace/types';
import type { ContainerView, MountView } from '../model/types';
import { volumeNamed } from '../model/volumes';

/** Volumes whose files come with owners of their own, and that are given to the group that a pod names (`fsGroup`). */
export const groupStorage: ReadonlySet<string> = new Set([
  'persistentVolumeClaim',
  'ephemeral',
  'csi',
  'flexVolume',
  'awsElasticBlockStore',
  'azureDisk',
  'gcePersistentDisk',
  'cinder',
  'iscsi',
  'fc',
  'rbd',
]);

/** The same, and volumes whose files keep their owners. */
const storage = new Set([...groupStorage, 'azureFile', 'cephfs', 'glusterfs', 'hostPath', 'local', 'nfs']);

/** Volumes that hold files of the API, or of the image: nobody writes there. */
const given = new Set(['secret', 'configMap', 'projected', 'downwardAPI', 'image']);

/** The kind of a mounted volume: `claim` for those that a StatefulSet makes, `null` where the pod has no such volume. */
function kindOf(container: ContainerView, { volume }: MountView): string | null {
  if (claimTemplates(container.pod).includes(volume ?? '')) return 'claim';
  const known = volumeNamed(container.pod, volume);
  return known ? (known.type ?? 'emptyDir') : null;
}

/** The first volume whose files may belong to somebody already, and that the container may write to. */
function keptVolume(container: ContainerView): string | null {
  const found = container.mounts.find(mount => {
    const kind = kindOf(container, mount);
    return !mount.readOnly && kind !== null && (kind === 'claim' || storage.has(kind));
  });
  return found?.volume ?? null;
}

/**
 * Why a person should say what a container may write and as whom it may run: what its Dockerfile shows, or that its image may be anything.
 * `lowPort`: a port below 1024 that it listens on. Sentences without a full stop; the first one counts.
 */
export function doubtsOf(
  container: ContainerView,
  image: KnownImage | null,
  lowPort: number | null,
  settings: FixSettings,
): readonly string[] {
  const { doubt } = manifestWrites(container, image?.profile ?? null, settings);
  if (image?.stage) {
    const { run, user, path } = image.stage;
    const named = user !== null || run?.named != null;
    const unknown = unknownBase(image.stage);
    const silent = run === null && !named ? [`${path} does not say what its stage ${image.stage.name ?? ''} starts`] : [];
    const command = replacingWords(container, image.stage);
    const seen = stageDoubts(image.stage, settings.workspace, container.env, command, laidOver(container, settings)).all;
    return [...seen, ...(doubt === null ? [] : [doubt]), ...silent, unknown, image.guess].filter(each => each !== null);
  }
  const { image: view } = container;
  const why = image
    ? image.guess
    : unknownImageDoubt({
        reference: view && view.reference.invalid === null && !view.variable ? view.reference : null,
        image: view?.text ?? '',
        words: startWords(container),
        volume: keptVolume(container),
        lowPort,
      });
  return [why, doubt].filter(each => each !== null);
}

/** What a container starts in place of the command of a built image; `null`: it leaves that as it is. */
export function replacingWords(container: ContainerView, { run }: StageFact): readonly string[] | null {
  const isReplaced = container.command !== null || (container.args !== null && run?.keepsEntryPoint === true);
  return isReplaced ? startWords(container) : null;
}

/** What a built image writes among files of its own, which belong to root as long as its Dockerfile names no user; `null`: nothing is seen. */
export function filledDoubt(container: ContainerView, image: KnownImage | null, settings: FixSettings): string | null {
  if (!image?.stage || image.stage.user) return null;
  const mounted = container.mounts.flatMap(({ mountPath }) => mountPath ?? []);
  const filled = stageWrites(image.stage, settings.workspace, container.env, laidOver(container, settings)).folders.find(
    ({ path, filled, given }) => filled && !given && !mounted.some(mount => isWithinPath(path, mount)),
  );
  return filled ? `it writes to ${filled.path}, whose files in the image belong to root` : null;
}

/** Why the server of a container cannot be given its user where its data lies in a volume: it has to own the folder. `null`: nothing of that kind. */
export function ownerDoubt(container: ContainerView, image: KnownImage | null): string | null {
  const owned = image?.profile?.ownsDataDir;
  const refused = owned ? refusedFolder(container, owned) : null;
  return refused === null ? null : `at ${refused} ${owned!.why}`;
}

/** The folder of its data that a server wants to own and cannot, since it is a volume; `null`: it can, or another container sees to it. */
function refusedFolder(container: ContainerView, owned: OwnedFolder): string | null {
  const value = owned.variable === null ? null : container.env.findLast(({ name }) => name === owned.variable)?.value;
  const folders = value?.startsWith('/') ? [resolvePath(value)] : owned.paths;
  const mount = container.mounts.find(({ mountPath }) => {
    const path = mountPath === null ? null : resolvePath(mountPath);
    return path !== null && folders.some(folder => (owned.below ? isWithinPath(folder, path) : folder === path));
  });
  if (!mount) return null;
  const kind = kindOf(container, mount);
  if (kind === null || given.has(kind) || (owned.persistent && kind === 'emptyDir')) return null;
  const prepared = container.pod.containers.some(
    other =>
      other.kind === 'init' &&
      other.mounts.some(({ volume }) => volume === mount.volume) &&
      startWords(other).some(word => /\b(?:chown|chmod|install)\b/.test(word)),
  );
  return prepared ? null : mount.mountPath;
}
