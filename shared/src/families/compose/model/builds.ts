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

/** Which stage a service says that its image is built from. */
interface WrittenBuild {
  readonly dockerfile: string;
  readonly target: string | null;
  readonly args: BuildArguments;
}

/** What `build` says; `null`: not which file of the workspace it is. */
function writtenBuild({ compose }: ServiceView, build: Value): WrittenBuild | null {
  const context = build.kind === 'map' ? (stringValue(memberAt(build, 'context')) ?? '.') : stringValue(build);
  const file = memberAt(build, 'dockerfile');
  const target = memberAt(build, 'target');
  if (
    context === null ||
    memberAt(build, 'dockerfile_inline') ||
    (file && stringValue(file) === null) ||
    (target && stringValue(target) === null)
  )
    return null;
  const folder = joinPath(folderOf(compose.path), context);
  const dockerfile = folder === null ? null : joinPath(folder, stringValue(file) ?? 'Dockerfile');
  return dockerfile === null ? null : { dockerfile, target: stringValue(target), args: argumentsIn(memberAt(build, 'args')) };
}

/** Equal for services of any file that are built from the same stage with the same arguments; `null`: from what is not known. */
export function buildKey(service: ServiceView): string | null {
  const build = service.at('build');
  const written = build && !isNull(build) ? writtenBuild(service, build) : null;
  return written && JSON.stringify([written.dockerfile, written.target, Object.entries(written.args).sort()]);
}

/** The stages that a service's image is built from: by its own `build`, else by whatever builds an image of its name. */
export function buildsOfService(service: ServiceView, workspace: Pick<WorkspaceIndex, 'buildsOf' | 'stageOf'>): readonly StageFact[] {
  const build = service.at('build');
  if (!build || isNull(build)) {
    const image = service.image?.text;
    return image ? workspace.buildsOf(image).map(({ stage }) => stage) : [];
  }
  const written = writtenBuild(service, build);
  const stage = written && workspace.stageOf(written.dockerfile, written.target);
  return stage ? [withArguments(stage, { args: written.args, path: service.compose.path })] : [];
}
