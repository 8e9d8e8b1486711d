import { defineRule } from '../../../rule/define-rule';
import type { Operation } from '../../../rule/fix/types';
import { renameKey, setValue } from '../../../syntax/yaml/operations';
import { levelOf, scopes } from '../model/permissions';
import type { WorkflowView } from '../model/types';
import { guardOf, headCheckouts, privilegesOf, runsCheckout } from '../model/untrusted';

/** Lets a workflow run for pull requests without the rights of the repository, where nothing in it needs them. */
function asPullRequest({ triggers, jobs, document }: WorkflowView): (() => readonly Operation[]) | null {
  const trigger = triggers.get('pull_request_target');
  if (!trigger || triggers.get('pull_request') || /\bsecrets\b/.test(document.text)) return null;
  const writes = jobs.some(({ effective }) => effective === null || scopes.some(scope => levelOf(effective, scope) === 'write'));
  if (writes) return null;
  const last = trigger.path[trigger.path.length - 1];
  return () => (last === trigger.name ? [renameKey(trigger.path, 'pull_request')] : [setValue(trigger.path, 'pull_request')]);
}

export const rule = defineRule({
  id: 'workflow/untrusted-checkout',
  title: 'Pull request code checked out with the secrets of the target repository',
  severity: 'error',
  category: 'isolation',
  profile: 'baseline',
  references: {
    cwe: ['CWE-829'],
    mitre: ['T1195.002'],
    links: ['https://securitylab.github.com/resources/github-actions-preventing-pwn-requests/'],
  },
  peers: {
    poutine: ['untrusted_checkout_exec'],
    semgrep: ['pull-request-target-code-checkout', 'workflow-run-target-code-checkout'],
    zizmor: ['dangerous-triggers'],
    scorecard: ['Dangerous-Workflow'],
  },
  messages: {
    run: { text: "Untrusted code is checked out with the repository's permissions ({event}), and {what} runs it" },
    checkout: { text: "Untrusted code is checked out with the repository's permissions ({event})", severity: 'warning' },
    asked: {
      text: "Untrusted code is checked out with the repository's permissions ({event}), and may have changed since the event",
      severity: 'info',
      profile: 'recommended',
    },
    runner: { text: 'Runs what was checked out' },
  },
  fixes: { event: { title: 'Run on pull requests, but without write access to the repository or its secrets', class: 'attended' } },
  assumptions: { 'no-rights': 'Nothing in the workflow needs secrets or a token with write access' },
  on: {
    job(job, report) {
      const { workflow } = job;
      const [event] = privilegesOf(workflow);
      if (event === undefined) return;
      for (const { step, range } of headCheckouts(job)) {
        const guard = guardOf(job, step);
        if (guard === 'trusted') continue;
        const runner = job.steps.slice(step.index + (step.run ? 0 : 1)).find(other => runsCheckout(other, step) !== null);
        const operations = asPullRequest(workflow);
        const fix = operations && report.fix('event', operations, { assumes: [{ id: 'no-rights' }] });
        const what = runner ? runsCheckout(runner, step)! : '';
        const related = runner && report.related(runner.reportRange, 'runner');
        if (guard === 'asked') report(range, 'asked', { event }, fix);
        else if (runner) report(range, 'run', { event, what }, fix, related);
        else report(range, 'checkout', { event }, fix);
      }
    },
  },
});
