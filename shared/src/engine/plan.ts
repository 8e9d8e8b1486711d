import { bulkFixesOf, type Finding } from '../rule/finding/types';
import type { Fix } from '../rule/fix/types';
import { fileGroup } from '../rule/fix/types';
import { budgets } from '../base/limits/budgets';
import { applyFixes, costOf, type HardenHost, type HardenRun } from './harden';
import { textKey } from '../base/text/text-key';
import type { PartFinding } from './lint';
import type { FixPlan, Left, PlanGroup } from './types';
import type { Unit } from './units';

/** A group while the plan is made. */
interface Candidate {
  readonly units: Unit[];
  /** What identifies its fixes in any version of the text; see `idOf`. */
  readonly ids: Set<string>;
  /** The same of the findings that they answer. */
  readonly keys: Set<string>;
  readonly attended: boolean;
  readonly late: boolean;
  readonly needs: Set<Candidate>;
}

/** Which fix of a finding it is, in any version of the text: findings of one key cannot be told apart, and are chosen together. */
function idOf(key: string, fix: Fix): string {
  return `${key}\n${fix.id}\n${fix.class}`;
}

/** Whether harden may take a fix at all, and whether only a person may. */
function isOffered({ rule }: Pick<Finding, 'rule'>, fix: Fix): boolean {
  return fix.class !== 'manual' && !fix.alone && !(fix.class === 'attended' && rule.startsWith('bulkhead/'));
}

/** Whether a finding has a fix that nobody has to agree to: then its others are no part of a plan. */
function isOrdinary(finding: Finding): boolean {
  return bulkFixesOf(finding).some(fix => fix.needsDigest === undefined && !fix.elsewhere);
}

const takes = (finding: Finding, fix: Fix): boolean => isOffered(finding, fix) && (fix.class !== 'attended' || !isOrdinary(finding));

/** Whether a finding has fixes that a person has to agree to, and no other: without one a plan has no attended group. */
function asksOf(finding: Finding): boolean {
  return !finding.suppression && !isOrdinary(finding) && finding.fixes.some(fix => takes(finding, fix));
}

/** What may be applied to a text, as groups that are as small as they can be, each with the groups that it cannot be applied without. */
export function planFixes(host: HardenHost, original: string): FixPlan {
  const before = host.read(original).findings;
  const plain = applyFixes(host, original, (finding, fix) => takes(finding, fix) && fix.class !== 'attended');
  const candidates = toCandidates(plain, null);
  const asks = before.some(({ finding }) => asksOf(finding));
  const whole = asks ? applyFixes(host, original, takes) : plain;
  if (asks) candidates.push(...toCandidates(whole, candidates));
  const bounds: Bounds = {
    stays: most(countKeys(plain.found), countKeys(whole.found)),
    reveals: new Set([plain, whole].flatMap(({ found }) => newKeys(before, found))),
  };
  const trials = createTrials({ host, original, before }, bounds);
  findNeeds(candidates, trials);
  const merged = mergeMutual(candidates);
  const answered = new Set(merged.flatMap(({ keys }) => [...keys]));
  const groups = toGroups(merged, before);
  return { groups, left: leftInOriginal(before, whole, answered), ...bounds };
}

/** Groups as they are given to others, in the order of the text. */
function toGroups(candidates: readonly Candidate[], before: readonly PartFinding[]): readonly PlanGroup[] {
  const place = new Map<string, Finding[]>();
  for (const { key, finding } of before) if (!finding.suppression) place.set(key, [...(place.get(key) ?? []), finding]);
  const answersOf = ({ keys }: Candidate): readonly Finding[] => [...keys].flatMap(key => place.get(key) ?? []);
  const start = (candidate: Candidate): number => Math.min(...answersOf(candidate).map(({ range }) => range.start));
  const sorted = candidates
    .map(candidate => ({ candidate, start: start(candidate) }))
    .sort((a, b) => (a.start === b.start ? 0 : a.start - b.start))
    .map(({ candidate }) => candidate);
  const names = new Map(sorted.map(candidate => [candidate, textKey([...candidate.ids].sort().join('\n\n'))]));
  return sorted.map((candidate): PlanGroup => {
    const fixes = candidate.units.flatMap(({ members }) => members.map(m => ({ rule: m.finding.finding.rule, fix: m.fix })));
    return {
      id: names.get(candidate)!,
      class: candidate.attended ? 'attended' : fixes.every(({ fix }) => fix.class === 'safe') ? 'safe' : 'review',
      rules: [...new Set(fixes.map(({ rule }) => rule))].sort(),
      fixes,
      answers: [...answersOf(candidate)].sort((a, b) => a.range.start - b.range.start),
      needs: [...candidate.needs].flatMap(need => names.get(need) ?? []).sort(),
      ids: candidate.ids,
      keys: candidate.keys,
    };
  });
}

/**
 * The attended groups of a text, as far as it takes to ask about them: without what they need, which is most of what a plan costs. The groups of a plan that they
 * are part of have their ids.
 */
export function askedGroups(host: HardenHost, original: string): readonly PlanGroup[] {
  const before = host.read(original).findings;
  if (!before.some(({ finding }) => asksOf(finding))) return [];
  const whole = applyFixes(host, original, takes);
  const units = whole.units.map(({ unit, pass }) => ({
    pass,
    unit: { ...unit, members: unit.members.filter(({ fix }) => fix.class === 'attended') },
  }));
  return toGroups(toCandidates({ ...whole, units }, []), before);
}

/** Findings that stay whatever is chosen, in the text as it is, with the reason that harden found. */
function leftInOriginal(before: readonly PartFinding[], whole: HardenRun, answered: ReadonlySet<string>): readonly Left[] {
  const reasons = new Map(whole.found.filter(({ finding }) => !finding.suppression).map(({ key }, i) => [key, whole.left[i]!]));
  return before.flatMap(({ finding, key }): Left[] => {
    const left = reasons.get(key);
    if (finding.suppression || answered.has(key) || !left) return [];
    return [{ ...left, finding }];
  });
}

/**
 * The units of a run as groups of their own: those that share a fix that cannot be told apart, or a group of the whole file, are one.
 * @param known the groups that are applied unasked, perhaps none; `null`: the run makes them
 */
function toCandidates(run: HardenRun, known: readonly Candidate[] | null): Candidate[] {
  const taken = new Map((known ?? []).flatMap(candidate => [...candidate.ids].map(id => [id, candidate] as const)));
  const byName = new Map<string, Candidate>();
  const made: Candidate[] = [];
  for (const { unit, pass } of run.units) {
    const members = unit.members.map(member => ({ ...member, id: idOf(member.finding.key, member.fix) }));
    const fresh = members.filter(({ id }) => !taken.has(id));
    const [name] = unit.members.map(({ fix }) => fix.group).filter(group => group?.startsWith(fileGroup) === true);
    const same = fresh.map(({ id }) => byName.get(id)).find(c => c !== undefined) ?? (name === undefined ? undefined : byName.get(name));
    if (fresh.length === 0) continue;
    const own: Candidate = same ?? {
      units: [],
      ids: new Set(),
      keys: new Set(),
      attended: known !== null,
      late: pass > 0,
      needs: new Set(),
    };
    if (!same) made.push(own);
    own.units.push({ ...unit, members: fresh });
    for (const { id, finding } of fresh) {
      own.ids.add(id);
      own.keys.add(finding.key);
      byName.set(id, own);
    }
    if (name !== undefined) byName.set(name, own);
    for (const { id } of members) if (taken.has(id)) own.needs.add(taken.get(id)!);
  }
  return made;
}

/** How applying some groups alone went. */
interface Outcome {
  readonly run: HardenRun;
  /** Groups of which nothing was applied. */
  readonly idle: readonly Candidate[];
  /** Groups that left one of their findings. */
  readonly failed: readonly Candidate[];
  /** Findings that were not there before, by key. */
  readonly worse: readonly string[];
}

/** Applies groups alone, as long as the budget lasts. */
interface Trials {
  /** `null` beyond the budget. */
  attempt(chosen: readonly Candidate[]): Outcome | null;
}

/** A text and what was found in it. */
export interface Start {
  readonly host: HardenHost;
  readonly original: string;
  readonly before: readonly PartFinding[];
}

function createTrials(start: Start, bounds: Bounds): Trials {
  const cost = costOf(start.original, { findings: start.before });
  let left: number = budgets.plannedLength;
  return {
    attempt: chosen => {
      if (left < 0) return null;
      left -= cost;
      return judge(start, chosen, bounds);
    },
  };
}

/** What findings there are whatever is chosen. */
type Bounds = Pick<FixPlan, 'stays' | 'reveals'>;

/** Applies groups alone. */
export function judge<T extends Pick<PlanGroup, 'ids' | 'keys'>>(
  { host, original, before }: Start,
  chosen: readonly T[],
  { stays, reveals }: Bounds,
): { readonly run: HardenRun; readonly idle: readonly T[]; readonly failed: readonly T[]; readonly worse: readonly string[] } {
  const run = runChosen(host, original, new Set(chosen.flatMap(group => [...group.ids])));
  const done = new Set(run.units.flatMap(({ unit }) => unit.members.map(({ finding, fix }) => idOf(finding.key, fix))));
  const stand = countKeys(run.found);
  return {
    run,
    idle: chosen.filter(group => ![...group.ids].some(id => done.has(id))),
    failed: chosen.filter(({ keys }) => [...keys].some(key => (stand.get(key) ?? 0) > (stays.get(key) ?? 0))),
    worse: newKeys(before, run.found).filter(key => !reveals.has(key)),
  };
}

function runChosen(host: HardenHost, original: string, ids: ReadonlySet<string>): HardenRun {
  return applyFixes(host, original, (finding, fix, key) => takes(finding, fix) && ids.has(idOf(key, fix)));
}

function countKeys(findings: readonly PartFinding[]): Map<string, number> {
  const counts = new Map<string, number>();
  for (const { key, finding } of findings) if (!finding.suppression) counts.set(key, (counts.get(key) ?? 0) + 1);
  return counts;
}

/** The larger count of each key. */
function most(a: ReadonlyMap<string, number>, b: ReadonlyMap<string, number>): ReadonlyMap<string, number> {
  return new Map([...a, ...b].map(([key]) => [key, Math.max(a.get(key) ?? 0, b.get(key) ?? 0)]));
}

/** What a finding says and of which object, without the words that a fix elsewhere may change. */
function kindOf({ finding: { rule, messageId, object } }: PartFinding): string {
  return [rule, messageId, object?.kind, object?.namespace, object?.name, object?.container].join('\n');
}

/** The keys of findings that a text did not have before. */
function newKeys(before: readonly PartFinding[], after: readonly PartFinding[]): readonly string[] {
  const count = (findings: readonly PartFinding[]): Map<string, number> => {
    const kinds = new Map<string, number>();
    for (const found of findings) if (!found.finding.suppression) kinds.set(kindOf(found), (kinds.get(kindOf(found)) ?? 0) + 1);
    return kinds;
  };
  const was = countKeys(before);
  const is = countKeys(after);
  const kindsBefore = count(before);
  const kindsAfter = count(after);
  return [
    ...new Set(
      after
        .filter(
          found =>
            !found.finding.suppression &&
            is.get(found.key)! > (was.get(found.key) ?? 0) &&
            kindsAfter.get(kindOf(found))! > (kindsBefore.get(kindOf(found)) ?? 0),
        )
        .map(({ key }) => key),
    ),
  ];
}

/**
 * Finds out what each group cannot do without, by applying it alone: one group of every container and stage at a time, and fewer of them where that fails.
 * What such a batch hides, since one of it needs another, comes out when a choice is applied. What another brings is in no batch with it.
 */
function findNeeds(candidates: readonly Candidate[], trials: Trials): void {
  // what one group needs, its like in the next container needs too, or the same of its own
  const needed = new Set<Candidate>();
  const places = new Map(candidates.map(candidate => [candidate, placeOf(candidate)]));
  const queues = [false, true].map(late => {
    const queue = new Map<string, Candidate[]>();
    for (const candidate of candidates.filter(each => each.late === late)) {
      const key = places.get(candidate)!;
      const others = queue.get(key);
      if (others) others.push(candidate);
      else queue.set(key, [candidate]);
    }
    return [...queue.values()];
  });
  const settle = (batch: readonly Candidate[]): void => {
    const together = trials.attempt(batch.flatMap(candidate => [candidate, ...candidate.needs]));
    if (together && isFine(together)) return;
    if (batch.length === 1 || !together) for (const candidate of batch) addNeeds(candidate, places, needed, trials);
    else {
      const half = Math.ceil(batch.length / 2);
      settle(batch.slice(0, half));
      settle(batch.slice(half));
    }
  };
  for (const lists of queues) {
    const rounds = Math.max(0, ...lists.map(list => list.length));
    for (let round = 0; round < rounds; round++) settle(lists.flatMap(list => list[round] ?? []));
  }
}

/** What a group is about: a container or a stage, else its document, else the file. */
function placeOf({ units }: Candidate): string {
  const keys = units.flatMap(({ part, members }) =>
    members.map(({ finding: { finding } }) =>
      JSON.stringify([part.index, finding.object?.path, finding.object?.name, finding.object?.container]),
    ),
  );
  const parts = new Set(units.map(({ part }) => part.index));
  return new Set(keys).size === 1 ? keys[0]! : parts.size === 1 ? String([...parts][0]) : 'file';
}

function isFine({ idle, failed, worse }: Outcome): boolean {
  return idle.length === 0 && failed.length === 0 && worse.length === 0;
}

function addNeeds(candidate: Candidate, places: ReadonlyMap<Candidate, string>, known: Set<Candidate>, trials: Trials): void {
  const holds = (others: readonly Candidate[]): boolean | null => {
    const outcome = trials.attempt([candidate, ...others]);
    if (!outcome) return null;
    return outcome.worse.length === 0 && !outcome.failed.includes(candidate) && !outcome.idle.includes(candidate);
  };
  const given = [...candidate.needs];
  const alone = holds(given);
  if (alone === true || (alone === null && !candidate.late)) return;
  const parts = new Set(candidate.units.map(({ part }) => part.index));
  const others = [...places.keys()].filter(
    other => other !== candidate && !given.includes(other) && (candidate.attended || !other.attended),
  );
  const near = others.filter(({ units }) => units.some(({ part }) => parts.has(part.index)));
  const place = places.get(candidate);
  const likely = others.filter(other => known.has(other) || places.get(other) === place);
  const pool = alone === null ? undefined : [likely, near, others].find(list => list.length > 0 && holds([...given, ...list]) === true);
  // Beyond the budget, or where nothing helps, what comes later rests on what came before it in its document.
  const needed = pool ? smallest(pool, list => holds([...given, ...list])) : candidate.late ? near.filter(({ late }) => !late) : [];
  for (const need of needed) {
    candidate.needs.add(need);
    known.add(need);
  }
}

/** A part of a list that still holds and of which nothing can be left out, found by halving. */
function smallest(list: readonly Candidate[], holds: (part: readonly Candidate[]) => boolean | null): readonly Candidate[] {
  let kept = list;
  for (let size = Math.ceil(list.length / 2); size >= 1; size = size === 1 ? 0 : Math.ceil(size / 2)) {
    for (let at = 0; at < kept.length;) {
      const rest = [...kept.slice(0, at), ...kept.slice(at + size)];
      if (holds(rest) === true) kept = rest;
      else at += size;
    }
  }
  return kept;
}

/** Makes one group of those that need each other. */
function mergeMutual(candidates: readonly Candidate[]): readonly Candidate[] {
  const reach = (from: Candidate): Set<Candidate> => {
    const seen = new Set<Candidate>();
    const open = [...from.needs];
    for (let next = open.pop(); next; next = open.pop()) {
      if (seen.has(next)) continue;
      seen.add(next);
      open.push(...next.needs);
    }
    return seen;
  };
  const reached = new Map(candidates.map(candidate => [candidate, reach(candidate)]));
  const order = new Map(candidates.map((candidate, index) => [candidate, index]));
  const head = new Map<Candidate, Candidate>();
  for (const candidate of candidates) {
    let first = candidate;
    for (const other of reached.get(candidate)!)
      if (order.get(other)! < order.get(first)! && reached.get(other)!.has(candidate)) first = other;
    head.set(candidate, first);
  }
  const merged = new Map<Candidate, Candidate>();
  for (const candidate of candidates) {
    const own = head.get(candidate)!;
    const into = merged.get(own) ?? { ...own, units: [], ids: new Set(), keys: new Set(), needs: new Set(), attended: false };
    const attended = into.attended || candidate.attended;
    into.units.push(...candidate.units);
    for (const id of candidate.ids) into.ids.add(id);
    for (const key of candidate.keys) into.keys.add(key);
    merged.set(own, { ...into, attended });
  }
  for (const candidate of candidates) {
    for (const need of candidate.needs) {
      if (head.get(need) !== head.get(candidate)) merged.get(head.get(candidate)!)!.needs.add(merged.get(head.get(need)!)!);
    }
  }
  return [...merged.values()];
}
