import { defineRule } from '../../../rule/define-rule';
import { setValue } from '../../../syntax/yaml/operations';
import { joinPath } from '../../../workspace/paths';
import { does } from '../model/pipeline';
import { isOfOtherForge, isSwitchedOff } from '../model/refs';
import type { StepView, UsesView } from '../model/types';
import { textOf } from '../model/values';

/** Whether an earlier step puts something else than the workflow's own commit where a local action is taken from. */
function isFromElsewhere(step: StepView, folder: string): boolean {
  const earlier = step.job?.steps.slice(0, step.index).filter(other => does(other, 'checkout')) ?? [];
  return earlier.some(({ inputs }) => {
    const at = joinPath('', textOf(inputs, 'path') ?? '');
    const isOther = at !== '' || ['repository', 'ref'].some(name => textOf(inputs, name) !== null);
    return inputs.open || at === null || (isOther && (at === '' || `${folder}/`.startsWith(`${at}/`)));
  });
}

/** Whether the path of a local action or workflow is one of the repository, as far as is known. */
function isOwn({ uses, step, file }: UsesView, isAbsent: (path: string) => boolean): boolean {
  const folder = joinPath('', uses.folder);
  if (folder === null || folder === '' || uses.text.includes('${{') || isOfOtherForge(file)) return false;
  if (step === null) return true;
  // what a step before it makes is in no commit
  return !isFromElsewhere(step, folder) && !['action.yml', 'action.yaml', 'Dockerfile'].every(name => isAbsent(`${folder}/${name}`));
}

export const rule = defineRule({
  id: 'workflow/workspace-action',
  title: 'Local action or workflow referenced by path',
  severity: 'hint',
  category: 'supply-chain',
  profile: 'strict',
  references: {
    cwe: ['CWE-829'],
    links: ['https://github.blog/changelog/2026-07-30-reference-same-repository-actions-with-self-repository-syntax/'],
  },
  peers: { zizmor: ['self-repository'] },
  messages: {
    step: { text: 'The step runs whatever earlier steps left at this path, while "$/" always refers to the commit of the workflow' },
    job: { text: 'This path does not satisfy a policy that requires pinned actions: "$/" does' },
  },
  fixes: { self: { title: 'Use "$/", which refers to the commit of the workflow', class: 'attended' } },
  assumptions: { github: 'The workflow runs on github.com and on runner releases from July 2026 or later, which "$/" requires' },
  on: {
    uses(view, report, { workspace }) {
      const { uses, step, job } = view;
      if (uses.kind !== 'local' || !uses.text.startsWith('./')) return;
      if (isSwitchedOff(step ?? { condition: null, job }) || !isOwn(view, path => workspace.isAbsent(path))) return;
      const fix = report.fix('self', () => [setValue(uses.path, `$${uses.text.slice(1)}`)], { assumes: [{ id: 'github' }] });
      report(uses.range, step ? 'step' : 'job', {}, fix);
    },
  },
});
