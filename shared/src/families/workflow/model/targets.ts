import type {
  ActionView,
  DependabotView,
  GitlabScript,
  GitlabView,
  JobView,
  StepView,
  UsesView,
  WorkflowImage,
  WorkflowView,
} from './types';

/** The targets of workflow rules. */
export const targets = [
  'workflow',
  'action',
  'job',
  'step',
  'uses',
  'image',
  'dependabot',
  'gitlab',
  'script',
] as const satisfies readonly (keyof WorkflowTargets)[];

/** What a workflow rule may look at. */
export interface WorkflowTargets {
  /** A workflow, for what shows only when its jobs are seen together. */
  readonly workflow: WorkflowView;
  /** An `action.yml`. */
  readonly action: ActionView;
  readonly job: JobView;
  /** Each step of a job or of a composite action. */
  readonly step: StepView;
  /** Each `uses` of a step or a job. */
  readonly uses: UsesView;
  /** The image of each container of a job and of each service. */
  readonly image: WorkflowImage;
  /** A Dependabot file. */
  readonly dependabot: DependabotView;
  /** A GitLab pipeline, for what shows only when its jobs are seen together. */
  readonly gitlab: GitlabView;
  /** Each line of the scripts of a GitLab pipeline, or block of lines. */
  readonly script: GitlabScript;
}
