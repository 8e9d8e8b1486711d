import { defineRule } from '../../../rule/define-rule';
import type { JobView } from '../model/types';
import { headCheckouts } from '../model/untrusted';

/** Actions that are made for such events, and run nothing of what outsiders send. */
const harmless =
  /^(?:actions\/(?:labeler|stale|first-interaction|add-to-project)|dependabot\/fetch-metadata|amannn\/action-semantic-pull-request|contributor-assistant\/github-action)$/;

function isHarmless({ steps, uses, effective }: JobView): boolean {
  return (
    effective !== null && uses === null && steps.length > 0 && steps.every(step => step.uses !== null && harmless.test(step.uses.name))
  );
}

export const rule = defineRule({
  id: 'workflow/privileged-trigger',
  title: "Trigger that gives outsiders the repository's permissions",
  severity: 'info',
  category: 'isolation',
  profile: 'strict',
  references: {
    cwe: ['CWE-269'],
    links: ['https://docs.github.com/actions/reference/workflows-and-actions/events-that-trigger-workflows#pull_request_target'],
  },
  peers: { zizmor: ['dangerous-triggers'] },
  messages: { privileged: { text: '{event} runs for pull requests from anyone, with secrets and a token that has write access' } },
  on: {
    workflow({ triggers, jobs }, report) {
      if (jobs.every(isHarmless) || jobs.some(job => headCheckouts(job).length > 0)) return;
      for (const event of ['pull_request_target', 'workflow_run']) {
        const trigger = triggers.get(event);
        if (trigger) report(trigger.range, 'privileged', { event });
      }
    },
  },
});
