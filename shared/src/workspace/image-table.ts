import { imageKey } from '../syntax/image/name';
import { withArguments } from './stage-arguments';
import { createTable, type Table } from './tables';
import type { BuildFact, DockerfileFact, ImageBuild, ServiceBuild, StageFact, WorkspaceIndex } from './types';

/** What the workspace builds, by the name of the image. */
export interface ImageTable {
  readonly builds: Table<BuildFact>;
  readonly dockerfiles: Table<DockerfileFact>;
  /** Builds by each place where their Dockerfile may be. */
  readonly byDockerfile: Table<BuildFact>;
  buildsOf(image: string): readonly ImageBuild[];
  contextsOf: WorkspaceIndex['contextsOf'];
  servicesOf(dockerfile: string): readonly ServiceBuild[];
  stageOf(dockerfile: string, target: string | null): StageFact | null;
  /** The last stage of the one Dockerfile whose folder, or own name, is the last part of an image's name; `null`: none, or several. */
  namesake(image: string): StageFact | null;
  /** The last stage of the only Dockerfile there is; `null`: there are none, or several. */
  only(): StageFact | null;
  /** Says that a workload names an image, or (-1) no longer does. */
  use(image: string, step: 1 | -1): void;
  /** The images that workloads name, sorted. */
  used(): readonly string[];
}

/** The names by which a Dockerfile may go: its folder's, and what stands before or behind `Dockerfile` in its own. */
export function namesOfDockerfile(path: string): readonly string[] {
  const [own = '', folder] = path.toLowerCase().split('/').reverse();
  const [, before, , after] = /^(?:([\w-]+)\.)?(docker|container)file(?:[.-]([\w-]+))?$/.exec(own) ?? [];
  const name = before ?? after;
  // Of two in a folder, each with a name of its own, neither has the folder's.
  return [...new Set(name === undefined ? [folder ?? ''] : [name])].filter(each => each !== '').map(each => `name ${each}`);
}

/** Creates an empty table. */
export function createImageTable(): ImageTable {
  const builds = createTable<BuildFact>();
  const dockerfiles = createTable<DockerfileFact>();
  const byDockerfile = createTable<BuildFact>();
  const uses = new Map<string, number>();
  let sorted: readonly string[] | null = null;
  const finalOf = (facts: readonly DockerfileFact[]): StageFact | null =>
    facts.length === 1 ? (facts[0]!.stages.find(stage => stage.isFinal) ?? null) : null;
  return {
    builds,
    dockerfiles: {
      ...dockerfiles,
      add: (key, fact) => [key, 'any', ...namesOfDockerfile(key)].forEach(each => dockerfiles.add(each, fact)),
      remove: (key, fact) => [key, 'any', ...namesOfDockerfile(key)].forEach(each => dockerfiles.remove(each, fact)),
    },
    namesake: image => {
      const key = imageKey(image);
      return key === null ? null : finalOf(dockerfiles.get(`name ${key.slice(key.lastIndexOf('/') + 1)}`));
    },
    only: () => finalOf(dockerfiles.get('any')),
    use: (image, step) => {
      const count = (uses.get(image) ?? 0) + step;
      if (count > 0) uses.set(image, count);
      else uses.delete(image);
      sorted = null;
    },
    used: () => (sorted ??= [...uses.keys()].sort()),
    byDockerfile,
    contextsOf: (path, by) => {
      const builds = byDockerfile.get(path).filter(({ service }) => by === 'any' || service !== null);
      return [...new Set(builds.flatMap(({ dockerfiles, contexts }) => contexts[dockerfiles.indexOf(path)] ?? []))];
    },
    servicesOf: path => byDockerfile.get(path).flatMap(build => (build.service ? [{ ...build, service: build.service }] : [])),
    stageOf: (path, target) => {
      const stages = dockerfiles.get(path).flatMap(file => file.stages);
      return stages.find(stage => (target === null ? stage.isFinal : stage.name === target.toLowerCase())) ?? null;
    },
    buildsOf: image => {
      if (builds.size() === 0) return [];
      const key = imageKey(image);
      if (key === null) return [];
      return builds.get(key).flatMap(build => {
        const there = build.dockerfiles.find(file => dockerfiles.has(file));
        const stages = there === undefined ? [] : dockerfiles.get(there).flatMap(file => file.stages);
        const stage = build.target === null ? stages.find(s => s.isFinal) : stages.find(s => s.name === build.target?.toLowerCase());
        return stage ? [{ build, stage: withArguments(stage, build) }] : [];
      });
    },
  };
}
