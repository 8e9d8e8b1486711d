import type { WorkflowView, ActionView } from './types';

/** Who writes a value that an expression stands for, as messages call it. */
export type Writer =
  | 'pull-request'
  | 'issue'
  | 'comment'
  | 'discussion'
  | 'commit'
  | 'page'
  | 'run'
  | 'event'
  | 'escaped'
  | 'input'
  | 'caller'
  | 'ref'
  | 'dispatch';

/** Writers that may be anybody; the others are let in by somebody of the repository. */
export const outsiders: ReadonlySet<Writer> = new Set(['pull-request', 'issue', 'comment', 'discussion', 'commit', 'page', 'run', 'event']);

/**
 * Texts of events that anybody may write, below `github.event`, with the events that carry them (docs.github.com, "Webhook events and payloads" and
 * "Script injections", 2026-08). A name of a branch may hold `$(...)`, quotes and `;`.
 */
const texts: readonly (readonly [writer: Writer, events: string, paths: string])[] = [
  ['issue', 'issues issue_comment', 'issue.title issue.body'],
  [
    'pull-request',
    'pull_request pull_request_target pull_request_review pull_request_review_comment',
    'pull_request.title pull_request.body pull_request.head.ref pull_request.head.label pull_request.head.repo.default_branch ' +
      'pull_request.head.repo.description pull_request.head.repo.homepage',
  ],
  ['comment', 'issue_comment commit_comment discussion_comment pull_request_review_comment', 'comment.body'],
  ['comment', 'pull_request_review', 'review.body'],
  ['discussion', 'discussion discussion_comment', 'discussion.title discussion.body'],
  [
    'commit',
    'push',
    'head_commit.message head_commit.author.name head_commit.author.email head_commit.committer.name head_commit.committer.email ' +
      'commits.*.message commits.*.author.name commits.*.author.email commits.*.committer.name commits.*.committer.email',
  ],
  ['page', 'gollum', 'pages.*.page_name pages.*.title'],
  [
    'run',
    'workflow_run',
    'workflow_run.head_branch workflow_run.display_title workflow_run.head_commit.message workflow_run.head_commit.author.name ' +
      'workflow_run.head_commit.author.email workflow_run.head_repository.description workflow_run.pull_requests.*.head.ref',
  ],
  ['dispatch', 'repository_dispatch', 'client_payload'],
];

/** A path below `github.event` with who writes it and by which events it comes. */
interface EventText {
  readonly writer: Writer;
  readonly events: readonly string[];
  readonly path: readonly string[];
}

const eventTexts: readonly EventText[] = texts.flatMap(([writer, events, paths]) =>
  paths.split(' ').map(path => ({ writer, events: events.split(' '), path: path.split('.') })),
);

/** Whether a workflow gets its event from another that calls it, so that any may come. */
export function isCalled(file: WorkflowView | ActionView): boolean {
  return file.target === 'action' || file.triggers.get('workflow_call') !== undefined;
}

/** The events that start a workflow; `undefined`: any may, by way of what calls it. */
export function startersOf(file: WorkflowView | undefined): readonly string[] | undefined {
  return file && !isCalled(file) ? file.triggers.all.map(({ name }) => name) : undefined;
}

/** Whether an event starts a workflow, or may start what calls it. */
function mayStart(file: WorkflowView | ActionView, events: readonly string[]): boolean {
  return isCalled(file) || (file.target === 'workflow' && events.some(event => file.triggers.get(event) !== undefined));
}

/** Who writes what stands at a path below `github.event`, or something in it; `null`: nobody who is not trusted, or no event brings it. */
export function writerOfEvent(path: readonly string[], file: WorkflowView | ActionView): Writer | null {
  const found = eventTexts.filter(text =>
    path.every((name, i) => i >= text.path.length || name === text.path[i] || name === '*' || (text.path[i] === '*' && /^\d+$/.test(name))),
  );
  const inside = found.filter(({ path: own, writer }) => path.length <= own.length || writer === 'dispatch');
  const brought = inside.filter(({ events }) => mayStart(file, events));
  const writers = [...new Set(brought.map(({ writer }) => writer))];
  if (writers.length === 0) return null;
  return writers.length === 1 ? writers[0]! : writers.some(writer => outsiders.has(writer)) ? 'event' : 'dispatch';
}

/** Who names the branch of a pull request (`github.head_ref`). */
export function writerOfHead(file: WorkflowView | ActionView): Writer | null {
  return mayStart(file, ['pull_request', 'pull_request_target']) ? 'pull-request' : null;
}

/** What is right below `github.event`, and the events that bring it (docs.github.com, "Webhook events and payloads", 2026-08); a name without events is one that people take for such. */
const payloads: ReadonlyMap<string, readonly string[]> = new Map(
  [
    'pull_request: pull_request pull_request_target pull_request_review pull_request_review_comment',
    'issue: issues issue_comment',
    'comment: issue_comment commit_comment discussion_comment pull_request_review_comment',
    'review: pull_request_review',
    'discussion: discussion discussion_comment',
    'release: release',
    'workflow_run: workflow_run',
    'inputs: workflow_dispatch',
    'client_payload: repository_dispatch',
    'head_commit: push',
    'commits: push',
    'schedule: schedule',
    'deployment: deployment deployment_status',
    'deployment_status: deployment_status',
    'merge_group: merge_group',
    'push:',
    'workflow_dispatch:',
    'workflow_call:',
  ].map(row => {
    const [name = '', events = ''] = row.split(':');
    return [name, events.split(' ').filter(event => event !== '')];
  }),
);

/** An event that starts a file and does not bring `github.event.<name>`: `any` where none does; `null`: all do, or the name is not known. */
export function eventWithout(name: string, file: WorkflowView | ActionView): string | null {
  const events = payloads.get(name);
  if (!events) return null;
  if (events.length === 0) return 'any';
  const without = file.target === 'workflow' ? file.triggers.all.find(trigger => !events.includes(trigger.name)) : undefined;
  return without?.name ?? (isCalled(file) ? 'what calls this' : null);
}
