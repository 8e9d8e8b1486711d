import type { NamedValues, StepView, WorkflowView } from './types';

/** An `env` and the steps that see it. */
export interface EnvironmentScope {
  readonly values: NamedValues;
  readonly steps: readonly StepView[];
}

/** The environment of a workflow and those of its jobs; those of steps are with the steps. */
export function sharedEnvironments({ env, jobs }: WorkflowView): readonly EnvironmentScope[] {
  return [
    { values: env, steps: jobs.flatMap(({ steps }) => steps) },
    ...jobs.map((job): EnvironmentScope => ({ values: job.env, steps: job.steps })),
  ];
}

/** The environments that a step sees, its own first: of equal names the first counts. */
export function environmentsOf({ env, job }: StepView): readonly NamedValues[] {
  return job ? [env, job.env, job.workflow.env] : [env];
}
