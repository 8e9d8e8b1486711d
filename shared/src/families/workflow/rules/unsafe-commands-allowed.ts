import { defineRule, type Report } from '../../../rule/define-rule';
import { removeNode } from '../../../syntax/yaml/operations';
import { valueRange } from '../../../syntax/yaml/values';
import { sharedEnvironments } from '../model/environments';
import type { NamedValues, StepView } from '../model/types';

/** The commands that the variable switches on again. */
const stopped = /::(?:set-env|add-path)\b/;

function check(values: NamedValues, steps: readonly StepView[], report: Report<'allowed', 'remove'>): void {
  for (const { name, text, entry, path } of values.values) {
    if (name !== 'ACTIONS_ALLOW_UNSECURE_COMMANDS' || text === null || text === '' || text.toLowerCase() === 'false') continue;
    const uses = steps.some(
      ({ run, inputs }) => stopped.test(run?.text ?? '') || inputs.values.some(input => stopped.test(input.text ?? '')),
    );
    const fix = report.fix('remove', () => [removeNode(path, true)], {
      assumes: uses ? [{ id: 'commands-converted', evidence: true }] : [],
    });
    report(valueRange(entry), 'allowed', {}, fix);
  }
}

export const rule = defineRule({
  id: 'workflow/unsafe-commands-allowed',
  title: 'Disabled workflow commands turned on again',
  severity: 'error',
  category: 'isolation',
  profile: 'baseline',
  references: {
    cwe: ['CWE-78'],
    links: ['https://github.blog/changelog/2020-10-01-github-actions-deprecating-set-env-and-add-path-commands/'],
  },
  peers: { zizmor: ['insecure-commands'], checkov: ['CKV_GHA_1'], semgrep: ['allowed-unsecure-commands'] },
  messages: { allowed: { text: "Anything that prints to a step's log can set variables and PATH for the next step" } },
  fixes: { remove: { title: 'Remove ACTIONS_ALLOW_UNSECURE_COMMANDS', class: 'review' } },
  assumptions: {
    'commands-converted': 'Steps that print ::set-env or ::add-path are first changed to write to $GITHUB_ENV or $GITHUB_PATH',
  },
  on: {
    workflow(workflow, report) {
      for (const { values, steps } of sharedEnvironments(workflow)) check(values, steps, report);
    },
    step(step, report) {
      check(step.env, [step], report);
    },
  },
});
