import { imageKey } from '../image/name';
import { createTable, type Table } from './tables';
import type { BuildFact, DockerfileFact, ImageBuild } from './types';

/** What the workspace builds, by the name of the image. */
export interface ImageTable {
  readonly builds: Table<BuildFact>;
  readonly dockerfiles: Table<DockerfileFact>;
  /** Builds by each place where their Dockerfile may be. */
  readonly byDockerfile: Table<BuildFact>;
  buildsOf(image: string): readonly ImageBuild[];
}

/** Creates an empty table. */
export function createImageTable(): ImageTable {
  const builds = createTable<BuildFact>();
  const dockerfiles = createTable<DockerfileFact>();
  const byDockerfile = createTable<BuildFact>();
  return {
    builds,
    dockerfiles,
    byDockerfile,
    buildsOf: image => {
      if (builds.size() === 0) return [];
      const key = imageKey(image);
      if (key === null) return [];
      return builds.get(key).flatMap(build => {
        const there = build.dockerfiles.find(file => dockerfiles.has(file));
        const stages = there === undefined ? [] : dockerfiles.get(there).flatMap(file => file.stages);
        const stage = build.target === null ? stages.find(s => s.isFinal) : stages.find(s => s.name === build.target?.toLowerCase());
        return stage ? [{ build, stage }] : [];
      });
    },
  };
}
