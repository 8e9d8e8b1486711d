import { defineRule, noFix } from '../../../rule/define-rule';
import { mapOf, scalarOf, stringOf } from '../../../syntax/yaml/values';
import { isMerging, textsOf } from '../model/jobs';
import type { GitlabJob } from '../model/types';

/** Names that merge requests and branches choose whole. */
const chosen = /^\$\{?(CI_COMMIT_(?:REF_NAME|BRANCH)|CI_MERGE_REQUEST_SOURCE_BRANCH_NAME)\}?$/;

/** Whether a person has to start the job, or each rule that lets it run. */
function isManual(job: GitlabJob): boolean {
  if (stringOf(job.keyword('when')?.node) === 'manual') return true;
  const rules = job.keyword('rules')?.node;
  return (
    rules?.kind === 'sequence' && rules.items.every(rule => /^(?:manual|never)$/.test(stringOf(scalarOf(mapOf(rule)?.get('when'))) ?? ''))
  );
}

export const rule = defineRule({
  id: 'gitlab/reachable-environment',
  title: 'Protected environment that a branch or a merge request reaches',
  severity: 'warning',
  category: 'access',
  profile: 'recommended',
  references: { cwe: ['CWE-284'], links: ['https://docs.gitlab.com/ci/environments/#limit-the-environment-scope-of-a-cicd-variable'] },
  messages: {
    chosen: { text: 'A branch of the name of an environment gets its variables: put a prefix in front' },
    merging: { text: 'What a merge request changes runs with the variables of {name}' },
  },
  on: {
    gitlabJob(job, report, { workspace }) {
      if (!job.runs || !job.whole) return;
      const environment = job.keyword('environment')?.node;
      const map = mapOf(environment);
      const node = scalarOf(map ? map.get('name') : environment);
      const name = stringOf(node) ?? '';
      if (!node || node.shared || /^(?:stop|prepare|verify|access)$/.test(stringOf(map?.get('action')) ?? '')) return;
      const isFree = !['rules', 'only', 'except'].some(one => job.keyword(one)) && !job.file.root.entry('workflow') && !isManual(job);
      if (chosen.test(name) && isFree && !job.file.rest(workspace).gated) report(node.range, 'chosen', {}, noFix('manual'));
      const isProduction = /^prod(?:uction)?$/i.test(name) || stringOf(map?.get('deployment_tier')) === 'production';
      const refs = textsOf(job.keyword('only')?.node);
      if (isProduction && !isManual(job) && (isMerging(job) || refs.includes('merge_requests')))
        report(node.range, 'merging', { name }, noFix('manual'));
    },
  },
});
