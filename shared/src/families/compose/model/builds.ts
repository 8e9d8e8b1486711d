import { writtenArguments, type BuildArguments } from '../../../workspace/build-arguments';
import { folderOf, joinPath } from '../../../workspace/paths';
import { withArguments } from '../../../workspace/stage-arguments';
import type { StageFact, WorkspaceIndex } from '../../../workspace/types';
import type { ServiceView } from './types';
import { entriesOfValue, isNull, memberAt, stringValue, textOf, type Value } from './value';

/** The arguments of a build, of a map or a list. */
function argumentsIn(args: Value | undefined): BuildArguments {
  if (args?.kind === 'list') return writtenArguments(args.items.flatMap(item => textOf(item) ?? []));
  return Object.fromEntries(entriesOfValue(args).map(([name, { value }]) => [name, textOf(value)]));
}

/** The stages that a service's image is built from: by its own `build`, else by whatever builds an image of its name. */
export function buildsOfService(service: ServiceView, workspace: Pick<WorkspaceIndex, 'buildsOf' | 'stageOf'>): readonly StageFact[] {
  const build = service.at('build');
  if (!build || isNull(build)) {
    const image = service.image?.text;
    return image ? workspace.buildsOf(image).map(({ stage }) => stage) : [];
  }
  const context = build.kind === 'map' ? (stringValue(memberAt(build, 'context')) ?? '.') : stringValue(build);
  const file = memberAt(build, 'dockerfile');
  const target = memberAt(build, 'target');
  if (
    context === null ||
    memberAt(build, 'dockerfile_inline') ||
    (file && stringValue(file) === null) ||
    (target && stringValue(target) === null)
  )
    return [];
  const folder = joinPath(folderOf(service.compose.path), context);
  const dockerfile = folder === null ? null : joinPath(folder, stringValue(file) ?? 'Dockerfile');
  const stage = dockerfile === null ? null : workspace.stageOf(dockerfile, stringValue(target));
  return stage ? [withArguments(stage, { args: argumentsIn(memberAt(build, 'args')), path: service.compose.path })] : [];
}
