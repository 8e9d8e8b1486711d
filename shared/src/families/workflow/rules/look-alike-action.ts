import { lookAlike } from '../../../knowledge/look-alikes';
import { defineRule } from '../../../rule/define-rule';
import { setValue } from '../../../syntax/yaml/operations';
import { isNamedBy, repositoryUses } from '../model/refs';

export const rule = defineRule({
  id: 'workflow/look-alike-action',
  title: 'Action with almost the same name as a well-known one',
  severity: 'warning',
  category: 'supply-chain',
  profile: 'recommended',
  references: { cwe: ['CWE-1357', 'CWE-829'], mitre: ['T1195.002'], nist800190: ['3.1.1', '4.1.1'] },
  peers: { zizmor: ['typosquat-uses'] },
  messages: { near: { text: 'Name differs from "{known}" by one character: code from the account "{owner}" runs here' } },
  fixes: { known: { title: 'Use {known}', class: 'attended' } },
  assumptions: { meant: '{known} was intended, and has this version' },
  options: {
    allowedActions: {
      type: 'strings',
      default: [],
      description: 'Actions that are named so on purpose: `owner/name`, or `owner/*` for all of an owner.',
    },
  },
  on: {
    uses(view, report, { options }) {
      const uses = repositoryUses(view);
      const owner = uses && lookAlike(uses.owner, uses.repository);
      if (!uses || !owner || isNamedBy(uses, options.allowedActions)) return;
      const known = `${owner}/${uses.repository}`;
      const fix = report.fix('known', () => [setValue(uses.path, owner + uses.text.slice(uses.owner.length))], {
        data: { known },
        assumes: [{ id: 'meant', data: { known } }],
      });
      report({ start: uses.nameRange.start, end: uses.nameRange.start + uses.owner.length }, 'near', { known, owner: uses.owner }, fix);
    },
  },
});
