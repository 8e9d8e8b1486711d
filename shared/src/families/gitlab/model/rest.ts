import { isGlob } from '../../../base/text/glob';
import { memoize } from '../../../base/text/memoize';
import { pushesIn, scannerName, signerName } from '../../../rule/pipeline/commands';
import type { PipelineRest } from '../../../rule/pipeline/types';
import { mapOf, sequenceOf, stringOf } from '../../../syntax/yaml/values';
import { isIncluded } from '../../../workspace/paths';
import type { WorkspaceIndex } from '../../../workspace/types';
import type { PipelineFact } from '../../../workspace/unkeyed-facts';
import { daemonsOf } from './daemons';
import { freeInputs } from './inputs';
import { textsOf } from './jobs';
import type { GitlabView, OptionalNode } from './types';

/** A fact but for its place. */
type Said = Omit<PipelineFact, 'path' | 'range'>;

/** The file with which GitLab begins, unless its settings name another. */
const isEntry = /(?:^|\/)\.gitlab-ci\.ya?ml$/i;

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

/** What a pipeline, or a part of one, says that its other files need to know. */
export const factOf = memoize((file: GitlabView): Said => {
  const { root, jobs, includes, variables, document } = file;
  const names = new Set(jobs.map(({ name }) => name));
  const nodes = [root.get('include'), ...jobs.map(({ node }) => mapOf(node.get('trigger'))?.get('include'))];
  const listed = nodes.flatMap(namesIn);
  return {
    type: 'pipeline',
    includes: [...new Set(listed)],
    open:
      listed.length < includes.length ||
      jobs.some(({ node }) => node.entry('trigger') !== undefined && !mapOf(node.get('trigger'))?.entry('include')),
    jobs: [...names],
    missing: [...new Set(jobs.flatMap(({ node }) => textsOf(node.get('extends'))))].filter(name => !names.has(name)),
    scans: scannerName.test(document.text),
    signs: signerName.test(document.text),
    pushes: /\bpush\b/.test(document.text),
    publishes: pushesIn(file).length > 0,
    daemons: daemonsOf(file).length > 0,
    gated: root.entry('workflow') !== undefined,
    variables: variables.map(({ name, text }) => [name, text?.includes('$') === true]),
    inputs: freeInputs(root),
  };
});

/** The most files that a pipeline has: GitLab takes 150 into one (docs.gitlab.com, "Use CI/CD configuration from other files"). */
const most = 151;

/** What the other files of a pipeline say. */
export function restOf(file: GitlabView, workspace: Pick<WorkspaceIndex, 'pipelinesWith' | 'pipelineAt' | 'pipelinesNamed'>): PipelineRest {
  const { path } = file;
  const files = new Set([path]);
  // what is added while one goes through a set is gone through, too
  for (const inner of files)
    for (const { path: outer, includes } of files.size > most ? [] : workspace.pipelinesWith(inner))
      if (includes.some(glob => isIncluded(glob, outer, inner))) files.add(outer);
  // a part that nothing here takes in is one of something else
  let whole = files.size > 1 || isEntry.test(path);
  const facts: Said[] = [];
  let first = path;
  for (const at of files) {
    const said: readonly Said[] = at === path ? [factOf(file)] : workspace.pipelineAt(at);
    facts.push(...said);
    if (at < first && said.some(({ publishes }) => publishes)) first = at;
    for (const name of files.size > most ? [] : said.flatMap(({ includes }) => includes)) {
      const named = workspace.pipelinesNamed(at, name);
      if (named.length === 0 && !isGlob(name)) whole = false;
      named.forEach(one => files.add(one));
    }
  }
  const jobs = new Set(facts.flatMap(fact => fact.jobs));
  const others = facts.filter(fact => fact !== factOf(file));
  return {
    whole: whole && files.size <= most && !facts.some(({ open, missing }) => open || missing.some(name => !jobs.has(name))),
    scans: others.some(({ scans }) => scans),
    signs: others.some(({ signs }) => signs),
    pushes: others.some(({ pushes }) => pushes),
    publishesFirst: first < path,
    daemons: others.some(({ daemons }) => daemons),
    gated: others.some(({ gated }) => gated),
    variables: new Map(others.flatMap(({ variables }) => variables)),
  };
}
