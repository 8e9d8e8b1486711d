import type { AnsweredFinding, HardenPlan, PlannedGroup, PlannedStory } from '../../../shared/src/output/protocol/messages';

/** A plan, and the groups of it that are ticked: whatever a ticked group needs is ticked too. */
export interface Checklist {
  readonly plan: HardenPlan;
  /** Ids of groups. */
  readonly ticked: ReadonlySet<string>;
}

/** How much of a checklist is ticked. */
export interface Tally {
  readonly ticked: number;
  readonly groups: number;
  /** Findings that the ticked groups answer, and that all groups answer. */
  readonly answered: number;
  readonly findings: number;
}

/**
 * The checklist of a plan: what the plan itself chooses is ticked.
 * @param before an older checklist of the same file: groups that it had keep what a person said of them
 */
export function createChecklist(plan: HardenPlan, before?: Checklist): Checklist {
  const known = before === undefined ? new Map<string, boolean>() : ticksOf(before);
  const names = identities(plan.groups);
  const wanted = new Set(plan.groups.filter((group, i) => known.get(names[i] ?? '') ?? group.chosen).map(({ id }) => id));
  // What somebody has declined stays declined, and so does what cannot do without it.
  const ticked = plan.groups.filter(({ id }) => [...withNeeds(plan, [id])].every(need => wanted.has(need)));
  return { plan, ticked: new Set(ticked.map(({ id }) => id)) };
}

/** Ticks groups with all that they need, or unticks them with all that needs them. */
export function tick(list: Checklist, ids: readonly string[], on: boolean): Checklist {
  const ticked = new Set(list.ticked);
  if (on) for (const id of withNeeds(list.plan, ids)) ticked.add(id);
  else for (const id of withDependents(list.plan, ids)) ticked.delete(id);
  return { plan: list.plan, ticked };
}

/** The same plan with its safe groups alone: those that need nothing but safe ones. */
export function safeOnly({ plan }: Checklist): Checklist {
  const safe = new Set(plan.groups.filter(group => group.class === 'safe').map(({ id }) => id));
  return { plan, ticked: new Set([...safe].filter(id => [...withNeeds(plan, [id])].every(need => safe.has(need)))) };
}

/** Whether two checklists have the same groups ticked, whatever their ids. */
export function isSameChoice(one: Checklist, other: Checklist): boolean {
  const ticks = ticksOf(one);
  const others = ticksOf(other);
  return ticks.size === others.size && [...ticks].every(([name, ticked]) => others.get(name) === ticked);
}

/** The first step of a story all ways of which the ticked groups close; -1: it can be gone to its end. */
export function cutAt({ steps }: PlannedStory, { ticked }: Checklist): number {
  return steps.findIndex(({ ways }) => ways.length > 0 && ways.every(closers => closers.some(id => ticked.has(id))));
}

/** Counts what is ticked; a finding that several groups answer counts once. */
export function tally({ plan, ticked }: Checklist): Tally {
  const chosen = plan.groups.filter(({ id }) => ticked.has(id));
  return {
    ticked: chosen.length,
    groups: plan.groups.length,
    answered: findingsOf(chosen).length,
    findings: findingsOf(plan.groups).length,
  };
}

/** The findings that groups answer, each once, in the order of the groups. */
export function findingsOf(groups: readonly PlannedGroup[]): readonly AnsweredFinding[] {
  const nameOf = ({ rule, message, range: { start, end } }: AnsweredFinding): string =>
    [rule, message, start.line, start.character, end.line, end.character].join('\n');
  return [...new Map(groups.flatMap(({ answers }) => answers).map(finding => [nameOf(finding), finding])).values()];
}

function withNeeds(plan: HardenPlan, ids: readonly string[]): Set<string> {
  const byId = new Map(plan.groups.map(group => [group.id, group]));
  return reach(ids, id => byId.get(id)?.needs ?? []);
}

function withDependents(plan: HardenPlan, ids: readonly string[]): Set<string> {
  return reach(ids, id => plan.groups.filter(({ needs }) => needs.includes(id)).map(group => group.id));
}

function reach(from: readonly string[], next: (id: string) => readonly string[]): Set<string> {
  const seen = new Set<string>();
  const open = [...from];
  for (let id = open.pop(); id !== undefined; id = open.pop()) {
    if (seen.has(id)) continue;
    seen.add(id);
    open.push(...next(id));
  }
  return seen;
}

function ticksOf({ plan, ticked }: Checklist): Map<string, boolean> {
  const names = identities(plan.groups);
  return new Map(plan.groups.map(({ id }, i) => [names[i] ?? '', ticked.has(id)]));
}

/** A name for each group by what it does, which an edit elsewhere in the file does not change; those that do the same are counted. */
function identities(groups: readonly PlannedGroup[]): readonly string[] {
  const seen = new Map<string, number>();
  return groups.map(({ class: kind, rules, label, answers }) => {
    const findings = answers.map(({ rule, message }) => `${rule} ${message}`).sort();
    const name = JSON.stringify([kind, rules, label, findings]);
    const count = (seen.get(name) ?? 0) + 1;
    seen.set(name, count);
    return `${name} ${count}`;
  });
}
