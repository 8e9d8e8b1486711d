import { defineRule } from '../../../rule/define-rule';
import { guardOf } from '../model/untrusted';

/** Events that bring code or words of anybody. */
const fromOutside = /^(?:pull_request(?:_target|_review|_review_comment)?|issue_comment)$/;

export const rule = defineRule({
  id: 'workflow/self-hosted-pull-request',
  title: 'Self-hosted runner for pull requests',
  severity: 'warning',
  category: 'isolation',
  profile: 'recommended',
  references: {
    cwe: ['CWE-829'],
    links: ['https://docs.github.com/actions/reference/security/secure-use#hardening-for-self-hosted-runners'],
  },
  peers: { zizmor: ['self-hosted-runner'], poutine: ['pr_runs_on_self_hosted'] },
  messages: {
    'pull-request': {
      text: 'In a public repository, anyone can run code on this machine through {event} and leave files or processes there',
    },
    group: {
      text: 'Runners in group {group} may be your own machines, where each job finds what earlier jobs left',
      severity: 'hint',
      profile: 'strict',
    },
    other: { text: 'The next job on this machine can access what this job leaves there', severity: 'hint', profile: 'strict' },
  },
  on: {
    job(job, report) {
      const { runner, workflow } = job;
      const label =
        runner.labels.find(({ text }) => /^self-hosted$/i.test(text)) ??
        (/self-?hosted/i.test(runner.group?.text ?? '') ? runner.group : null);
      if (!label) {
        // larger runners of GitHub's are in groups too
        if (runner.group) report(runner.group.node.range, 'group', { group: runner.group.text });
        return;
      }
      const trigger = workflow.triggers.all.find(({ name }) => fromOutside.test(name));
      if (trigger && guardOf(job, null) !== 'trusted') report(label.node.range, 'pull-request', { event: trigger.name });
      else report(label.node.range, 'other');
    },
  },
});
