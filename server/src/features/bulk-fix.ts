import { joined, masked, type MaskedText, plain } from '../../../shared/src/early';
import {
  type Accepted,
  createLineTable,
  type Finding,
  type Fix,
  type FixPlan,
  type HardenResult,
  leftReason,
  type PlanGroup,
  usualGroups,
} from '../../../shared/src/index';
import type { GroupSummary, LeftSummary } from '../../../shared/src/output/protocol/messages';
import type { Check } from '../documents/checker';
import type { Checked, ServerContext } from '../session/context';
import { gateOfCheck } from '../lsp/gate';

/** Which fixes are applied together: every safe one; the groups of harden, accepted ones included, or the safe ones of them, or none; or those of one rule. */
export type BulkKind =
  | { readonly kind: 'safe' }
  | { readonly kind: 'harden'; readonly accept?: Accepted; readonly only?: 'safe' | 'none' }
  | { readonly kind: 'rule'; readonly rule: string };

/** What of a group is put into words. */
type SummarisedGroup = Pick<PlanGroup, 'id' | 'class' | 'rules' | 'fixes'>;

/** A text with many fixes applied. */
export interface BulkResult extends Pick<HardenResult, 'text' | 'edits' | 'left'> {
  /** What was applied: groups of the plan, or else one for each rule. */
  readonly groups: readonly SummarisedGroup[];
}

/** Kept with the check that they were computed for, so that resolving an action or previewing twice costs nothing. */
const results = new WeakMap<Check, Map<string, BulkResult>>();
const plans = new WeakMap<Check, FixPlan>();
const asked = new WeakMap<Check, readonly PlanGroup[]>();

/** The plan of a check, made once. */
export function planOf(check: Check): FixPlan {
  let plan = plans.get(check);
  if (!plan) plans.set(check, (plan = check.opened.plan(check.context)));
  return plan;
}

/** The attended groups of a check, worked out once. */
export function askedGroups(check: Check): readonly PlanGroup[] {
  let groups = asked.get(check);
  if (!groups) asked.set(check, (groups = check.opened.asked(check.context)));
  return groups;
}

/** The ids of the groups that harden applies to a document where nobody chooses: none to what a program writes again. */
export function chosenGroups({ scope, check }: Checked, accept?: Accepted): ReadonlySet<string> {
  if (check.opened.isGenerated(check.context)) return new Set();
  return usualGroups(planOf(check), accept, scope.settings.fixAllExclude);
}

/** Applies many fixes of a document to a fixed point. */
export function bulkFix(checked: Checked, bulk: BulkKind): BulkResult {
  const { check } = checked;
  let ofCheck = results.get(check);
  if (!ofCheck) results.set(check, (ofCheck = new Map<string, BulkResult>()));
  const key = JSON.stringify(bulk, (_, value: unknown) => (value instanceof Set ? [...(value as Set<unknown>)].sort() : value));
  let result = ofCheck.get(key);
  if (!result) {
    result = bulk.kind === 'harden' ? hardenBulk(checked, bulk) : selectBulk(checked, bulk);
    ofCheck.set(key, result);
  }
  return result;
}

function hardenBulk(checked: Checked, { accept, only }: Extract<BulkKind, { readonly kind: 'harden' }>): BulkResult {
  const { opened, context } = checked.check;
  const plan = planOf(checked.check);
  const ids = only === 'none' ? new Set<string>() : chosenGroups(checked, accept);
  const chosen = plan.groups.flatMap(group => (ids.has(group.id) && (only === undefined || group.class === only) ? [group.id] : []));
  return opened.applyGroups(context, plan, chosen);
}

function selectBulk({ check, scope }: Checked, bulk: Exclude<BulkKind, { readonly kind: 'harden' }>): BulkResult {
  const spared = new Set(scope.settings.fixAllExclude);
  const select = (finding: Finding, fix: Fix): boolean => {
    if (finding.suppression !== null || fix.needsDigest !== undefined) return false;
    if (bulk.kind === 'rule') return finding.rule === bulk.rule && isBulkClass(fix);
    return !spared.has(finding.rule) && fix.class === 'safe';
  };
  const { text, edits, left, applied } = check.opened.applyFixes(check.context, select);
  const rules = [...new Set(applied.map(({ finding }) => finding.rule))].sort();
  const groups = rules.map((rule): SummarisedGroup => {
    const fixes = applied.flatMap(({ finding, fix }) => (finding.rule === rule ? [{ rule, fix }] : []));
    return { id: rule, class: fixes.every(({ fix }) => fix.class === 'safe') ? 'safe' : 'review', rules: [rule], fixes };
  });
  return { text, edits, left, groups };
}

/** Whether a fix may be applied without somebody looking at this one finding. */
export function isBulkClass(fix: Fix): boolean {
  return fix.class === 'safe' || fix.class === 'review';
}

/** A group as a person sees it. */
interface GroupWords {
  readonly label: MaskedText;
  /** What it takes for granted. */
  readonly assumes: readonly MaskedText[];
}

/** The groups of a result in words. */
export function groupSummaries(
  context: ServerContext,
  { check }: Checked,
  { groups }: { readonly groups: readonly SummarisedGroup[] },
): readonly (GroupSummary & GroupWords)[] {
  const labels = labelGroups(context, check, groups);
  return groups.map(group => ({
    id: group.id,
    class: group.class,
    rules: group.rules,
    label: labels.get(group)!,
    assumes: assumptionsOf(context, check, group),
  }));
}

/** What a result leaves, in words; ranges are in the hardened text. */
export function leftSummaries(
  { words }: ServerContext,
  { check }: Checked,
  { text, left }: Pick<HardenResult, 'text' | 'left'>,
): readonly LeftSummary[] {
  const gate = gateOfCheck(check);
  const lines = createLineTable(text);
  return left.map(item => ({
    rule: item.finding.rule,
    message: gate.words(words.message(item.finding)),
    range: lines.positions(item.finding.range),
    reasonId: item.reason,
    reason: leftReason(item, words, gate),
  }));
}

/** Each group has a label of its own, with its class: two of the same name could not be told apart in a list. */
function labelGroups<T extends SummarisedGroup>(context: ServerContext, check: Check, groups: readonly T[]): ReadonlyMap<T, MaskedText> {
  const names = groups.map(group => {
    const title = groupTitle(context, check, group);
    return group.class === 'safe' ? title : context.say(group.class === 'attended' ? 'attended' : 'review', { title });
  });
  return new Map(numbered(names).map((name, i) => [groups[i]!, name]));
}

/** What a group does. */
export function groupTitle({ words }: ServerContext, check: Check, { fixes }: SummarisedGroup): MaskedText {
  const gate = gateOfCheck(check);
  const titles = [...new Set(fixes.map(({ rule, fix }) => gate.words(words.fixTitle(rule, fix))))];
  const more = titles.length > 3 ? masked`, +${titles.length - 3}` : plain('');
  return masked`${joined(titles.slice(0, 3), ', ')}${more}`;
}

/** Names with a number behind each that is there before. */
export function numbered(names: readonly MaskedText[]): readonly MaskedText[] {
  const seen = new Map<string, number>();
  return names.map(name => {
    const count = (seen.get(name) ?? 0) + 1;
    seen.set(name, count);
    return count === 1 ? name : masked`${name} #${count}`;
  });
}

function assumptionsOf({ words }: ServerContext, check: Check, { fixes }: SummarisedGroup): readonly MaskedText[] {
  const gate = gateOfCheck(check);
  return [...new Set(fixes.flatMap(({ rule, fix }) => fix.assumes.map(assumption => gate.words(words.assumption(rule, assumption)))))];
}
