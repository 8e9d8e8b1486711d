import type { Range } from '../../../base/text/range';
import { defineRule, noFix } from '../../../rule/define-rule';
import { mapOf, scalarOf, stringOf } from '../../../syntax/yaml/values';
import { isMerging, runsForMerge, textsOf } from '../model/jobs';
import type { GitlabJob } from '../model/types';

/** Names that merge requests and branches choose whole: variables of a merge request follow the first, and nothing but separators is in between. */
const chosen =
  /^\$\{?(?:CI_COMMIT_(?:REF_NAME|BRANCH)|CI_MERGE_REQUEST_SOURCE_BRANCH_NAME)\}?(?:[-/._]\$\{?CI_(?:COMMIT_(?:REF_NAME|BRANCH)|MERGE_REQUEST_(?:SOURCE_BRANCH_NAME|TITLE))\}?)?$/;

/** Whether a person has to start the job, or each rule that lets it run. */
function isManual(job: GitlabJob): boolean {
  if (stringOf(job.keyword('when')?.node) === 'manual') return true;
  const rules = job.keyword('rules')?.node;
  return (
    rules?.kind === 'sequence' && rules.items.every(rule => /^(?:manual|never)$/.test(stringOf(scalarOf(mapOf(rule)?.get('when'))) ?? ''))
  );
}

/** Audiences whose tokens open nothing: who asks Sigstore for a certificate says who they are, and reports of coverage are for anybody. */
const harmless = /^sigstore$|codecov/;

/** Each token that a job asks GitLab for, with the first of the services that take it, and where it is named: in the job, or by what it extends. */
function tokensOf(job: GitlabJob): readonly { readonly range: Range; readonly audience: string }[] {
  const keyword = job.keyword('id_tokens');
  const isOwn = keyword?.path[0] === job.path[0];
  return (mapOf(keyword?.node)?.members() ?? []).flatMap(({ key, value }) => {
    const audience = textsOf(mapOf(value)?.get('aud')).find(one => !harmless.test(one));
    return key && audience !== undefined ? [{ range: isOwn ? key.range : job.key.range, audience }] : [];
  });
}

export const rule = defineRule({
  id: 'gitlab/reachable-environment',
  title: 'Protected environment reachable from a branch or a merge request',
  severity: 'warning',
  category: 'access',
  profile: 'recommended',
  references: {
    cwe: ['CWE-284'],
    links: [
      'https://docs.gitlab.com/ci/environments/#limit-the-environment-scope-of-a-cicd-variable',
      'https://docs.gitlab.com/ci/cloud_services/',
    ],
  },
  messages: {
    chosen: { text: "A branch named after an environment gets the environment's variables: add a prefix to the environment name" },
    merging: { text: 'Code from a merge request runs with the variables of {name}' },
    token: {
      text: 'Code from a merge request gets a token for {audience}, which should accept only tokens from protected branches',
      severity: 'info',
    },
  },
  on: {
    gitlabJob(job, report, { workspace }) {
      if (!job.runs || !job.whole) return;
      if (runsForMerge(job) && !isManual(job)) {
        const [token] = tokensOf(job);
        if (token) report(token.range, 'token', { audience: token.audience }, noFix('manual'));
      }
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
