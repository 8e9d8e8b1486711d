import { defineRule, type Report } from '../../../rule/define-rule';
import { setValue } from '../../../syntax/yaml/operations';
import { does, inputOf, pushesOf } from '../model/pipeline';
import { mapOf, stringOf } from '../../../syntax/yaml/values';
import type { JobView, StepView } from '../model/types';
import { textOf } from '../model/values';

/** Build arguments stand in the provenance of mode=max, and secrets are no better for being reported elsewhere, too. */
const secret = /\bsecrets\.|\bgithub\.token\b/;

function checkProvenance(step: StepView, report: Report<'off' | 'parts', 'max'>): void {
  const provenance = inputOf(step, 'provenance');
  if (!provenance?.node || provenance.text !== 'false') return;
  // what is pushed by digest is put together by a later job, which carries no attestations along
  const isPart = /push-by-digest=true/.test(textOf(step.inputs, 'outputs') ?? '');
  const mode = secret.test(textOf(step.inputs, 'build-args') ?? '') ? 'mode=min' : 'mode=max';
  const fix = report.fix('max', () => [setValue([...step.path, 'with', provenance.name], mode)], {
    data: { mode },
    assumes: [{ id: 'index-known' }],
  });
  report(provenance.node.range, isPart ? 'parts' : 'off', {}, fix);
}

/** Whether who calls a workflow gets the digest of what it pushes, to record the provenance itself: `on.workflow_call.outputs`. */
function handsDigestOn({ workflow }: JobView): boolean {
  const outputs = mapOf(workflow.triggers.get('workflow_call')?.settings?.get('outputs'));
  return outputs?.entries.some(({ value }) => /digest/i.test(stringOf(mapOf(value)?.get('value')) ?? '')) === true;
}

/** The statements that later steps and jobs sign of what a step pushes. */
function signedOf({ job, index, id }: StepView): ReadonlySet<'provenance' | 'sbom'> {
  const digest = id === null ? null : `steps.${id}.`;
  const signers = job?.steps.slice(index + 1).filter(step => does(step, 'attest')) ?? [];
  // of another image's digest
  const ofImage = signers.filter(({ inputs }) => digest === null || (textOf(inputs, 'subject-digest') ?? digest).includes(digest));
  const isBuilt = job?.workflow.jobs.some(
    ({ uses, needs }) => needs.includes(job.id) && /^slsa-framework\/.*container/.test(uses?.name ?? ''),
  );
  const kinds = ofImage.map(({ uses, inputs }) => {
    if (uses?.name === 'actions/attest-sbom' || textOf(inputs, 'sbom-path') !== null) return 'sbom';
    return textOf(inputs, 'predicate-type') === null ? 'provenance' : null;
  });
  return new Set([...kinds.filter(kind => kind !== null), ...(isBuilt ? (['provenance'] as const) : [])]);
}

export const rule = defineRule({
  id: 'workflow/no-provenance',
  title: 'SBOM and provenance turned off',
  severity: 'hint',
  category: 'supply-chain',
  profile: 'strict',
  references: { nist800190: ['3.1.5', '4.1.5'], links: ['https://docs.docker.com/build/ci/github-actions/attestations/'] },
  messages: {
    off: { text: 'The image is pushed without a record of how it was built', severity: 'info', profile: 'recommended' },
    parts: { text: 'The image is pushed without a record of how it was built' },
    sbom: { text: 'The image is pushed without an SBOM (a list of its contents)' },
  },
  assumptions: { 'index-known': 'Consumers of the image support an index with attestations, and nothing else records its provenance' },
  fixes: {
    // somebody switched it off, and may have had a reason
    max: { title: 'Record the provenance ({mode})', class: 'attended' },
    sbom: { title: 'Add an SBOM', class: 'review' },
  },
  on: {
    job(job, report) {
      for (const { step } of pushesOf(job)) {
        if (step.uses?.name !== 'docker/build-push-action') continue;
        const signed = signedOf(step);
        if (!handsDigestOn(job) && !signed.has('provenance')) checkProvenance(step, report);
        const sbom = inputOf(step, 'sbom');
        if (signed.has('sbom') || (sbom && sbom.text !== 'false')) continue;
        const fix = report.fix('sbom', () => [setValue([...step.path, 'with', sbom?.name ?? 'sbom'], true)]);
        report(sbom?.node?.range ?? step.reportRange, 'sbom', {}, fix);
      }
    },
  },
});
