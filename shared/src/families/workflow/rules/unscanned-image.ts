import { defineRule, noFix } from '../../../rule/define-rule';
import { pushesIn, scannerName as scanner } from '../../../rule/pipeline/commands';
import { does, isRelease, mayDoMore, pushesOf, runs, scansOf } from '../model/pipeline';

export const rule = defineRule({
  id: 'workflow/unscanned-image',
  title: 'Image pushed without a vulnerability scan',
  severity: 'info',
  category: 'supply-chain',
  profile: 'recommended',
  references: { nist800190: ['3.1.1', '4.1.1'], cwe: ['CWE-1395'] },
  supersedes: ['workflow/unwatched-image'],
  messages: {
    unscanned: { text: 'Nothing in this workflow scans what it pushes for known vulnerabilities' },
    pipeline: { text: 'Nothing in this pipeline scans what it pushes for known vulnerabilities' },
  },
  options: {
    scannedElsewhere: { type: 'boolean', default: false, description: 'Whether the registry or another pipeline scans what is pushed.' },
  },
  needsWhole: true,
  on: {
    workflow(workflow, report, { options }) {
      if (options.scannedElsewhere || !isRelease(workflow) || mayDoMore(workflow)) return;
      const { jobs } = workflow;
      const [push] = jobs.flatMap(pushesOf);
      if (!push) return;
      const scans = jobs.some(
        job =>
          scansOf(job).some(({ kind }) => kind === 'scan') ||
          job.steps.some(step => does(step, 'scan') || runs(step, scanner) || scanner.test(step.uses?.text ?? '')),
      );
      if (!scans) report(push.range, 'unscanned', {}, noFix('manual'));
    },
    pipeline(pipeline, report, { options, workspace }) {
      if (options.scannedElsewhere || scanner.test(pipeline.document.text)) return;
      const [push] = pushesIn(pipeline);
      const rest = push && pipeline.rest(workspace);
      if (rest?.whole && !rest.scans && !rest.publishesFirst) report(push!.range, 'pipeline', {}, noFix('manual'));
    },
  },
});
