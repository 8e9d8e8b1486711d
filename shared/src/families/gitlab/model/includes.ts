import { matchGlob } from '../../../base/text/glob';
import { shift } from '../../../base/text/range';
import type { PipelineFact } from '../../../workspace/unkeyed-facts';
import { folderOf } from '../../../workspace/paths';
import type { WorkspaceIndex } from '../../../workspace/types';
import type { YamlDocument } from '../../../syntax/yaml/types';
import { mapOf, sequenceOf, stringOf } from '../../../syntax/yaml/values';
import type { OptionalNode } from './types';

/** Whether a path is that of a pipeline of GitLab: `.gitlab-ci.yml`, and `build.gitlab-ci.yml`, as such files are called that others include. */
export function isGitlab(path: string): boolean {
  return /(?:^|[\\/])[\w.-]{0,100}\.gitlab-ci\.ya?ml$/i.test(path);
}

/** The files of its own repository that `include` names: one or several, each a text or `local` of a map (docs.gitlab.com, "Use CI/CD configuration from other files"). */
function namesIn(include: OptionalNode): readonly string[] {
  const items = sequenceOf(include)?.items ?? [include];
  return items.flatMap(item => {
    const local = mapOf(item) ? mapOf(item)!.get('local') : item;
    return (sequenceOf(local)?.items ?? [local]).flatMap(node => {
      const name = stringOf(node) ?? '';
      // what a variable is for is not known, and another host is none of ours
      if (!/\.ya?ml$/i.test(name) || /[$:]/.test(name)) return [];
      return name.replace(/^\.?\/+/, '').replace(/\*\*(?=[^/])/g, '**/*');
    });
  });
}

/** What a pipeline, or a part of one, takes in, for its own jobs or as a pipeline that one of them starts. */
export function pipelineFacts({ root }: YamlDocument, path: string, base: number): readonly PipelineFact[] {
  const map = mapOf(root);
  if (!map) return [];
  const started = map.members().flatMap(({ value }) => namesIn(mapOf(mapOf(value)?.get('trigger'))?.get('include')));
  const includes = [...new Set([...namesIn(map.get('include')), ...started])];
  return includes.length === 0 ? [] : [{ type: 'pipeline', path, range: shift({ start: 0, end: 1 }, base), includes }];
}

/** More files that take in one another are not followed. */
const deepest = 50;

/** The pipeline that takes in a file (a path in the index), by way of others or not; `null`: none does. */
export function pipelineAround(path: string, workspace: Pick<WorkspaceIndex, 'pipelinesWith'>, seen = new Set([path])): string | null {
  for (const { path: outer, includes } of workspace.pipelinesWith(path)) {
    if (seen.has(outer) || seen.size > deepest || !includes.some(glob => namesFile(glob, outer, path))) continue;
    if (isGitlab(outer)) return outer;
    seen.add(outer);
    const around = pipelineAround(outer, workspace, seen);
    if (around !== null) return around;
  }
  return null;
}

/** Whether a glob of a file names another one, wherever their repository begins. */
function namesFile(glob: string, from: string, path: string): boolean {
  for (let folder = folderOf(from); ; folder = folderOf(folder)) {
    const prefix = folder === '' ? '' : `${folder}/`;
    if (path.startsWith(prefix) && matchGlob(`/${glob}`, path.slice(prefix.length))) return true;
    if (folder === '') return false;
  }
}
