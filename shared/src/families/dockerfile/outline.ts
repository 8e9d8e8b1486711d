import type { WorkspaceIndex } from '../../workspace/types';
import type { Choice, NameLink, OutlineItem } from '../family/outline';
import { knownProfile } from './model/stage-image';
import type { DockerfileModel } from './model/types';

/** The stages of a Dockerfile: one without a name goes by its image, as in what Docker prints. */
export function stagesOutlined({ stages, text }: DockerfileModel): readonly OutlineItem[] {
  return stages.map(({ nameRange, from, image, instructions }) => ({
    kind: 'stage',
    name: nameRange === null ? image.raw.split('@', 1)[0]! : text.slice(nameRange.start, nameRange.end),
    detail: nameRange === null ? '' : image.raw,
    range: { start: from.range.start, end: (instructions.at(-1) ?? from).range.end },
    named: nameRange ?? image.range,
    children: [],
  }));
}

/** Where `FROM`, `--from=` and mounts name a stage: one that a variable chooses leads to each that it may be. */
export function stageLinks({ images }: DockerfileModel): readonly NameLink[] {
  return images.flatMap(({ kind, range, stages }) =>
    kind === 'stage' ? stages.map(({ nameRange, from }) => ({ range, target: nameRange ?? from.keywordRange })) : [],
  );
}

/** After `USER`: the users other than root that the image of the stage has, by number, since a name says nothing to `runAsNonRoot`. */
export function userChoices({ stages, text }: DockerfileModel, offset: number, workspace: WorkspaceIndex): readonly Choice[] {
  const line = text.slice(text.lastIndexOf('\n', offset - 1) + 1, offset);
  const typed = /^[ \t]*USER[ \t]+(\S*)$/i.exec(line)?.[1];
  const stage = stages.findLast(({ from }) => from.range.end < offset);
  const profile = typed === undefined || !stage ? null : knownProfile(stage, workspace);
  if (!profile) return [];
  return [profile.defaultUser, ...profile.otherUsers].flatMap(user => {
    if (!user || user.uid === null || user.uid === 0) return [];
    const number = user.gid === null || user.gid === 0 ? `${user.uid}` : `${user.uid}:${user.gid}`;
    return [{ range: { start: offset - typed!.length, end: offset }, text: number, detail: user.name ?? '' }];
  });
}
