import { type Accepted, acceptsNothing, isTaken } from './accept';
import type { HardenHost } from './harden';
import { judge, type Start } from './plan';
import type { FixPlan, PlanGroup, PlannedChange } from './types';

/** The chosen groups of a plan and everything that they need. */
function closed(plan: FixPlan, chosen: Iterable<PlanGroup>): Set<PlanGroup> {
  const byId = new Map(plan.groups.map(group => [group.id, group]));
  const all = new Set<PlanGroup>();
  const open = [...chosen];
  for (let next = open.pop(); next; next = open.pop()) {
    if (all.has(next)) continue;
    all.add(next);
    open.push(...next.needs.map(id => byId.get(id)!));
  }
  return all;
}

/**
 * Applies some groups of a plan of the same text, with what they need. The outcome is verified as a whole: what turns out to be missing is added, and
 * what does not hold with the others is left out, so that no choice makes a file worse.
 * @param ids ids of groups; those that the plan does not have are passed over
 */
export function applyGroups(host: HardenHost, original: string, plan: FixPlan, ids: readonly string[]): PlannedChange {
  const start: Start = { host, original, before: host.read(original).findings };
  let chosen = closed(
    plan,
    plan.groups.filter(({ id }) => ids.includes(id)),
  );
  const refused = new Set<PlanGroup>();
  const without = (gone: readonly PlanGroup[]): Set<PlanGroup> =>
    new Set([...chosen].filter(group => ![...closed(plan, [group])].some(need => gone.includes(need))));
  for (;;) {
    const { run, failed, worse } = judge(start, [...chosen], plan);
    if (failed.length === 0 && worse.length === 0) {
      return { text: run.text, edits: run.edits, groups: plan.groups.filter(group => chosen.has(group)), left: run.left };
    }
    const missing = plan.groups.filter(group => !chosen.has(group) && group.class !== 'attended' && worse.some(key => group.keys.has(key)));
    const wider = closed(plan, [...chosen, ...missing]);
    if (failed.length === 0 && wider.size > chosen.size && ![...wider].some(group => refused.has(group))) chosen = wider;
    else {
      const gone = failed.length > 0 ? failed : [culprit(start, plan, [...chosen], without)];
      for (const group of gone) refused.add(group);
      chosen = without(gone);
    }
  }
}

/** A group without which no finding is new, or else the last. */
function culprit(
  start: Start,
  plan: FixPlan,
  chosen: readonly PlanGroup[],
  without: (gone: readonly PlanGroup[]) => Set<PlanGroup>,
): PlanGroup {
  return chosen.find(group => judge(start, [...without([group])], plan).worse.length === 0) ?? chosen.at(-1)!;
}

/**
 * The ids of the groups that are applied where nobody chooses: safe and review ones, and attended ones whose rules are accepted; none of a rule that is
 * spared, and none that needs a group that is not applied.
 */
export function usualGroups({ groups }: FixPlan, accept: Accepted = acceptsNothing, spared: readonly string[] = []): ReadonlySet<string> {
  let chosen = groups.filter(({ fixes }) => fixes.every(({ rule, fix }) => isTaken({ rule }, fix, accept) && !spared.includes(rule)));
  for (;;) {
    const ids = new Set(chosen.map(({ id }) => id));
    const holding = chosen.filter(({ needs }) => needs.every(id => ids.has(id)));
    if (holding.length === chosen.length) return ids;
    chosen = holding;
  }
}
