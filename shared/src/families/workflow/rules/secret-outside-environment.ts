import { defineRule } from '../../../rule/define-rule';
import { markOf } from '../../../rule/fix/places';
import type { Range } from '../../../base/text/range';
import { setValue } from '../../../syntax/yaml/operations';
import { mapOf, resolve, stringOf } from '../../../syntax/yaml/values';
import { isCalled } from '../model/events';
import { allExpressions } from '../model/expression/all';
import { nameOf, referencesIn } from '../model/expression/walk';
import type { WorkflowView } from '../model/types';

/** The name of an environment that a job of the workflow has; empty: none is written. */
function knownEnvironment({ jobs }: WorkflowView): string {
  const names = jobs.flatMap(({ node }) => {
    const environment = resolve(node.get('environment'));
    return stringOf(mapOf(environment)?.get('name') ?? environment) ?? [];
  });
  return names.find(name => /^[\w-]{1,100}$/.test(name)) ?? '';
}

/** The secrets that each job names, by its id, each where it does so first; the token of the job is none. */
function secretsByJob({ document }: WorkflowView): ReadonlyMap<string, ReadonlyMap<string, Range>> {
  const jobs = new Map<string, Map<string, Range>>();
  for (const { placed, path } of allExpressions(document)) {
    const [top, id] = path;
    if (!placed.expression || top !== 'jobs' || typeof id !== 'string') continue;
    for (const reference of referencesIn(placed.expression)) {
      const [root, name] = nameOf(reference).split('.');
      if (root !== 'secrets' || name === undefined || name === '*' || name === 'github_token') continue;
      const found = jobs.get(id) ?? new Map<string, Range>();
      if (!found.has(name)) found.set(name, reference.range);
      jobs.set(id, found);
    }
  }
  return jobs;
}

export const rule = defineRule({
  id: 'workflow/secret-outside-environment',
  title: 'Secret used outside an environment',
  severity: 'hint',
  category: 'secrets',
  profile: 'strict',
  references: {
    cwe: ['CWE-522'],
    links: ['https://docs.github.com/actions/reference/workflows-and-actions/deployments-and-environments'],
  },
  peers: { zizmor: ['secrets-outside-env'] },
  messages: {
    outside: {
      text: 'Every workflow on every branch can read {name}; an environment secret is available only to jobs in that environment',
    },
  },
  fixes: { environment: { title: 'Add an environment to the job', class: 'manual' } },
  options: {
    allowedSecrets: { type: 'strings', default: [], description: 'Secrets that may be used in any job: names, without regard to case.' },
  },
  on: {
    workflow(workflow, report, { options }) {
      // called workflows get secrets of their caller, and none of an environment
      if (!workflow.document.text.includes('secrets') || isCalled(workflow)) return;
      const allowed = options.allowedSecrets.map(name => name.toLowerCase());
      const secrets = secretsByJob(workflow);
      for (const job of workflow.jobs) {
        if (job.guarded || job.uses) continue;
        const fix = () =>
          report.fix('environment', () => [setValue([...job.path, 'environment'], markOf(1), 'runs-on')], {
            places: [{ text: knownEnvironment(workflow), sample: 'production' }],
          });
        for (const [name, range] of secrets.get(job.id) ?? [])
          if (!allowed.includes(name)) report(range, 'outside', { name: name.toUpperCase() }, fix());
      }
    },
  },
});
