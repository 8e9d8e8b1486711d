import { defineRule } from '../../../rule/define-rule';
import { artifactDownloads } from '../model/artifacts';
import { guardOf, runsCheckout } from '../model/untrusted';

export const rule = defineRule({
  id: 'workflow/artifact-poisoning',
  title: 'Artifact from an untrusted run used as code',
  severity: 'warning',
  category: 'isolation',
  profile: 'recommended',
  references: { cwe: ['CWE-829'], links: ['https://codeql.github.com/codeql-query-help/actions/actions-artifact-poisoning-critical/'] },
  messages: {
    run: { text: 'Files from a run that anyone may have started can replace files in the working directory, from which {what} runs code' },
    runner: { text: 'Runs code from the working directory' },
  },
  on: {
    job(job, report) {
      for (const step of artifactDownloads(job)) {
        const runner = job.steps.slice(step.index + 1).find(other => runsCheckout(other, step) !== null);
        if (!runner || guardOf(job, step) === 'trusted') continue;
        report(step.reportRange, 'run', { what: runsCheckout(runner, step)! }, report.related(runner.reportRange, 'runner'));
      }
    },
  },
});
