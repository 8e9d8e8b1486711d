import { defineRule } from '../../../rule/define-rule';
import { isOfOtherForge } from '../model/refs';
import { callersGrant, leastPermissions, needsKnown } from '../fix/permissions';

export const rule = defineRule({
  id: 'workflow/missing-permissions',
  title: 'Workflow does not limit its token',
  severity: 'warning',
  category: 'access',
  profile: 'recommended',
  references: {
    cwe: ['CWE-250', 'CWE-276'],
    links: ['https://docs.github.com/actions/tutorials/authenticate-with-github_token#modifying-the-permissions-for-the-github_token'],
  },
  peers: {
    zizmor: ['excessive-permissions'],
    checkov: ['CKV2_GHA_1'],
    poutine: ['default_permissions_on_risky_events'],
    scorecard: ['Token-Permissions'],
  },
  messages: {
    missing: { text: 'The token of this job may do what the repository lets it, perhaps write everything' },
    called: { text: 'The token of this job may do what that of the caller may', severity: 'info' },
    too: { text: 'So may the token of this one' },
  },
  fixes: { least: { title: 'Limit the token to what the jobs need', class: 'review' } },
  assumptions: {
    'needs-known': 'The token is needed for nothing else by {what}',
    'callers-grant': 'Every caller has it, too ({what}): where one has less, GitHub does not start the run',
  },
  needsWhole: true,
  on: {
    workflow(workflow, report) {
      if (workflow.root.entry('permissions') || isOfOtherForge(workflow)) return;
      const open = workflow.jobs.filter(({ node }) => !node.entry('permissions'));
      const [first, ...others] = open;
      if (!first) return;
      const isCalled = workflow.triggers.all.length > 0 && workflow.triggers.all.every(({ name }) => name === 'workflow_call');
      const fix = report.fix('least', () => leastPermissions(workflow, open), {
        assumes: [...needsKnown(open), ...(isCalled ? callersGrant(open) : [])],
      });
      report(first.key, isCalled ? 'called' : 'missing', {}, fix, ...others.map(({ key }) => report.related(key, 'too')));
    },
  },
});
