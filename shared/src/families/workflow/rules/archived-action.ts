import { archivedAction } from '../../../knowledge/actions';
import { defineRule, noFix } from '../../../rule/define-rule';
import { isNamedBy, repositoryUses } from '../model/refs';

export const rule = defineRule({
  id: 'workflow/archived-action',
  title: 'Archived or superseded action',
  severity: 'info',
  category: 'supply-chain',
  profile: 'recommended',
  references: { cwe: ['CWE-1104'], nist800190: ['3.1.1', '4.1.1'] },
  peers: { zizmor: ['archived-uses'] },
  messages: {
    archived: { text: '{repository} is archived (as of {day}): it is no longer maintained' },
    succeeded: { text: '{repository} is abandoned (as of {day}); {successor} replaces it' },
  },
  options: {
    allowedActions: {
      type: 'strings',
      default: [],
      description: 'Archived actions that are accepted: `owner/name`, or `owner/*` for all of an owner.',
    },
  },
  on: {
    uses(view, report, { options }) {
      const uses = repositoryUses(view);
      const found = uses && archivedAction(uses.action);
      if (!uses || !found || isNamedBy(uses, options.allowedActions)) return;
      const data = { repository: `${uses.owner}/${uses.repository}`, day: found.asOf, successor: found.successor ?? '' };
      report(uses.nameRange, found.successor === null ? 'archived' : 'succeeded', data, noFix('manual'));
    },
  },
});
