import { defineRule, noFix } from '../../../rule/define-rule';
import { isPublic, pushByCommand, pushesIn } from '../../../rule/pipeline/commands';
import { inputOf, isRelease, pushesOf } from '../model/pipeline';

const moving = /^(?:latest|main|master|edge|stable|nightly|dev|develop)$/;

/** The tag of a reference, where it is written: what is put in may hold slashes and colons of its own (`${NAME//\//-}`). */
function tagOf(reference: string): string {
  const image = reference.replace(/\$\{[^{}]{0,200}\}/g, '$x');
  const name = image.slice(image.lastIndexOf('/') + 1);
  return name.includes(':') ? name.slice(name.lastIndexOf(':') + 1) : name.includes('$') || name.includes('}}') ? '' : 'latest';
}

/** Whether a file mentions what keeps a digest. */
const keepsDigest = (text: string): boolean => /\bdigest\b|iidfile|metadata-file/i.test(text);

export const rule = defineRule({
  id: 'workflow/moving-tag-only',
  title: 'Only a moving tag is pushed',
  severity: 'info',
  category: 'supply-chain',
  profile: 'recommended',
  references: { nist800190: ['3.1.1', '3.2.2', '4.1.1', '4.2.2'] },
  messages: { moving: { text: 'Nothing identifies this build once the next build is pushed: neither a version nor a digest is kept' } },
  on: {
    commands(view, report) {
      const pushes = view.scripts.flatMap(({ commands }) => commands).flatMap(command => pushByCommand(view, command) ?? []);
      const named = pushes.filter(isPublic).map(({ images }) => images ?? []);
      const [first] = pushes;
      // what a script pushes under a variable may be anything
      if (!first || keepsDigest(view.file.document.text)) return;
      if (named.length === pushes.length && named.every(images => images.length > 0 && images.every(image => moving.test(tagOf(image)))))
        report(first.range, 'moving', {}, noFix('no-fix'));
    },
    workflow(workflow, report) {
      if (!isRelease(workflow)) return;
      const { jobs, document } = workflow;
      // what keeps a digest names the build
      if (keepsDigest(document.text)) return;
      for (const job of jobs) {
        const pushes = pushesOf(job);
        const metas = job.steps.filter(step => step.uses?.name === 'docker/metadata-action');
        const lists = metas.flatMap(step => inputOf(step, 'tags')?.node ?? []);
        for (const step of metas) {
          const tags = inputOf(step, 'tags');
          const lines = (tags?.text ?? '')
            .split('\n')
            .map(line => line.trim())
            .filter(line => line !== '');
          const onlyMoving =
            lines.length > 0 && lines.every(line => /^type=raw,(?:.*,)?value=(?:latest|edge|stable|nightly|main|master)(?:,|$)/.test(line));
          if (!tags?.node || !onlyMoving || pushes.length === 0) continue;
          report(tags.node.range, 'moving', {}, noFix('manual'));
        }
        const named = pushes.flatMap(({ images }) => images ?? ['${{ unknown }}:${{ unknown }}']);
        const [first] = pushes;
        if (lists.length > 0 || !first || named.length === 0 || !named.every(image => moving.test(tagOf(image)))) continue;
        report(inputOf(first.step, 'tags')?.node?.range ?? first.range, 'moving', {}, noFix('no-fix'));
      }
    },
    pipeline(pipeline, report, { workspace }) {
      if (pipeline.open || keepsDigest(pipeline.document.text)) return;
      const pushes = pushesIn(pipeline);
      const rest = pushes.length > 0 ? pipeline.rest(workspace) : null;
      if (!rest?.whole || rest.pushes) return;
      const [first] = pushes;
      const named = pushes.flatMap(({ images }) => images ?? ['$unknown']);
      if (first && named.length > 0 && named.every(image => moving.test(tagOf(image)))) report(first.range, 'moving', {}, noFix('no-fix'));
    },
  },
});
