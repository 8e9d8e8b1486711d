import { askedIn, expressionsIn } from './expression/find';
import type { Expression } from './expression/types';
import { nameOf, operandsOf, referencesIn, walk } from './expression/walk';
import { doesStep } from './needs';
import type { ShellCommand } from '../../../syntax/shell/types';
import type { JobView, StepView, WorkflowView } from './types';
import { joinPath } from '../../../workspace/paths';
import { workingDirectory } from './shells';
import { textOf, valueOf } from './values';
import type { Range } from '../../../base/text/range';
import { memoize } from '../../../base/text/memoize';

/** Events that anybody causes, and that run with the rights of the repository. */
export const privilegedEvents: readonly string[] = [
  'pull_request_target',
  'workflow_run',
  'issue_comment',
  'issues',
  'discussion',
  'discussion_comment',
];

/** What names the head of a pull request, or of the run before this one. */
const head =
  /^github\.(?:head_ref|event\.pull_request\.(?:head\..+|merge_commit_sha|number)|event\.(?:number|issue\.number)|event\.workflow_run\.(?:head_\w+(?:\..+)?|pull_requests\..+))$/;
/** Numbers are the head's only within the name of a ref. */
const number = /(?:^|\.)number$/;
const pullRef = /refs\/pull\/|^pull\//;
const commands = /\b(?:gh[ \t]+pr[ \t]+checkout|git[ \t]+fetch)\b/g;

/** A step that puts code of somebody else into the working directory. */
export interface HeadCheckout {
  readonly step: StepView;
  /** What names the code. */
  readonly range: Range;
}

/** Whether an expression names the head. */
function namesHead(expression: Expression | null, text: string): boolean {
  if (!expression) return false;
  return referencesIn(expression).some(reference => {
    const name = nameOf(reference);
    return head.test(name) && (!number.test(name) || pullRef.test(text));
  });
}

function checkoutOf(step: StepView): HeadCheckout | null {
  const { uses, inputs, run, file } = step;
  if (uses?.name === 'actions/checkout') {
    for (const name of ['ref', 'repository']) {
      const value = valueOf(inputs, name);
      const node = value?.node;
      if (node && expressionsIn(file.document, node).some(({ expression }) => namesHead(expression, value.text ?? '')))
        return { step, range: node.range };
    }
    return null;
  }
  return run && commandOf(step, file.document.text.slice(run.node.range.start, run.node.range.end), run.node.range.start);
}

/** What makes files of commits that git has fetched: without one of them they are compared and counted alone. */
const takesOut =
  /\bgit[ \t]+(?:-[Cc][ \t]+\S{1,200}[ \t]+)?(?:checkout|switch|merge|reset|rebase|worktree|cherry-pick|restore|read-tree|apply|am|archive|show|pull)\b/;

/** Whether a script, from a place in it on, or a later step of its job takes files out of what was fetched. */
function isTakenOut({ job, index, file: { document } }: StepView, rest: string): boolean {
  const later = (job?.steps ?? []).slice(index + 1).flatMap(({ run }) => (run ? [run.node.range] : []));
  return takesOut.test(rest) || later.some(({ start, end }) => takesOut.test(document.text.slice(start, end)));
}

/** The command of a script that takes out the head: `gh pr checkout`, `git fetch origin pull/1/head`. */
function commandOf(step: StepView, text: string, start: number): HeadCheckout | null {
  for (const match of text.matchAll(commands)) {
    const end = match.index + match[0].length;
    const newline = text.indexOf('\n', end);
    const rest = text.slice(end, newline < 0 ? text.length : newline);
    const pull = rest.indexOf('pull/');
    const fetches = pull >= 0 && /\/(?:head|merge)\b/.test(rest.slice(pull));
    const isHead = match[0].startsWith('gh') || (fetches && isTakenOut(step, text.slice(end)));
    if (isHead) return { step, range: { start: start + match.index, end: start + end } };
  }
  return null;
}

/** The steps of a job that check out the head of a pull request. */
export const headCheckouts = memoize((job: JobView): readonly HeadCheckout[] => job.steps.flatMap(step => checkoutOf(step) ?? []));

/** Programs that run what they find in the working directory (its build files, tests, configuration). */
const tools = new Set(
  (
    'npm npx yarn pnpm bun bunx deno make gmake cmake ninja gradle gradlew mvn mvnw ant sbt lein go cargo pip pip3 pipenv poetry uv tox nox pytest hatch pre-commit bundle ' +
    'rake gem rspec composer phpunit phpstan dotnet msbuild bazel bazelisk just task invoke terraform tofu terragrunt ansible-playbook helm helmfile skaffold swift xcodebuild mix ' +
    'rebar3 stack cabal dune opam zig meson eslint jest vitest mocha tsc webpack vite gulp grunt nx turbo lerna rush goreleaser earthly dagger act tilt packer mkdocs hugo jekyll sphinx-build'
  ).split(' '),
);

/** Whether pip is given packages by their names alone: it takes those from an index, and nothing of the folder. */
function isFromIndex({ name, args }: ShellCommand): boolean {
  return (
    /^pip3?$/.test(name ?? '') &&
    args[0]?.text === 'install' &&
    args.slice(1).every(({ raw }) => /^(?:--[a-z-]+|-[Uqv]+|['"]?\w[\w.-]*(?:\[[\w,-]+\])?(?:[=<>~!]=?[\w.*]+)?['"]?)$/.test(raw))
  );
}

/** Programs that start another one in the environment of a project: `uv run PROGRAM`. */
const runners = /^(?:uv|poetry|pipenv|hatch|pdm)$/;

/** A folder below the workspace, spelt in one way; `null` where it is not literal, or elsewhere. */
function folderIn(text: string): string | null {
  return /[$~\\]|^\//.test(text) ? null : joinPath('', text);
}

/** Whether a word of a step may lead into a folder of the workspace: any word, where the step is there itself or that is unknown. */
function reachOf({ node, job, file, run }: StepView, folder: string): (text: string) => boolean {
  const place = run ? folderIn(workingDirectory(node, job?.node ?? null, file.root)) : '';
  const goes = run
    ?.script()
    ?.commands.some(({ name, args }) => /^(?:cd|pushd)$/.test(name ?? '') && args.some(({ raw }) => raw.includes(folder)));
  if (folder === '' || place === null || goes || `${place}/`.startsWith(`${folder}/`)) return () => true;
  return text => text.includes(folder);
}

/** What a step runs of the code that another one checked out, as messages name it; `null`: nothing is seen. */
export function runsCheckout(step: StepView, checkout: StepView): string | null {
  return runsWorkspace(step, checkout.uses ? (folderIn(textOf(checkout.inputs, 'path') ?? '') ?? '') : '');
}

/** What a step runs of the workspace, or of a folder in it, as messages name it; `null`: nothing is seen. */
export function runsWorkspace(step: StepView, folder = ''): string | null {
  const { uses, run } = step;
  const reaches = reachOf(step, folder);
  if (uses) {
    if (uses.kind === 'local') return reaches(uses.text) ? uses.text : null;
    const builds =
      doesStep(step, 'build') ||
      /^(?:golangci\/golangci-lint-action|pre-commit\/action|gradle\/gradle-build-action|gradle\/actions\/.+)$/.test(uses.name);
    // what is built from an address is not what was checked out
    return builds &&
      reaches(step.inputs.values.map(({ text }) => text ?? '').join(' ')) &&
      !/^(?:https?:|git@|\{\{)/.test(textOf(step.inputs, 'context') ?? '')
      ? uses.text
      : null;
  }
  const commands = run?.script()?.commands ?? [];
  for (const command of commands) {
    const { name, nameWord, args } = command;
    if (name === null || isFromIndex(command)) continue;
    const first = args[0]?.text ?? '';
    const all = args.map(({ raw }) => raw).join(' ');
    // `uv run PROGRAM ...`, `poetry run python SCRIPT ...`: what follows is what it is given, not what it runs
    const isPython = /^python[\d.]*$/.test(args[1]?.text ?? '');
    const script = first === 'run' && (isPython || runners.test(name)) ? (args[isPython ? 2 : 1]?.raw ?? '') : null;
    if (tools.has(name) && reaches(script !== null && !script.startsWith('-') ? script : all)) return [name, first].join(' ').trim();
    const isEngine = /^(?:docker|podman|buildah|nerdctl)$/.test(name);
    if (isEngine && args.some(({ text }) => /^(?:build|buildx|bud|compose)$/.test(text ?? '')) && reaches(all)) return `${name} ${first}`;
    const raw = nameWord?.raw ?? '';
    if (/^\.{1,2}\//.test(raw) && reaches(raw)) return raw;
    // a script of a path of its own, not `-c` and not of another folder
    if (
      /^(?:ba|da|z|k)?sh$|^(?:source|\.)$|^python[\d.]*$|^(?:node|ruby|perl|php)$/.test(name) &&
      /^(?!-)[\w./-]{0,200}\.\w{1,5}$/.test(first) &&
      !first.startsWith('/') &&
      reaches(first)
    )
      return `${name} ${first}`;
  }
  return null;
}

/**
 * What keeps strangers out: `trusted`: the code is of the repository itself, or the event is another; `asked`: something is asked first that may keep them
 * out (a label, a comment's author, the output of a step); `null`: nothing.
 */
export type Guard = 'trusted' | 'asked' | null;

const ofRepository = /^github\.(?:repository|event\.pull_request\.base\.repo\.full_name|repository_owner|event\.repository\.full_name)$/;
const headRepository =
  /^github\.event\.(?:pull_request\.head\.repo\.(?:full_name|fork|owner\.login|id)|workflow_run\.head_repository\.(?:full_name|fork|owner\.login))$/;
const asks =
  /^(?:github\.event\.(?:label\.[\w*.-]+|(?:pull_request|issue)\.labels[\w*.-]*|(?:comment|pull_request|issue)\.(?:author_association|user\.login))|github\.(?:actor|triggering_actor)|(?:needs|steps)\.[\w*-]+\.outputs\.[\w*.-]+)$/;

function guardIn(expression: Expression): Guard {
  let guard: Guard = null;
  walk(expression, inner => {
    if (inner.kind === 'reference') {
      const name = nameOf(inner);
      // what is merged has been read
      if (headRepository.test(name) || name === 'github.event.pull_request.merged') guard = 'trusted';
      else if (asks.test(name)) guard ??= 'asked';
      return;
    }
    if (inner.kind !== 'binary' || (inner.operator !== '==' && inner.operator !== '!=')) return;
    const sides = [inner.left, inner.right];
    const names = sides.flatMap(side => (side.kind === 'reference' ? [nameOf(side)] : []));
    const literal = sides.find(side => side.kind === 'literal');
    const value = literal?.kind === 'literal' ? String(literal.value) : '';
    const isEvent = names.some(name => name === 'github.event_name' || name === 'github.event.workflow_run.event');
    const excludes =
      inner.operator === '==' ? !/^pull_request|^issue_comment|^workflow_run$|^issues$/.test(value) : /^pull_request/.test(value);
    if (isEvent && literal && excludes) guard = 'trusted';
    const isBranch = names.includes('github.event.workflow_run.head_branch') && inner.operator === '==';
    if ((isBranch && literal) || (names.some(name => ofRepository.test(name)) && names.some(name => headRepository.test(name))))
      guard = 'trusted';
  });
  return guard;
}

const branchName = /^github\.(?:head_ref|event\.pull_request\.head\.ref|event\.workflow_run\.head_branch)$/;

/** Whether a step checks out a branch by its name alone: one of this repository, whatever a fork calls its own. */
function namesOwnBranch({ uses, inputs, file }: StepView): boolean {
  const node = valueOf(inputs, 'ref')?.node;
  if (uses?.name !== 'actions/checkout' || !node || inputs.open || textOf(inputs, 'repository') !== null) return false;
  const names = expressionsIn(file.document, node).flatMap(({ expression }) => (expression ? referencesIn(expression).map(nameOf) : ['']));
  return names.every(name => branchName.test(name) || !head.test(name)) && !names.includes('');
}

/** What the conditions of a job, of the jobs before it and of a step ask, and what the step checks out. */
export function guardOf(job: JobView, step: StepView | null, seen: ReadonlySet<JobView> = new Set()): Guard {
  const { document, jobs } = job.workflow;
  const conditions = [job.condition, step?.condition ?? null].flatMap(node => node ?? []);
  const guards = conditions.map(node => {
    const expression = askedIn(document, node);
    return expression ? guardIn(expression) : null;
  });
  if (job.guarded || (step && namesOwnBranch(step))) guards.push('trusted');
  if (!seen.has(job) && seen.size < 20)
    for (const other of jobs) if (job.needs.includes(other.id)) guards.push(guardOf(other, null, new Set([...seen, job])));
  return guards.includes('trusted') ? 'trusted' : guards.includes('asked') ? 'asked' : null;
}

/** Whether a condition of a job or a step lets in pull requests of the repository itself alone, so that who opens one may push to it. */
export function isOfOwnRepository(job: JobView | null, step: StepView): boolean {
  const conditions = [job?.condition, step.condition].flatMap(node => node ?? []);
  return conditions.some(node => {
    const expression = askedIn(step.file.document, node);
    return expression !== null && admitsOwn(expression);
  });
}

/** Whether all that a condition lets in is of the repository itself: each of its alternatives asks for that, or for another event than a pull request. */
function admitsOwn(expression: Expression): boolean {
  if (expression.kind === 'binary' && expression.operator === '||') return operandsOf(expression, '||').every(admitsOwn);
  return operandsOf(expression, '&&').some(one => (one === expression ? asksForOwn(one) : admitsOwn(one)));
}

function asksForOwn(expression: Expression): boolean {
  if (expression.kind !== 'binary' || expression.operator !== '==') return false;
  const sides = [expression.left, expression.right];
  const names = sides.map(side => (side.kind === 'reference' ? nameOf(side) : ''));
  const literal = sides.find(side => side.kind === 'literal');
  if (literal && names.includes('github.event_name')) return !/^pull_request/.test(String(literal.value));
  return names.some(name => ofRepository.test(name)) && names.includes('github.event.pull_request.head.repo.full_name');
}

/** The privileged events that start a workflow. */
export function privilegesOf({ triggers }: WorkflowView): readonly string[] {
  return privilegedEvents.filter(name => triggers.get(name));
}
