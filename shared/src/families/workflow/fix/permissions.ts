import type { Assumption, Operation } from '../../../rule/fix/types';
import { setValue } from '../../../syntax/yaml/operations';
import { permissionsValue, tokenNeeds } from '../model/needs';
import type { JobView, WorkflowView } from '../model/types';

/** What a fix takes for granted of jobs whose steps do not tell what they need: nothing more than what is known. */
export function needsKnown(jobs: readonly JobView[]): readonly Assumption[] {
  const unknown = jobs.flatMap(job => {
    const { unknown: name } = tokenNeeds(job);
    return name === null ? [] : [name];
  });
  return unknown.length === 0 ? [] : [{ id: 'needs-known', data: { what: [...new Set(unknown)].slice(0, 3).join(', ') }, evidence: true }];
}

/** What a fix takes for granted of the callers of a workflow: GitHub starts nothing where a called job asks for more than its caller has, and by default that is to read. */
export function callersGrant(jobs: readonly JobView[]): readonly Assumption[] {
  const asked = new Set(jobs.flatMap(job => [...tokenNeeds(job).levels].map(([scope, level]) => `${scope}: ${level}`)));
  const more = [...asked].filter(each => each !== 'contents: read' && each !== 'packages: read');
  return more.length === 0 ? [] : [{ id: 'callers-grant', data: { what: more.join(', ') }, evidence: true }];
}

/** Writes the `permissions` of a job that has none. */
export function giveToJob({ node, path }: JobView, levels: ReadonlyMap<string, string>): Operation {
  const after = ['runs-on', 'uses', 'name'].find(key => node.entry(key));
  return setValue([...path, 'permissions'], permissionsValue(levels), after ?? null);
}

/**
 * The least permissions of a workflow: what most jobs have in common (`contents: read`, or nothing) above its jobs, and a block of its own for each job of
 * `jobs` that needs more.
 */
export function leastPermissions(workflow: WorkflowView, jobs: readonly JobView[]): readonly Operation[] {
  const reads = new Map([['contents', 'read']]);
  const needing = jobs.filter(job => [...tokenNeeds(job).levels].some(([scope, level]) => reads.get(scope) !== level));
  const rest = jobs.filter(job => !needing.includes(job));
  const common = rest.some(job => tokenNeeds(job).levels.size > 0 || tokenNeeds(job).unknown !== null) ? reads : new Map<string, string>();
  const { root } = workflow;
  const index = root.entries.findIndex(({ name }) => name === 'jobs');
  const before = index > 0 ? root.entries[index - 1]!.name : null;
  const value = permissionsValue(common);
  const own: Operation = root.entry('permissions')
    ? setValue(['permissions'], value)
    : { type: 'yaml.set', path: ['permissions'], value, after: before, ...(separates(workflow) && { apart: true }) };
  return [own, ...needing.map(job => giveToJob(job, tokenNeeds(job).levels))];
}

/** Whether the file has a blank line in front of `jobs`. */
function separates({ document, root }: WorkflowView): boolean {
  const jobs = root.entry('jobs');
  return jobs !== undefined && /\n\r?\n[ \t]*$/.test(document.text.slice(Math.max(0, jobs.range.start - 8), jobs.range.start));
}
