import { isWithinPath } from '../../../knowledge/host-paths';
import type { ImageProfile } from '../../../knowledge/image-profiles';
import { programWrites, type ProgramWrites } from '../../../program/programs';
import type { ProgramFact } from '../../../workspace/lone-facts';
import { mapOf, stringOf } from '../../../yaml/values';
import type { ContainerView } from '../model/types';
import { volumeNamed } from '../model/volumes';
import type { FixSettings } from './settings';

/** What the programs and configurations write that ConfigMaps of the workspace put into a container. */
export function mountedWrites(container: ContainerView, profile: ImageProfile | null, { workspace }: FixSettings): ProgramWrites {
  const files = new Map<string, ProgramFact>();
  const programs = container.mounts.flatMap(({ volume, mountPath, subPath }) => {
    const found = volumeNamed(container.pod, volume);
    const name = found?.type === 'configMap' ? stringOf(mapOf(found.source)?.get('name')) : null;
    const fact = name === null ? undefined : workspace.object('ConfigMap', container.pod.object.namespace, name);
    if (fact?.type !== 'data' || mountPath === null) return [];
    return (fact.programs ?? []).flatMap(program => {
      const key = program.path;
      if (subPath !== null && subPath !== key) return [];
      files.set(`${name}/${key}`, program);
      return { source: `${name}/${key}`, image: subPath === null ? `${mountPath}/${key}` : mountPath };
    });
  });
  const workdir = stringOf(container.node.get('workingDir')) ?? '/';
  const start = { workdir, programs, copies: [], variables: {}, fills: false, linksLogs: profile?.name === 'nginx' };
  const index = { programAt: (path: string) => files.get(path) ?? null, isAbsent: () => true, keptFolders: () => [] };
  const own = [
    ...(profile?.writablePaths ?? []).map(({ path }) => path),
    ...container.mounts.flatMap(({ mountPath, readOnly }) => (mountPath === null || readOnly ? [] : mountPath)),
  ];
  return programWrites(start, '', index, container.env, path => own.some(folder => isWithinPath(path, folder)));
}
