import { defineRule } from '../../../rule/define-rule';
import { versionBehind } from '../model/pins';
import { isMovable, pinFix, repositoryUses } from '../model/refs';

export const rule = defineRule({
  id: 'workflow/version-comment',
  title: 'Pinned commit without a version comment',
  severity: 'hint',
  category: 'supply-chain',
  profile: 'strict',
  references: {
    links: ['https://docs.github.com/code-security/dependabot/working-with-dependabot/keeping-your-actions-up-to-date-with-dependabot'],
  },
  peers: { zizmor: ['ref-version-mismatch'] },
  messages: { missing: { text: 'No comment says which version of {repository} this commit is' } },
  fixes: { pin: { title: 'Name the version of {name} in a comment', class: 'safe' } },
  on: {
    uses(view, report, context) {
      const uses = repositoryUses(view);
      if (!uses || isMovable(uses) || versionBehind(view.file.document, uses)) return;
      report(uses.refRange, 'missing', { repository: `${uses.owner}/${uses.repository}` }, pinFix(view, uses, report, context));
    },
  },
});
