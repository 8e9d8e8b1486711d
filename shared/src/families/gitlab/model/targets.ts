import type { GitlabImage, GitlabInclude, GitlabJob, GitlabLine, GitlabView } from './types';

/** The targets of GitLab's rules. */
export const targets = ['pipeline', 'include', 'gitlabJob', 'image', 'script'] as const satisfies readonly (keyof GitlabTargets)[];

/** What a rule for GitLab may look at. */
export interface GitlabTargets {
  /** The pipeline, for what shows only when its jobs are seen together. */
  readonly pipeline: GitlabView;
  /** Each file that it takes in. */
  readonly include: GitlabInclude;
  /** Each job, each template of jobs, and `default`. */
  readonly gitlabJob: GitlabJob;
  /** The image of each job and of each service. */
  readonly image: GitlabImage;
  /** Each line of a script, or block of lines. */
  readonly script: GitlabLine;
}
