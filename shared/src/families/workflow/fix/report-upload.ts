import type { Operation } from '../../../rule/fix/types';
import { setValue } from '../../../syntax/yaml/operations';
import { stringOf } from '../../../syntax/yaml/values';
import { does, inputOf, survivesFailure, type StepScan } from '../model/pipeline';
import type { JobView, StepView } from '../model/types';

const trimmed = (path: string): string => path.trim().replace(/^\.\//, '');

function uploads(step: StepView, { step: { id }, report }: StepScan): boolean {
  const file = does(step, 'report') ? inputOf(step, 'sarif_file')?.text : null;
  if (file == null) return false;
  return (report !== null && trimmed(file) === trimmed(report)) || (id !== null && file.includes(`steps.${id}.outputs.`));
}

/** The steps of a job that upload the report of a scan, and are skipped when it fails. */
export function lostUploads({ steps }: JobView, scan: StepScan): readonly StepView[] {
  return steps.filter(step => step.index > scan.step.index && uploads(step, scan) && !survivesFailure(step));
}

/** What lets a step run although an earlier one has failed. `joined`: a condition was there and stays; `null`: it cannot be joined. */
export function runAnyway(step: StepView): { readonly operation: Operation; readonly joined: boolean } | null {
  const path = [...step.path, 'if'];
  const text = stringOf(step.condition)?.trim();
  if (text === undefined)
    return { operation: setValue(path, '${{ !cancelled() }}', step.node.entry('name') ? 'name' : null), joined: false };
  const inner = (/^\$\{\{([^{}]*)\}\}$/.exec(text)?.[1] ?? text).trim();
  const isBlock = step.condition?.style === 'literal' || step.condition?.style === 'folded';
  if (inner === '' || inner.includes('${{') || isBlock) return null;
  return { operation: setValue(path, `\${{ !cancelled() && (${inner}) }}`), joined: true };
}
