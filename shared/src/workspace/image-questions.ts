import { imageKey } from '../syntax/image/name';
import { tableOf, type Facts } from './fact-tables';
import type { Questions } from './question';
import { baseName, kindOfName } from './source/names';
import { mayBeDockerfile } from './object-filters';
import { withArguments } from './stage-arguments';
import type { DockerfileFact, StageFact } from './types';

/** The names by which a Dockerfile may go: its folder's, and what stands before or behind `Dockerfile` in its own. */
function namesOfDockerfile(path: string): readonly string[] {
  const [own = '', folder] = path.toLowerCase().split('/').reverse();
  const [, before, , after] = /^(?:([\w-]+)\.)?(docker|container)file(?:[.-]([\w-]+))?$/.exec(own) ?? [];
  const name = before ?? after;
  // Of two in a folder, each with a name of its own, neither has the folder's.
  return [...new Set(name === undefined ? [folder ?? ''] : [name])].filter(each => each !== '').map(each => `name ${each}`);
}

/** The name under which an image's own Dockerfile is found. */
function nameOfImage(image: string): string | null {
  const key = imageKey(image);
  return key === null ? null : `name ${key.slice(key.lastIndexOf('/') + 1)}`;
}

const dockerfiles = tableOf('dockerfile', ({ path }) => [path, 'any', ...namesOfDockerfile(path)]);
const builds = tableOf('build', ({ image }) => [image]);
/** By each place where their Dockerfile may be. */
const buildsFrom = tableOf('build', build => build.dockerfiles);

const finalOf = (facts: readonly DockerfileFact[]): StageFact | null =>
  facts.length === 1 ? (facts[0]!.stages.find(stage => stage.isFinal) ?? null) : null;

function stageOf(facts: Facts, dockerfile: string, target: string | null): StageFact | null {
  const stages = facts.by(dockerfiles, dockerfile).flatMap(file => file.stages);
  return stages.find(stage => (target === null ? stage.isFinal : stage.name === target.toLowerCase())) ?? null;
}

const isDockerfile = (path: string): boolean => mayBeDockerfile(kindOfName(baseName(path)).kind);

/** What is asked about images that are built here. */
export const imageQuestions = {
  buildsOf: {
    needs: (read, image) => {
      read.builds('builds');
      const key = imageKey(image);
      for (const build of key === null ? [] : read.facts.by(builds, key)) build.dockerfiles.forEach(path => read.file(path));
    },
    answer: (facts, image) => {
      const table = facts.in(builds);
      const key = table.size() === 0 ? null : imageKey(image);
      return (key === null ? [] : table.get(key)).flatMap(build => {
        const there = build.dockerfiles.find(path => facts.in(dockerfiles).has(path));
        const stage = there === undefined ? null : stageOf(facts, there, build.target);
        return stage ? [{ build, stage: withArguments(stage, build) }] : [];
      });
    },
  },
  stageOf: { needs: (read, dockerfile) => read.file(dockerfile), answer: stageOf },
  namesakeOf: {
    needs: (read, image) => {
      const name = nameOfImage(image);
      if (name === null) return;
      for (const path of read.files('Dockerfiles', isDockerfile)) if (namesOfDockerfile(path).includes(name)) read.file(path);
    },
    answer: (facts, image) => {
      const name = nameOfImage(image);
      return name === null ? null : finalOf(facts.by(dockerfiles, name));
    },
  },
  // who has facts of images answers in the place of the index
  imageFacts: { answer: () => null },
  trials: { answer: () => [] },
  onlyImage: {
    needs: read => {
      if (!read.isComplete()) return;
      // two are too many: no other is read then
      for (const path of read.files('Dockerfiles', isDockerfile)) if (read.facts.in(dockerfiles).count('any') < 2) read.file(path);
    },
    answer: facts => (facts.complete ? finalOf(facts.by(dockerfiles, 'any')) : null),
  },
  isSpent: {
    needs: read => {
      if (read.isComplete()) for (const path of read.files('Dockerfiles', isDockerfile)) read.file(path);
    },
    answer: (facts, argument) => {
      const all = facts.complete ? facts.by(dockerfiles, 'any') : [];
      return all.some(file => file.spentArguments.includes(argument)) && !all.some(file => file.keptArguments.includes(argument));
    },
  },
  contextsOf: {
    needs: (read, _, by) => read.builds(by === 'any' ? 'builds' : 'services'),
    answer: (facts, path, by) => {
      const found = facts.by(buildsFrom, path);
      const counted = found.filter(({ service }) => by === 'any' || service !== null);
      return [...new Set(counted.flatMap(({ dockerfiles: files, contexts }) => contexts[files.indexOf(path)] ?? []))];
    },
  },
  targetsOf: {
    needs: read => read.builds('targets'),
    answer: (facts, path) => facts.by(buildsFrom, path).flatMap(({ target }) => target?.toLowerCase() ?? []),
  },
  mountsOf: {
    needs: read => read.builds('mounts'),
    answer: (facts, path) => facts.by(buildsFrom, path).flatMap(({ mounts }) => mounts),
  },
  servicesOf: {
    needs: read => read.builds('services'),
    answer: (facts, path) => facts.by(buildsFrom, path).flatMap(build => (build.service ? [{ ...build, service: build.service }] : [])),
  },
} satisfies Partial<Questions>;
