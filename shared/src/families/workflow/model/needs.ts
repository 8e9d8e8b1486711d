import { hasRole, permissionsOf, type ActionRole } from '../../../knowledge/action-roles';
import { memoize } from '../../../text/memoize';
import { scopes, type Level } from './permissions';
import type { JobView, StepView } from './types';
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
function isGivenToken({ inputs, env, job }: StepView): boolean {
  const environments = job ? [env, job.env, job.workflow.env] : [env];
  return [inputs, ...environments].some(({ values }) => values.some(({ text }) => text !== null && token.test(text)));
}

/** Commands that use the token in ways that are not told by their words alone. */
const tokenCommand = /\b(gh[ \t]|git[ \t]+(?:-\S+[ \t]+\S+[ \t]+)?push|semantic-release|goreleaser|release-please|api\.github\.com)/;

const isCheckout = ({ uses }: StepView): boolean => uses?.name === 'actions/checkout';

/** Whether a step logs in to GitHub's registry with the token. */
function logsInToGithub({ uses, inputs, run }: StepView): boolean {
  if (uses) return /\bghcr\.io$/i.test(textOf(inputs, 'registry') ?? '') && token.test(textOf(inputs, 'password') ?? '');
  return run !== null && /\blogin\b[^\n]{0,200}\bghcr\.io\b/.test(run.text);
}

/** Whether a step pushes an image. */
function pushesImage(step: StepView): boolean {
  const { run, inputs } = step;
  if (run) return /\b(?:docker|podman|buildah|nerdctl)\b[^\n]{0,200}[ \t](?:push\b|--push\b)|\bimagetools[ \t]+create\b/.test(run.text);
  if (!doesStep(step, 'build')) return false;
  const push = textOf(inputs, 'push');
  return (push !== null && push !== 'false') || /type=(?:registry|image)/.test(textOf(inputs, 'outputs') ?? '');
}

/** What one step needs, where that is known: `null` where it may be anything. */
function needsOf(step: StepView): readonly (readonly [scope: string, level: 'read' | 'write'])[] | null {
  const { uses, run, inputs } = step;
  if (run) {
    const signs = /\bcosign[ \t]+(?:sign|attest)\b/.test(run.text) && !/--key\b/.test(run.text);
    if (tokenCommand.test(run.text) || (isGivenToken(step) && !logsInToGithub(step))) return null;
    return signs ? [['id-token', 'write']] : [];
  }
  if (!uses || uses.kind === 'docker') return isGivenToken(step) ? null : [];
  if (uses.kind !== 'repository') return null;
  if (isCheckout(step)) return [['contents', 'read']];
  const needs = permissionsOf({ ...actionOf(uses), input: name => textOf(inputs, name) });
  if (needs) return needs.filter(({ scope }) => scopes.includes(scope)).map(({ scope, level }) => [scope, level] as const);
  return isGivenToken(step) ? null : [];
}

/** What messages call a step whose needs are not known. */
function nameOfStep({ uses, run }: StepView): string {
  return uses ? uses.text : (tokenCommand.exec(run?.text ?? '')?.[1]?.trim() ?? 'a script with the token');
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
  }
  if (job.steps.some(logsInToGithub)) need('packages', job.steps.some(pushesImage) ? 'write' : 'read');
  // a private repository is not read without
  if (levels.size > 0 || unknown !== null) need('contents', 'read');
  return { levels, unknown };
});

/** Needs as a value of `permissions`: `contents` first, the others by their names. */
export function permissionsValue(levels: ReadonlyMap<string, string>): Readonly<Record<string, string>> {
  const order = (scope: string): string => (scope === 'contents' ? '' : scope);
  return Object.fromEntries([...levels].sort(([a], [b]) => (order(a) < order(b) ? -1 : 1)));
}
