import { hasRole, permissionsOf, type ActionRole } from '../../../knowledge/action-roles';
import { memoize } from '../../../base/text/memoize';
import { startersOf } from './events';
import { scopes, type Level } from './permissions';
import type { JobView, RunScript, StepView } from './types';
import type { Uses } from './uses';
import { textOf } from './values';

/** What the token of a job is needed for. */
export interface TokenNeeds {
  /** By scope; those that are not needed are absent. */
  readonly levels: ReadonlyMap<string, Exclude<Level, 'none'>>;
  /** What may need more, as messages name it: an action that is not known, a command. `null`: nothing does. */
  readonly unknown: string | null;
}

const actionOf = ({ owner, repository, folder }: Uses): { owner: string; repo: string; path: string } => ({
  owner,
  repo: repository,
  path: folder.replace(/^\//, ''),
});

/** Whether a step uses an action that does something that rules ask about. */
export function doesStep({ uses }: StepView, role: ActionRole): boolean {
  return uses?.kind === 'repository' && hasRole(actionOf(uses), role);
}

const token = /\bgithub\.token\b|\bsecrets\.GITHUB_TOKEN\b/i;

/** Whether a step is given the token of the job. */
function isGivenToken({ inputs, env, job, run }: StepView): boolean {
  const environments = job ? [env, job.env, job.workflow.env] : [env];
  const isNamed = [inputs, ...environments].some(({ values }) => values.some(({ text }) => text !== null && token.test(text)));
  return isNamed || token.test(run?.text ?? '');
}

/** Whether a script does more with the token than log in. */
function usesTokenTwice({ text }: RunScript): boolean {
  return text.split(token).length > 2;
}

/** Commands that use the token in ways that are not told by their words alone. */
const tokenCommand =
  /\b(gh[ \t]|git[ \t]+(?:-\S+[ \t]+\S+[ \t]+)?push|semantic-release|goreleaser|gh-deploy|release-please|api\.github\.com)/;

/** A push of commits or tags. */
const gitPush = /\bgit[ \t]+(?:-\S+[ \t]+\S+[ \t]+)?push\b/;

/** Programs of the repository's own, or targets of its build. */
const ownProgram =
  /^[ \t]*(?:make|task|just|mage|rake|invoke|nox|tox|gradle|npm|yarn|pnpm|[\w.-]{0,60}\/|bash[ \t]|sh[ \t]|python3?[ \t]|node[ \t]|go[ \t]run)/;
const releasing = /(?:^|[^a-z])(?:release|publish|bump|tag|push)(?:$|[^a-z])/i;

/** What a script runs of the repository itself that, by its name, may push to it: the program, and the word that says so; `null`: nothing. */
export function ownRelease(script: string): string | null {
  // an expression is one word
  const text = script.replaceAll(/\$\{\{[^}\n]{0,200}\}\}/g, expression => expression.replaceAll(/[ \t]/g, ''));
  for (const line of text.split('\n')) {
    if (!ownProgram.test(line)) continue;
    const [program = '', ...words] = line.trim().split(/[ \t]+/);
    if (releasing.test(program)) return program;
    const word = words.find(each => releasing.test(each));
    if (word !== undefined) return `${program} ${word}`;
  }
  return null;
}

const isCheckout = ({ uses }: StepView): boolean => uses?.name === 'actions/checkout';

/** Whether a step logs in to GitHub's registry with the token. */
function logsInToGithub({ uses, inputs, run }: StepView): boolean {
  if (uses) return /\bghcr\.io$/i.test(textOf(inputs, 'registry') ?? '') && token.test(textOf(inputs, 'password') ?? '');
  return run !== null && /\blogin\b[^\n]{0,200}\bghcr\.io\b/.test(run.text);
}

/** Commands that write to a registry. */
const pushCommand =
  /\b(?:docker|podman|buildah|nerdctl|helm|oras|crane|regctl|ko|pack|wasm-to-oci|flux|tkn)\b[^\n]{0,200}[ \t](?:push\b|--push\b|--publish\b|copy\b)|\bimagetools[ \t]+create\b|\bskopeo[ \t]+(?:copy|sync)\b|\bcosign[ \t]+(?:sign|attest|attach|copy)\b/;

/** Whether a step pushes an image, or something else that a registry keeps. */
function pushesImage(step: StepView): boolean {
  const { run, inputs } = step;
  if (run) return pushCommand.test(run.text);
  if (!doesStep(step, 'build')) return false;
  const push = textOf(inputs, 'push');
  return (push !== null && push !== 'false') || /type=(?:registry|image)/.test(textOf(inputs, 'outputs') ?? '');
}

/** Whether a step runs a program of the repository's own that pushes or publishes something, by its name. */
const pushesByName = ({ run }: StepView): boolean => run !== null && /push|publish|release/i.test(ownRelease(run.text) ?? '');

/** What one step needs, where that is known: `null` where it may be anything. */
function needsOf(step: StepView): readonly (readonly [scope: string, level: 'read' | 'write'])[] | null {
  const { uses, run, inputs } = step;
  if (run) {
    const signs = /\bcosign[ \t]+(?:sign|attest)\b/.test(run.text) && !/--key\b/.test(run.text);
    if (
      tokenCommand.test(run.text) ||
      ownRelease(run.text) !== null ||
      (isGivenToken(step) && (!logsInToGithub(step) || usesTokenTwice(run)))
    )
      return null;
    return signs ? [['id-token', 'write']] : [];
  }
  if (!uses || uses.kind === 'docker') return isGivenToken(step) ? null : [];
  if (uses.kind !== 'repository') return null;
  if (isCheckout(step)) return [['contents', 'read']];
  const events = startersOf(step.job?.workflow);
  const needs = permissionsOf({ ...actionOf(uses), ref: uses.ref, input: name => textOf(inputs, name), events });
  // an action takes the token by itself where its input has it as the default
  return needs && needs.filter(({ scope }) => scopes.includes(scope)).map(({ scope, level }) => [scope, level] as const);
}

/** What messages call a step whose needs are not known. */
function nameOfStep({ uses, run }: StepView): string {
  return uses
    ? uses.text
    : (tokenCommand.exec(run?.text ?? '')?.[1]?.trim() ?? ownRelease(run?.text ?? '') ?? 'a script that uses the token');
}

/** The least that the token of a job needs, as far as its steps tell. */
export const tokenNeeds = memoize((job: JobView): TokenNeeds => {
  const levels = new Map<string, 'read' | 'write'>();
  const need = (scope: string, level: 'read' | 'write'): void => {
    if (levels.get(scope) !== 'write') levels.set(scope, level);
  };
  let unknown: string | null = job.uses ? job.uses.text : null;
  for (const step of job.steps) {
    const needs = needsOf(step);
    if (needs === null) unknown ??= nameOfStep(step);
    else for (const [scope, level] of needs) need(scope, level);
    // whatever else that needs, and wherever it goes
    if (gitPush.test(step.run?.text ?? '')) need('contents', 'write');
  }
  if (job.steps.some(logsInToGithub)) {
    // whose own scripts push by their name push to where the job is logged in
    const isPushed = job.steps.some(pushesImage);
    need('packages', isPushed || job.steps.some(pushesByName) ? 'write' : 'read');
    // what is logged in may push in any script
    if (!isPushed && job.steps.some(({ run }) => run !== null)) unknown ??= 'scripts that run after the job logs in to ghcr.io';
  }
  // a private repository is not read without
  if (levels.size > 0 || unknown !== null) need('contents', 'read');
  return { levels, unknown };
});

/** Needs as a value of `permissions`: `contents` first, the others by their names. */
export function permissionsValue(levels: ReadonlyMap<string, string>): Readonly<Record<string, string>> {
  const order = (scope: string): string => (scope === 'contents' ? '' : scope);
  return Object.fromEntries([...levels].sort(([a], [b]) => (order(a) < order(b) ? -1 : 1)));
}
