import { unknown } from '../../../evidence/known-image';
import { plainService, type OtherStart, type Service } from '../../../evidence/service';
import type { ImageProfile } from '../../../knowledge/image-profiles';
import type { StageFact, WorkspaceIndex } from '../../../workspace/types';
import type { Stage } from '../model/types';
import { stageContent } from '../model/stage-content';
import { stageRun } from './run-facts';

/** What an image of a stage starts, as evidence asks for it. Its folders are not in it: they are given away as it is written. */
export function serviceOf(stage: Stage, profile: ImageProfile | null, path: string, workspace: WorkspaceIndex): Service {
  return {
    ...plainService,
    memo: new Map(),
    platform: 'image',
    known: { ...unknown, profile, base: profile, stage: factOf(stage, profile, path) },
    isBuilt: true,
    workdir: stage.state.workdir?.value ?? null,
    otherStarts: startsOf(stage, path, workspace),
    trial: { name: stageName(stage), user: stage.state.user?.value ?? null, options: () => [] },
  };
}

/** What a stage is called, where something is said of it alone. */
export const stageName = ({ name, index }: Stage): string => name ?? `#${index}`;

/** A stage that ends as root. */
function factOf(stage: Stage, profile: ImageProfile | null, path: string): StageFact {
  const { name, isFinal, root } = stage;
  const nothing = {
    user: null,
    health: 'base',
    check: null,
    folders: [],
    ports: [],
    morePorts: false,
    volumes: [],
    arguments: [],
    content: stageContent(stage),
  } as const;
  return { path, range: stage.image.range, name, isFinal, base: root.image.text, run: stageRun(stage, profile, path), ...nothing };
}

/** What services of Compose that have no user of their own start in place of the command of a stage. */
function startsOf(stage: Stage, path: string, workspace: WorkspaceIndex): readonly OtherStart[] {
  return workspace
    .servicesOf(path)
    .flatMap(({ target, service: { name, user, command, environment } }) =>
      user !== null || command === null || !(target === null ? stage.isFinal : target === stage.name)
        ? []
        : { service: name, words: command, environment },
    );
}
