import { isCommit, parsePin } from '../../../syntax/action/reference';
import type { Assumption } from '../../../rule/fix/types';
import type { Attachment, Report, RuleContext } from '../../../rule/define-rule';
import type { MessageData } from '../../../base/terms/types';
import { stringOf } from '../../../syntax/yaml/values';
import { pinOperations } from './pins';
import type { StepView, UsesView } from './types';
import type { Uses } from './uses';

/** An action, or a reusable workflow, of a repository. */
export type RepositoryUses = Uses & { readonly action: NonNullable<Uses['action']> };

/** Names that branches have and tags have not. What else is one only GitHub knows. */
const branch = /^(?:master|main|develop|development|dev|trunk|HEAD|edge|nightly|releases?\/.+)$/i;

/** What of a `uses` names an action of a repository that runs; `null`: another kind, an expression, or a step that is switched off. */
export function repositoryUses({ uses, step, job }: UsesView): RepositoryUses | null {
  if (uses.action === null || isOff(stringOf(step?.condition)) || isOff(stringOf(job?.condition))) return null;
  return uses as RepositoryUses;
}

/**
 * Whether a file is read by Gitea or Forgejo, whose release nothing here tells: Gitea minds `permissions` from 1.26 on and ignores them before, with scopes of
 * its own (docs.gitea.com, usage/actions/token-permissions), and the names of GitHub's actions may be those of a mirror (`DEFAULT_ACTIONS_URL`).
 */
export const isOfOtherForge = ({ path }: { readonly path: string }): boolean => /(?:^|[\\/])\.(?:gitea|forgejo)[\\/]/.test(path);

/** Whether a step, or its job, is never run: a switch that somebody has turned off. */
export function isSwitchedOff({ condition, job }: Pick<StepView, 'condition' | 'job'>): boolean {
  return isOff(stringOf(condition)) || isOff(stringOf(job?.condition));
}

function isOff(condition: string | null): boolean {
  return condition !== null && /^\s*(?:\$\{\{\s*false\s*\}\}|false)\s*$/.test(condition);
}

/** Whether a ref is a branch by its name. */
export function isBranch({ ref }: Uses): boolean {
  return branch.test(ref);
}

/** Whether a ref can be moved to another commit. */
export function isMovable({ ref }: Uses): boolean {
  return !isCommit(ref);
}

/** Whether the action is GitHub's own. */
export function isGithubsOwn({ owner }: Uses): boolean {
  return /^(?:actions|github)$/i.test(owner);
}

/** Whether patterns such as `acme/*` or `acme/scan` name an action's repository. */
export function isNamedBy({ owner, repository }: Uses, patterns: readonly string[]): boolean {
  const name = `${owner}/${repository}`.toLowerCase();
  return patterns.some(pattern => {
    const wanted = pattern.toLowerCase();
    return wanted.endsWith('/*') ? name.startsWith(wanted.slice(0, -1)) : wanted === name || wanted === owner.toLowerCase();
  });
}

/**
 * The fix that pins an action to the commit of its ref. GitHub is asked for it where nobody has yet, unless `known` tells it.
 * @param more.reference what is looked up where that is not what is written
 * @param more.data for the title, beside the name
 * @param more.assumes what a person has to agree to
 */
export function pinFix(
  { file }: UsesView,
  uses: RepositoryUses,
  report: Pick<Report<never, 'pin'>, 'fix'>,
  { digest }: RuleContext,
  { known = null, reference = uses.text, data = {}, assumes = [] }: PinFixOptions = {},
): Attachment {
  const pin = digest(reference) ?? known;
  const operations = () => {
    if (pin === null) return [];
    const { commit, versions } = parsePin(pin);
    return pinOperations(file.document, uses, commit, versions[0] ?? null);
  };
  return report.fix('pin', operations, {
    data: { name: uses.text.slice(0, -uses.ref.length - 1), ...data },
    assumes,
    needsDigest: pin === null ? reference : undefined,
  });
}

interface PinFixOptions {
  readonly known?: string | null;
  readonly reference?: string;
  readonly data?: MessageData;
  readonly assumes?: readonly Assumption[];
}
