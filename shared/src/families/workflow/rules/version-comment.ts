import { parsePin } from '../../../syntax/action/reference';
import { namesOneOf } from '../../../syntax/action/version';
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
  messages: {
    missing: { text: 'No comment says which version of {repository} this commit is' },
    wrong: {
      text: 'This commit of {repository} is {version}, but the comment says otherwise',
      severity: 'warning',
      profile: 'recommended',
    },
  },
  fixes: { pin: { title: 'Add the version of {name} as a comment', class: 'safe' } },
  on: {
    uses(view, report, context) {
      const uses = repositoryUses(view);
      if (!uses || isMovable(uses)) return;
      const repository = `${uses.owner}/${uses.repository}`;
      const said = versionBehind(view.file.document, uses);
      if (!said) return report(uses.refRange, 'missing', { repository }, pinFix(view, uses, report, context));
      const pin = context.digest(uses.text);
      const versions = pin === null ? [] : parsePin(pin).versions;
      const [version] = versions;
      if (version === undefined || namesOneOf(said.text, versions)) return;
      report(said.range, 'wrong', { repository, version }, pinFix(view, uses, report, context));
    },
  },
});
