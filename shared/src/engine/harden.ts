import type { ReasonId, Refusal } from '../base/terms/reasons';
import type { Finding } from '../rule/finding/types';
import type { TextEdit } from '../base/text/edits';
import { applyEdits } from '../base/text/edits';
import { shift } from '../base/text/range';
import type { Fix } from '../rule/fix/types';
import type { PartFinding } from './lint';
import { violationOf } from '../rule/finding/violation';
import { incompleteRule } from '../rule/finding/incomplete';
import { budgets } from '../base/limits/budgets';
import { collectUnits, drop, type Dropped, type Unit } from './units';
import { compose, toOriginal } from './hunks';
import type { Part } from '../families/family/part';
import { renderVerified } from './render';
import type { FixFilter } from './engine';
import type { HardenResult, Left } from './types';

/** How many rounds of fixes are tried before harden gives up and changes nothing. */
const maxPasses = 10;

/** What harden needs of the engine: the parts of a text, and its findings. */
export interface HardenHost {
  read(text: string): HardenState;
}

/** A text as read: its parts and what was found in them. */
export interface HardenState {
  readonly parts: readonly Part[];
  readonly findings: readonly PartFinding[];
}

/** What harden did, and what a plan of it is made from. */
export interface HardenRun extends HardenResult {
  /** What was applied together, in order, with the pass that did. */
  readonly units: readonly { readonly unit: Unit; readonly pass: number }[];
  /** The findings of the hardened text. */
  readonly found: readonly PartFinding[];
}

/** Units of one part that hold together, and their edits in the part's text. */
interface Batch {
  readonly part: Part;
  readonly units: readonly Unit[];
  readonly edits: readonly TextEdit[];
}

/** Whether not all findings of a text are known. */
function isCut({ findings }: HardenState): boolean {
  return findings.some(({ finding }) => finding.rule === incompleteRule && /^(?:views|findings)$/.test(finding.messageId));
}

/** Applies the selected fixes of a text to a fixed point (design section 4). Gives the original back where ten passes do not reach one. */
export function applyFixes(host: HardenHost, original: string, select: FixFilter): HardenRun {
  const log: string[] = [];
  const units: { unit: Unit; pass: number }[] = [];
  const applied: { finding: Finding; fix: Fix }[] = [];
  let edits: readonly TextEdit[] = [];
  let text = original;
  let state = host.read(text);
  // Where not all findings are known, nobody can tell whether a fix brings another: nothing is changed.
  if (isCut(state))
    return {
      text,
      edits: [],
      applied: [],
      left: leftOver(state.findings, new Map(), 'incomplete'),
      passes: 0,
      log,
      snippets: [],
      units: [],
      found: state.findings,
    };
  const trials: Trials = { left: Math.max(budgets.verifiedLength, 12 * costOf(original, state)) };
  for (let passes = 0; ; passes++) {
    const dropped: Dropped = new Map();
    const wanted = collectUnits(state.findings, select, dropped);
    const settled = settle(
      host,
      text,
      state,
      [...wanted].map(([part, list]) => solve(part, list, dropped, trials)),
      dropped,
      trials,
    );
    for (const [key, { reason, detail, brings }] of dropped) {
      const why = brings ? `${brings.rule}/${brings.messageId}` : detail;
      log.push(`${key.split('\n', 2).join('/')}: ${reason}${why === undefined ? '' : ` (${why})`}`);
    }
    if (!settled)
      return {
        text,
        edits,
        applied,
        left: leftOver(state.findings, dropped),
        passes,
        log,
        snippets: [],
        units,
        found: state.findings,
      };
    if (passes === maxPasses) {
      const { findings } = host.read(original);
      return {
        text: original,
        edits: [],
        applied: [],
        left: leftOver(findings, new Map(), 'not-converged'),
        passes,
        log: [...log, 'no fixed point'],
        snippets: [],
        units: [],
        found: findings,
      };
    }
    const more: TextEdit[] = [];
    for (const { part, units: own, edits: changes } of settled.batches) {
      units.push(...own.map(unit => ({ unit, pass: passes })));
      more.push(...changes.map(edit => ({ ...edit, range: shift(edit.range, part.base) })));
      for (const { finding, fix } of own.flatMap(u => u.members)) {
        const { range } = finding.finding;
        applied.push({
          finding: { ...finding.finding, range: { start: toOriginal(edits, range.start), end: toOriginal(edits, range.end) } },
          fix,
        });
      }
    }
    edits = compose(edits, text, more);
    text = settled.text;
    state = settled.state;
  }
}

/** What it costs to read a text, in its units. */
export function costOf(text: string, { findings }: Pick<HardenState, 'findings'>): number {
  return text.length + budgets.findingLength * findings.length;
}

/** Counts the text that is read again: what it is not enough for is left. */
interface Trials {
  left: number;
}

const untried: Refusal = { reason: 'unverified', detail: 'too many fixes of this file would have to be tried one by one' };

/** The largest set of units of a part that renders and verifies together, found by bisection as far as the trials go. */
function solve(part: Part, units: readonly Unit[], dropped: Dropped, trials: Trials): Batch {
  if (units.length === 0) return { part, units, edits: [] };
  if (trials.left < 0) {
    for (const { members } of units) drop(dropped, members, untried);
    return { part, units: [], edits: [] };
  }
  trials.left -= part.text.length;
  const all = renderVerified(
    part,
    units.flatMap(u => u.operations),
    true,
  );
  if (all.ok) return { part, units, edits: all.edits };
  if (units.length === 1) {
    drop(dropped, units[0]!.members, all);
    return { part, units: [], edits: [] };
  }
  const middle = units.length >> 1;
  const first = solve(part, units.slice(0, middle), dropped, trials);
  const second = solve(part, units.slice(middle), dropped, trials);
  if (first.units.length === 0) return second;
  if (second.units.length === 0) return first;
  trials.left -= part.text.length;
  const joint = renderVerified(
    part,
    [...first.units, ...second.units].flatMap(u => u.operations),
    true,
  );
  if (joint.ok) return { part, units: [...first.units, ...second.units], edits: joint.edits };
  for (const unit of second.units) drop(dropped, unit.members, { reason: 'conflict' });
  return first;
}

/** Applies batches, lints the outcome, and drops units until every answered finding is gone and no new defect of the file itself has come; `null` where no unit is left. */
function settle(
  host: HardenHost,
  text: string,
  before: HardenState,
  batches: readonly Batch[],
  dropped: Dropped,
  trials: Trials,
): { readonly text: string; readonly state: HardenState; readonly batches: readonly Batch[] } | null {
  let current = batches.filter(b => b.units.length > 0);
  while (current.length > 0) {
    if (trials.left < 0) {
      for (const unit of current.flatMap(batch => batch.units)) drop(dropped, unit.members, untried);
      return null;
    }
    const next = applyBatches(text, current);
    const state = host.read(next);
    trials.left -= costOf(next, state);
    const { stayed, worse } = compareStates(before, state, current);
    const guilty = stayed.size > 0 || worse.size === 0 ? stayed : findCulprits({ host, text, before, batches: current, worse }, trials);
    if (guilty.size === 0) return { text: next, state, batches: current };
    for (const [unit, brings] of guilty) drop(dropped, unit.members, { reason: 'unverified', brings });
    current = current
      .map(batch =>
        batch.units.some(u => guilty.has(u))
          ? solve(
              batch.part,
              batch.units.filter(u => !guilty.has(u)),
              dropped,
              trials,
            )
          : batch,
      )
      .filter(b => b.units.length > 0);
  }
  return null;
}

/** A text with the edits of batches. */
function applyBatches(text: string, batches: readonly Batch[]): string {
  return applyEdits(
    text,
    batches.flatMap(({ part, edits }) => edits.map(edit => ({ ...edit, range: shift(edit.range, part.base) }))),
  );
}

/** What fixes have not answered, and what they bring: the units whose finding is still there, and by part a finding that is new and a defect of the file itself. */
function compareStates(
  before: HardenState,
  after: HardenState,
  batches: readonly Batch[],
): { readonly stayed: Map<Unit, Finding>; readonly worse: ReadonlyMap<number, Finding> } {
  const was = countKeys(before.findings);
  const is = countKeys(after.findings);
  const units = batches.flatMap(batch => batch.units);
  const answered = new Map<string, number>();
  for (const { finding } of units.flatMap(u => u.members)) answered.set(finding.key, (answered.get(finding.key) ?? 0) + 1);
  const left = new Set([...answered].filter(([key, count]) => (is.get(key) ?? 0) > (was.get(key) ?? 0) - count).map(([key]) => key));
  const stayed = new Map<Unit, Finding>();
  for (const unit of units) {
    const member = unit.members.find(m => left.has(m.finding.key));
    if (member) stayed.set(unit, member.finding.finding);
  }
  if (stayed.size > 0) return { stayed, worse: new Map() };
  const careful = new Set(batches.filter(b => b.units.some(isCareful)).map(b => b.part.index));
  const worse = newFindings(before.findings, after.findings).filter(
    ({ finding, part }) => isDefect(finding) || (careful.has(part.index) && isOwnFinding(finding)),
  );
  return { stayed, worse: new Map(worse.map(f => [f.part.index, f.finding])) };
}

const isCareful = ({ members }: Unit): boolean => members.some(({ fix }) => fix.careful);

/** Whether a finding says that the file itself is wrong. */
function isDefect({ category, severity, rule }: Finding): boolean {
  return (category === 'correctness' && severity !== 'hint') || rule === 'bulkhead/internal-error';
}

/** Whether a finding is about what is written, and no remark of the engine. */
function isOwnFinding({ rule, severity }: Finding): boolean {
  return severity !== 'hint' && !rule.startsWith('bulkhead/');
}

/** The first finding of those of a text that speaks against a fix which is to bring none. */
export function broughtBy(before: readonly PartFinding[], after: readonly PartFinding[]): Finding | null {
  return newFindings(before, after).find(({ finding }) => isDefect(finding) || isOwnFinding(finding))?.finding ?? null;
}

/** Findings of which there are more than before: by what they say, not of which words. A fix that lengthens a path gives the other findings at it other data, and is no worse for that. */
function newFindings(before: readonly PartFinding[], after: readonly PartFinding[]): readonly PartFinding[] {
  const [was, is] = [countKeys(before), countKeys(after)];
  const [kindsBefore, kindsAfter] = [countKinds(before), countKinds(after)];
  return after.filter(
    f =>
      !f.finding.suppression &&
      (is.get(f.key) ?? 0) > (was.get(f.key) ?? 0) &&
      (kindsAfter.get(kindOf(f)) ?? 0) > (kindsBefore.get(kindOf(f)) ?? 0),
  );
}

/** Batches that together bring something new, and what, by part. */
interface Trouble {
  readonly host: HardenHost;
  readonly text: string;
  readonly before: HardenState;
  readonly batches: readonly Batch[];
  readonly worse: ReadonlyMap<number, Finding>;
}

/** How many units of a part are left out in turn to see which of them brings something. */
const mostTurns = 12;

/** The units that bring something new: those without which it does not come, of each part one, else the likeliest. */
function findCulprits({ host, text, before, batches, worse }: Trouble, trials: Trials): Map<Unit, Finding> {
  const inSight = batches.filter(b => worse.has(b.part.index));
  const suspects = inSight.length > 0 ? inSight : batches;
  const guilty = new Map<Unit, Finding>();
  let open = suspects.map(batch => ({ batch, order: byLikelihood(batch.units) }));
  const blame = ({ batch: { part }, order }: (typeof open)[number], turn: number): void => {
    guilty.set(order[turn]!, worse.get(part.index) ?? [...worse.values()][0]!);
  };
  for (const each of open) blame(each, 0);
  open = open.filter(({ order }) => order.length > 1);
  for (let turn = 0; turn < mostTurns && open.length > 0 && trials.left >= 0; turn++) {
    const without = new Map(open.flatMap(({ batch, order }) => (turn < order.length ? [[batch, order[turn]!] as const] : [])));
    const tried = batches.map(batch =>
      without.has(batch)
        ? solve(
            batch.part,
            batch.units.filter(unit => unit !== without.get(batch)),
            new Map(),
            trials,
          )
        : batch,
    );
    const next = applyBatches(text, tried);
    const state = host.read(next);
    trials.left -= costOf(next, state);
    const still = compareStates(before, state, tried).worse;
    const isGone = ({ batch }: (typeof open)[number]): boolean => (inSight.length > 0 ? !still.has(batch.part.index) : still.size === 0);
    for (const each of open.filter(isGone)) {
      guilty.delete(each.order[0]!);
      blame(each, turn);
    }
    open = open.filter(each => !isGone(each) && turn + 1 < each.order.length);
  }
  return guilty;
}

/** Careful fixes, and those of the file's own defects, are the likeliest to bring another to light; else the last is as good a guess as any. */
function byLikelihood(units: readonly Unit[]): readonly Unit[] {
  const weight = (unit: Unit): number =>
    isCareful(unit) ? 2 : unit.members.some(m => m.finding.finding.category === 'correctness') ? 1 : 0;
  return [...units].reverse().sort((a, b) => weight(b) - weight(a));
}

function countKeys(findings: readonly PartFinding[]): Map<string, number> {
  const counts = new Map<string, number>();
  for (const { key, finding } of findings) if (!finding.suppression) counts.set(key, (counts.get(key) ?? 0) + 1);
  return counts;
}

/** What a finding says, whatever it says it of; of policies each says something of its own. */
function kindOf({ finding, part }: PartFinding): string {
  return `${part.index}\n${finding.rule}\n${finding.messageId}\n${violationOf(finding)?.policy ?? ''}`;
}

function countKinds(findings: readonly PartFinding[]): Map<string, number> {
  const counts = new Map<string, number>();
  for (const found of findings) {
    if (found.finding.suppression) continue;
    const kind = kindOf(found);
    counts.set(kind, (counts.get(kind) ?? 0) + 1);
  }
  return counts;
}

/** Why each finding that counts is still there. */
function leftOver(findings: readonly PartFinding[], dropped: Dropped, always?: ReasonId): Left[] {
  return findings
    .filter(({ finding }) => !finding.suppression)
    .map(({ finding, key }) => {
      const refusal = dropped.get(key);
      if (always) return { finding, reason: always };
      if (refusal) return { finding, ...refusal };
      if (finding.left) return { finding, ...finding.left };
      const fix = finding.fixes[0];
      const reason = !fix
        ? 'no-fix'
        : fix.needsDigest !== undefined
          ? 'network'
          : fix.places
            ? 'needs-input'
            : fix.class === 'attended' || fix.class === 'manual'
              ? fix.class
              : 'not-asked';
      return { finding, reason };
    });
}
