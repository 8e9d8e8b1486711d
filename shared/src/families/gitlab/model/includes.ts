import { shift } from '../../../base/text/range';
import type { YamlDocument } from '../../../syntax/yaml/types';
import type { PipelineFact } from '../../../workspace/unkeyed-facts';
import { isIncluded } from '../../../workspace/paths';
import type { WorkspaceIndex } from '../../../workspace/types';
import { readGitlab } from './read';
import { factOf } from './rest';

/** Whether a path is that of a pipeline of GitLab: `.gitlab-ci.yml`, and `build.gitlab-ci.yml`, as such files are called that others include. */
export function isGitlab(path: string): boolean {
  return /(?:^|[\\/])[\w.-]{0,100}\.gitlab-ci\.ya?ml$/i.test(path);
}

/** The facts of a document that may be a pipeline, or a part of one. */
export function pipelineFacts(document: YamlDocument, path: string, base: number): readonly PipelineFact[] {
  const file = readGitlab(document, path);
  const fact = file && factOf(file);
  return fact && fact.includes.length + fact.jobs.length + fact.variables.length + fact.inputs.length > 0
    ? [{ ...fact, path, range: shift({ start: 0, end: 1 }, base) }]
    : [];
}

/** More files that take in one another are not followed. */
const deepest = 50;

/** The pipeline that takes in a file (a path in the index), by way of others or not; `null`: none does. */
export function pipelineAround(path: string, workspace: Pick<WorkspaceIndex, 'pipelinesWith'>, seen = new Set([path])): string | null {
  for (const { path: outer, includes } of workspace.pipelinesWith(path)) {
    if (seen.has(outer) || seen.size > deepest || !includes.some(glob => isIncluded(glob, outer, path))) continue;
    if (isGitlab(outer)) return outer;
    seen.add(outer);
    const around = pipelineAround(outer, workspace, seen);
    if (around !== null) return around;
  }
  return null;
}
