import { memoize } from '../../../base/text/memoize';
import type { ContainerView, MountView, PodView, VolumeView } from './types';

/** A mount of a volume, and whose it is. */
export interface VolumeUse {
  readonly container: ContainerView;
  readonly mount: MountView;
}

const none: readonly VolumeUse[] = [];

const usesByVolume = memoize((pod: PodView): ReadonlyMap<string | null, readonly VolumeUse[]> => {
  const found = new Map<string | null, VolumeUse[]>();
  for (const container of pod.containers) {
    for (const mount of container.mounts) {
      const uses = found.get(mount.volume);
      if (uses) uses.push({ container, mount });
      else found.set(mount.volume, [{ container, mount }]);
    }
  }
  return found;
});

const volumesByName = memoize(
  // of several with one name the first counts
  (pod: PodView): ReadonlyMap<string | null, VolumeView> => new Map(pod.volumes.map(volume => [volume.name, volume] as const).reverse()),
);

/** The mounts of a volume, in the order of the pod's containers; for one without a name those that name none. */
export function usesOf({ pod, name }: VolumeView): readonly VolumeUse[] {
  return usesByVolume(pod).get(name) ?? none;
}

/** The volume of a pod that has a name; `null`: the pod lists none, as for those that a StatefulSet makes. */
export function volumeNamed(pod: PodView, name: string | null): VolumeView | null {
  return volumesByName(pod).get(name) ?? null;
}
