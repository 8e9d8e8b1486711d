import { printPin } from '../../../syntax/action/reference';
import { newestKnown } from '../../../knowledge/actions';
import { defineRule, weighs } from '../../../rule/define-rule';
import { isOwner } from '../../../workspace/repository';
import { mustBeTagged } from '../model/pins';
import { isBranch, pinFix, repositoryUses } from '../model/refs';

export const rule = defineRule({
  id: 'workflow/branch-action',
  title: 'Action pinned to a branch',
  severity: 'error',
  category: 'supply-chain',
  profile: 'baseline',
  supersedes: ['workflow/unpinned-action', 'workflow/archived-action'],
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
    branch: { text: 'Every push to {ref} of {repository} runs here immediately' },
    'tag-only': { text: 'Every push to {ref} of {repository} runs here immediately: use a tag, since the SLSA verifier rejects commits' },
  },
  fixes: { pin: { title: 'Pin {name} to the commit of its newest release', class: 'review' } },
  on: {
    uses(view, report, context) {
      const uses = repositoryUses(view);
      if (!uses || !isBranch(uses)) return;
      const data = { ref: uses.ref, repository: `${uses.owner}/${uses.repository}` };
      if (mustBeTagged(uses)) return report(uses.refRange, 'tag-only', data);
      const newest = newestKnown(uses.action);
      const known = newest && printPin({ commit: newest.commit, versions: [`v${newest.version}`], foreign: false });
      // of the owner's own repositories this is how many work, on purpose
      const weight = isOwner(context.repository(), uses.owner) && weighs('warning');
      report(uses.refRange, 'branch', data, weight, pinFix(view, uses, report, context, { known }));
    },
  },
});
