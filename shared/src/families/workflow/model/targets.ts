import type { PipelineTargets } from '../../../rule/pipeline/types';
import type { ActionView, DependabotView, JobView, StepView, UsesView, WorkflowView } from './types';

/** The targets of workflow rules; `pipeline`, `script` and `commands` are shown by other families (see `Family.sharedRules`). */
export const targets = [
  'workflow',
  'action',
  'job',
  'step',
  'uses',
  'image',
  'dependabot',
  'pipeline',
  'script',
  'commands',
] as const satisfies readonly (keyof WorkflowTargets)[];

/** What a workflow rule may look at. */
export interface WorkflowTargets extends PipelineTargets {
  /** A workflow, for what shows only when its jobs are seen together. */
  readonly workflow: WorkflowView;
  /** An `action.yml`. */
  readonly action: ActionView;
  readonly job: JobView;
  /** Each step of a job or of a composite action. */
  readonly step: StepView;
  /** Each `uses` of a step or a job. */
  readonly uses: UsesView;
  /** A Dependabot file. */
  readonly dependabot: DependabotView;
}
