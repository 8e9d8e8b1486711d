import { defineRule, noFix } from '../../../rule/define-rule';
import { isNamedBy, repositoryUses } from '../model/refs';

/** Actions whose work a program on GitHub's runners does, with the command (their README; the software lists of actions/runner-images, 2026-11; the choice is zizmor's, docs/audits.md). */
const commands: Readonly<Record<string, string>> = {
  'actions-ecosystem/action-add-labels': 'gh issue edit --add-label',
  'actions-ecosystem/action-remove-labels': 'gh issue edit --remove-label',
  'addnab/docker-run-action': 'docker run',
  'dacbd/create-issue-action': 'gh issue create',
  'dtolnay/rust-toolchain': 'rustup toolchain install',
  'elgohr/github-release-action': 'gh release create',
  'endbug/add-and-commit': 'git commit and git push',
  'ncipollo/release-action': 'gh release create',
  'peter-evans/create-or-update-comment': 'gh issue comment',
  'peter-evans/create-pull-request': 'gh pr create',
  'sergeysova/jq-action': 'jq',
  'softprops/action-gh-release': 'gh release create',
  'stefanzweifel/git-auto-commit-action': 'git commit and git push',
  'svenstaro/upload-release-action': 'gh release upload',
};

export const rule = defineRule({
  id: 'workflow/superfluous-action',
  title: 'Action that duplicates what the runner already has',
  severity: 'hint',
  category: 'supply-chain',
  profile: 'strict',
  references: { cwe: ['CWE-1357'], nist800190: ['3.1.1', '4.1.1'] },
  peers: { zizmor: ['superfluous-actions'] },
  messages: { there: { text: "GitHub's runners already have {command}: without this action, there is less to trust" } },
  options: {
    allowedActions: {
      type: 'strings',
      default: [],
      description: 'Actions that are accepted all the same: `owner/name`, or `owner/*` for all of an owner.',
    },
  },
  on: {
    uses(view, report, { options }) {
      const uses = repositoryUses(view);
      const command = uses && Object.hasOwn(commands, uses.name) ? commands[uses.name] : undefined;
      // what a runner of one's own has, or a container, only its owner knows
      const isHosted = view.job?.runner.labels.some(({ text }) => /^(?:ubuntu|macos|windows)-/.test(text)) ?? view.file.target === 'action';
      if (!uses || command === undefined || !isHosted || view.job?.node.get('container') || isNamedBy(uses, options.allowedActions)) return;
      report(uses.nameRange, 'there', { command }, noFix('manual'));
    },
  },
});
