import { reason, type Reason } from '../../../base/terms/evidence';
import { resolvePath } from '../../../base/text/path';
import { isWithinPath } from '../../../knowledge/host-paths';
import type { ImageProfile, OwnedFolder } from '../../../knowledge/image-profiles';
import type { ContainerView, MountView } from '../model/types';
import { volumeNamed } from '../model/volumes';
import { claimTemplates } from './claims';
import { startWords } from './needs-root';

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
export function keptVolume(container: ContainerView): string | null {
  const found = container.mounts.find(mount => {
    const kind = kindOf(container, mount);
    return !mount.readOnly && kind !== null && (kind === 'claim' || storage.has(kind));
  });
  return found?.volume ?? null;
}

/** Why the server of a container cannot be given its user where its data lies in a volume: it has to own the folder. `null`: nothing of that kind. */
export function ownerDoubt(container: ContainerView, profile: ImageProfile | null): Reason | null {
  const owned = profile?.ownsDataDir;
  const path = owned ? refusedFolder(container, owned) : null;
  return path === null ? null : reason('data-owner', { path, why: owned!.why });
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
