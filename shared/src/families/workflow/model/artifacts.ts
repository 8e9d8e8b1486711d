import { memoize } from '../../../base/text/memoize';
import type { JobView, StepView } from './types';
import { textOf } from './values';

/** A place below the runner's own folder for temporary files, or outside of the working directory. */
const outside = /runner\.temp|RUNNER_TEMP|^\/tmp\b|^\/mnt\b/;

/** Whether a step puts an artifact of another run into the working directory. */
function downloads({ uses, inputs, run }: StepView): boolean {
  if (run) {
    const [, rest] = /\bgh[ \t]+run[ \t]+download\b([^\n]{0,300})/.exec(run.text) ?? [];
    return rest !== undefined ? !outside.test(rest) : /\/actions\/artifacts\/[^\n]{0,200}\/zip\b/.test(run.text);
  }
  if (uses?.kind !== 'repository' || outside.test(textOf(inputs, 'path') ?? '')) return false;
  if (uses.name === 'actions/download-artifact') return textOf(inputs, 'run-id') !== null;
  if (uses.name === 'actions/github-script') {
    const script = textOf(inputs, 'script') ?? '';
    return script.includes('downloadArtifact') && !outside.test(script);
  }
  return ['dawidd6/action-download-artifact', 'legit-labs/action-download-artifact', 'aochmann/actions-download-artifact'].includes(
    uses.name,
  );
}

/** The steps of a job that put artifacts of the run before into the working directory: of a workflow that `workflow_run` starts. */
export const artifactDownloads = memoize((job: JobView): readonly StepView[] =>
  job.workflow.triggers.get('workflow_run') ? job.steps.filter(downloads) : [],
);
