import type { Part, Piece } from '../family/part';
import type { YamlPiece } from '../family/types';
import { yamlPart } from '../family/yaml-part';
import type { ObjectRef } from '../../rule/finding/types';
import { short } from '../../base/limits/short';
import type { Range } from '../../base/text/range';
import { memoize } from '../../base/text/memoize';
import { textKey } from '../../base/text/text-key';
import { pathToPointer } from '../../syntax/yaml/lookup';
import { imagesOf } from './model/image';
import { peerChecks } from './peer-checks';
import { readWorkflow } from './model/read';
import type { WorkflowTargets } from './model/targets';
import type { JobView, StepView, UsesView, WorkflowFile, WorkflowView } from './model/types';

type View = WorkflowTargets[keyof WorkflowTargets] | null;
type WorkflowVisitor = { readonly [T in keyof WorkflowTargets]?: (view: WorkflowTargets[T]) => void };

/** Where forges look for workflows, from the top of a repository: others, such as examples and those that were put aside, never run. */
const runnable = /^\.(?:github|gitea|forgejo)\/workflows\/[^/]+\.ya?ml$/;

/** A workflow, an action or a Dependabot file as a part of its file. */
export function workflowPart(piece: YamlPiece): Part {
  const { document, path } = piece;
  const file = readWorkflow(document, path);
  const pieceOf = file?.target === 'workflow' && file.complete && !document.anchored ? jobPieces(file) : null;
  return yamlPart(piece, {
    family: 'workflow',
    peerChecks,
    // equal keys: GitHub refuses the file, and of which one a fix speaks nobody knows
    locked: document.problems.length > 0 ? 'syntax' : null,
    visit: visitor => file && visit(file, visitor),
    ...(file?.target === 'workflow' && { isReadAt: at => runnable.test(at) }),
    ...(pieceOf && { pieceOf }),
    objectOf: (view, range) => refOf(view as View, range),
    namesOf: view => {
      const job = jobOf(view as View);
      return {
        object: job ? `Job "${job.id}"` : file?.target === 'action' ? 'The action' : 'The workflow',
      };
    },
  });
}

/**
 * The jobs of a workflow as pieces: each with what stands outside of all jobs, which holds for it (triggers, permissions, variables). What an anchor names in
 * one job may stand in another: such documents have no pieces.
 */
function jobPieces({ document: { text }, jobs }: WorkflowView): (view: unknown) => Piece | null {
  const ranges = jobs.map(({ key }, index) => ({ start: key.start, end: jobs[index + 1]?.key.start ?? text.length }));
  // behind the last job other keys may stand, which then belong to it
  const outside = text.slice(0, ranges[0]?.start ?? text.length);
  const pieces = new Map(
    jobs.map((job, index): [JobView, Piece] => {
      const range = ranges[index]!;
      const last = ranges.at(-1)!;
      const behind = range === last ? '' : text.slice(jobs.at(-1)!.node.range.end).trim();
      return [job, { key: `${outside}\0${text.slice(range.start, range.end)}\0${behind}`, range }];
    }),
  );
  return view => {
    const { target } = view as NonNullable<View>;
    // images are visited behind all jobs
    if (target !== 'job' && target !== 'step' && target !== 'uses') return null;
    const job = jobOf(view as View);
    return (job && pieces.get(job)) ?? null;
  };
}

function visit(file: WorkflowFile, visitor: WorkflowVisitor): void {
  if (file.target === 'dependabot') return visitor.dependabot?.(file);
  if (file.target === 'action') {
    visitor.action?.(file);
    file.steps.forEach(step => visitStep(step, visitor));
    return;
  }
  visitor.workflow?.(file);
  for (const job of file.jobs) {
    visitor.job?.(job);
    if (job.uses) visitor.uses?.({ target: 'uses', uses: job.uses, file, step: null, job });
    job.steps.forEach(step => visitStep(step, visitor));
  }
  if (visitor.image) imagesOf(file).forEach(visitor.image);
}

function visitStep(step: StepView, visitor: WorkflowVisitor): void {
  visitor.step?.(step);
  if (step.uses) visitor.uses?.({ target: 'uses', uses: step.uses, file: step.file, step, job: step.job } satisfies UsesView);
}

function jobOf(view: View, range?: Range): JobView | null {
  if (view === null) return null;
  if (view.target === 'workflow') return range ? jobAt(view, range) : null;
  return view.target === 'job' ? view : 'job' in view ? view.job : null;
}

/** The job that stands at a range. */
function jobAt({ jobs }: WorkflowView, { start, end }: Range): JobView | null {
  return jobs.find(({ key, node }) => key.start <= start && end <= Math.max(key.end, node.range.end)) ?? null;
}

function refOf(view: View, range?: Range): ObjectRef | null {
  const job = jobOf(view, range);
  if (!job) return null;
  const path = view?.target === 'step' || view?.target === 'job' ? view.path : job.path;
  const step = view?.target === 'step' ? view : view?.target === 'uses' ? view.step : null;
  const ref = { document: 0, kind: 'job', name: short(job.id), path: pathToPointer(path) };
  return step?.uses ? { ...ref, alike: JSON.stringify([job.id, step.uses.text, callsOf(job)]) } : ref;
}

/** Equal for jobs whose steps call the same with the same inputs, whatever values these have. */
const callsOf = memoize((job: JobView) =>
  textKey(JSON.stringify(job.steps.map(({ uses, inputs }) => [uses?.text, ...inputs.values.map(({ name }) => name)]))),
);
