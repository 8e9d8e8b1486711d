import { defineRule, noFix } from '../../../rule/define-rule';
import { pushesIn, signerName as signer } from '../../../rule/pipeline/commands';
import { does, isRelease, mayDoMore, pushesOf, runs } from '../model/pipeline';

export const rule = defineRule({
  id: 'workflow/unsigned-image',
  title: 'Image pushed without a signature or attestation',
  severity: 'info',
  category: 'supply-chain',
  profile: 'recommended',
  references: { nist800190: ['3.1.5', '4.1.5'], cwe: ['CWE-345'] },
  peers: { checkov: ['CKV_GHA_5'] },
  messages: {
    unsigned: { text: 'Nothing in this workflow signs what it pushes, so the image cannot be distinguished from a forgery' },
    pipeline: { text: 'Nothing in this pipeline signs what it pushes, so the image cannot be distinguished from a forgery' },
  },
  needsWhole: true,
  on: {
    workflow(workflow, report) {
      if (!isRelease(workflow) || mayDoMore(workflow)) return;
      const [push] = workflow.jobs.flatMap(pushesOf);
      if (!push) return;
      const steps = workflow.jobs.flatMap(job => job.steps);
      const signs = steps.some(
        step => does(step, 'attest') || does(step, 'signer') || runs(step, signer) || signer.test(step.uses?.text ?? ''),
      );
      if (!signs) report(push.range, 'unsigned', {}, noFix('manual'));
    },
    pipeline(pipeline, report, { workspace }) {
      const [push] = signer.test(pipeline.document.text) ? [] : pushesIn(pipeline);
      const rest = push && pipeline.rest(workspace);
      if (rest?.whole && !rest.signs && !rest.publishesFirst) report(push!.range, 'pipeline', {}, noFix('manual'));
    },
  },
});
