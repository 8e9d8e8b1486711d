import { hasRole, scanOf, type ActionCall, type ActionRole } from '../../../knowledge/action-roles';
import { isLocal, isPublic, pushByCommand, pusher, scanByCommand, type CommandPush, type ImageScan } from '../../../rule/pipeline/commands';
import type { ShellCommand } from '../../../syntax/shell/types';
import { memoize } from '../../../base/text/memoize';
import { booleanOf, scalarOf, stringOf } from '../../../syntax/yaml/values';
import { startersOf } from './events';
import type { JobView, NamedValue, StepView, WorkflowView } from './types';
import { textOf, valueOf } from './values';

/** What uses an action as the facts take it; `null`: the step runs no action of a repository. */
export const callOf = memoize((step: StepView): ActionCall | null => {
  const action = step.uses?.action;
  return action ? { ...action, input: name => textOf(step.inputs, name), events: startersOf(step.job?.workflow) } : null;
});

/** Whether a step uses an action that does something that rules ask about. */
export function does(step: StepView, role: ActionRole): boolean {
  const call = callOf(step);
  return call !== null && hasRole(call, role);
}

/** The value of an input that is written, for its range. */
export function inputOf(step: StepView, name: string): NamedValue | undefined {
  return valueOf(step.inputs, name);
}

/** The commands of a step's script; none where `mentioned` does not occur in it, which spares reading most scripts. */
export function commandsOf({ run }: StepView, mentioned = /(?:)/): readonly ShellCommand[] {
  return (run && mentioned.test(run.text) && run.script()?.commands) || [];
}

/** An image that a step pushes. */
export interface ImagePush extends CommandPush {
  readonly step: StepView;
}

/** Lines of an input that holds a list; commas part them too. */
export function linesOf(text: string | null): readonly string[] {
  return (text ?? '')
    .split(/[\n,]/)
    .map(line => line.trim())
    .filter(line => line !== '');
}

/** The images for which another step makes tags (`docker/metadata-action`), where all of them stay on the runner; `null` otherwise. */
function imagesOfTags({ job }: StepView, tags: string): readonly string[] | null {
  const [, id] = /^\s*\$\{\{\s*steps\.([\w-]{1,100})\.outputs\.tags\s*\}\}\s*$/.exec(tags) ?? [];
  const maker = id === undefined ? undefined : job?.steps.find(step => step.id === id);
  const images = maker ? linesOf(textOf(maker.inputs, 'images')) : [];
  return images.length > 0 && images.every(isLocal) ? images : null;
}

function pushesOfStep(step: StepView): readonly ImagePush[] {
  if (does(step, 'build')) {
    const push = inputOf(step, 'push');
    const outputs = inputOf(step, 'outputs');
    const isPushed = push?.text != null && !/^(?:false|\$\{\{\s*false\s*\}\})?$/.test(push.text);
    const isOutput = /(?:^|[\s,])(?:type=registry\b|push=true\b)/.test(outputs?.text ?? '');
    const place = isPushed ? push.node : isOutput ? outputs?.node : null;
    if (!place) return [];
    const tags = textOf(step.inputs, 'tags');
    return [{ step, range: place.range, images: tags === null ? null : (imagesOfTags(step, tags) ?? linesOf(tags)) }];
  }
  return commandsOf(step, pusher).flatMap(command => {
    const push = pushByCommand(step, command);
    return push ? [{ ...push, step }] : [];
  });
}

/** The pushes of a job, of all that is not local to the runner. */
export const pushesOf = memoize((job: JobView): readonly ImagePush[] => job.steps.flatMap(pushesOfStep).filter(isPublic));

/** A scan or a check of an image by a step. */
export interface StepScan extends ImageScan {
  readonly step: StepView;
}

/** Whether the job goes on when a step fails, as somebody wrote. */
export function continuesOnError({ node }: StepView): boolean {
  return booleanOf(node.get('continue-on-error')) === true;
}

function scanByAction(step: StepView): StepScan | null {
  const call = callOf(step);
  const scan = call && scanOf(call);
  if (!scan) return null;
  const value = scan.gate ? inputOf(step, scan.gate.input) : undefined;
  const image = scan.imageInput === null ? undefined : inputOf(step, scan.imageInput);
  const environments = step.job ? [step.env, step.job.env, step.job.workflow.env] : [step.env];
  const isSetOutside = environments.some(({ values }) => values.some(({ name }) => name === 'TRIVY_EXIT_CODE'));
  return {
    step,
    kind: scan.kind,
    range: value?.node?.range ?? step.reportRange,
    gates: isSetOutside ? null : scan.gates,
    gate: scan.gate,
    image: image?.text ?? null,
    imageRange: image?.node?.range ?? null,
    report: scan.report,
  };
}

/** The scans of a job. */
export const scansOf = memoize((job: JobView): readonly StepScan[] =>
  job.steps.flatMap(step => {
    const scan = scanByAction(step);
    if (scan) return [scan];
    return commandsOf(step, /trivy|grype|docker|snyk|gitleaks|trufflehog|ggshield/).flatMap(command => {
      const found = scanByCommand(step, command);
      return found ? [{ ...found, step }] : [];
    });
  }),
);

/** Whether a workflow runs where releases are made: not for pull requests alone, and not when others call it. */
export function isRelease({ triggers }: WorkflowView): boolean {
  return triggers.all.some(({ name }) => /^(?:push|release|schedule|workflow_dispatch|registry_package)$/.test(name));
}

/** Whether something of a workflow is not seen: another workflow that a job calls, or a local action, may do it. */
export function mayDoMore({ jobs }: WorkflowView): boolean {
  return jobs.some(({ uses, steps }) => uses !== null || steps.some(step => step.uses?.kind === 'local' || step.uses?.kind === 'self'));
}

/** Whether the script of a step matches. */
export function runs(step: StepView, pattern: RegExp): boolean {
  return step.run !== null && pattern.test(step.run.text);
}

/** Whether a step runs although an earlier one has failed. */
export function survivesFailure(step: StepView): boolean {
  return /\b(?:always|cancelled|failure)\s*\(/.test(stringOf(scalarOf(step.condition)) ?? '');
}
