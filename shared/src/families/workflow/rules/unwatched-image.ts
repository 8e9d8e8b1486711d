import { defineRule, noFix } from '../../../rule/define-rule';
import { isRelease, pushesOf } from '../model/pipeline';
import { rescanOf } from '../model/rescans';

export const rule = defineRule({
  id: 'workflow/unwatched-image',
  title: 'Image pushed and never scanned again',
  severity: 'hint',
  category: 'supply-chain',
  profile: 'recommended',
  references: { nist800190: ['3.1.1', '4.1.1'], cwe: ['CWE-1395'] },
  messages: { unwatched: { text: 'No workflow here scans this image again: vulnerabilities found later go unnoticed' } },
  options: {
    scannedElsewhere: {
      type: 'boolean',
      default: false,
      description: 'Whether the registry or another service scans what is pushed, again and again.',
    },
  },
  needsWhole: true,
  on: {
    workflow(workflow, report, { options, workspace }) {
      // what is built anew on a schedule gets the fixes that a scan would ask for
      if (options.scannedElsewhere || !isRelease(workflow) || rescanOf(workflow) || workflow.triggers.get('schedule')) return;
      const [push] = workflow.jobs.flatMap(pushesOf);
      if (push && workspace.complete && workspace.rescans().length === 0) report(push.range, 'unwatched', {}, noFix('manual'));
    },
  },
});
