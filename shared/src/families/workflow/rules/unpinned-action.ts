import { defineRule, weighs } from '../../../rule/define-rule';
import { isOwner } from '../../../workspace/repository';
import { mustBeTagged } from '../model/pins';
import { isBranch, isGithubsOwn, isMovable, isNamedBy, isOfOtherForge, pinFix, repositoryUses } from '../model/refs';

export const rule = defineRule({
  id: 'workflow/unpinned-action',
  title: 'Action pinned to a tag',
  severity: 'warning',
  category: 'supply-chain',
  profile: 'recommended',
  references: {
    cwe: ['CWE-829'],
    nist800190: ['3.1.1', '4.1.1'],
    links: ['https://docs.github.com/actions/reference/security/secure-use#using-third-party-actions'],
  },
  peers: {
    zizmor: ['unpinned-uses'],
    poutine: ['github_action_from_unverified_creator_used'],
    semgrep: ['third-party-action-not-pinned-to-commit-sha'],
    scorecard: ['Pinned-Dependencies'],
  },
  messages: {
    tag: { text: '{ref} of {repository} can be moved to other code; a commit cannot change' },
    own: { text: 'GitHub can move {ref} of {repository}; a commit cannot change', severity: 'hint' },
  },
  fixes: { pin: { title: 'Pin {name} to the commit of its tag', class: 'review' } },
  options: {
    allowedActions: {
      type: 'strings',
      default: [],
      description: 'Actions that may be taken from a tag: `owner/name`, or `owner/*` for all of an owner.',
    },
  },
  on: {
    uses(view, report, context) {
      const uses = repositoryUses(view);
      if (!uses || !isMovable(uses) || isBranch(uses) || mustBeTagged(uses) || isNamedBy(uses, context.options.allowedActions)) return;
      if (isGithubsOwn(uses) && isOfOtherForge(view.file)) return;
      const data = { ref: uses.ref, repository: `${uses.owner}/${uses.repository}` };
      const weight = isOwner(context.repository(), uses.owner) && weighs('hint');
      report(uses.refRange, isGithubsOwn(uses) ? 'own' : 'tag', data, weight, pinFix(view, uses, report, context));
    },
  },
});
