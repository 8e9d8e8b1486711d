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
    missing: { text: "This job's token has the access that the repository allows, perhaps write access to everything" },
    called: { text: "This job's token has the same permissions as the caller's", severity: 'info' },
    too: { text: "This job's token is not limited either" },
  },
  fixes: { least: { title: 'Limit the token to what the jobs need', class: 'review' } },
  assumptions: {
    'needs-known': 'The token needs no other permission in {what}',
    'callers-grant': 'Every caller also grants {what}: if a caller grants less, GitHub does not start the run',
  },
  needsWhole: true,
  on: {
    workflow(workflow, report) {
      if (workflow.root.entry('permissions') || isOfOtherForge(workflow)) return;
      const open = workflow.jobs.filter(({ node }) => !node.entry('permissions'));
      // a job that calls a workflow has no token itself, and what it calls may limit the one that it passes on
      const [first, ...others] = [...open.filter(({ uses }) => !uses), ...open.filter(({ uses }) => uses)];
      if (!first) return;
      const isCalled = workflow.triggers.all.length > 0 && workflow.triggers.all.every(({ name }) => name === 'workflow_call');
      const fix = report.fix('least', () => leastPermissions(workflow, open), {
        assumes: [...needsKnown(open), ...(isCalled ? callersGrant(open) : [])],
      });
      report(first.key, isCalled ? 'called' : 'missing', {}, fix, ...others.map(({ key }) => report.related(key, 'too')));
    },
  },
});
