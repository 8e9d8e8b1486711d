import { reason, type Reason } from '../base/terms/evidence';
import type { BuildFact, StageArgument, StageFact } from './types';

/** What a build is given. */
type Given = Pick<BuildFact, 'args' | 'path'>;

/** What a Dockerfile tells of a stage, for a build that gives its arguments other values than their defaults: what they move, and a doubt where more may depend on them. */
export function withArguments(stage: StageFact, { args, path }: Given): StageFact {
  let found = stage;
  for (const argument of stage.arguments) {
    const given = args[argument.name];
    if (given === undefined || given === argument.value) continue;
    found =
      argument.moves && given !== null && /^\/[\w./-]*\w$/.test(given)
        ? moved(found, argument.value, given)
        : doubted(found, argument, reason('build-argument', { path, argument: argument.name }));
  }
  return found;
}

function moved(stage: StageFact, before: string, after: string): StageFact {
  const to = (place: string): string => (`${place}/`.startsWith(`${before}/`) ? after + place.slice(before.length) : place);
  const start = stage.run?.start;
  return {
    ...stage,
    folders: stage.folders.map(folder => ({ ...folder, path: to(folder.path) })),
    volumes: stage.volumes.map(volume => ({ ...volume, target: to(volume.target) })),
    run: stage.run && {
      ...stage.run,
      start: start
        ? {
            ...start,
            workdir: to(start.workdir),
            programs: start.programs.map(program => ({ ...program, image: to(program.image) })),
            copies: start.copies.map(copy => ({ ...copy, to: to(copy.to) })),
            variables: Object.fromEntries(Object.entries(start.variables).map(([name, value]) => [name, to(value)])),
          }
        : null,
    },
  };
}

function doubted(stage: StageFact, { inUser }: StageArgument, doubt: Reason): StageFact {
  return {
    ...stage,
    user: stage.user && inUser ? { ...stage.user, value: null, uid: null } : stage.user,
    run: stage.run && { ...stage.run, doubts: [...stage.run.doubts, doubt] },
  };
}
