import { defineRule, noFix } from '../../../rule/define-rule';
import { isSwitchedOff } from '../model/refs';
import { textOf, valueOf } from '../model/values';

/** Inputs for what belongs to the organization, and to no repository (action.yml, 2026-11; the choice is zizmor's, docs/audits.md). */
const ofOrganization = /^permission-(?:members|organization-[a-z-]+|(?:enterprise-)?custom-properties-for-organizations|team-discussions)$/;

export const rule = defineRule({
  id: 'workflow/app-token',
  title: 'GitHub App token that can do more than the job needs',
  severity: 'info',
  category: 'access',
  profile: 'recommended',
  references: { cwe: ['CWE-250'], links: ['https://github.com/actions/create-github-app-token#inputs'] },
  peers: { zizmor: ['github-app'] },
  messages: {
    kept: { text: 'The token stays valid after the job, for up to an hour' },
    repositories: { text: 'The token works for all repositories that the app can access: list those that the job needs' },
    permissions: { text: 'The token has all permissions of the app: name those that the job needs', severity: 'hint', profile: 'strict' },
  },
  on: {
    step(step, report) {
      const { uses, inputs } = step;
      if (uses?.name !== 'actions/create-github-app-token' || inputs.open || isSwitchedOff(step)) return;
      const kept = valueOf(inputs, 'skip-token-revoke');
      if (kept?.node && !/^(?:false)?$/i.test(kept.text ?? '')) report(kept.node.range, 'kept', {}, noFix('manual'));
      const permissions = inputs.values.filter(({ name }) => name.startsWith('permission-'));
      const isOfOrganization = permissions.length > 0 && permissions.every(({ name }) => ofOrganization.test(name));
      const owner = valueOf(inputs, 'owner');
      if (owner?.node && owner.text !== '' && (textOf(inputs, 'repositories') ?? '') === '' && !isOfOrganization)
        report(owner.node.range, 'repositories', {}, noFix('needs-value', 'which repositories the job needs'));
      if (permissions.length === 0) report(step.reportRange, 'permissions', {}, noFix('needs-value', 'which permissions the job needs'));
    },
  },
});
