import type { Path, YamlScalar } from '../../../syntax/yaml/types';
import type { ActionView, JobView, StepView, WorkflowView } from './types';

/** Whether a path leads to the `if` of a job or a step, whose value is an expression without marks. */
export function isConditionKey(path: Path): boolean {
  if (path[path.length - 1] !== 'if') return false;
  return typeof path[path.length - 2] === 'number' || (path.length === 3 && path[0] === 'jobs');
}

/** A condition of a file. */
export interface Condition {
  readonly node: YamlScalar;
  readonly path: Path;
  readonly job: JobView | null;
}

/** The `if` of every job and step. */
export function conditionsOf(file: WorkflowView | ActionView): readonly Condition[] {
  const ofSteps = (steps: readonly StepView[]): readonly Condition[] =>
    steps.flatMap(step => (step.condition ? [{ node: step.condition, path: [...step.path, 'if'], job: step.job, step }] : []));
  if (file.target === 'action') return ofSteps(file.steps);
  return file.jobs.flatMap(job => [
    ...(job.condition ? [{ node: job.condition, path: [...job.path, 'if'], job, step: null }] : []),
    ...ofSteps(job.steps),
  ]);
}
