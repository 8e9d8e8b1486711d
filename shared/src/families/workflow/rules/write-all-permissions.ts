import { defineRule } from '../../../rule/define-rule';
import { setValue } from '../../../syntax/yaml/operations';
import { leastPermissions, needsKnown } from '../fix/permissions';
import { permissionsValue, tokenNeeds } from '../model/needs';

export const rule = defineRule({
  id: 'workflow/write-all-permissions',
  title: 'Token with write access to everything',
  severity: 'error',
  category: 'access',
  profile: 'baseline',
  references: { cwe: ['CWE-250'], links: ['https://docs.github.com/actions/reference/workflows-and-actions/workflow-syntax#permissions'] },
  peers: {
    zizmor: ['excessive-permissions'],
    checkov: ['CKV2_GHA_1'],
    poutine: ['default_permissions_on_risky_events'],
    scorecard: ['Token-Permissions'],
  },
  supersedes: ['workflow/missing-permissions'],
  messages: {
    write: { text: 'The token can do everything: change code, releases and packages, and obtain cloud identities' },
    read: { text: 'The token can read everything', severity: 'info', profile: 'strict' },
  },
  fixes: { least: { title: 'Limit the token to what the jobs need', class: 'review' } },
  assumptions: { 'needs-known': 'The token needs no other permission in {what}' },
  on: {
    workflow(workflow, report) {
      const { permissions, jobs } = workflow;
      if (!permissions?.all) return;
      const open = jobs.filter(({ node }) => !node.entry('permissions'));
      const fix = report.fix('least', () => leastPermissions(workflow, open), { assumes: needsKnown(open) });
      report(permissions.range, permissions.all === 'write-all' ? 'write' : 'read', {}, fix);
    },
    job(job, report) {
      const { permissions } = job;
      if (!permissions?.all) return;
      const fix = report.fix('least', () => [setValue(permissions.path, permissionsValue(tokenNeeds(job).levels))], {
        assumes: needsKnown([job]),
      });
      report(permissions.range, permissions.all === 'write-all' ? 'write' : 'read', {}, fix);
    },
  },
});
